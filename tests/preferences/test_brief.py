"""What holds at many contact points comes as columns, the same from both databases."""

import random
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from consent.db import Tx
from consent.house import House
from consent.preferences import service as preferences
from consent.preferences.brief import NO_EVENT, Brief, chosen, fetch, rows_of, together
from consent.preferences.models import EVERY_PROGRAM, NOBODY
from consent.preferences.rules import Standing, State
from tests.support.valley import TEXTS, Tenant

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SOMEBODY, EVENT, LATER = uuid.UUID(int=0xAB << 112), uuid.UUID(int=5), uuid.UUID("ffffffff-0000-0000-00ff-00001f1e2c00")


def standing(event: uuid.UUID = EVENT, at: datetime = NOON, state: str = "given", detail: str = "") -> Standing:
    return Standing(state, at, event, "privacy-policy", "2025-01-02", "", False, detail)  # type: ignore[arg-type]


def put(house: House, tenant: Tenant, states: dict[int, State]) -> None:
    """These hold at these tags."""

    def work(tx: Tx) -> None:
        for tag, state in states.items():
            preferences.write_changes(tx, tenant.id, "sms", tag, uuid.UUID(int=1), {}, state)

    house.db.write(work, tenant.id)


def read(house: House, tenant: Tenant, tags: list[int], program: str | None = None) -> Brief:
    with house.db.read(tenant.id, single=True) as tx:
        return rows_of(fetch(tx, tenant.id, "sms", tags, program))


def test_nothing_on_record_is_no_row(house: House, valley: Tenant) -> None:
    assert read(house, valley, [1, 2]) == Brief([], [], [], [])


def test_one_row_of_which_persons_and_details_are_empty(house: House, valley: Tenant) -> None:
    put(house, valley, {7: {(TEXTS, NOBODY): standing()}})
    assert read(house, valley, [7]) == Brief(
        [7], [EVENT.bytes], ["2026-11-21 12:00:00.000000"], [(TEXTS, "", "given", "2025-01-02", "")]
    )


def test_whatever_stands_in_a_row_comes_back(house: House, valley: Tenant) -> None:
    """Ids of any bytes, the byte between columns among them; a person; a detail with a comma; negative tags."""
    at = NOON + timedelta(microseconds=1)
    states: dict[int, State] = {
        -5: {(TEXTS, SOMEBODY): standing(LATER, at), (EVERY_PROGRAM, NOBODY): standing(state="withdrawn")},
        2**62: {("*frequency." + TEXTS, NOBODY): standing(NOBODY, detail="1/P7D, or less")},
    }
    put(house, valley, states)
    found = read(house, valley, [2**62, -5, 3])
    assert sorted(zip(*found, strict=True)) == [
        (-5, EVENT.bytes, "2026-11-21 12:00:00.000000", ("*", "", "withdrawn", "2025-01-02", "")),
        (-5, LATER.bytes, "2026-11-21 12:00:00.000001", (TEXTS, _hex(found), "given", "2025-01-02", "")),
        (2**62, NO_EVENT, "2026-11-21 12:00:00.000000",
         ("*frequency." + TEXTS, "", "given", "2025-01-02", "1/P7D, or less")),
    ]  # fmt: skip
    assert uuid.UUID(_hex(found)) == SOMEBODY


def _hex(found: Brief) -> str:
    """The person as told: PostgreSQL writes small letters, SQLite capitals."""
    return next(what[1] for what in found.what if what[1])


def test_one_program_is_read_with_what_became_of_the_number(house: House, valley: Tenant) -> None:
    state: State = {(name, NOBODY): standing() for name in (TEXTS, "marketing-email", EVERY_PROGRAM, "*holder")}
    put(house, valley, {1: state})
    of_one = {TEXTS, EVERY_PROGRAM, "*holder"}
    assert {what[0] for what in read(house, valley, [1], TEXTS).what} == of_one
    everything = read(house, valley, [1])
    assert {what[0] for what in everything.what} == of_one | {"marketing-email"}
    assert {what[0] for what in chosen(everything, TEXTS).what} == of_one


def test_a_number_asked_for_twice_is_told_once(house: House, valley: Tenant) -> None:
    put(house, valley, {1: {(TEXTS, NOBODY): standing()}})
    assert read(house, valley, [1, 1]).tags == [1]


def test_the_rows_of_each_stand_together_however_many(house: House, valley: Tenant) -> None:
    chance = random.Random(3)
    tags = [chance.randrange(-(2**63), 2**63) for _ in range(300)]
    put(house, valley, {tag: {(TEXTS, NOBODY): standing(), (EVERY_PROGRAM, NOBODY): standing()} for tag in tags})
    found = read(house, valley, tags)
    assert found.tags == sorted(tag for tag in tags for _ in range(2))


@pytest.mark.parametrize("tags", [[1, 1, 2], [2, 1, 2, 1], [3, 1, 2]])
def test_rows_out_of_order_are_brought_together_with_all_that_is_theirs(tags: list[int]) -> None:
    rows = Brief(tags, [bytes([tag]) for tag in tags], [str(tag) for tag in tags], [(str(tag),) for tag in tags])
    found = together(rows)
    assert found.tags == sorted(tags)
    assert all(
        (event, at, what) == (bytes([tag]), str(tag), (str(tag),)) for tag, event, at, what in zip(*found, strict=True)
    )
