"""`ledger verify` finds every change of anything that is hashed or signed, and names the row."""

import shutil
import sqlite3
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from consent.ledger import keyfiles, keys, notes, verify
from consent.ledger.findings import Finding, Report
from consent.ledger.outside import OutsideFolder
from consent.ledger.verify_claims import Held
from tests.ledger.house import ORGANIZATION, ORIGIN, House


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """300 sealed events on three streams, one of them with a late event, and two that still wait."""
    folder = tmp_path_factory.mktemp("sealed")
    house = House.build(folder)
    house.happen(255)
    house.seal()
    house.happen(44)
    house.happen(1, stream=1, occurred_at=house.now - timedelta(hours=3))
    house.seal()
    house.happen(2)
    house.db.close()
    return folder


@pytest.fixture
def house(sealed: Path, tmp_path: Path) -> House:
    """A copy of it, of one's own."""
    folder = tmp_path / "data"
    shutil.copytree(sealed, folder)
    return House.at(folder)


def look(house: House, **options: object) -> Report:
    with house.db.read(ORGANIZATION) as tx:
        return verify.verify(tx, house.keyring, ORGANIZATION, house.now, **options)  # type: ignore[arg-type]


def test_an_untouched_ledger_holds(house: House) -> None:
    report = look(house)
    assert report.findings == []
    assert (report.leaves, report.pending, report.checkpoints, report.notes) == (300, 2, 3, 2)
    assert (report.held, report.disclosures) == (3, 604)


# Every column that is hashed or signed, or that says which row belongs to which.
COVERED = [
    ("ledger_event", "event_id"),
    ("ledger_event", "log_id"),
    ("ledger_event", "stream_id"),
    ("ledger_event", "stream_seq"),
    ("ledger_event", "body"),
    ("ledger_event", "leaf_hash"),
    ("ledger_event", "recorded_at"),
    ("ledger_leaf", "leaf_index"),
    ("ledger_leaf", "event_id"),
    ("ledger_leaf", "leaf_hash"),
    ("ledger_leaf", "log_id"),
    ("ledger_tile", "level"),
    ("ledger_tile", "tile_index"),
    ("ledger_tile", "root_hash"),
    ("ledger_tile", "hashes"),
    ("ledger_checkpoint", "tree_size"),
    ("ledger_checkpoint", "root_hash"),
    ("ledger_checkpoint_sig", "tree_size"),
    ("ledger_checkpoint_sig", "key_id"),
    ("ledger_checkpoint_sig", "note"),
    ("ledger_disclosure", "event_id"),
    ("ledger_disclosure", "name"),
    ("ledger_disclosure", "ciphertext"),
    ("ledger_disclosure", "key_version"),
    ("stream_head", "stream_id"),
    ("stream_head", "log_id"),
    ("stream_head", "seq"),
    ("stream_head", "leaf_hash"),
    ("stream_head", "last_occurred_at"),
    ("stream_key", "stream_id"),
    ("stream_key", "key_version"),
    ("stream_key", "wrapped_key"),
    ("ledger_log", "origin"),
]


@pytest.mark.parametrize("place", ["first", "last"])
@pytest.mark.parametrize(("table", "column"), COVERED)
def test_one_changed_byte_is_found_in_its_table(house: House, table: str, column: str, place: str) -> None:
    change_one(house, table, column, place)
    report = look(house)
    assert not report.holds
    assert table in {finding.table for finding in report.findings}, report.findings[:3]


def change_one(house: House, table: str, column: str, place: str) -> None:
    raw = sqlite3.connect(house.data_dir / "ledger.db")
    raw.execute("PRAGMA ignore_check_constraints = ON")
    keys = [row[1] for row in raw.execute(f"PRAGMA table_info({table})") if row[5]]
    order = "ASC" if place == "first" else "DESC"
    row = raw.execute(f"SELECT {column}, {', '.join(keys)} FROM {table} ORDER BY {keys[-1]} {order}").fetchone()
    value = row[0]
    if isinstance(value, bytes):
        at = 0 if place == "first" else len(value) - 1
        value = value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :]
    elif isinstance(value, str):
        at = 12 if column == "note" else len(value) - 4 if column == "last_occurred_at" else len(value) // 2
        at = -4 if column == "recorded_at" else at
        value = value[:at] + ("5" if value[at] != "5" else "6") + value[at:][1:]
    else:
        value += 1 if place == "last" else -1
    where = " AND ".join(f"{key} = ?" for key in keys)
    assert raw.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (value, *row[1:])).rowcount == 1
    raw.commit()
    raw.close()


