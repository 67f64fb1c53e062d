"""`ledger verify` looks at the files of proof, too."""

import base64
import sqlite3
import uuid
from collections.abc import Callable

import pytest

from consent.db import Sql
from consent.evidence.kept_proofs import proofs_hold
from consent.house import House
from tests.support import files
from tests.support.databases import ON_SQLITE
from tests.support.systems import Systems
from tests.support.valley import Tenant

_KEY_GONE = Sql("UPDATE stream_key SET wrapped_key = NULL WHERE stream_id = :id")
_ROW_GONE = Sql("DELETE FROM proof")


@pytest.fixture
def found(house: House, valley: Tenant, systems: Systems) -> Callable[[], list[str]]:
    """What is found after a consent with a file and one that came later."""
    png = {"type": "image/png", "content": base64.b64encode(files.PNG).decode()}
    consent = systems.consent(proof=png)
    pdf = {"type": "application/pdf", "content": base64.b64encode(files.PDF).decode()}
    assert systems.post(f"consents/{consent['entry']}/proofs", pdf).status_code == 201

    def look() -> list[str]:
        with house.db.read(valley.id) as tx:
            return [one.problem for one in proofs_hold(tx, valley.id)]

    return look


def test_what_is_as_it_was_kept_holds(found: Callable[[], list[str]]) -> None:
    assert found() == []


def test_a_file_that_is_gone_while_its_person_is_there_is_found(
    found: Callable[[], list[str]], house: House, valley: Tenant
) -> None:
    house.db.write(lambda tx: tx.run(_ROW_GONE, {}), valley.id)
    assert found() == ["the file that this entry names is not kept"] * 2


def test_a_file_that_went_with_its_person_is_not_missed(
    found: Callable[[], list[str]], house: House, valley: Tenant, systems: Systems
) -> None:
    person = systems.lookup()
    house.db.write(lambda tx: tx.run(_ROW_GONE, {}), valley.id)
    house.db.write(lambda tx: tx.run(_KEY_GONE, {"id": uuid.UUID(person)}), valley.id)
    assert found() == []


@ON_SQLITE
@pytest.mark.parametrize(
    "change",
    [
        "media_type = 'text/plain'",
        "size = size + 1",
        "consent_id = event_id",
        "content = content || x'00'",
        "event_id = (SELECT event_id FROM ledger_event LIMIT 1)",
    ],
)
def test_a_row_changed_by_hand_is_found(found: Callable[[], list[str]], database_url: str, change: str) -> None:
    raw = sqlite3.connect(database_url.removeprefix("sqlite:///"))
    raw.execute("DROP TRIGGER proof_no_update")
    raw.execute(f"UPDATE proof SET {change} WHERE media_type = 'application/pdf'")
    raw.commit()
    raw.close()
    assert found()
