"""Sealing: places, tiles, checkpoints, signatures; crashes at each step; nothing signed that contradicts."""

import sqlite3
from typing import Any

import pytest

from consent.db import Tx
from consent.ledger import jobs, notes, proofs, queries, sealing, tree
from consent.ledger.outside import OutsideFolder, OutsideRefused
from consent.ledger.sealing import SealingStopped
from tests.ledger.house import ORGANIZATION, ORIGIN, House


def verifiers(house: House) -> list[notes.Verifier]:
    return [verifier for verifier, _key in house.keyring.log_keys(ORGANIZATION, ORIGIN)]


def outside(house: House) -> OutsideFolder:
    return OutsideFolder(house.data_dir, ORGANIZATION, 1)


def test_what_waits_gets_a_place_in_the_order_it_came(house: House) -> None:
    entries = house.happen(5)
    assert house.seal() == 5
    rows = house.ask("SELECT leaf_index, event_id, leaf_hash FROM ledger_leaf ORDER BY leaf_index")
    assert rows == [(n, e.event_id.bytes, e.leaf_hash) for n, e in enumerate(entries)]
    assert house.ask("SELECT count(*) FROM ledger_pending") == [(0,)]


def test_the_published_checkpoint_is_signed_and_covers_every_event(house: House) -> None:
    entries = house.happen(5)
    house.seal()
    checkpoint = notes.open_checkpoint(outside(house).latest() or "", verifiers(house))
    assert checkpoint == notes.Checkpoint(ORIGIN, 5, tree.root_of([e.leaf_hash for e in entries]))
    assert [path.name for path, _note in outside(house).all()] == ["5.note"]
    assert verifiers(house)[0].vkey in (outside(house).folder / "keys").read_text()


def test_sealing_again_changes_nothing(house: House) -> None:
    house.happen(5)
    house.seal()
    before = house.ask("SELECT * FROM ledger_checkpoint_sig"), outside(house).latest()
    assert house.seal() == 0
    assert (house.ask("SELECT * FROM ledger_checkpoint_sig"), outside(house).latest()) == before


def test_many_turns_give_the_tree_of_one_turn(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "SHORT_TURN", 100)
    entries = house.happen(530)
    assert house.seal() == 530
    house.happen(1)
    house.seal()
    with house.db.read(ORGANIZATION) as tx:
        size, root, _at = queries.newest_checkpoint(tx, ORGANIZATION, 1) or (0, b"", None)
        first = tree.root_of([e.leaf_hash for e in entries])
        path = queries.consistency_proof(tx, ORGANIZATION, 1, 530, 531) or []
    assert tree.extends(530, first, size, root, path)
    assert house.ask("SELECT level, tile_index FROM ledger_tile ORDER BY tile_index") == [(0, 0), (0, 1)]


def test_every_event_has_a_proof_once_sealed(house: House) -> None:
    entries = house.happen(300)
    with house.db.read(ORGANIZATION) as tx:
        assert queries.proof_of(tx, ORGANIZATION, entries[0].event_id) is None
    house.seal()
    for entry in (entries[0], entries[255], entries[256], entries[299]):
        with house.db.read(ORGANIZATION) as tx:
            text = queries.proof_of(tx, ORGANIZATION, entry.event_id)
        assert text is not None
        proofs.check(text, entry.leaf_hash, verifiers(house))


def test_a_body_that_changed_before_sealing_stops_the_log(house: House) -> None:
    entry = house.happen(3)[1]
    house.tamper(
        "UPDATE ledger_event SET body = replace(body, 'stop', 'help') WHERE event_id = ?", entry.event_id.bytes
    )
    with pytest.raises(SealingStopped, match=str(entry.event_id)):
        house.seal()
    assert house.ask("SELECT count(*) FROM ledger_leaf") == [(0,)]


def test_one_stopped_log_is_named_and_does_not_stop_the_job(house: House) -> None:
    house.happen(1)
    house.tamper("UPDATE ledger_event SET leaf_hash = zeroblob(32)")
    outcome = jobs.seal(house.db, house.keyring, [ORGANIZATION], house.now)
    assert [organization for organization, _why in outcome.stopped] == [ORGANIZATION]
    assert outcome.oldest_pending is not None


