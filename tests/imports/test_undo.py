"""What an import wrote can be taken back; nothing that was withdrawn comes back with it."""

from pathlib import Path

import pytest

from consent.errors import BadInput, Conflict
from consent.house import House
from consent.imports import undoing
from consent.imports.runs import Run
from consent.preferences import rebuild
from tests.imports.files import bring, no, number, row, write
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, TEXTS, Tenant, consent_of


def undo(house: House, valley: Tenant, run: Run, reason: str | None = None) -> Run:
    begun = undoing.begin(house.db, valley.id, run.id, also_opt_outs=reason is not None, reason=reason)
    for _ in undoing.undo_rows(house.db, house.keyring, valley.id, begun):
        pass
    return undoing.end(house.db, house.keyring, valley.id, run.id)


def test_after_undo_it_is_as_if_the_consents_had_never_come(
    house: House, valley: Tenant, systems: Systems, tmp_path: Path
) -> None:
    systems.consent(address=number(1), occurred_at="2026-10-01T00:00:00Z")
    before = systems.preferences(number(1))
    run = bring(house, valley, write(tmp_path, [row(), row(address=number(1))]))
    assert systems.may() and systems.may(address=number(1))
    undone = undo(house, valley, run)
    assert (undone.stage, undone.undone, undone.kept) == ("undone", 2, 0)
    assert not systems.may()
    assert systems.preferences(number(1)) == before
    with house.db.read(valley.id) as tx:
        assert list(rebuild.check(tx, valley.id)) == []


def test_what_was_withdrawn_since_stays_withdrawn(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio, tmp_path: Path, time: Time
) -> None:
    systems.consent(occurred_at="2026-10-01T00:00:00Z")
    run = bring(house, valley, write(tmp_path, [row(), row(address=number(1))]))
    twilio.text("STOP")
    assert systems.post("consents", consent_of(address=number(1), state="withdrawn", occurred_at=time.at.isoformat()))
    undo(house, valley, run)
    assert not systems.may()
    assert not systems.may(address=number(1))


def test_opt_outs_stay_unless_somebody_says_why_they_go(
    house: House, valley: Tenant, systems: Systems, tmp_path: Path
) -> None:
    systems.consent(address=number(1), occurred_at="2026-10-01T00:00:00Z")
    run = bring(house, valley, write(tmp_path, [row(), no(address=number(1)), no(address=number(2), program=TEXTS)]))
    assert (run.gives, run.ends) == (1, 2)
    first = undo(house, valley, run)
    assert (first.undone, first.kept) == (1, 2)
    assert not systems.may(address=number(1))
    with pytest.raises(BadInput, match="Say why"):
        undo(house, valley, run, " ")
    with pytest.raises(Conflict, match="nothing to undo"):
        undo(house, valley, run)
    second = undo(house, valley, run, "The list was that of another company.")
    assert (second.undone, second.kept) == (3, 0)
    assert systems.may(address=number(1))


def test_an_undone_file_can_be_imported_again_and_writes_new_entries(
    house: House, valley: Tenant, systems: Systems, tmp_path: Path, time: Time
) -> None:
    file = write(tmp_path, [row(), no(address=number(1))])
    first = bring(house, valley, file)
    undo(house, valley, first)
    time.go(minutes=1)
    second = bring(house, valley, file)
    assert second.id != first.id
    assert (second.gives, second.ends, second.unchanged) == (1, 0, 1)
    assert systems.may()


def test_an_undo_that_was_cut_short_goes_on_and_ends_the_same(
    house: House, valley: Tenant, systems: Systems, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [number(place) for place in range(30)]
    run = bring(house, valley, write(tmp_path, [row(address=one) for one in people]))
    monkeypatch.setattr(undoing, "BATCH", 7)
    begun = undoing.begin(house.db, valley.id, run.id, also_opt_outs=False, reason=None)
    steps = undoing.undo_rows(house.db, house.keyring, valley.id, begun)
    assert [next(steps), next(steps)] == [7, 7]
    del steps
    ended = undo(house, valley, run)
    assert (ended.undone, ended.kept) == (30, 0)
    assert [one for one in people if systems.may(address=one)] == []
    history = systems.get(f"contact-points/{systems.lookup(people[0])}/history").get_json()["events"]
    assert [one["type"] for one in history] == ["consent.annulled", "consent.given"]


def test_an_import_that_was_cut_short_can_be_undone_and_then_goes_no_further(
    house: House, valley: Tenant, systems: Systems, tmp_path: Path
) -> None:
    run = bring(house, valley, write(tmp_path, [row()]))
    assert systems.preferences(PERSON)["programs"][0]["on_record"]
    undo(house, valley, run)
    with pytest.raises(Conflict):
        undo(house, valley, run)
