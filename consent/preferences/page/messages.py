"""Messages in the timeline: what was sent to somebody and what was held back, each with why. Pure.

They stand in the log of decisions, not in the ledger; whoever knows that log hands a reader in.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from consent.db import Tx
from consent.web.messages import N_

SENT, HELD_BACK = N_("A message was sent to you."), N_("A message to you was held back.")
SENT_ANYWAY = N_("A message was sent to you although you had said no. That was a mistake.")
NOT_ALLOWED = N_("A rule did not allow it.")
_REST_UNKNOWN = N_("It was not certain that the number is still yours.")
_PART_OF_IT = N_("It belongs to what you have from us and needs no consent.")
# Why, for the person it is about, by the codes of the gate.
WHY = {
    "suppressed": N_("You had said stop."),
    "on-suppression-list": N_("The address stands on the list of those who are not written to."),
    "paused": N_("You wanted a pause."),
    "frequency-chosen": N_("You chose how often we may write, and so many had gone already."),
    "held-for-review": N_("You wrote something that may have meant stop."),
    "marketing-banned": N_("No promotion goes out this way."),
    "no-consent": N_("You had not agreed to it."),
    "consent-refused": N_("You had said no to it."),
    "consent-withdrawn": N_("You had switched it off."),
    "consent-expired": N_("Your consent had run out."),
    "persons-disagree": N_("Not everybody who uses this address agreed."),
    "outside-hours": N_("It was outside of the hours in which such messages may go."),
    "hours-unknown": N_("Nobody knew what time it was where you are."),
    "too-many": N_("As many as may go within the time had gone already."),
    "number-changed-hands": _REST_UNKNOWN,
    "number-ported": _REST_UNKNOWN,
    "number-not-asked-about": _REST_UNKNOWN,
    "number-not-textable": N_("Texts did not arrive at this number."),
    "address-bounced": N_("No mail arrived at this address."),
    "on-do-not-call-list": N_("You asked not to be called or written to for selling."),
    "on-registry": N_("The number stands on a public do-not-call registry."),
    "consent-given": N_("You had agreed to it."),
    "class-in-scope": _PART_OF_IT,
    "no-consent-needed": _PART_OF_IT,
    "not-refusable": _PART_OF_IT,
    "enrolled": _PART_OF_IT,
    "not-opted-out": N_("You had not refused it."),
    "answer-to-keyword": N_("It answered what you wrote."),
}
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Before(NamedTuple):
    """Where to go on: at what lies before this instant, and of what happened at it, before this id."""

    at: datetime
    id: uuid.UUID

    def written(self) -> str:
        """For the address of the next page."""
        return f"{(self.at - _FIRST) // _MICROSECOND}.{self.id.hex}"


NEWEST = Before(datetime.max.replace(tzinfo=UTC), uuid.UUID(int=2**128 - 1))


def before_from(microseconds: str, hexadecimal: str) -> Before | None:
    """What `written` wrote; None for an instant that no calendar has."""
    try:
        return Before(_FIRST + int(microseconds) * _MICROSECOND, uuid.UUID(hexadecimal))
    except OverflowError:
        return None


class Reason(NamedTuple):
    """One reason of the gate, with the clause it rests on where there is one."""

    code: str
    text: str
    commitment: str | None = None
    clause: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A message that was sent, or that was asked about and not let go."""

    id: uuid.UUID
    at: datetime
    sent: bool
    channel: str
    program: str | None
    message_class: str | None
    person: uuid.UUID | None = None
    against_a_no: bool = False
    policy: str = ""
    policy_version: str = ""
    reasons: tuple[Reason, ...] = ()

    @property
    def key(self) -> Before:
        """Its place in the log."""
        return Before(self.at, self.id)

    @property
    def sentence(self) -> str:
        """What happened, as a message to translate."""
        if self.sent:
            return SENT_ANYWAY if self.against_a_no else SENT
        return HELD_BACK

    @property
    def why(self) -> tuple[str, ...]:
        """Each reason once, as messages to translate; of what was sent against a no, none."""
        if self.against_a_no:
            return ()
        said = [WHY.get(one.code, "" if self.sent else NOT_ALLOWED) for one in self.reasons]
        return tuple(dict.fromkeys(one for one in said if one))


class Disposed(NamedTuple):
    """Records of messages went, their time being over: the last time so far, of which class, and what says so."""

    at: datetime
    category: str
    because: tuple[str, ...]


# The last time that records of messages of an organization went; None where none ever did.
ReadDisposed = Callable[[Tx, uuid.UUID], Disposed | None]
# The newest messages of a contact point (channel and short tag) before a place in the log, at most so many.
ReadMessages = Callable[[Tx, uuid.UUID, str, int, Before, int], list[Message]]
