"""What a file does to what is on record, on both databases."""

from pathlib import Path
from typing import Any

import pytest

from consent.db import Sql
from consent.house import House
from consent.imports import mapping as mappings
from consent.imports import queries
from consent.imports.runs import Run
from consent.preferences import queries as preference_queries
from consent.preferences import rebuild
from consent.web.csv_files import inert
from tests.imports.files import bring, no, number, row, write
from tests.support.statements import seen
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, TEXTS, Tenant


def kept_apart(house: House, valley: Tenant, run: Run) -> list[queries.KeptApart]:
    with house.db.read(valley.id) as tx:
        return queries.quarantine(tx, house.keyring, valley.id, run)


def codes(house: House, valley: Tenant, run: Run) -> list[list[str]]:
    return [[reason["code"] for reason in one.reasons] for one in kept_apart(house, valley, run)]


def history(systems: Systems, address: str = PERSON) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = systems.get(f"contact-points/{systems.lookup(address)}/history").get_json()["events"]
    return found


def test_a_complete_yes_is_a_consent_that_names_its_import(
    house: House, valley: Tenant, systems: Systems, tmp_path: Path
) -> None:
    run = bring(house, valley, write(tmp_path, [row(person="customer-7", ip_absent_reason="")]))
    assert (run.stage, run.rows, run.gives) == ("finished", 1, 1)
    assert systems.may()
    entry = history(systems)[0]
    assert (entry["type"], entry["source"], entry["data"]["import"]) == ("consent.given", "import", str(run.id))
    assert entry["occurred_at"] == "2026-11-10T18:15:00.000Z"
    assert entry["facts"] == {
        "address": PERSON,
        "person": "customer-7",
        "ip": "203.0.113.7",
        "staff": "tests",
    }
    assert entry["wording"]["language"] == "en"


def test_the_ledger_holds_when_the_import_began_and_how_it_ended(house: House, valley: Tenant, tmp_path: Path) -> None:
    run = bring(house, valley, write(tmp_path, [row(), no(address="+15095550143"), row(address="nobody")]))
    with house.db.read(valley.id) as tx:
        events, _ = preference_queries.history(tx, house.keyring, valley.id, valley.id)
    told = [one["data"] for one in events if one["type"].startswith("import.")]
    assert [one["import"] for one in told] == [str(run.id)] * 2
    finished = next(one for one in told if "gives" in one)
    assert (finished["rows"], finished["gives"], finished["ends"], finished["quarantined"]) == (3, 1, 1, 1)


def test_an_imported_yes_does_not_revive_a_stop(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio, tmp_path: Path, time: Time
) -> None:
    systems.consent()
    twilio.text("STOP")
    later = "2026-11-21T23:59:00-08:00"
    rows = [
        row(),  # older than the STOP
        row(occurred_at=None),
        row(occurred_at="2026-11-21"),
        row(occurred_at=time.at.isoformat()),  # the same day
        row(occurred_at=later),  # in the future
        row(occurred_at="2031-01-01T00:00:00Z"),
        row(occurred_at="yesterday"),
    ]
    run = bring(house, valley, write(tmp_path, rows))
    assert (run.gives, run.refused + run.quarantined) == (0, len(rows))
    assert not systems.may()
    assert systems.preferences()["stopped"]


def test_a_complete_exact_and_newer_yes_of_another_day_is_believed_even_after_a_stop(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio, tmp_path: Path, time: Time
) -> None:
    twilio.text("STOP")
    time.go(days=3)
    exact = (time.at.replace(microsecond=0)).isoformat()
    lacking = bring(house, valley, write(tmp_path, [row(occurred_at=exact, ip=None)], "lacking.csv"))
    assert (lacking.gives, lacking.quarantined) == (0, 1)
    assert not systems.may()
    run = bring(house, valley, write(tmp_path, [row(occurred_at=exact)]))
    assert run.gives == 1
    assert systems.may()


def test_what_the_policy_demands_is_asked_of_every_row_and_named(house: House, valley: Tenant, tmp_path: Path) -> None:
    rows = [
        row(wording_text=None),
        row(wording_language=None, address=number(1)),
        row(ip=None, address=number(2)),
        row(method=None, address=number(3)),
        row(program=None, address=number(4)),
        row(occurred_at=None, address=number(5)),
        row(ip="here", address=number(6)),
    ]
    run = bring(house, valley, write(tmp_path, rows))
    assert (run.gives, run.quarantined) == (0, len(rows))
    found = kept_apart(house, valley, run)
    asked = [{reason["field"] for reason in one.reasons} for one in found]
    expected = ["wording", "wording.language", "ip", "method", "program", "occurred_at", "ip"]
    for number_, (field, fields) in enumerate(zip(expected, asked, strict=True)):
        assert any(one.startswith(field) for one in fields), number_
    assert any(reason.get("commitment") for one in found for reason in one.reasons)
    assert found[0].cells[0] == PERSON


