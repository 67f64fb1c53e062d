"""What a person had corrected stays, whatever the next file of a manager brings, until somebody decides."""

from pathlib import Path
from uuid import UUID

import pytest

from consent import clock
from consent.db import Tx
from consent.errors import BadInput, NotFound
from consent.house import House
from consent.ledger import jobs
from consent.ledger import service as ledger
from consent.privacy_requests.answers import corrected
from consent.privacy_requests.answers.corrected import Brought
from tests.imports.files import bring, no, row, write
from tests.privacy_answers.desk import REQUEST
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import PERSON, Tenant


def correct(house: House, valley: Tenant, contact: UUID, name: str, value: str) -> None:
    def work(tx: Tx) -> None:
        stream = ledger.stream(tx, house.keyring, valley.id, contact)
        corrected.keep(tx, house.keyring, stream, REQUEST, name, value, clock.now())

    house.db.write(work, valley.id)


def waiting(house: House, valley: Tenant) -> list[Brought]:
    with house.db.read(valley.id) as tx:
        return list(corrected.waiting(tx, house.keyring, valley.id))


def test_t_51_a_file_does_not_bring_back_what_was_corrected_and_the_conflict_waits_once(
    house: House, valley: Tenant, systems: Systems, tmp_path: Path, time: Time
) -> None:
    contact = UUID(systems.consent(person="unit-12")["contact_point"])
    correct(house, valley, contact, "person", "unit-14")
    for number, mine in enumerate(("unit-12", "unit-12", "UNIT-14 ")):
        file = write(tmp_path, [row(person=mine.strip(), occurred_at=f"2026-11-20T1{number + 1}:15:00-08:00")])
        run = bring(house, valley, file)
        assert (run.gives, run.quarantined) == ((0, 1) if number < 2 else (1, 0))
    (one,) = waiting(house, valley)
    assert (one.field, one.value, one.source) == ("person", "unit-12", "import")
    assert "unit-12" not in repr(one)


def test_a_no_counts_even_for_an_address_that_was_corrected(
    house: House, valley: Tenant, systems: Systems, tmp_path: Path, time: Time
) -> None:
    contact = UUID(systems.consent()["contact_point"])
    correct(house, valley, contact, "address", "+15095550177")
    assert bring(house, valley, write(tmp_path, [row(occurred_at="2026-11-21T01:00:00-08:00")])).quarantined == 1
    assert bring(house, valley, write(tmp_path, [no(occurred_at="2026-11-21T02:00:00-08:00")])).ends == 1
    assert not systems.may()


def test_a_person_decides_which_value_stays_and_the_organizations_systems_are_told(
    house: House, valley: Tenant, systems: Systems, tmp_path: Path, time: Time
) -> None:
    contact = UUID(systems.consent(person="unit-12")["contact_point"])
    correct(house, valley, contact, "person", "unit-14")
    bring(house, valley, write(tmp_path, [row(person="unit-12", occurred_at="2026-11-20T12:15:00-08:00")]))
    (one,) = waiting(house, valley)

    def settle(settled_as: str) -> None:
        house.db.write(lambda tx: corrected.settle(tx, house.keyring, one.id, settled_as, None, clock.now()), valley.id)

    with pytest.raises(BadInput):
        settle("both")
    settle("taken")
    with pytest.raises(NotFound):
        settle("kept")
    assert waiting(house, valley) == []
    with house.db.read(valley.id) as tx:
        assert corrected.kept(tx, valley.id, [contact]) == {}
    jobs.seal_organization(house.db, house.keyring, valley.id, clock.now())
    changes = systems.get("changes").get_json()["changes"]
    told = [change["type"] for change in changes if change["type"].startswith("privacy_request.correction")]
    assert told == ["privacy_request.correction_kept", "privacy_request.correction_settled"]
    assert PERSON not in str(changes)
