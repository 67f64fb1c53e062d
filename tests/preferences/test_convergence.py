"""Whatever comes late, twice or all at once: the state is that of the sorted history."""

import os
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.gateways.sms.base import InboundMessage
from consent.house import House
from consent.organizations import service as organizations
from consent.policies.rulebook import ConsentDraft
from consent.preferences import consents, rebuild, rules
from consent.preferences import service as preferences
from consent.preferences.models import NOBODY
from consent.preferences.rules import Effect, Fact, State
from consent.sms import service as sms
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical
from tests.support.valley import NUMBER, TEXTS, WORDING, Tenant

# The pure fold

BASE = datetime(2026, 11, 1, tzinfo=UTC)
PROGRAMS = ("alerts", "offers")


def said(number: int) -> tuple[Any, ...]:
    """One of some things an event may say."""
    return ("consent.given", {"number": number}, PROGRAMS, "api", "sms")


instants = st.integers(0, 4).map(lambda seconds: BASE + timedelta(seconds=seconds))
facts = st.builds(
    Fact,
    effect=st.sampled_from(Effect),
    occurred_at=instants,
    said=st.integers(0, 3).map(said),
    event_id=st.uuids(version=4),
    programs=st.sampled_from([PROGRAMS, PROGRAMS[:1], PROGRAMS[1:]]),
    person_id=st.sampled_from([NOBODY, UUID(int=7)]),
    policy=st.just("privacy-policy"),
    policy_version=st.sampled_from(["1", "2"]),
    sender=st.sampled_from(["main", "short"]),
    keyword_programs=st.sampled_from([(), PROGRAMS[:1]]),
    imported=st.just(False),
    annuls=st.none(),
    asked_at=st.none(),
)
histories = st.lists(facts, max_size=12, unique_by=lambda fact: fact.event_id)