def test_a_leaf_that_changed_after_sealing_stops_the_log(house: House) -> None:
    house.happen(3)
    house.seal()
    house.tamper("UPDATE ledger_leaf SET leaf_hash = zeroblob(32) WHERE leaf_index = 1")
    house.happen(1)
    with pytest.raises(SealingStopped, match="ledger_checkpoint"):
        house.seal()


def test_a_log_shorter_than_published_is_not_signed_again(house: House) -> None:
    house.happen(3)
    house.seal()
    backup = sqlite3.connect(house.data_dir / "ledger.db")
    backup.execute("VACUUM INTO ?", (str(house.data_dir / "backup.db"),))
    backup.close()
    house.happen(3)
    house.seal()
    house.db.close()
    for suffix in ("-wal", "-shm"):
        (house.data_dir / f"ledger.db{suffix}").unlink(missing_ok=True)
    (house.data_dir / "backup.db").replace(house.data_dir / "ledger.db")
    restored = House.over(house)
    with pytest.raises(OutsideRefused, match="6 were published"):
        restored.seal()
    restored.happen(3, data={"intent": "help"})
    with pytest.raises(OutsideRefused, match="contradicts"):
        restored.seal()
    restored.db.close()


def test_a_published_note_of_another_key_is_refused(house: House) -> None:
    house.happen(1)
    house.seal()
    latest = outside(house).folder / "latest"
    forged = notes.sign(
        latest.read_text().rpartition("\n\n")[0] + "\n",
        [notes.Signer.of(ORIGIN, house.keyring.receipt_keys(ORGANIZATION)[0].private)],
    )
    latest.write_text(forged)
    house.happen(1)
    with pytest.raises(OutsideRefused, match="not signed by a key"):
        house.seal()


def test_a_note_published_by_halves_is_archived_by_the_next(house: House) -> None:
    house.happen(1)
    house.seal()
    (archived,) = [path for path, _note in outside(house).all()]
    archived.unlink()
    house.happen(1)
    house.seal()
    assert [path.name for path, _note in outside(house).all()] == ["1.note", "2.note"]


class Crash(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("step", range(1, 8))
def test_a_crash_at_any_step_is_made_good_by_the_next_turn(
    house: House, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    house.happen(300)
    steps = {"left": step}

    def crashing(name: str, original: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            steps["left"] -= 1
            if steps["left"] == 0:
                raise Crash(name)
            return original(*args, **kwargs)

        return call

    with monkeypatch.context() as patched:
        patched.setattr(Tx, "many", crashing("many", Tx.many))
        patched.setattr(sealing.notes, "sign", crashing("sign", notes.sign))
        patched.setattr(OutsideFolder, "publish_keys", crashing("keys", OutsideFolder.publish_keys))
        patched.setattr(OutsideFolder, "publish", crashing("publish", OutsideFolder.publish))
        with pytest.raises(Crash):
            house.seal()
            pytest.fail("no crash: fewer steps than expected")
    house.happen(1)
    house.seal()
    assert house.ask("SELECT count(*), max(leaf_index) FROM ledger_leaf") == [(301, 300)]
    assert house.ask("SELECT count(*) FROM ledger_pending") == [(0,)]
    assert notes.open_checkpoint(outside(house).latest() or "", verifiers(house)).size == 301


def test_two_sealers_at_once_give_no_leaf_two_places(house: House) -> None:
    house.happen(10)
    with house.db.read(ORGANIZATION) as tx:
        log = queries.logs(tx, ORGANIZATION)[0]
        late = sealing._prepare(tx, ORGANIZATION, 1, 100)
    house.seal()
    placed = house.db.write(lambda tx: sealing._place(tx, ORGANIZATION, log, late, house.now), ORGANIZATION)
    assert placed is False
    assert house.ask("SELECT count(*) FROM ledger_leaf") == [(10,)]
