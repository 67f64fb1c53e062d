"""Whatever stands behind an address, a batch and a stream answer it as a single question does."""

import json
import random
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from consent import clock
from consent.db import Sql
from consent.decisions import service
from consent.decisions.service import Asked, Asking
from consent.house import House
from consent.preferences import numbers
from consent.preferences import service as preferences
from consent.preferences.asking import standing_of
from consent.preferences.models import EVERY_PROGRAM, NOBODY
from consent.preferences.rules import Standing, State
from consent.subjects import service as subjects
from consent.subjects.addresses import of_person
from tests.support.systems import Systems
from tests.support.valley import TEXTS, Tenant

NEWS = "marketing-email"
QUESTIONS = [
    (TEXTS, "outage", "sms"),
    (TEXTS, "promotion", "sms"),
    (NEWS, "promotion", "email"),
    ("no-such-program", "outage", "sms"),
]
BEGAN = datetime(2021, 1, 1, tzinfo=UTC)
PERSONS = (NOBODY, NOBODY, NOBODY, uuid.UUID(int=7), uuid.UUID(int=8))
PEOPLE = 250
DETAILS = {
    numbers.HOLDER: ("changed", "ported", "confirmed"),
    numbers.REACH: ("landline", "bounced", "reached"),
    numbers.QUERIED: ("no 2026-10-01", "yes 2026-10-01", "no-data 2022-01-01"),
    numbers.DO_NOT_CALL: ("text",),
    numbers.PAUSE: ("2027-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
    numbers.within(numbers.PAUSE, TEXTS): ("2027-01-01T00:00:00Z",),
    numbers.within(numbers.FREQUENCY, NEWS): ("1/P7D",),
    numbers.within(numbers.FREQUENCY, TEXTS): ("1/P30D",),
    numbers.LANGUAGE: ("fr",),
    numbers.SALE: ("", "global-privacy-control"),
}


def standing(chance: random.Random, detail: str = "", event: uuid.UUID | None = None) -> Standing:
    # Many at the same few moments, some at any: ties and neighbours are what goes wrong.
    ago = chance.choice([chance.randrange(5), chance.randrange(50) * 86_400, chance.random() * 5 * 365 * 86_400])
    return Standing(
        chance.choice(("given", "given", "given", "refused", "withdrawn", "withdrawn", "expired")),
        BEGAN + timedelta(seconds=ago),
        event or uuid.UUID(int=chance.getrandbits(128)),
        "privacy-policy",
        chance.choice(("2025-01-02", "2024-01-01")),
        chance.choice(("main", "", "page:x")),
        chance.random() < 0.5,
        detail,
    )


def state(chance: random.Random) -> State:
    """What may hold of one address: nothing, one word, a STOP, or much at once."""
    found: State = {}
    for _ in range(chance.choice([0, 1, 1, 1, 1, 2, 3])):
        found[chance.choice((TEXTS, TEXTS, NEWS, "billing")), chance.choice(PERSONS)] = standing(chance)
    if chance.random() < 0.2:  # everything ended by one event
        stop = standing(chance)._replace(state="withdrawn", stopped=True)
        found = dict.fromkeys(found, stop) | {(EVERY_PROGRAM, NOBODY): stop}
    elif chance.random() < 0.2:
        found[EVERY_PROGRAM, NOBODY] = standing(chance)
    if chance.random() < 0.3:
        key = chance.choice(list(DETAILS))
        found[key, NOBODY] = standing(chance, chance.choice(DETAILS[key]))
    if chance.random() < 0.1:
        event = uuid.UUID(int=chance.getrandbits(128))
        found[numbers.IN_REVIEW, event] = standing(chance, event=event)._replace(state="withdrawn")
    return found


@pytest.fixture
def people(house: House, valley: Tenant) -> dict[str, list[str]]:
    """Many addresses by channel, whatever may stand behind them written as the fold would leave it."""
    chance = random.Random(20261122)
    addresses = {
        "sms": [f"+1509556{n:04d}" for n in range(PEOPLE)],
        "email": [f"person{n}@example.com" for n in range(PEOPLE)],
    }

    def write(tx: Any) -> None:
        for channel, mine in addresses.items():
            for one in mine:
                tag = subjects.tagged(house.keyring, valley.id, of_person(channel, one)).tag64
                preferences.write_changes(tx, valley.id, channel, tag, uuid.uuid4(), {}, state(chance))

    house.db.write(write, valley.id)
    return addresses


def asking(house: House, tenant: Tenant, question: tuple[str, str, str], addresses: list[str]) -> list[Asking]:
    program, message_class, channel = question
    now = clock.now()
    in_force = house.governing.now(tenant.id, now)
    tagged = [subjects.tagged(house.keyring, tenant.id, of_person(channel, one)) for one in addresses]
    asked = [Asked(program, message_class, one, now) for one in tagged]
    return [Asking(tenant.id, in_force.log.origin, in_force.rulebook, one, now) for one in asked]


def singles(house: House, tenant: Tenant, question: tuple[str, str, str], addresses: list[str]) -> list[dict[str, Any]]:
    with house.db.read(tenant.id) as tx:
        return [service.explain(tx, one).as_json() for one in asking(house, tenant, question, addresses)]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: "-".join(one))
