"""What a person set besides yes and no: read from what holds, and written as one entry of the ledger for each wish.

A pause, a language and how often a program writes belong to the contact point. A refused sale and a limited use
belong to the person, where one is known, and then hold wherever this person is reached.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import NamedTuple

from consent.db import Tx
from consent.deadlines import Period, zone
from consent.errors import BadInput
from consent.ledger import service as ledger
from consent.ledger.bodies import CLOCK_SKEW, instant
from consent.ledger.keys import Keyring
from consent.outbox import service as outbox
from consent.policies.caps import Frequency
from consent.policies.organization import OrganizationPack, Program
from consent.policies.rulebook import Rulebook
from consent.preferences import numbers, rules
from consent.preferences import service as preferences
from consent.preferences.models import NOBODY
from consent.preferences.rules import Effect, Standing, State
from consent.subjects import service as subjects

GPC = "global-privacy-control"  # the signal a browser sends as `Sec-GPC: 1`
LONGEST_PAUSE = Period.parse("P1Y")  # whoever wants silence for longer says no, and that has no end


@dataclass(frozen=True, slots=True)
class Settings:
    """What is set for one contact point; `paused_until` is of everything that can be refused."""

    paused_until: datetime | None = None
    paused_programs: Mapping[str, datetime] = field(default_factory=dict)
    language: str | None = None
    frequencies: Mapping[str, Frequency] = field(default_factory=dict)
    do_not_call_since: datetime | None = None
    sale_refused_since: datetime | None = None
    sale_refused_by_signal: bool = False
    limit_use_since: datetime | None = None

    def pause(self, program: str) -> datetime | None:
        """Until when this program is paused, by itself or with all others."""
        return max(filter(None, (self.paused_until, self.paused_programs.get(program))), default=None)


class Wish(NamedTuple):
    """One thing somebody sets, as the ledger will tell it."""

    type: str
    programs: tuple[str, ...] = ()
    data: Mapping[str, object] = {}


@dataclass(frozen=True, slots=True)
class How:
    """By which door and which way it was set; `facts` are personal, `data` is for everybody to read."""

    source: str
    method: str
    occurred_at: datetime | None = None
    person_id: uuid.UUID | None = None
    facts: Mapping[str, str | None] = field(default_factory=dict)
    data: Mapping[str, object] = field(default_factory=dict)


# What holds


def settings_of(state: State, now: datetime, person_id: uuid.UUID | None = None) -> Settings:
    """What is set and not over at `now`; a refused sale of anybody counts unless the question is about one person."""
    state = {key: one for key, one in state.items() if not numbers.of_program(key[0])}
    if not state:  # how it mostly is
        return Settings()
    paused: dict[str, datetime] = {}
    frequencies: dict[str, Frequency] = {}
    for (row, _), one in state.items():
        name, _, program = row.partition(".")
        if name == numbers.PAUSE and now < (until := datetime.fromisoformat(one.detail)):
            paused[program] = until
        elif name == numbers.FREQUENCY:
            frequencies[program] = Frequency.parse(one.detail)
    listed = state.get((numbers.DO_NOT_CALL, NOBODY))
    sale, use = refusal_of(state, numbers.SALE, person_id), refusal_of(state, numbers.USE, person_id)
    return Settings(
        paused.pop("", None),
        paused,
        language_of(state),
        frequencies,
        listed.occurred_at if listed else None,
        sale.occurred_at if sale else None,
        bool(sale and sale.detail == GPC),
        use.occurred_at if use else None,
    )


def language_of(state: State) -> str | None:
    """The language the person chose, or None where nobody chose one."""
    chosen = state.get((numbers.LANGUAGE, NOBODY))
    return chosen.detail if chosen is not None else None


def pause_of(state: State, program: str) -> tuple[datetime, uuid.UUID] | None:
    """Until when the program is paused, and the entry that says so; the longer of two pauses counts."""
    rows = (state.get((row, NOBODY)) for row in (numbers.PAUSE, numbers.within(numbers.PAUSE, program)))
    return max(((datetime.fromisoformat(one.detail), one.event_id) for one in rows if one is not None), default=None)


def frequency_of(state: State, program: str) -> tuple[int, str, uuid.UUID] | None:
    """How often the program may write at the most, within which period, and the entry that says so."""
    one = state.get((numbers.within(numbers.FREQUENCY, program), NOBODY))
    if one is None:
        return None
    chosen = Frequency.parse(one.detail)
    return chosen.most, chosen.per.text, one.event_id


def refusal_of(state: State, about: str, person_id: uuid.UUID | None = None) -> Standing | None:
    """The refusal (`*sale`, `*use`) that stands for this person, or for anybody who is reached here.

    What was refused without a name holds for everybody here, until this person permits it later than that.
    """
    mine = {person: one for (row, person), one in state.items() if row == about}
    if person_id is not None:
        mine = {person: one for person, one in mine.items() if person in (person_id, NOBODY)}
        own, shared = mine.get(person_id), mine.get(NOBODY)
        if own and shared and own.state != "withdrawn" and own.occurred_at > shared.occurred_at:
            return None
    said = [one for one in mine.values() if one.state == "withdrawn"]
    return max(said, key=lambda one: (one.occurred_at, one.event_id), default=None)


def persons_of(state: State) -> frozenset[uuid.UUID]:
    """Everybody something is on record of here by name."""
    return frozenset(person for row, person in state if person != NOBODY and row != numbers.IN_REVIEW)


# What somebody sets


def pause(organization: OrganizationPack, until: date, now: datetime, programs: Sequence[str] = ()) -> Wish:
    """Nothing that can be refused goes before that day begins where the organization is; BadInput for other days."""
    where = zone(organization.zone)
    today = now.astimezone(where).date()
    if until <= today:
        raise BadInput("A pause ends on a day to come; choose tomorrow or later.", field="paused_until")
    if until > LONGEST_PAUSE.after(today):
        raise BadInput(
            "A pause lasts at most a year. To hear nothing for longer, switch it off: that has no end.",
            field="paused_until",
        )
    for key in programs:
        if _program(organization, key, "paused_programs").footing == "required":
            raise BadInput("What is required cannot be paused; leave it out.", field="paused_programs")
    ends = datetime.combine(until, time.min, where).astimezone(UTC)
    return Wish("pause.set", tuple(sorted(set(programs))), {"until": instant(ends)})


def end_pause(programs: Sequence[str] = ()) -> Wish:
    """The pause of these programs is over now; where none is named, every pause."""
    return Wish("pause.ended", tuple(sorted(set(programs))))


def choose_language(organization: OrganizationPack, language: str) -> Wish:
    """The person is answered in this language, one of those in which the organization's pages are written."""
    if language not in organization.page_languages:
        raise BadInput("Nothing here is written in that language; choose one that is offered.", field="language")
    return Wish("language.chosen", (), {"language": language})


