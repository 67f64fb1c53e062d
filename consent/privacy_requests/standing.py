"""How far a request is, as the person reads it: what happened, what comes next, by when, and by whose rule."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from consent.deadlines import zones
from consent.deadlines.zones import local_date
from consent.policies.kinds import Promise
from consent.policies.rulebook import Rulebook
from consent.privacy_requests.answers.words import Said, Speaker
from consent.privacy_requests.sorts import sort_of
from consent.web import spoken
from consent.web.i18n import page_language
from consent.web.messages import N_

STATES = {
    "open": N_("Under way"),
    "in_progress": N_("Under way"),
    "approved": N_("Granted; being done"),
    "fulfilled": N_("Done"),
    "denied": N_("Refused"),
    "revoked": N_("Taken back"),
    "expired": N_("Over, because nobody showed that the address is theirs"),
}
ANSWERED = N_("Answered; the last of it still goes")
WORKS = N_("Somebody at the company looks at it and decides for each kind of data.")
PROOF = N_("The company makes sure that it is you who asks, and then decides. It writes to you if it needs something.")
PAUSED = N_("The company has asked you something. Its clock stands still until you answer.")
PASSED_ON = N_("It was passed on to whoever decides about this data first. If nothing happens, the company steps in.")
CARRIED_OUT = N_("It is carried out in each system. Then you are told what was done, what stays, and why.")
NOTHING = N_("Nothing: it is closed.")
LAST = N_("What was needed to tell you, such as this address, is deleted last, once you were told. It goes by itself.")
LATER = N_("Part of it follows later. The request opens again by itself.")
AGAIN = N_("You can ask again at any time, or ask that somebody else looks at it.")
# What happened, in the order in which it does; the names are those of the request's dates.
HAPPENED = (
    ("received_at", N_("The company had your request")),
    ("acted_at", N_("What can be done at once was done")),
    ("acknowledged_at", N_("You were told that it has arrived")),
    ("paused_since", N_("The company asked you something")),
    ("closed_at", N_("The request was closed")),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """One request: `happened` are days with what was done, `rule` is the promise or law whose day binds."""

    one: Mapping[str, Any]
    state: str
    happened: tuple[tuple[date, str], ...]
    next: str
    due: date | None
    rule: Promise | None
    refused: Said | None
    again_on: date | None


def of(rulebook: Rulebook, found: Sequence[Mapping[str, Any]], unfinished: Container[str]) -> dict[str, Any]:
    """What the page of the status shows of these requests, in the order given; days are of the company's calendar.

    `unfinished` are the ids of those that are answered while the last of the data still goes.
    """
    speaker = Speaker(spoken.say(page_language()), page_language(), rulebook.organization)
    return {"found": [_standing(one, rulebook, speaker, last=one["id"] in unfinished) for one in found]}


def _standing(one: Mapping[str, Any], rulebook: Rulebook, speaker: Speaker, *, last: bool) -> Standing:
    where = zones.zone(rulebook.organization.zone)
    happened = tuple((_day(one[key], where), said) for key, said in HAPPENED if one.get(key))
    due = one.get("extended_due") or one["due"]
    ground = one.get("denied_ground")
    return Standing(
        one,
        ANSWERED if last else STATES[one["state"]],
        happened,
        LAST if last else _next(one),
        date.fromisoformat(due) if due else None,
        rulebook.promise(one["binding"] or ""),
        speaker.ground(ground) if ground else None,
        date.fromisoformat(one["recheck_on"]) if one.get("recheck_on") else None,
    )


def _day(said: str, where: ZoneInfo) -> date:
    """The day of an instant there; what is a day already stays one."""
    return local_date(datetime.fromisoformat(said), where) if "T" in said else date.fromisoformat(said)


def _next(one: Mapping[str, Any]) -> str:
    """The one thing that comes next."""
    if one["state"] in ("open", "in_progress"):
        if one.get("paused_since"):
            return PAUSED
        if one.get("routed_to"):
            return PASSED_ON
        sort = sort_of(one["type"])
        return WORKS if one["verified"] or (sort is not None and not sort.proof) else PROOF
    if one["state"] == "approved":
        return CARRIED_OUT
    if one.get("recheck_on"):
        return LATER
    return AGAIN if one["state"] in ("denied", "expired") else NOTHING
