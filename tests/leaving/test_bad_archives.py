"""An archive that is not what was written, or not ours: said in a sentence, and nothing is left of the attempt."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from consent.leaving import rules
from tests.leaving.conftest import Parts, Place, parts_of, sealed_anew
from tests.leaving.test_leaving import nothing_came
from tests.support.databases import ON_SQLITE


def first_row(parts: Parts, table: str, **changes: Any) -> Parts:
    """The parts with another first row of that table."""
    name = rules.name_of(table)
    line, *rest = parts[name].split(b"\n")
    changed = json.dumps(json.loads(line) | changes).encode()
    return parts | {name: b"\n".join((changed, *rest))}


def without(parts: Parts, name: str) -> Parts:
    """The parts without one."""
    return {known: content for known, content in parts.items() if known != name}


@ON_SQLITE
def test_a_damaged_or_foreign_archive_is_refused_in_a_sentence_and_leaves_nothing(
    old: Place, beside: Place, tmp_path: Path
) -> None:
    good, bad = tmp_path / "good", tmp_path / "bad"
    old.export(good)
    parts = parts_of(good)
    event, logs = rules.name_of("ledger_event"), rules.name_of("ledger_log")
    manifest = json.loads(parts["manifest.json"])

    def plain(made: Parts) -> None:
        with zipfile.ZipFile(bad, "w") as out:
            for name, content in made.items():
                out.writestr(name, content)

    def told(**changes: Any) -> Callable[[], object]:
        return lambda: plain(parts | {"manifest.json": json.dumps(manifest | changes).encode()})

    def sealed(made: Parts, change: Callable[[dict[str, Any]], None] = lambda _manifest: None) -> Callable[[], object]:
        return lambda: sealed_anew(made, bad, change)

    def forget(name: str) -> Callable[[dict[str, Any]], None]:
        return lambda told: told["parts"].pop(name)

    def counted(told: dict[str, Any]) -> None:
        told["rows"]["ledger_event"] += 1

    def twice(told: dict[str, Any]) -> None:
        told["rows"]["ledger_event"] *= 2

    stranger = str(uuid4())
    cases: list[tuple[str, Callable[[], object]]] = [
        ("organization-archive file of ours", lambda: bad.write_bytes(good.read_bytes()[:-200])),
        ("organization-archive file of ours", lambda: bad.write_bytes(b"hello")),
        ("no organization-archive file that this program can read", told(kind="backup")),
        ("no organization-archive file that this program can read", told(format=2)),
        ("made by a newer release (schema 9999)", told(revision="9999")),
        ("made by an older release (schema 0001", told(revision="0001")),
        ("manifest", told(taken_at="yesterday")),
        ("manifest", told(organization={"id": "x"})),
        ("manifest.json in", told(taken_at="2026-11-21T17:00:00+00:00")),
        (f"{event} in", lambda: plain(parts | {event: parts[event].replace(b"A", b"B", 1)})),
        (f"{event} in", lambda: plain(without(parts, event))),
        ("extra.txt in", lambda: plain(parts | {"extra.txt": b"x"})),
        (f"{rules.SEALED_KEYS} in", lambda: plain(parts | {rules.SEALED_KEYS: b"x" * 80})),
        ("name that nobody writes", sealed(parts | {"../../evil": b"x"})),
        ("name that nobody writes", sealed(parts | {"/etc/evil": b"x"})),
        ("there is no such table", sealed(parts | {"rows/other.jsonl": b"{}\n"})),
        ("lacks something that every archive has", sealed(without(parts, event))),
        ("lacks something that every archive has", sealed(parts, forget(rules.SIGNING_KEYS))),
        ("line 1 is of another organization", sealed(first_row(parts, "ledger_event", organization_id=stranger))),
        ("is not of the organization that the manifest names", sealed(first_row(parts, "organization", slug="other"))),
        ("line 1: log_id holds what it cannot hold", sealed(first_row(parts, "ledger_event", log_id="1"))),
        ("line 1: body holds what it cannot hold", sealed(first_row(parts, "ledger_event", body="!"))),
        ("does not have the columns of its table", sealed(first_row(parts, "ledger_event", more=1))),
        ("line 1 is not JSON", sealed(parts | {event: b"{\n"})),
        ("a line without an end", sealed(parts | {event: parts[event][:-1]})),
        ("as its manifest says", sealed(parts, counted)),
        ("holds no log", sealed(parts | {logs: b""}, lambda told: told["rows"].update(ledger_log=0))),
        ("are not as this program writes them", sealed(parts | {rules.SIGNING_KEYS: b"[{}]"})),
        ("contradict each other", sealed(parts | {event: parts[event] * 2}, twice)),
    ]
    for says, make in cases:
        bad.unlink(missing_ok=True)
        make()
        result = beside.run("organizations", "import", str(bad), *beside.passphrase())
        assert result.exit_code == 1, (says, result.output)
        assert says in result.output.replace("\n", " "), (says, result.output, result.exception)
        assert "Traceback" not in result.output
        if says != "contradict each other":  # all was read by then: keys were laid ready, and nothing is served
            assert nothing_came(beside), says

    words = tmp_path / "other.txt"
    words.write_text("another passphrase\n")
    result = beside.run("organizations", "import", str(good), "--passphrase-file", str(words))
    assert "The passphrase does not open this archive." in result.output
    assert beside.take_over(good)["verified"]["holds"]
