"""A question about the hours of sales messages, as `consent sms hours` takes it: one number, one instant, an answer."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from consent.deadlines import zone
from consent.errors import BadInput
from consent.policies.answers.hours import Hours
from consent.policies.law import LawRule
from consent.policies.numbering import Numbering
from consent.policies.whereabouts import Whereabouts
from consent.subjects.addresses import of_person

# The hours that bind at an instant: those of the law alone, or of an organization's rulebook as well.
HoursAt = Callable[[datetime, Whereabouts], Hours]
_KEYS = ("phone", "instant_utc")
_CHANNEL = "sms"


def answer(asked: object, hours_at: HoursAt, numbering: Numbering) -> dict[str, Any]:
    """Whether a sales text may go to this number at this instant, the hours of each zone, and when it may go next.

    `next_allowed` is null where it may go now, and where no time can be named.
    """
    phone, at = _read(asked)
    where = numbering.of(phone)
    hours = hours_at(at, where)
    verdict = hours.may_go(_CHANNEL, at, where)
    allowed = verdict.answer == "allow"
    return {
        "allowed": allowed,
        "zones": [
            {"zone": one.zone, "local": one.local.isoformat(timespec="seconds"), "window": one.window}
            for one in hours.zones(_CHANNEL, at, where)
        ],
        "next_allowed": None if verdict.next_allowed is None else _utc(_sure(verdict.next_allowed, hours_at, where)),
    }


def reasons(asked: object, hours_at: HoursAt, numbering: Numbering) -> list[str]:
    """What stands against it in words, each with the rule that says so."""
    phone, at = _read(asked)
    where = numbering.of(phone)
    found = hours_at(at, where).may_go(_CHANNEL, at, where).reasons
    return [f"{one.law or one.commitment}: {one.text}" for one in found]


def of_law(law: Sequence[LawRule]) -> HoursAt:
    """The hours of the law in force on the day, by the person's own calendar."""
    ruled = [one for one in law if one.of_hours]

    @lru_cache(maxsize=64)
    def compiled(in_force: tuple[int, ...]) -> Hours:
        return Hours(None, (), [ruled[number] for number in in_force])

    def at(instant: datetime, where: Whereabouts) -> Hours:
        day = instant.astimezone(zone(where[0].zones[0]) if where else UTC).date()
        return compiled(tuple(number for number, one in enumerate(ruled) if one.is_in_force(day)))

    return at


def _sure(opens: datetime, hours_at: HoursAt, where: Whereabouts) -> datetime:
    """The next opening under the rules of its own day: at the turn of a year others may bind."""
    return hours_at(opens, where).next_allowed(_CHANNEL, opens, where) or opens


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _read(asked: object) -> tuple[str, datetime]:
    if not isinstance(asked, dict):
        raise BadInput('a question is an object, such as {"phone": "+15095550142", "instant_utc": "…Z"}')
    for key in _KEYS:
        if not isinstance(asked.get(key), str):
            raise BadInput(f'"{key}" is missing or no text', field=key)
    strangers = [str(key)[:40] for key in asked if key not in _KEYS]
    if strangers:
        raise BadInput(f'"{strangers[0]}" is not known here; known are: {", ".join(_KEYS)}', field=strangers[0])
    try:
        return of_person(_CHANNEL, asked["phone"]).value, _instant(asked["instant_utc"])
    except BadInput as error:
        raise BadInput(error.detail, field="phone" if error.field == "address" else error.field) from None


def _instant(text: str) -> datetime:
    """The instant; by the key's own name it is of UTC where it carries no offset."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput("this is no time; write it like 2026-11-20T17:00:00Z", field="instant_utc") from None
    try:
        moment = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except OverflowError:
        moment = datetime.max.replace(tzinfo=UTC)
    if not 1970 <= moment.year <= 2200:  # the tables of zones and holidays say nothing beyond
        raise BadInput("this time lies outside of the years 1970 to 2200", field="instant_utc")
    return moment
