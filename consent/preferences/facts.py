"""What an event says about preferences, and where it stands among the others of its contact point."""

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from consent.preferences import numbers
from consent.preferences.models import NOBODY


class Effect(StrEnum):
    """What an event does to preferences."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    STOP = "stop"  # everything this sender's programs had, and the number itself
    STOP_SOME = "stop-some"  # the programs it names, and those alone
    START = "start"  # what a STOP to this sender had taken away
    NUMBER = "number"  # the number went to somebody else, or cannot be reached
    CONFIRMED = "confirmed"  # the number is the person's
    QUERIED = "queried"  # somebody asked whether the number was reassigned
    DO_NOT_CALL = "do-not-call"  # the person asked not to be called or written to for selling
    NARROWED = "narrowed"  # asked in its confirmation, the person said that a STOP meant some programs alone
    ANNUL = "annul"  # an imported event never counted
    HELD = "held"  # nobody knows yet what the person meant: nothing goes until somebody has read it
    RELEASED = "released"  # somebody has read it, and it was no refusal


_OF_TYPE = {
    "consent.given": Effect.GIVEN,
    "consent.refused": Effect.REFUSED,
    "consent.withdrawn": Effect.WITHDRAWN,
    "consent.expired": Effect.EXPIRED,
    "consent.renewed": Effect.START,
    "suppression.set": Effect.STOP,
    "number.reported": Effect.NUMBER,
    "number.queried": Effect.QUERIED,
    "do_not_call.requested": Effect.DO_NOT_CALL,
    "consent.narrowed": Effect.NARROWED,
    "consent.annulled": Effect.ANNUL,
    "suppression.held": Effect.HELD,
    "suppression.released": Effect.RELEASED,
}
# How far a withdrawal reaches that did not come for one program alone.
_SCOPES = {"channel": Effect.STOP, "programs": Effect.STOP_SOME}
ALLOWING = (Effect.GIVEN, Effect.START, Effect.CONFIRMED, Effect.RELEASED)


class Fact(NamedTuple):
    """An event as far as preferences are concerned."""

    effect: Effect
    occurred_at: datetime
    said: tuple[Any, ...]
    event_id: uuid.UUID
    programs: tuple[str, ...]
    person_id: uuid.UUID
    policy: str
    policy_version: str
    sender: str
    keyword_programs: tuple[str, ...] = ()
    detail: str = ""  # what became of the number, or what was answered
    imported: bool = False
    annuls: uuid.UUID | None = None
    settles: uuid.UUID | None = None  # the text that this one settles, because somebody has read it
    narrows: uuid.UUID | None = None  # the STOP that meant these programs and no others

    @property
    def came_from_it(self) -> bool:
        """Did the event come from the contact point itself, as a text does, and not from a page in a browser?"""
        return bool(self.said[3] != "page")

    @property
    def order(self) -> tuple[datetime, bool, int, int]:
        """Where the event stands among the others of its contact point; the last one wins."""
        return (
            self.occurred_at,
            self.effect not in ALLOWING,
            -int.from_bytes(content_tag(self.said), "big"),
            -self.event_id.int,
        )


def effect_of(type: str, data: Mapping[str, Any]) -> Effect | None:
    """What an event of this type and data does, or None when preferences do not care."""
    if data.get("intent") == "start":
        return Effect.START
    if type == "consent.withdrawn" and data.get("scope") in _SCOPES:
        return _SCOPES[data["scope"]]
    if type == "number.reported" and data.get("kind") == numbers.CONFIRMED:
        return Effect.CONFIRMED
    return _OF_TYPE.get(type)


def fact_of(
    type: str,
    data: Mapping[str, Any],
    purposes: Iterable[str],
    occurred_at: datetime,
    event_id: uuid.UUID,
    source: str,
    channel: str,
) -> Fact | None:
    """The fact behind an event, or None when preferences do not care."""
    effect = effect_of(type, data)
    if effect is None:
        return None
    programs = tuple(purposes)
    person, settles = data.get("person"), data.get("settles")
    return Fact(
        effect,
        occurred_at,
        (type, data, programs, source, channel),
        event_id,
        programs,
        uuid.UUID(person) if person else NOBODY,
        data.get("policy", ""),
        data.get("policy_version", ""),
        data.get("sender", ""),
        tuple(data.get("keyword_programs", ())),
        data.get("kind", "") if effect is not Effect.QUERIED else f"{data.get('answer')} {data.get('consent_date')}",
        source == "import",
        uuid.UUID(data["annuls"]) if effect is Effect.ANNUL else None,
        uuid.UUID(settles) if settles else None,
        uuid.UUID(data["narrows"]) if effect is Effect.NARROWED else None,
    )


def content_tag(said: tuple[Any, ...]) -> bytes:
    """A digest of what an event says, the same for two events that say the same; personal facts are no part.

    Computed only where events have to be ordered: an event newer than all others is simply applied.
    """
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).digest()[:8]