def test_a_checkpoint_that_no_later_note_covers_is_found(house: House) -> None:
    (size,) = house.ask("SELECT max(tree_size) FROM ledger_checkpoint")[0]
    house.tamper("DELETE FROM ledger_checkpoint_sig WHERE tree_size = ?", size)
    assert look(house).findings == []  # it was made a moment ago, and may be in the signer's hands
    house.now += timedelta(minutes=6)
    found = [(one.check, one.table, one.row) for one in look(house).findings]
    assert ("V7", "ledger_checkpoint", f"log_id=1 tree_size={size}") in found


def test_a_kill_between_placing_and_signing_is_no_finding(house: House) -> None:
    (size,) = house.ask("SELECT min(tree_size) FROM ledger_checkpoint")[0]
    house.tamper("DELETE FROM ledger_checkpoint_sig WHERE tree_size = ?", size)
    house.now += timedelta(minutes=6)
    assert [one for one in look(house).findings if one.table == "ledger_checkpoint"] == []


def test_a_log_that_is_gone_is_missed_outside(house: House) -> None:
    for (table,) in house.ask("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%log_id%'"):
        house.tamper(f"DELETE FROM {table}")
    assert ("V8", "ledger_log", "log_id=1") in [(one.check, one.table, one.row) for one in look(house).findings]


@pytest.mark.parametrize("at", [0, 20, 60, 120, 200, 300, 400, -20, -1])
def test_any_byte_of_a_body_is_covered(house: House, at: int) -> None:
    (event_id, body) = house.ask("SELECT event_id, body FROM ledger_event LIMIT 1 OFFSET 40")[0]
    at %= len(body)
    changed = body[:at] + bytes([body[at] ^ 4]) + body[at + 1 :]
    house.tamper("UPDATE ledger_event SET body = ? WHERE event_id = ?", changed, event_id)
    named = {(f.table, f.row) for f in look(house).findings}
    assert ("ledger_event", f"event_id={UUID(bytes=event_id)}") in named


def test_the_finding_names_the_row(house: House) -> None:
    house.tamper("UPDATE ledger_leaf SET leaf_hash = zeroblob(32) WHERE leaf_index = 77")
    report = look(house)
    assert [str(f) for f in report.findings] == [
        "V2 ledger_leaf [log_id=1 leaf_index=77]: the hash is not that of the event's body"
    ]


def test_a_changed_hash_of_an_event_is_found_at_that_event(house: House) -> None:
    (event_id,) = house.ask("SELECT event_id FROM ledger_event LIMIT 1 OFFSET 40")[0]
    house.tamper("UPDATE ledger_event SET leaf_hash = zeroblob(32) WHERE event_id = ?", event_id)
    named = {(f.check, f.row) for f in look(house).findings}
    assert ("V2", f"event_id={UUID(bytes=event_id)}") in named


@pytest.mark.parametrize(
    ("sql", "check", "table"),
    [
        ("DELETE FROM ledger_event WHERE stream_seq = 4", "V3", "ledger_leaf"),
        ("DELETE FROM ledger_leaf WHERE leaf_index = 80", "V3", "ledger_leaf"),
        ("DELETE FROM ledger_leaf WHERE leaf_index = 299", "V6", "ledger_checkpoint"),
        ("DELETE FROM ledger_pending", "V3", "ledger_event"),
        ("DELETE FROM ledger_tile", "V5", "ledger_tile"),
        ("DELETE FROM stream_head", "V4", "stream_head"),
        (
            "INSERT INTO stream_head SELECT organization_id, randomblob(16), log_id, seq, leaf_hash, last_occurred_at"
            " FROM stream_head LIMIT 1",
            "V4",
            "stream_head",
        ),
        ("DELETE FROM stream_key", "V9", "stream_key"),
        ("UPDATE ledger_event SET body = 'text instead of bytes' WHERE stream_seq = 9", "V1", "ledger_event"),
        ("UPDATE ledger_event SET stream_seq = 'x' WHERE stream_seq = 9", "V1", "ledger_event"),
        ("UPDATE stream_head SET last_occurred_at = 'never'", "V4", "stream_head"),
        ("UPDATE ledger_leaf SET leaf_index = -1 WHERE leaf_index = 299", "V3", "ledger_leaf"),
    ],
)  # fmt: skip
def test_missing_and_misplaced_rows_are_found(house: House, sql: str, check: str, table: str) -> None:
    raw = sqlite3.connect(house.data_dir / "ledger.db")
    raw.execute("PRAGMA ignore_check_constraints = ON")
    raw.execute(sql)
    raw.commit()
    raw.close()
    assert (check, table) in {(f.check, f.table) for f in look(house).findings}