@given(histories, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(history: list[Fact], chance: random.Random) -> None:
    shuffled = list(history)
    chance.shuffle(shuffled)
    assert rules.fold(shuffled) == rules.fold(history)


@given(histories)
def test_adding_one_event_after_the_other_is_the_whole_fold(history: list[Fact]) -> None:
    state: State = {}
    for fact in sorted(history, key=lambda fact: fact.order):
        state = rules.apply(state, fact)
    assert state == rules.fold(history)


@given(facts, st.builds(Fact._replace, facts, effect=st.sampled_from((Effect.STOP, Effect.WITHDRAWN))))
def test_of_the_same_instant_the_withdrawal_wins(other: Fact, withdrawal: Fact) -> None:
    allowing = other._replace(effect=Effect.GIVEN, occurred_at=withdrawal.occurred_at, programs=withdrawal.programs)
    allowing = allowing._replace(person_id=withdrawal.person_id)
    state = rules.fold([withdrawal, allowing])
    assert {state[program, withdrawal.person_id].state for program in withdrawal.programs} == {"withdrawn"}


@given(facts, facts)
def test_of_two_alike_the_smaller_content_tag_wins(one: Fact, two: Fact) -> None:
    small, large = sorted((said(0), said(1)), key=rules.content_tag)
    first = one._replace(effect=Effect.GIVEN, said=small, programs=PROGRAMS)
    second = first._replace(said=large, event_id=two.event_id)
    for history in ([first, second], [second, first]):
        assert {standing.event_id for standing in rules.fold(history).values()} == {first.event_id}


@given(histories, facts)
def test_what_is_annulled_leaves_nothing_behind_and_takes_nothing_along(history: list[Fact], one: Fact) -> None:
    known = [fact for fact in history if fact.event_id != one.event_id]
    imported = one._replace(imported=True)
    annulment = one._replace(effect=Effect.ANNUL, event_id=UUID(int=1), annuls=one.event_id)
    assert rules.fold([annulment, imported, *known]) == rules.fold(known)


@given(histories, facts)
def test_only_what_an_import_wrote_can_be_annulled(history: list[Fact], one: Fact) -> None:
    known = [*(fact for fact in history if fact.event_id != one.event_id), one]
    annulment = one._replace(effect=Effect.ANNUL, event_id=UUID(int=1), annuls=one.event_id)
    assert rules.fold([annulment, *known]) == rules.fold(known)


# The house under eight threads

# Half of them in disorder, half in order for comparison; `python -m tests.soak.convergence` brings ten thousand.
EVENTS = int(os.environ.get("CONVERGING_EVENTS", "2000"))
THREADS = 8
NUMBERS = [f"+1509555{number:04d}" for number in range(100, 150)]
TWINS = [f"+1509555{number:04d}" for number in range(150, 200)]
REPEATS = 0.2

Arrival = Callable[[], None]


class Planned(NamedTuple):
    """Something a person did: a text, or a word to the organization's own system."""

    whose: int
    at: datetime
    words: str


def plan(chance: random.Random, count: int, now: datetime) -> list[Planned]:
    """So many events of the last hours; whole minutes, so that events of one number often share their instant."""
    words = ("STOP", "START", "HELP", "given", "refused", "withdrawn")
    return [
        Planned(chance.randrange(len(NUMBERS)), now - timedelta(minutes=chance.randrange(1, 600)), chance.choice(words))
        for _ in range(count)
    ]


class History:
    """How events arrive: by the API, or by a gateway that gives the time of each text."""

    def __init__(self, house: House, valley: Tenant, now: datetime) -> None:
        self.house, self.valley, self.now = house, valley, now
        in_force = house.governing.at(valley.id, now)
        self.log, self.rulebook = in_force.log, in_force.rulebook
        with house.db.read(valley.id) as tx:
            (account,) = organizations.accounts(tx, house.keyring, valley.id)
        self.account = sms.Account(valley.id, account.id, account.gateway, can_send=True)

    def arrival(self, sid: str, event: Planned, number: str) -> Arrival:
        """The event, ready to arrive any number of times."""
        if event.words.isupper():
            return self.text(sid, event.words, number, event.at)
        return self.consent(event.words, number, event.at)

    def text(self, sid: str, words: str, sender: str, at: datetime) -> Arrival:
        """A text of that moment."""
        message = InboundMessage("sinch", sid, sid, sender, NUMBER, words, received_at=at)
        prepared = sms.prepare(self.house.keyring, self.account, self.rulebook, message)

        def arrive() -> None:
            self.house.db.write(
                lambda tx: sms.receive(
                    tx, self.house.keyring, self.log, self.rulebook, self.account, prepared, self.now
                ),
                self.valley.id,
            )

        return arrive

    def consent(self, state: str, address: str, at: datetime) -> Arrival:
        """What a person said at that moment, brought by the organization's own system."""
        draft = ConsentDraft(TEXTS, "sms", address, state, at, "web-form", WORDING, "en", "203.0.113.7")
        tagged = subjects.tagged(self.house.keyring, self.valley.id, canonical("sms", address))
        said = consents.Said(draft, tagged)

        def arrive() -> None:
            self.house.db.write(
                lambda tx: consents.record(tx, self.house.keyring, self.log, self.rulebook, said, "api", self.now),
                self.valley.id,
            )

        return arrive


def state_of(house: House, valley: Tenant, number: str) -> State:
    """What is stored for a number."""
    tagged = subjects.tagged(house.keyring, valley.id, canonical("sms", number))
    with house.db.read(valley.id) as tx:
        return preferences.read(tx, valley.id, "sms", tagged.tag64)


def meaning(state: State) -> dict[rules.Key, tuple[str, datetime, bool]]:
    """A state without the ids that each run draws anew."""
    return {key: (standing.state, standing.occurred_at, standing.stopped) for key, standing in state.items()}


@pytest.mark.timeout(600)
def test_eight_threads_in_any_order_end_in_the_state_of_the_sorted_history(
    house: House, valley: Tenant, now: datetime
) -> None:
    """The same history reaches fifty numbers in disorder and fifty twins in order."""
    chance = random.Random(20261121)
    happened = sorted(plan(chance, EVENTS // 2, now), key=lambda event: event.at)
    history = History(house, valley, now)
    for number, event in enumerate(happened):
        history.arrival(f"twin-{number}", event, TWINS[event.whose])()
    arrivals = [history.arrival(f"in-{number}", event, NUMBERS[event.whose]) for number, event in enumerate(happened)]
    arrivals += chance.sample(arrivals, len(arrivals) - int(len(arrivals) * (1 - REPEATS)))
    chance.shuffle(arrivals)
    with ThreadPoolExecutor(THREADS) as threads:
        for done in [threads.submit(arrive) for arrive in arrivals]:
            done.result()
    differing = [
        whose
        for whose in range(len(NUMBERS))
        if meaning(state_of(house, valley, NUMBERS[whose])) != meaning(state_of(house, valley, TWINS[whose]))
    ]
    assert differing == []
    with house.db.read(valley.id) as tx:
        assert list(rebuild.check(tx, valley.id)) == []