def choose_frequency(organization: OrganizationPack, program: str, choice: str) -> Wish:
    """The program writes at most so often; one of the choices it offers."""
    offered = _program(organization, program, "frequencies").frequencies
    if choice not in [one.choice for one in offered]:
        raise BadInput("This program does not offer that frequency.", field="frequencies")
    return Wish("frequency.chosen", (program,), {"choice": choice})


def end_frequency(organization: OrganizationPack, program: str) -> Wish:
    """The program writes as often as to everybody."""
    _program(organization, program, "frequencies")
    return Wish("frequency.ended", (program,))


def refuse_calls(how: str) -> Wish:
    """The address stands on the company's own do-not-call list; only a later consent to a program passes it."""
    return Wish("do_not_call.requested", (), {"how": how})


def refuse_sale(*, by_signal: bool = False) -> Wish:
    """The person's data is neither sold nor shared for advertising."""
    return Wish("sale.refused", (), {"signal": GPC} if by_signal else {})


def permit_sale() -> Wish:
    """The person takes the refusal back; the person alone can (never staff, never another system)."""
    return Wish("sale.permitted")


def limit_use() -> Wish:
    """Sensitive data serves nothing but what the person asked for."""
    return Wish("use.limited")


def permit_use() -> Wish:
    """The person takes the limit back; the person alone can."""
    return Wish("use.permitted")


def record(
    tx: Tx,
    keyring: Keyring,
    log: ledger.Log,
    rulebook: Rulebook,
    tagged: subjects.Tagged,
    wishes: Iterable[Wish],
    how: How,
    now: datetime,
) -> list[ledger.Entry]:
    """Each wish that changes something stands in the ledger and holds from the commit on; the others write nothing."""
    if how.occurred_at is not None and how.occurred_at > now + CLOCK_SKEW:
        raise BadInput("This cannot have happened in the future; check the clock and the offset.", field="occurred_at")
    organization_id, channel = log.organization_id, tagged.address.channel
    row = tx.one(subjects.FIND_CONTACT, subjects.find_parameters(organization_id, tagged))
    contact: subjects.Contact | None = None  # made with the first entry: one without a stream could never be written to
    state = preferences.read(tx, organization_id, channel, tagged.tag64)
    marketing = tuple(one.key for one in rulebook.organization.programs if one.marketing)
    entries = []
    for wish in wishes:
        event = _event(rulebook, tagged, channel, wish, how, now)
        known = state
        if how.person_id is not None and wish.type in _OF_PERSONS:
            known = state | preferences.refusals_of_person(tx, organization_id, how.person_id)
        if not _changes(known, event, now):
            continue
        contact = contact or subjects.contact_from(tx, keyring, organization_id, tagged, row, now)
        entry = ledger.append(tx, log, contact.stream, event, now)
        state = preferences.record(tx, organization_id, channel, contact.tag64, state, entry, how.source)
        entries.append(entry)
        if wish.type == "do_not_call.requested":
            outbox.cancel_waiting(tx, organization_id, contact.id, marketing, now)
    return entries


def _event(
    rulebook: Rulebook, tagged: subjects.Tagged, channel: str, wish: Wish, how: How, now: datetime
) -> ledger.Event:
    data = {"method": how.method, **how.data, **wish.data, **rulebook.policy_version.cited()}
    if how.person_id is not None:
        data["person"] = str(how.person_id)
    happened = min(how.occurred_at, now) if how.occurred_at is not None else None
    facts = {"address": tagged.address.value, **how.facts}
    return ledger.Event(wish.type, how.source, channel, wish.programs, data, happened, facts)


_OF_PERSONS = ("sale.refused", "sale.permitted", "use.limited", "use.permitted")
_TAKEN_BACK = {Effect.SALE_PERMITTED: numbers.SALE, Effect.USE_PERMITTED: numbers.USE}


def _changes(state: State, event: ledger.Event, now: datetime) -> bool:
    """Would it hold something that does not hold yet? A refusal that stands is not refused again."""
    fact = rules.fact_of(
        event.type, event.data, event.purposes, event.occurred_at or now, NOBODY, event.source, event.channel
    )
    if fact is None or (fact.effect in _TAKEN_BACK and not refusal_of(state, _TAKEN_BACK[fact.effect], fact.person_id)):
        return False
    after = rules.apply(state, fact)
    if after.keys() != state.keys():
        return True
    return any(
        (one.state, one.detail or state[key].detail) != (state[key].state, state[key].detail)
        for key, one in after.items()
    )


def _program(organization: OrganizationPack, key: str, at: str) -> Program:
    found = organization.program(key)
    if found is None:
        raise BadInput("There is no program of this name.", field=at)
    return found
