"""Two imports at the same time: rows are recorded once, and one run is done by one."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from consent.db import Sql
from consent.house import House
from consent.imports import mapping as mappings
from consent.imports import reading, running
from consent.imports.runs import Overtaken
from tests.imports.files import bring, found, no, number, row, write
from tests.support.valley import Tenant

_EVENTS = Sql(
    "SELECT count(*), count(DISTINCT stream_id) FROM ledger_event e JOIN import_entry i"
    " ON i.organization_id = e.organization_id AND i.event_id = e.event_id"
)


def test_two_files_of_the_same_rows_at_once_record_each_row_once(house: House, valley: Tenant, tmp_path: Path) -> None:
    rows = [row(address=number(place)) if place % 3 else no(address=number(place)) for place in range(150)]
    files = [write(tmp_path, rows, "one.csv"), write(tmp_path, rows[::-1], "two.csv")]
    with ThreadPoolExecutor(2) as pool:
        one, two = pool.map(lambda file: bring(house, valley, file), files)
    assert (one.gives + two.gives, one.ends + two.ends) == (100, 50)
    assert one.unchanged + two.unchanged == 150
    with house.db.read(valley.id) as tx:
        assert tx.one(_EVENTS, {}) == (150, 150)


def test_one_run_done_by_two_is_done_once_and_the_second_is_told(house: House, valley: Tenant, tmp_path: Path) -> None:
    file = write(tmp_path, [row(address=number(place)) for place in range(150)])
    mapping, opened = mappings.from_dict({}), reading.from_path(file)
    looked = reading.look(opened, mapping)
    run, _ = running.begin(house.db, house.keyring, valley.id, looked, mapping, "tests")
    of = running.opened_import(house.db, house.keyring, house.governing, valley.id, run)
    first, second = (running.run_rows(house.db, of, opened, looked) for _ in range(2))
    next(first)
    with pytest.raises(Overtaken):
        next(second)
    assert sum(first) == 150 - 64
    assert found(house, valley, run).gives == 150
