"""Files that are not what was written, and a power cut in a restore: a sentence each, and nothing half."""

import json
import os
import shutil
import zipfile
from pathlib import Path

import pytest

from consent.errors import SetupProblem
from consent.ledger import keyfiles
from tests.backup.conftest import Site
from tests.backup.test_restore import lived
from tests.support.databases import ON_SQLITE


def with_manifest(site: Site, backup: Path, text: str) -> Path:
    """The backup with another manifest."""
    damaged = site.folder / "damaged.backup"
    with zipfile.ZipFile(backup) as whole, zipfile.ZipFile(damaged, "w") as archive:
        for name in whole.namelist():
            archive.writestr(name, text if name == "manifest.json" else whole.read(name))
    return damaged


@ON_SQLITE
def test_a_manifest_that_nobody_wrote_is_refused_in_a_sentence(site: Site) -> None:
    lived(site)
    backup, keys = site.back_up()
    with zipfile.ZipFile(backup) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    site.destroy()
    changed = [
        {name: one for name, one in manifest.items() if name != gone}
        for gone in ("taken_at", "installation", "organizations", "database", "revision", "parts", "seal")
    ]
    changed += [manifest | {name: None} for name in ("taken_at", "installation", "organizations", "parts")]
    changed += [manifest | {"taken_at": "2026-11-21T17:00:00"}, manifest | {"seal": "é"}, manifest | {"a": "\ud800"}]
    for text in (*map(json.dumps, changed), "[" * 100_000, '{"a":' * 100_000):
        answer = site.begin(with_manifest(site, backup, text), keys)
        assert answer.exit_code == 1 and isinstance(answer.exception, SystemExit), (text[:60], answer.exception)
        assert "manifest.json" in answer.output, answer.output


@ON_SQLITE
def test_a_key_file_is_put_back_whole_or_not_at_all(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    lived(site)
    backup, keys = site.back_up()
    site.destroy()
    folder = keyfiles.folder_of(site.config.data_dir)
    before = {one.name: one.read_bytes() for one in folder.rglob("*") if one.is_file()}
    shutil.rmtree(folder)
    with monkeypatch.context() as cut:
        cut.setattr(os, "fsync", _power_cut)
        assert site.begin(backup, keys).exit_code == 1
    assert not [one for one in folder.rglob("*") if one.is_file() and not one.name.startswith(".")]
    assert site.begin(backup, keys).exit_code == 0
    assert {one.name: one.read_bytes() for one in folder.rglob("*") if one.is_file()} == before


def _power_cut(_fd: int) -> None:
    raise SetupProblem("The power is gone.")
