"""What is asked of the rulebook and what it answers. Plain tuples: they are made millions of times a day."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

from consent.policies.whereabouts import Whereabouts

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


class NumberFact(NamedTuple):
    """What became of the number; `gone`: it is no longer the number of the person it was known for."""

    kind: str
    occurred_at: datetime
    event_id: UUID
    gone: bool = False


class QueryFact(NamedTuple):
    """The last answer on whether the number was given up since `consent_date`: yes, no or no-data."""

    answer: str
    consent_date: date
    queried_at: datetime
    event_id: UUID


class CopyFact(NamedTuple):
    """A copy of a do-not-call registry, and whether the number stands on it."""

    registry: str
    copied_on: date
    listed: bool
    complete: bool
    event_id: UUID | None


class NumberFacts(NamedTuple):
    """What is on record for the number itself, whoever has it."""

    holder: NumberFact | None = None
    reach: NumberFact | None = None
    queried: QueryFact | None = None
    do_not_call: StopFact | None = None
    copies: tuple[CopyFact, ...] = ()


NO_NUMBER = NumberFacts()


class SentFact(NamedTuple):
    """A message that left for the contact point; no class is known of some."""

    program: str
    message_class: str | None
    sent_at: datetime


class PauseFact(NamedTuple):
    """Until when the person wants to hear nothing that can be refused."""

    until: datetime
    event_id: UUID


class FrequencyFact(NamedTuple):
    """How often the person wants to hear of the program at the most; `per` as it was chosen, such as P7D."""

    most: int
    per: str
    event_id: UUID


class Standing(NamedTuple):
    """What is on record for the contact point a question is about.

    Where the number may be is looked up for questions that time may stand against; None asks nothing of time.
    """

    stopped: StopFact | None
    consents: tuple[ConsentFact, ...]
    number: NumberFacts = NO_NUMBER
    held: StopFact | None = None  # a text that nobody has understood yet
    where: Whereabouts | None = None
    sent: tuple[SentFact, ...] = ()
    paused: PauseFact | None = None
    frequency: FrequencyFact | None = None


class Facts(NamedTuple):
    """What the asker knows about a message. A rule that needs a fact which is missing denies and names it."""

    reference: str | None = None  # the person's own inquiry, order or ticket
    jurisdiction: str | None = None  # ISO 3166-2 of the person
    registered: bool | None = None
    last_purchase_on: date | None = None
    materially_affects_delivery: bool | None = None  # a mark that a person has set
    member: bool | None = None  # of the programme, now
    minor: bool | None = None
    age: int | None = None  # in years, as the person declared it
    last_inquiry_on: date | None = None


FACTS = Facts._fields
NO_FACTS = Facts()


def facts_text(facts: Facts) -> str:
    """What is known, as text that is kept with a message until it goes."""
    said = {name: value for name, value in facts._asdict().items() if value is not None}
    return json.dumps({name: str(value) if isinstance(value, date) else value for name, value in said.items()})


def facts_in(said: Mapping[str, Any]) -> Facts:
    """The facts behind such a text; names that are none are left out."""
    known = {name: value for name, value in said.items() if name in FACTS}
    for day in ("last_purchase_on", "last_inquiry_on"):
        if day in known:
            known[day] = date.fromisoformat(known[day])
    return Facts(**known)


class Question(NamedTuple):
    """May this class of this program go out on this channel at this instant?"""

    program: str
    message_class: str
    channel: str
    at: datetime
    content: str | None = None
    answers_keyword: bool = False  # the direct answer to the person's own STOP, HELP or START
    facts: Facts = NO_FACTS


class Reason(NamedTuple):
    """One sentence of the answer, with the commitment, law, clause and ledger entry it rests on."""

    code: str
    text: str
    commitment: str | None = None
    law: str | None = None
    clause: str | None = None
    entry: UUID | None = None
    basis: str | None = None  # of an allow: what makes it lawful to send


class Verdict(NamedTuple):
    """Allow or deny; a deny carries every reason against it in the order of the gates, an allow what it rests on.

    `next_allowed` is the first instant at which it may go, where nothing but time stands against it.
    """

    answer: Literal["allow", "deny"]
    reasons: tuple[Reason, ...]
    next_allowed: datetime | None = None


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
    granted_by: str | None = None  # in what capacity somebody allows a feature: person, customer …


class Missing(NamedTuple):
    """What stands between a draft and a consent: the field at fault, who demands it, and what to do."""

    field: str
    commitment: str | None
    law: str | None
    sentence: str
