"""What the demo sets up for a run: made once on each kind of database, and copied from then on.

Making it takes as long as several starts of the service, and is not what these runs look at.
"""

import atexit
import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from consent.db import Sql, Tx
from consent.house import House
from consent.ledger import keys
from consent.organizations.service import SETTINGS
from tests.support import databases

_ACCOUNT = Sql(
    "SELECT a.sealed_settings, k.wrapped_key FROM gateway_account a JOIN stream_key k"
    " ON k.organization_id = a.organization_id AND k.stream_id = a.id"
    " WHERE a.organization_id = :organization_id AND a.id = :id"
)
_SEALED_ANEW = Sql(
    "UPDATE gateway_account SET sealed_settings = :sealed WHERE organization_id = :organization_id AND id = :id"
)


@dataclass(frozen=True, slots=True)
class _Kept:
    folder: Path
    rows: databases.Rows | None


_KEPT: dict[bool, _Kept] = {}  # by whether it is for PostgreSQL


def set_up(data_dir: Path, database_url: str, make: Callable[[], object]) -> None:
    """The data folder and its database are as `make` leaves them; an empty URL means a file in the folder."""
    kept = _KEPT.get(bool(database_url))
    if kept is None:
        make()
        _KEPT[bool(database_url)] = _keep(data_dir, database_url)
        return
    shutil.copytree(kept.folder, data_dir)
    if kept.rows is not None:
        databases.refill(database_url, kept.rows)


def _keep(data_dir: Path, database_url: str) -> _Kept:
    place = Path(tempfile.mkdtemp(prefix="consent-prepared-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    shutil.copytree(data_dir, place / "var")
    return _Kept(place / "var", databases.copy_out(database_url) if database_url else None)


def write_texts_to(house: House, organization_id: UUID, account_id: UUID, outbox: Path) -> None:
    """The console gateway of this account writes to that file."""
    named = {"organization_id": organization_id, "id": account_id}

    def work(tx: Tx) -> None:
        row = tx.one(_ACCOUNT, named)
        assert row is not None
        key = house.keyring.stream_key(organization_id, bytes(row[1]))
        kept = json.loads(keys.open_facts(key, bytes(row[0]), organization_id, account_id, SETTINGS))
        kept["gateway"]["path"] = str(outbox)
        plain = json.dumps(kept).encode()
        tx.run(_SEALED_ANEW, {"sealed": keys.seal_facts(key, plain, organization_id, account_id, SETTINGS), **named})

    house.db.write(work, organization_id)