def test_a_batch_and_a_stream_answer_whatever_stands_there_as_a_single_question_does(
    systems: Systems, house: House, valley: Tenant, people: dict[str, list[str]], question: tuple[str, str, str]
) -> None:
    program, message_class, channel = question
    asked = [*people[channel], *people[channel][:20]]
    random.Random(3).shuffle(asked)
    wanted = singles(house, valley, question, asked)
    about = {"program": program, "message_class": message_class, "channel": channel}

    answers = systems.post("decisions/batch", about | {"addresses": asked}).get_json()["answers"]
    short = [{name: one[name] for name in ("answer", "reasons", "next_allowed") if name in one} for one in wanted]
    assert answers == short

    body = b"".join([json.dumps(about | {"address": one}).encode() + b"\n" for one in asked])
    headers = systems.headers | {"Content-Type": "application/x-ndjson"}
    streamed = systems.client.post("/api/v1/decisions/batch", data=body, headers=headers)
    said = [json.loads(line) for line in streamed.data.splitlines()]
    assert [one | {"valid_until": ""} for one in said] == [one | {"valid_until": ""} for one in wanted]


def test_several_that_are_stored_in_one_go_are_what_each_would_be_by_itself(
    house: House, valley: Tenant, people: dict[str, list[str]]
) -> None:
    several = []
    for question in (*QUESTIONS, ("no-such-program", "outage", "email")):
        asked = [*people[question[2]], *people[question[2]][:20]]
        random.Random(3).shuffle(asked)
        several += asking(house, valley, question, asked)
    random.Random(4).shuffle(several)  # programs and channels in turns
    with house.db.read(valley.id) as tx:
        wanted = [service.explain(tx, one).as_json() for one in several]
    alone = house.db.write(lambda tx: [service.decide(tx, one) for one in several], valley.id)
    at_once = house.db.write(lambda tx: service.decide_all(tx, several), valley.id)
    assert [decided.as_json() | {"id": None} for decided, _ in at_once] == wanted
    assert len({decided.id for decided, _ in at_once}) == len(several)
    with house.db.read(valley.id) as tx:
        for (one, _), (other, body) in zip(alone, at_once, strict=True):
            assert one.id is not None
            assert other.id is not None
            kept, like = service.stored(tx, valley.id, other.id), service.stored(tx, valley.id, one.id)
            assert kept is not None
            assert kept | json.loads(body) == kept
            assert kept | {"id": str(one.id)} == like


def test_the_states_are_many_and_differ_in_their_answers(
    house: House, valley: Tenant, people: dict[str, list[str]]
) -> None:
    rows = Sql("SELECT count(DISTINCT program), count(*) FROM preference WHERE organization_id = :organization_id")
    with house.db.read(valley.id) as tx:
        programs, written = tx.one(rows, {"organization_id": valley.id}) or (0, 0)
    assert (programs, written) > (12, 2 * PEOPLE)
    for question in QUESTIONS[:1]:
        told = [
            (one["answer"], *[r["code"] for r in one["reasons"]])
            for one in singles(house, valley, question, people["sms"])
        ]
        assert len(set(told)) > 10
        assert {one[0] for one in told} == {"allow", "deny"}


def test_of_several_that_say_the_same_each_way_cites_the_same() -> None:
    """Read in any order: a table of PostgreSQL has none."""
    chance = random.Random(5)
    people = [NOBODY, *(uuid.UUID(int=chance.getrandbits(128)) for _ in range(6))]
    said = [((TEXTS, one), standing(chance)._replace(state="withdrawn")) for one in people]
    cited = set()
    for _ in range(20):
        chance.shuffle(said)
        consents = standing_of(dict(said), TEXTS, None).consents
        cited.add(tuple(one.event_id for one in consents))
    assert len(cited) == 1
