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
    CONFIRMED = "confirmed"  # the number is the person's, or messages arrive there after all
    QUERIED = "queried"  # somebody asked whether the number was reassigned
    DO_NOT_CALL = "do-not-call"  # the person asked not to be called or written to for selling
    NARROWED = "narrowed"  # asked in its confirmation, the person said that a STOP meant some programs alone
    ANNUL = "annul"  # an imported event never counted
    HELD = "held"  # nobody knows yet what the person meant: nothing goes until somebody has read it
    RELEASED = "released"  # somebody has read it, and it was no refusal
    PAUSED = "paused"  # nothing that can be refused goes until an instant; of some programs, or of all
    RESUMED = "resumed"  # a pause is over before its time
    LANGUAGE = "language"  # in which language the person is answered
    FREQUENCY = "frequency"  # how often one program may write at the most
    UNBOUND = "unbound"  # as often as the program writes to everybody
    SALE_REFUSED = "sale-refused"  # the person's data is not sold and not shared for advertising
    SALE_PERMITTED = "sale-permitted"
    USE_LIMITED = "use-limited"  # sensitive data serves nothing but what was asked for
    USE_PERMITTED = "use-permitted"


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
    "pause.set": Effect.PAUSED,
    "pause.ended": Effect.RESUMED,
    "language.chosen": Effect.LANGUAGE,
    "frequency.chosen": Effect.FREQUENCY,
    "frequency.ended": Effect.UNBOUND,
    "sale.refused": Effect.SALE_REFUSED,
    "sale.permitted": Effect.SALE_PERMITTED,
    "use.limited": Effect.USE_LIMITED,
    "use.permitted": Effect.USE_PERMITTED,
}
# How far a withdrawal reaches that did not come for one program alone.
_SCOPES = {"channel": Effect.STOP, "programs": Effect.STOP_SOME}
ALLOWING = (
    Effect.GIVEN,
    Effect.START,
    Effect.CONFIRMED,
    Effect.RELEASED,
    Effect.RESUMED,
    Effect.UNBOUND,
    Effect.SALE_PERMITTED,
    Effect.USE_PERMITTED,
)
# What a person set besides yes and no, and the member of the entry that tells it.
SETTINGS = {
    Effect.PAUSED: "until",
    Effect.RESUMED: "",
    Effect.LANGUAGE: "language",
    Effect.FREQUENCY: "choice",
    Effect.UNBOUND: "",
    Effect.SALE_REFUSED: "signal",
    Effect.SALE_PERMITTED: "",
    Effect.USE_LIMITED: "signal",
    Effect.USE_PERMITTED: "",
}


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
    detail: str = ""  # what became of the number, what was answered, or what was set
    imported: bool = False
    annuls: uuid.UUID | None = None
    settles: uuid.UUID | None = None  # the text that this one settles, because somebody has read it
    narrows: uuid.UUID | None = None  # the STOP that meant these programs and no others
    asked_at: datetime | None = None  # since when the question stood open that this yes answers

    @property
    def came_from_it(self) -> bool:
        """Did the event come from the contact point itself, as a text does, and not from a page in a browser?"""
        return bool(self.said[3] != "page")

    @property
    def undoes(self) -> str:
        """The act that this gives back from: the mark of a press on the page, or the entry of an unsubscribe."""
        return str(self.said[1].get("undoes", "")) if self.effect is Effect.START else ""

    def is_of(self, act: str) -> bool:
        """Is it one of the entries of this act?"""
        return act in (self.said[1].get("act"), str(self.event_id))

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
    if type == "number.reported" and data.get("kind") in (numbers.CONFIRMED, numbers.REACHED):
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
        _detail(effect, data),
        source == "import",
        uuid.UUID(data["annuls"]) if effect is Effect.ANNUL else None,
        uuid.UUID(settles) if settles else None,
        uuid.UUID(data["narrows"]) if effect is Effect.NARROWED else None,
        datetime.fromisoformat(data["asked_at"]) if effect is Effect.GIVEN and data.get("asked_at") else None,
    )


def _detail(effect: Effect, data: Mapping[str, Any]) -> str:
    if effect is Effect.QUERIED:
        return f"{data.get('answer')} {data.get('consent_date')}"
    return str(data.get(SETTINGS.get(effect, "kind"), ""))


def content_tag(said: tuple[Any, ...]) -> bytes:
    """A digest of what an event says, the same for two events that say the same; personal facts are no part.

    Computed only where events have to be ordered: an event newer than all others is simply applied.
    """
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).digest()[:8]