def test_an_opt_out_counts_however_poor_its_row_is(
    house: House, valley: Tenant, systems: Systems, tmp_path: Path, time: Time
) -> None:
    people = [number(place) for place in range(5)]
    for address in people:
        systems.consent(address=address)
    rows = [
        no(address=people[0], occurred_at=None),
        no(address=people[1], occurred_at="soon"),
        no(address=people[2], occurred_at="2026-11-20"),  # of the day on which the consent was given
        no(address=people[3], occurred_at="2030-01-01T00:00:00Z"),
        no(address=people[4], program="no-such-programme"),
    ]
    rows[4]["occurred_at"] = "2026-11-21T01:00:00Z"
    run = bring(house, valley, write(tmp_path, rows))
    assert run.ends == len(rows)
    assert [address for address in people if systems.may(address=address)] == []


def test_an_opt_out_that_is_older_than_a_consent_on_record_changes_nothing(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio, tmp_path: Path
) -> None:
    systems.consent()
    old = bring(house, valley, write(tmp_path, [no(program=TEXTS, occurred_at="2026-01-01T00:00:00Z", method="x")]))
    assert (old.older, old.ends) == (1, 0)
    assert systems.may()


def test_the_same_file_again_changes_nothing(house: House, valley: Tenant, tmp_path: Path, time: Time) -> None:
    rows = [row(), no(address=number(1), occurred_at=None), row(address="nobody")]
    first = bring(house, valley, write(tmp_path, rows))
    time.go(days=1)
    with seen(house.db) as statements:
        again = bring(house, valley, write(tmp_path, rows))
    assert again == first
    assert statements.changes == []


def test_rows_that_another_file_brought_are_recorded_once(
    house: House, valley: Tenant, systems: Systems, tmp_path: Path
) -> None:
    rows = [row(), no(address=number(1))]
    bring(house, valley, write(tmp_path, rows))
    second = bring(house, valley, write(tmp_path, [*rows, *rows, row(address=number(2))], "more.csv"))
    assert (second.gives, second.ends, second.unchanged) == (1, 0, 4)
    assert len(history(systems)) == 1


def test_a_row_is_known_by_its_words_even_where_what_holds_was_forgotten(
    house: House, valley: Tenant, tmp_path: Path
) -> None:
    bring(house, valley, write(tmp_path, [row(), no(address=number(1))]))
    house.db.write(lambda tx: tx.run(Sql("DELETE FROM preference"), {}), valley.id)
    again = bring(house, valley, write(tmp_path, [no(address=number(1)), row(), row()], "again.csv"))
    assert (again.gives, again.ends, again.unchanged) == (0, 0, 3)


def test_the_newest_evidence_wins_whatever_the_order_in_the_file(
    house: House, valley: Tenant, systems: Systems, tmp_path: Path
) -> None:
    said = [
        row(occurred_at="2026-11-01T10:00:00Z"),
        no(occurred_at="2026-11-05T10:00:00Z"),
        row(occurred_at="2026-11-03T10:00:00Z"),
    ]
    for place, order in enumerate([(0, 1, 2), (2, 1, 0), (1, 0, 2), (1, 2, 0)]):
        address = number(place)
        bring(house, valley, write(tmp_path, [said[one] | {"address": address} for one in order], f"{place}.csv"))
        assert not systems.may(address=address), order
        shown = systems.preferences(address)
        assert shown["stopped"]


def test_a_formula_in_a_name_stays_text_and_is_defused_when_it_leaves(
    house: House, valley: Tenant, systems: Systems, tmp_path: Path
) -> None:
    formula = '=HYPERLINK("https://evil.example","x")'
    run = bring(house, valley, write(tmp_path, [row(person=formula), row(person=formula, address="@nobody")]))
    assert history(systems)[0]["facts"]["person"] == formula
    (kept,) = kept_apart(house, valley, run)
    assert formula in kept.cells
    line = next(queries.as_csv([kept], heading=False))
    assert "'=HYPERLINK" in line
    assert "'@nobody" in line
    assert [inert(cell)[:1] for cell in ("=1", "+1", "-1", "@x", "\tx", "plain")] == ["'"] * 5 + ["p"]


def test_numbers_need_a_country_and_get_it_from_the_mapping(house: House, valley: Tenant, tmp_path: Path) -> None:
    file = write(tmp_path, [row(address="(509) 555-0142")])
    assert bring(house, valley, file).quarantined == 1
    assert bring(house, valley, file, mappings.from_dict({"region": "US"})).gives == 1


def test_the_fold_of_the_ledger_is_what_holds_after_an_import(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio, tmp_path: Path
) -> None:
    systems.consent()
    twilio.text("STOP", sid="SM1")
    twilio.text("START", sid="SM2")
    rows = [
        row(),
        no(),
        row(address=number(1)),
        no(address=number(1), occurred_at="2026-11-01T00:00:00Z", program=TEXTS),
    ]
    bring(house, valley, write(tmp_path, [*rows, *[row(address=number(place)) for place in range(2, 450)]]))
    with house.db.read(valley.id) as tx:
        assert list(rebuild.check(tx, valley.id)) == []


@pytest.mark.parametrize("zone,precise", [("America/Los_Angeles", True), (None, False)])
def test_a_time_without_offset_needs_a_zone(
    house: House, valley: Tenant, systems: Systems, tmp_path: Path, zone: str | None, precise: bool
) -> None:
    told = mappings.from_dict({"zone": zone} if zone else {})
    run = bring(house, valley, write(tmp_path, [row(occurred_at="2026-11-10 10:15:00")]), told)
    assert run.gives == int(precise)
    if precise:
        assert history(systems)[0]["occurred_at"] == "2026-11-10T18:15:00.000Z"
