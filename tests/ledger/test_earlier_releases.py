"""Ledgers written by earlier releases are read and verified after an upgrade of program and schema."""

import gzip
import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from consent.db import Database, migrations
from consent.evidence import bundles, kept_texts, offline
from consent.ledger import notes, verify
from consent.ledger.findings import Report
from consent.ledger.keys import Keyring
from consent.preferences import rebuild

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
RELEASES = sorted(path.name for path in FIXTURES.glob("ledger-v*"))


@pytest.fixture(params=RELEASES)
def release(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """One earlier ledger, unpacked, its schema brought to today's."""
    folder = tmp_path / "data"
    shutil.copytree(FIXTURES / request.param, folder)
    for path in (folder / "keys").rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    file = folder / "ledger.sqlite3"
    file.write_bytes(gzip.decompress((folder / "ledger.sqlite3.gz").read_bytes()))
    migrations.upgrade(f"sqlite:///{file}")
    return folder


def facts(folder: Path) -> Any:
    return json.loads((folder / "facts.json").read_text())


def look(folder: Path) -> Report:
    organization_id = UUID(facts(folder)["organization"])
    now = datetime.fromisoformat(facts(folder)["made_at"]) + timedelta(seconds=60)
    db = Database(f"sqlite:///{folder / 'ledger.sqlite3'}")
    try:
        with db.read(organization_id) as tx:
            folds = (rebuild.check, *kept_texts.CHECKS)
            return verify.verify(tx, Keyring(folder), organization_id, now, folds=folds)
    finally:
        db.close()


def test_the_first_release_is_kept() -> None:
    assert "ledger-v1" in RELEASES


def test_an_earlier_ledger_still_verifies(release: Path) -> None:
    report = look(release)
    assert report.findings == []
    assert report.leaves > 256 and report.pending > 0 and report.notes > report.checkpoints


def test_an_earlier_bundle_still_verifies(release: Path) -> None:
    keys = [notes.read_vkey(line) for line in (release / "log-keys.txt").read_text().splitlines()]
    bundle = bundles.read((release / "bundle.json").read_bytes())
    proved = offline.verify(bundle, json.loads((release / "jwks.json").read_text()), keys)
    assert proved.checkpoint is not None
    assert proved.facts == {"address": "+15095550142"}
