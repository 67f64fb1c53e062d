"""Files as other systems export them, of made-up people."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from consent.house import House
from consent.imports import mapping as mappings
from consent.imports import reading, running, runs
from consent.imports.mapping import Mapping
from consent.imports.runs import Run
from tests.support.valley import TEXTS, WORDING, Tenant

HEADING = (
    "address",
    "channel",
    "program",
    "state",
    "occurred_at",
    "method",
    "wording_text",
    "wording_language",
    "ip",
    "ip_absent_reason",
    "person",
)


def number(place: int) -> str:
    """A fictional number: 100 in each area code."""
    return f"+1{201 + place // 100 % 700}555{100 + place % 100:04d}"


def row(**changes: Any) -> dict[str, str]:
    """A complete yes; a change of None empties the cell."""
    complete = {
        "address": "+15095550142",
        "channel": "sms",
        "program": TEXTS,
        "state": "given",
        "occurred_at": "2026-11-10T10:15:00-08:00",
        "method": "web-form",
        "wording_text": WORDING,
        "wording_language": "en",
        "ip": "203.0.113.7",
    }
    return {name: value or "" for name, value in (complete | changes).items()}


def no(**changes: Any) -> dict[str, str]:
    """An opt-out from everything."""
    bare = dict.fromkeys(("program", "method", "wording_text", "wording_language", "ip"), None)
    return row(**({"state": "withdrawn", **bare} | changes))


def text(rows: Iterable[dict[str, str]], heading: Iterable[str] = HEADING, delimiter: str = ",") -> str:
    """The rows as CSV."""
    names = list(heading)
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([[one.get(name, "") for name in names] for one in rows])
    return written.getvalue()


def write(folder: Path, rows: Iterable[dict[str, str]], name: str = "rows.csv", encoding: str = "utf-8") -> Path:
    """A file of these rows."""
    file = folder / name
    file.write_bytes(text(rows).encode(encoding))
    return file


def bring(house: House, tenant: Tenant, file: Path, mapping: Mapping | None = None) -> Run:
    """The file is imported from end to end."""
    used = mapping or mappings.from_dict({})
    opened = reading.from_path(file)
    looked = reading.look(opened, used)
    run, new = running.begin(house.db, house.keyring, tenant.id, looked, used, "tests")
    if not new:
        return run
    of = running.opened_import(house.db, house.keyring, house.governing, tenant.id, run)
    for _ in running.run_rows(house.db, of, opened, looked):
        pass
    return running.finish(house.db, house.keyring, tenant.id, run.id)


def found(house: House, tenant: Tenant, run: Run) -> Run:
    """The run as it stands now."""
    with house.db.read(tenant.id) as tx:
        return runs.find(tx, tenant.id, run.id)
