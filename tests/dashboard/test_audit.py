"""The trail: by filters on a page, whole as a file in flat memory, and every export is itself on record."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

import consent
from consent.dashboard.audit import filters, queries, words
from consent.db import Tx
from consent.house import House
from consent.staff import events
from consent.staff.roles import Role
from consent.web.csv_files import inert, lines
from tests.dashboard.conftest import Browser
from tests.support.plans import plan
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import PERSON, Tenant

LIST = "/staff/audit"


@pytest.mark.parametrize("cell", ["=1+1", "+15095550142", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert inert(cell) == f"'{cell}"
    assert next(csv.reader(io.StringIO(lines([[cell, 'a "b", c']])))) == [f"'{cell}", 'a "b", c']


def test_filters_are_read_from_an_address_and_what_cannot_be_is_named() -> None:
    wanted, wrong = filters.read({"since": "2026-11-01", "source": "staff", "type": "consent.withdrawn"})
    assert not wrong and wanted.query(before=1) == "since=2026-11-01&source=staff&type=consent.withdrawn&before=1"
    _, wrong = filters.read({"since": "yesterday", "until": "0001-01-01", "source": "me", "type": "%"})
    assert wrong == {"since", "until", "source", "type"}


def test_the_trail_shows_what_was_asked_for_and_no_address(officer: Browser, systems: Systems) -> None:
    systems.consent()
    page = officer.get(LIST)
    assert "Agreed" in page and PERSON not in page
    assert "Nothing matches" in officer.get(f"{LIST}?type=consent.withdrawn")
    assert "Agreed" in officer.get(f"{LIST}?type=consent&since=2026-11-21&until=2026-11-21")
    assert "Nothing matches" in officer.get(f"{LIST}?since=2026-11-22&until=2026-11-23")
    officer.get(f"{LIST}?since=soon", 422)
    officer.get(f"{LIST}?before=nonsense", 400)


def test_every_entry_that_is_written_somewhere_is_told_in_a_sentence() -> None:
    source = "".join(one.read_text(encoding="utf-8") for one in Path(consent.__file__).parent.rglob("*.py"))
    calls = r"""(?:Event|record|_record)\(\s*(?:tx, [a-z_.]*keyring, [a-z_., ]+?,\s*)?"([a-z_]+\.[a-z_-]+)\""""
    written = set(re.findall(calls, source))
    assert len(written) > 50
    assert written - words.HAPPENED.keys() == set()


def test_an_entry_is_a_sentence_with_its_code_small_beside_it(officer: Browser, systems: Systems) -> None:
    systems.consent()
    page = officer.get(LIST)
    assert re.search(r'Agreed<br><a class="type-code" href="/staff/audit\?type=consent\.given"><code>', page)


def test_an_export_is_on_record_and_needs_a_fresh_factor_and_the_right_role(
    officer: Browser, seat: Callable[..., Browser], systems: Systems, time: Time
) -> None:
    systems.consent()
    got = officer.post(f"{LIST}/export", format="csv", type="consent")
    rows = list(csv.DictReader(io.StringIO(got.get_data(as_text=True))))
    assert [row["type"] for row in rows] == ["consent.given"]
    assert PERSON not in got.get_data(as_text=True)
    got = officer.post(f"{LIST}/export", format="ndjson")
    listed = [json.loads(line) for line in got.get_data(as_text=True).splitlines()]
    (exported,) = [one for one in listed if one["type"] == "audit.exported"]
    assert exported["by"] == officer.seated.name and exported["data"]["format"] == "csv"
    assert officer.post(f"{LIST}/export", format="xlsx").status_code == 400
    assert seat(Role.CLERK).post(f"{LIST}/export", format="csv").status_code == 403
    time.go(minutes=6)
    late = officer.post(f"{LIST}/export", format="csv")
    assert late.status_code == 403 and 'action="/staff/again"' in late.get_data(as_text=True)


def test_pages_and_files_go_on_where_they_left_off(
    house: House, valley: Tenant, officer: Browser, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 3)
    monkeypatch.setattr(queries, "LOOK", 5)
    monkeypatch.setattr(queries, "BATCH", 4)
    for number in range(11):
        what = "gateway.tested" if number % 6 == 0 else "other.tested"
        put(house, valley, time, what, number)
    seen, path = list[str](), f"{LIST}?type=gateway"
    for _ in range(9):
        page = officer.get(path)
        seen += [part.split("<")[0] for part in page.split(">number</dt><dd>")[1:]]
        more = page.partition('href="/staff/audit?type=gateway&amp;before=')[2].partition('"')[0]
        if not more:
            break
        path = f"{LIST}?type=gateway&before={more}"
    assert seen == ["6", "0"]
    got = officer.post(f"{LIST}/export", format="ndjson", type="other.tested")
    assert [json.loads(line)["data"]["number"] for line in got.get_data(as_text=True).splitlines()] == [
        1, 2, 3, 4, 5, 7, 8, 9, 10,
    ]  # fmt: skip


def test_among_a_million_entries_a_page_and_a_piece_of_a_file_are_found_by_their_key(
    house: House, valley: Tenant
) -> None:
    place = {"organization_id": valley.id, "first": UUID(int=1), "end": UUID(int=2**127), "after": UUID(int=2)}
    for sql, most in ((queries._BACK, queries.LOOK), (queries._ON, queries.BATCH)):
        with house.db.read(valley.id) as tx:
            said = plan(tx, sql, place | {"most": most})
        assert "event_id" in said and "Sort" not in said and "TEMP B-TREE" not in said and "SCAN" not in said, said
        assert "pk_ledger_event" in said if house.db.is_postgresql else "organization_id=? AND event_id" in said, said
    assert (queries.LOOK, queries.BATCH) == (5_000, 1_000)  # so much is read for a page, however long the trail


def put(house: House, valley: Tenant, time: Time, what: str, number: int) -> None:
    """An entry of the organization itself, a millisecond after the one before."""
    now = time.now() + timedelta(milliseconds=2)
    time.go(milliseconds=5)

    def work(tx: Tx) -> None:
        events.record(tx, house.keyring, valley.id, what, {"number": number}, now, name="Ana")

    house.db.write(work, valley.id)
