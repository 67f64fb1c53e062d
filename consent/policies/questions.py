"""What is asked of the rulebook and what it answers. Plain tuples: they are made millions of times a day."""

from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

ConsentState = Literal["given", "refused", "withdrawn", "expired"]


class StopFact(NamedTuple):
    """The standing refusal of one contact point: when the person said stop, and the ledger event that proves it."""

    occurred_at: datetime
    event_id: UUID


class ConsentFact(NamedTuple):
    """The newest word of one person (or of the number, where no person is known) on one program."""

    program: str
    person_id: UUID | None
    state: ConsentState
    occurred_at: datetime
    event_id: UUID
    policy_version: str


class Standing(NamedTuple):
    """What is on record for the contact point a question is about."""

    stopped: StopFact | None
    consents: tuple[ConsentFact, ...]


class Question(NamedTuple):
    """May this class of this program go out on this channel at this instant?"""

    program: str
    message_class: str
    channel: str
    at: datetime
    content: str | None = None
    answers_keyword: bool = False  # the direct answer to the person's own STOP, HELP or START


class Reason(NamedTuple):
    """One sentence of the answer, with the commitment, law, clause and ledger entry it rests on."""

    code: str
    text: str
    commitment: str | None = None
    law: str | None = None
    clause: str | None = None
    entry: UUID | None = None


class Verdict(NamedTuple):
    """Allow or deny; a deny carries every reason against it in the order of the gates, an allow what it rests on."""

    answer: Literal["allow", "deny"]
    reasons: tuple[Reason, ...]


class ConsentDraft(NamedTuple):
    """A consent as somebody wants to record it, before anything is believed."""

    program: str | None
    channel: str | None
    address: str | None
    state: str | None
    occurred_at: datetime | None
    method: str | None
    wording_text: str | None = None
    wording_language: str | None = None
    ip: str | None = None
    ip_absent_reason: str | None = None
    pre_ticked: bool | None = None
    bundled: bool | None = None
    mandatory: bool | None = None
    declared_age: int | None = None


class Missing(NamedTuple):
    """What stands between a draft and a consent: the field at fault, who demands it, and what to do."""

    field: str
    commitment: str | None
    law: str | None
    sentence: str
