"""What each register of a carrier holds, what closes an entry, and what a letter still lacks. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from consent.deadlines import MOST_PAUSED
from consent.errors import BadInput, Conflict
from consent.policies.answers.carrier import TELL_FCC, Carrier
from consent.policies.answers.silence import Outage
from consent.policies.organization import OrganizationPack
from consent.web.messages import N_

FAILURE, CAMPAIGN, TRAINING = "failure", "campaign", "training"
COMPLAINT, BROKER, CERTIFICATE = "complaint", "broker", "certificate"
TITLE, END = "title", "end"  # what it is called; how it ended, and where the proof lies
LONGEST_TITLE, LONGEST = 200, 4_000  # characters
NO_KIND = N_("Choose what it is.")
NO_TITLE = N_("Give it a name by which it is found again.")
TOO_LONG = N_("This is too long.")
NOT_YET = N_("This day has not come yet.")
TOO_EARLY = N_("This day is before the day on which it happened.")
FOUND_SOONER = N_("This day is after the day on which it was found.")
MENDED_SOONER = N_("This day is before the day from which it did not work.")
TOO_LONG_AGO = N_("More than ten years is surely a slip: look at these days.")
NEEDED = N_("This is needed here.")
NO_END = N_("Say how it ended, and where the proof lies.")
CLOSED = N_("This entry is closed: nothing of it can be changed.")
LACKS = N_("The letter still lacks something that the rule asks for.")


class Register(NamedTuple):
    """The words of an entry beside its name, those without which there is none, and whether it stays open at first."""

    words: tuple[str, ...]
    needed: tuple[str, ...]
    stays_open: bool


REGISTERS: Mapping[str, Register] = MappingProxyType({
    FAILURE: Register(
        ("problem", "mechanisms", "remedy", "state-commissions", "notice-to-customers", "contact"), ("problem",), True
    ),
    CAMPAIGN: Register(("used", "offered"), ("used", "offered"), True),  # open until a supervisor has reviewed it
    TRAINING: Register(("who",), ("who",), False),
    COMPLAINT: Register(("complained",), ("complained",), True),
    BROKER: Register(("action",), ("action",), False),
    CERTIFICATE: Register(("officer", "procedures"), ("officer", "procedures"), False),
})  # fmt: skip
BY_HAND = tuple(one for one in REGISTERS if one != CERTIFICATE)  # a year's certificate is filed on its own page


def check(kind: str, happened_on: date, words: Mapping[str, str], today: date) -> None:
    """It may be entered; raises BadInput with the field."""
    if kind not in REGISTERS:
        raise BadInput(NO_KIND, field="kind")
    if happened_on > today:
        raise BadInput(NOT_YET, field="happened_on")
    check_words(kind, words)


def check_outage(happened_on: date, outage: Outage | None, today: date) -> None:
    """A failure found on that day may have lasted so; raises BadInput with the field."""
    if outage is None:
        raise BadInput(NEEDED, field="broken_from")
    since, until = outage
    if since > happened_on:
        raise BadInput(FOUND_SOONER, field="broken_from")
    if until is not None and until > today:
        raise BadInput(NOT_YET, field="works_again_on")
    if until is not None and until < since:
        raise BadInput(MENDED_SOONER, field="works_again_on")
    if ((until or today) - since).days > MOST_PAUSED:
        raise BadInput(TOO_LONG_AGO, field="broken_from")


def check_words(kind: str, words: Mapping[str, str]) -> None:
    """The words are those of this register, and none that it needs is missing. Raises BadInput with the field."""
    if not words.get(TITLE, "").strip():
        raise BadInput(NO_TITLE, field=TITLE)
    if len(words[TITLE]) > LONGEST_TITLE:
        raise BadInput(TOO_LONG, field=TITLE)
    for name in REGISTERS[kind].words:
        said = words.get(name, "").strip()
        if not said and name in REGISTERS[kind].needed:
            raise BadInput(NEEDED, field=name)
        if len(said) > LONGEST:
            raise BadInput(TOO_LONG, field=name)


def check_end(happened_on: date, closed_on: date, end: str, today: date) -> None:
    """It may end so on that day; raises BadInput with the field."""
    if closed_on > today:
        raise BadInput(NOT_YET, field="closed_on")
    if closed_on < happened_on:
        raise BadInput(TOO_EARLY, field="closed_on")
    if not end.strip():
        raise BadInput(NO_END, field=END)
    if len(end) > LONGEST:
        raise BadInput(TOO_LONG, field=END)


def letter(carrier: Carrier, organization: OrganizationPack, words: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The letter to the FCC point by point, as the rule asks for them; what nobody has said yet is empty."""
    contact = ", ".join(filter(None, (organization.email, organization.phone)))
    known = {"carrier-name": organization.name, **words, "contact": words.get("contact") or contact}
    return tuple((point, known.get(point, "")) for point in carrier.says(TELL_FCC))


def lacks(points: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """The points of a letter about which nothing is said."""
    return tuple(point for point, said in points if not said.strip())


def against_closing(kind: str, points: Sequence[tuple[str, str]]) -> None:
    """Raises Conflict for a letter that cannot have been sent as the rule wants it."""
    if kind == FAILURE and lacks(points):
        raise Conflict(LACKS)