def test_two_events_at_one_place_of_a_stream_are_found_at_the_next(house: House) -> None:
    house.tamper("ALTER TABLE ledger_event RENAME TO kept")
    house.tamper("CREATE TABLE ledger_event AS SELECT * FROM kept")  # without what keeps places apart
    columns = "organization_id, randomblob(16), log_id, stream_id, stream_seq, body, randomblob(32), recorded_at"
    house.tamper(f"INSERT INTO ledger_event SELECT {columns} FROM kept WHERE stream_seq = 40 LIMIT 1")
    assert ("V3", "ledger_leaf") in {(f.check, f.table) for f in look(house, log_only=True).findings}


def test_an_event_sealed_and_waiting_at_once_is_found(house: House) -> None:
    house.tamper(
        "INSERT INTO ledger_pending SELECT organization_id, event_id, log_id, sealed_at FROM ledger_leaf LIMIT 1"
    )
    assert [(f.check, f.table) for f in look(house).findings] == [("V3", "ledger_pending")]


def test_an_event_that_waits_too_long_is_found(house: House) -> None:
    house.now += timedelta(seconds=301)
    assert {(f.check, f.problem) for f in look(house).findings} == {("V3", "the event waits too long to be sealed")}


def test_a_rewritten_history_contradicts_what_was_published(house: House) -> None:
    rewrite_everything(house)
    findings = look(house).findings
    assert findings
    assert {f.check for f in findings} == {"V8"}


def test_a_rewritten_history_without_the_outside_folder_contradicts_a_held_checkpoint(house: House) -> None:
    held = Held("kept.note", OutsideFolder(house.data_dir, ORGANIZATION, 1).latest() or "")
    rewrite_everything(house)
    shutil.rmtree(house.data_dir / "outside")
    assert look(house).holds
    assert [(f.check, f.row) for f in look(house, held=[held]).findings] == [("V8", "kept.note")]


def rewrite_everything(house: House) -> None:
    """What an operator with all keys could do: the same log anew, one event left out."""
    other = house.data_dir / "other"
    other.mkdir()
    shutil.copytree(house.data_dir / "keys", other / "keys")
    again = House.build(other, with_keys=False)
    again.happen(310)
    again.seal()
    again.db.close()
    house.db.close()
    for name in ("ledger.db", "ledger.db-wal", "ledger.db-shm"):
        (house.data_dir / name).unlink(missing_ok=True)
    shutil.copy(other / "ledger.db", house.data_dir / "ledger.db")
    fresh = House.at(house.data_dir)
    house.db, house.keyring, house.now = fresh.db, fresh.keyring, again.now


def test_a_cut_of_the_log_and_of_its_newer_checkpoints_is_found(house: House) -> None:
    for table, column in (("ledger_leaf", "leaf_index"), ("ledger_checkpoint", "tree_size - 1")):
        house.tamper(f"DELETE FROM {table} WHERE {column} >= 255")
    house.tamper("DELETE FROM ledger_checkpoint_sig WHERE tree_size > 255")
    house.tamper("DELETE FROM ledger_pending")
    house.tamper("DELETE FROM ledger_event WHERE event_id NOT IN (SELECT event_id FROM ledger_leaf)")
    assert ("V8", "ledger_checkpoint") in {(f.check, f.table) for f in look(house).findings}


def test_a_held_checkpoint_of_another_log_is_reported(house: House) -> None:
    key = house.keyring.receipt_keys(ORGANIZATION)[0].private
    other = notes.Checkpoint("consent.example/log/other/1", 1, bytes(32))
    held = Held("other.note", notes.sign(other.text, [notes.Signer.of(other.origin, key)]))
    assert [(f.check, f.row) for f in look(house, held=[held]).findings] == [("V8", "other.note")]


