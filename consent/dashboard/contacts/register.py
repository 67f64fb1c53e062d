"""Every contact point that an organization names, in its settings or in a policy: where somebody may turn to. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from consent.deadlines import add, zone
from consent.deadlines.zones import local_date
from consent.policies.organization import OrganizationPack
from consent.policies.rulebook import Rulebook
from consent.web.messages import N_

KINDS = {
    "email": N_("E-mail"),
    "phone": N_("Telephone"),
    "urgent_phone": N_("Telephone for urgent calls"),
    "phone_toll_free": N_("Toll-free telephone"),
    "fax": N_("Fax"),
    "postal": N_("Post"),
    "portal": N_("Portal"),
    "form": N_("Form"),
    "website": N_("Website"),
}
MOST_DAYS = 366  # between two looks: what a register can hold (dashboard/contacts/models.py)
# Places that are no contact points: a measure, a recorded line, how far a policy reaches.
SAFEGUARD, RECORDING, SCOPE = "safeguard", "recording", "scope"
NOT_NAMED = "not-stated"  # what a policy leaves open; the settings name it in its place


@dataclass(frozen=True, slots=True)
class Place:
    """Something of the company to be looked at, such as a contact point; `most_days` is how rarely somebody may look.

    `named_by` are the commitments that promise it, none for the settings.
    """

    kind: str
    value: str
    named_by: tuple[str, ...] = ()
    most_days: int = MOST_DAYS

    @property
    def key(self) -> str:
        """What it is kept by."""
        return f"{self.kind}:{self.value}"[:300]


@dataclass(frozen=True, slots=True)
class Watch:
    """Who looks there, how often, and when somebody last did."""

    watched_by: Any
    every_days: int
    since: date
    checked_on: date | None = None
    checked_by: Any = None

    @property
    def next_on(self) -> date:
        """The day by which somebody has to look again."""
        return (self.checked_on or self.since) + timedelta(days=self.every_days)


@dataclass(frozen=True, slots=True)
class Line:
    """A contact point with who watches it."""

    place: Place
    watch: Watch | None
    overdue: bool = field(default=False)


def places(rulebook: Rulebook) -> list[Place]:
    """Each contact point once, whoever names it; those of the settings first."""
    found: dict[str, tuple[str, str, list[str]]] = {}
    for kind, value, commitment in _named(rulebook):
        _, _, named = found.setdefault(_same(kind, value), (kind, value, []))
        named += [commitment] if commitment else []
    return [Place(kind, value, tuple(dict.fromkeys(named))) for kind, value, named in found.values()]


def lines(known: list[Place], watches: Mapping[str, Watch], today: date) -> list[Line]:
    """What nobody watches and what is overdue stands first."""
    made = [_line(one, watches.get(one.key), today) for one in known]
    return sorted(made, key=lambda one: (one.watch is not None, not one.overdue))


def review_days(every: str, rulebook: Rulebook, now: datetime) -> int:
    """A period between two reviews in days from `now`, as far as a register can hold it."""
    place = zone(rulebook.organization.zone)
    today: date = local_date(now, place)
    return min((local_date(add(every, "calendar-day", now, place).due, place) - today).days, MOST_DAYS)


def _line(place: Place, watch: Watch | None, today: date) -> Line:
    return Line(place, watch, watch is not None and watch.next_on < today)


def _named(rulebook: Rulebook) -> Iterator[tuple[str, str, str]]:
    """Kind, value and commitment of each; without a commitment those of the settings."""
    for kind, value in _settings(rulebook.organization):
        yield kind, value, ""
    for version in rulebook.versions:
        for commitment in version.commitments:
            if commitment.kind == "contact-point":
                for kind, value in _promised(commitment.parameters):
                    yield kind, value, commitment.id


def _same(kind: str, value: str) -> str:
    """What one contact point is told from another by: of a telephone the last ten digits, however it is written."""
    if "phone" in kind:
        return "".join(letter for letter in value if letter.isdigit())[-10:]
    return f"{kind}:{value.casefold()}"


def _settings(pack: OrganizationPack) -> Iterator[tuple[str, str]]:
    named = (
        ("email", pack.privacy_contact if "@" in pack.privacy_contact else ""),
        ("email", pack.email),
        ("phone", pack.phone),
        ("urgent_phone", pack.urgent_phone),
        ("postal", pack.postal_address),
        ("website", pack.website),
    )
    for kind, value in named:
        if value:
            yield kind, value


def _promised(parameters: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for kind, value in parameters.items():
        for one in value if isinstance(value, list | tuple) else [value]:
            if isinstance(one, str) and one and one != NOT_NAMED and kind in KINDS:
                yield kind, one
