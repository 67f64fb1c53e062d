"""Records from files: each row is asked what the API asks, and stands on the list, or apart with the promise."""

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from consent.cli import main
from consent.db import Sql
from consent.house import House
from consent.imports import records
from consent.ledger.bodies import parse
from consent.timed import arriving
from tests.conftest import FOUNDED
from tests.support.organizations import VALET, found_shipped
from tests.support.systems import Json, Systems
from tests.support.valley import Tenant

HEADING = (
    "category", "store", "reference", "collected_at", "purpose", "person", "role", "jurisdiction", "site", "source",
)  # fmt: skip
CARD = "4111 1111 1111 1111"


@pytest.fixture
def valet(house: House) -> Tenant:
    """1VALET, served in this house."""
    return found_shipped(house, VALET, FOUNDED)


@pytest.fixture
def systems(client: FlaskClient, valet: Tenant) -> Systems:
    """1VALET's own systems."""
    return Systems(client, valet)


@pytest.fixture(autouse=True)
def installation(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands find the house of the test."""
    monkeypatch.setenv("CONSENT_DATA_DIR", str(house.config.data_dir))
    monkeypatch.setenv("CONSENT_DATABASE_URL", house.config.database_url)


def row(number: int, **changes: str) -> dict[str, str]:
    return {
        "category": "authentication-data",
        "store": "own",
        "reference": f"entry-{number}",
        "collected_at": "2026-09-01T12:00:00-04:00",
        "purpose": "letting the tenant in",
        "person": "tenant-7",
        "role": "tenant",
        "jurisdiction": "US-NY-NYC",
        "site": "building-1",
        "source": "automatic",
    } | changes


def text(rows: Iterable[dict[str, str]], heading: Iterable[str] = HEADING) -> str:
    held = io.StringIO()
    writer = csv.DictWriter(held, heading, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return held.getvalue()


def typed(*arguments: object, status: int = 0) -> Any:
    done = CliRunner().invoke(main, ["import", *map(str, arguments)])
    assert (done.exit_code, "Traceback" in done.output) == (status, False), done.output
    return json.loads(done.stdout) if "--json" in arguments else done.output


def held(systems: Systems) -> list[Json]:
    found: list[Json] = systems.get("records").get_json()["records"]
    return found


WRONG: list[tuple[str, str, dict[str, str]]] = [
    ("bad-category", "category", {"category": "shoe-sizes"}),
    ("bad-category", "category", {"category": "cvv"}),
    ("bad-store", "store", {"store": "nowhere"}),
    ("bad-reference", "reference", {"reference": "ana@customer.example"}),
    ("bad-source", "source", {"source": ""}),
    ("bad-collected-at", "collected_at", {"collected_at": "2199-01-01T00:00:00Z"}),
    ("no-time", "collected_at", {"collected_at": ""}),
    ("missing", "purpose", {"purpose": ""}),
    ("bad-jurisdiction", "jurisdiction", {"jurisdiction": "New York"}),
    ("forbidden-data", "reference", {"reference": CARD}),
]


def test_1v_32_and_t_80_a_row_that_may_not_be_kept_waits_apart_with_its_reason(
    house: House, valet: Tenant, systems: Systems, tmp_path: Path
) -> None:
    file = tmp_path / "rows.csv"
    good = [row(1), row(2, purpose=f"paid with {CARD}"), row(1)]
    file.write_text(text([*good, *(row(9 + place, **one) for place, (_, _, one) in enumerate(WRONG))]))
    seen = typed("records", file, "--organization", VALET, "--dry-run", "--json")
    assert held(systems) == []
    done = typed("records", file, "--organization", VALET, "--json")
    counts = ("rows", "registered", "unchanged", "quarantined", "reasons")
    assert {name: seen[name] for name in counts} == {name: done[name] for name in counts}
    assert (done["registered"], done["unchanged"], done["quarantined"]) == (2, 1, len(WRONG))
    kept = systems.get(f"imports/{done['id']}/quarantine").get_json()["rows"]
    told = [(one["reasons"][0]["code"], one["reasons"][0]["field"]) for one in kept]
    assert told == [(code, field) for code, field, _ in WRONG]
    assert kept[-1]["reasons"][0]["commitment"] == "1V-32"
    assert "4111" not in json.dumps(kept) and "ana@" not in json.dumps([one["reasons"] for one in kept])
    assert sorted(one["reference"] for one in held(systems)) == ["entry-1", "entry-2"]
    assert [one["dispose_on"] for one in held(systems)] == ["2026-11-29", "2026-11-29"]
    with house.db.read(valet.id) as tx:
        stored = tx.all(Sql("SELECT purpose FROM held_record WHERE organization_id = :id"), {"id": valet.id})
        bodies = tx.all(Sql("SELECT body FROM ledger_event WHERE organization_id = :id"), {"id": valet.id})
    assert not [one for one in stored if "4111" in one[0]]
    leaves = {one.type: one.data for one in (parse(bytes(body[0])) for body in bodies)}
    assert (leaves["record.registered"]["masked"], leaves["record.registered"]["rests_on"]) == (["card"], ["1V-32"])
    assert "1V-32" in leaves["import.finished"]["rests_on"]  # type: ignore[operator]


def test_a_file_of_records_comes_over_http_once_and_is_taken_back(
    house: House, valet: Tenant, systems: Systems
) -> None:
    systems.post("records", row(1))
    form = {
        "mapping": json.dumps(
            {"format": "records", "columns": {"reference": "no"}, "constants": {"store": "own", "role": "tenant"}}
        ),
        "file": (io.BytesIO(text([row(1), row(2), row(3)]).replace("reference", "no").encode()), "rows.csv"),
    }
    sent = systems.client.post(
        "/api/v1/imports", data=form, content_type="multipart/form-data", headers=systems.headers
    )
    assert sent.status_code == 202, sent.text
    arriving.work_off_imports(house)
    path = f"imports/{sent.get_json()['id']}"
    done = systems.get(path).get_json()
    assert (done["stage"], done["format"], done["registered"], done["unchanged"]) == ("finished", "records", 2, 1)
    again = systems.client.post(
        "/api/v1/imports?format=records", data=text([row(2), row(4)]), content_type="text/csv", headers=systems.headers
    )
    arriving.work_off_imports(house)
    assert systems.get(f"imports/{again.get_json()['id']}").get_json()["unchanged"] == 1
    going = Sql("UPDATE held_record SET state = 'going' WHERE organization_id = :id AND reference = 'entry-3'")
    house.db.write(lambda tx: tx.run(going, {"id": valet.id}), valet.id)
    assert systems.post(f"{path}/undo", {}).status_code == 202
    arriving.work_off_imports(house)
    done = systems.get(path).get_json()
    assert (done["stage"], done["undone"], done["kept"]) == ("undone", 1, 1)
    assert sorted(one["reference"] for one in held(systems)) == ["entry-1", "entry-3", "entry-4"]


def test_an_import_of_records_that_was_cut_short_goes_on_where_it_stopped(
    house: House, valet: Tenant, systems: Systems, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, begun = tmp_path / "rows.csv", []
    file.write_text(text(row(place) for place in range(150)))
    whole = records.RecordImport.do

    def cut(self: Any, *rest: Any) -> None:
        begun.append(self.run.id)
        if len(begun) == 2:
            raise KeyboardInterrupt
        whole(self, *rest)

    monkeypatch.setattr(records.RecordImport, "do", cut)
    assert CliRunner().invoke(main, ["import", "records", str(file), "--organization", VALET]).exit_code != 0
    monkeypatch.setattr(records.RecordImport, "do", whole)
    assert len(held(systems)) > 0
    done = typed("records", file, "--organization", VALET, "--resume", begun[0], "--json")
    assert (done["stage"], done["registered"], done["unchanged"]) == ("finished", 150, 0)
    listed = typed("list", "--organization", VALET)
    assert "150/150" in listed and "150" in typed("show", "--organization", VALET, begun[0])
    assert "None is left." in typed("undo", "--organization", VALET, begun[0])
    assert held(systems) == []


def test_a_mapping_that_cannot_be_is_refused_before_any_row(valet: Tenant, systems: Systems, tmp_path: Path) -> None:
    file, mapping = tmp_path / "rows.csv", tmp_path / "mapping.toml"
    file.write_text(text([row(1)]))
    for said, names in (
        ('[constants]\ncategory = "shoe-sizes"\n', "knows no such class"),
        ('[constants]\nstore = "nowhere"\n', "no store of this name"),
        ('[columns]\naddress = "Phone"\n', "no such field"),
        ('[columns]\nreference = "No."\n', "The column"),
    ):
        mapping.write_text(said)
        refused = typed("records", file, "--organization", VALET, "--mapping", mapping, status=1)
        assert names in refused, said
    mapping.write_text('format = "records"\n')
    assert "consent import records" in typed("consents", file, "--organization", VALET, "--mapping", mapping, status=1)
    assert systems.get("imports").get_json()["imports"] == []