def test_a_note_signed_by_a_key_that_was_not_valid_then_is_found(house: House) -> None:
    late = house.now + timedelta(days=1)
    keys.rotate(house.data_dir, ORGANIZATION, keyfiles.LOG, late, origin=ORIGIN)
    (new,) = [k for k in house.keyring.signing_keys(ORGANIZATION) if k.valid_from == late]
    signer = notes.Signer.of(ORIGIN, new.private)
    text = (house.ask("SELECT note FROM ledger_checkpoint_sig")[0][0]).rpartition("\n\n")[0] + "\n"
    house.tamper(
        "INSERT INTO ledger_checkpoint_sig SELECT organization_id, log_id, tree_size, ?, ?"
        " FROM ledger_checkpoint ORDER BY tree_size LIMIT 1",
        signer.verifier.id.hex(),
        notes.sign(text, [signer]),
    )
    assert [(f.check, f.table) for f in look(house).findings] == [("V7", "ledger_checkpoint_sig")]


def test_after_a_rotation_both_keys_sign_and_both_hold(house: House) -> None:
    keys.rotate(house.data_dir, ORGANIZATION, keyfiles.LOG, house.now, origin=ORIGIN)
    house.happen(1)
    house.seal()
    report = look(house)
    assert report.holds
    assert report.notes == 4


def test_facts_moved_to_another_event_do_not_open(house: House) -> None:
    rows = house.ask("SELECT event_id, ciphertext FROM ledger_disclosure WHERE name = 'facts' LIMIT 2")
    for (rowid, _own), (_other, ciphertext) in zip(rows, reversed(rows), strict=True):
        house.tamper(
            "UPDATE ledger_disclosure SET ciphertext = ? WHERE event_id = ? AND name = 'facts'", ciphertext, rowid
        )
    assert [(f.check, f.table) for f in look(house).findings] == [("V9", "ledger_disclosure")] * 2


def test_facts_the_event_did_not_seal_are_found(house: House) -> None:
    event, stream = house.ask("SELECT event_id, stream_id FROM ledger_event LIMIT 1")[0]
    wrapped = house.ask("SELECT wrapped_key FROM stream_key WHERE stream_id = ?", stream)[0][0]
    key = house.keyring.stream_key(ORGANIZATION, wrapped)
    plain = b'["AAAAAAAAAAAAAAAAAAAAAA","address","+15095550199"]'
    sealed = keys.seal_facts(key, plain, ORGANIZATION, UUID(bytes=event), "facts")
    house.tamper("UPDATE ledger_disclosure SET ciphertext = ? WHERE event_id = ? AND name = 'facts'", sealed, event)
    assert [f.problem for f in look(house).findings] == ["a fact is not among those the event sealed"]


def test_an_erased_stream_that_keeps_facts_or_key_is_found(house: House) -> None:
    stream = house.streams[0].bytes
    house.tamper(
        "INSERT INTO erasure_journal (organization_id, stream_id, case_id, done_at) VALUES (?, ?, ?, ?)",
        ORGANIZATION.bytes,
        stream,
        uuid4().bytes,
        "2026-11-21 09:00:00.000000",
    )
    assert {(f.check, f.table) for f in look(house).findings} == {
        ("V11", "stream_key"),
        ("V11", "ledger_disclosure"),
    }
    house.tamper(
        "DELETE FROM ledger_disclosure WHERE event_id IN (SELECT event_id FROM ledger_event WHERE stream_id = ?)",
        stream,
    )
    house.tamper(
        "UPDATE stream_key SET wrapped_key = NULL, destroyed_at = '2026-11-21 09:00:00.000000' WHERE stream_id = ?",
        stream,
    )
    assert look(house).holds


def test_an_anchor_without_its_checkpoint_is_found(house: House) -> None:
    house.tamper(
        "INSERT INTO ledger_anchor (organization_id, log_id, tree_size, kind, obtained_at, data)"
        " VALUES (?, 1, 12, 'mail', '2026-11-21 09:00:00.000000', x'00')",
        ORGANIZATION.bytes,
    )
    assert [(f.check, f.table) for f in look(house).findings] == [("V12", "ledger_anchor")]


def test_what_the_fold_finds_is_part_of_the_report(house: House) -> None:
    def fold(_tx: object, _organization_id: UUID) -> list[Finding]:
        return [Finding("V10", "preference", "a row", "is not what the history says")]

    assert [f.check for f in look(house, folds=[fold]).findings] == ["V10"]
