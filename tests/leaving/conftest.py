"""Two installations: the one an organization leaves, and the one of the other database to which it goes."""

import base64
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from consent.backup import archive as archives
from consent.cli import main
from consent.config import Config
from consent.house import House
from consent.leaving import passphrases, rules
from tests.support import databases
from tests.support import valley as at_valley
from tests.support.houses import Opens
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import Tenant

PASSPHRASE = "correct horse battery staple"
NEW_URL = "https://new.example"
Parts = dict[str, bytes]


@dataclass(slots=True)
class Place(Opens):
    """An installation by its settings: its commands, and its house while it is open."""

    config: Config
    folder: Path
    monkeypatch: pytest.MonkeyPatch
    house: House | None = None

    def run(self, *arguments: str) -> Result:
        """A command there, in a process of its own as far as the database is concerned."""
        self.close()
        for name, value in (
            ("CONSENT_DATA_DIR", str(self.config.data_dir)),
            ("CONSENT_DATABASE_URL", self.config.database_url),
            ("CONSENT_PUBLIC_URL", self.config.public_url),
        ):
            self.monkeypatch.setenv(name, value)
        return CliRunner().invoke(main, list(arguments))

    def done(self, *arguments: str) -> Any:
        """What a command there answers as JSON."""
        result = self.run(*arguments, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def export(self, file: Path, *more: str) -> Any:
        """Valley in a file."""
        return self.done("organizations", "export", "valley-smart-homes", str(file), *self.passphrase(), *more)

    def take_over(self, file: Path, *more: str) -> Any:
        """Valley out of the file."""
        return self.done("organizations", "import", str(file), *self.passphrase(), *more)

    def passphrase(self) -> tuple[str, str]:
        """The passphrase in a file."""
        file = self.folder / "words.txt"
        file.write_text(PASSPHRASE + "\n")
        return "--passphrase-file", str(file)

    def systems(self, tenant: Tenant) -> Systems:
        """The organization's own systems at this place."""
        return Systems(self.app().test_client(), tenant)

    def moved_in(self, tenant: Tenant, now: Time) -> Tenant:
        """The organization at this place, with the key and the gateway account that were set up anew."""
        house = self.open()
        key = at_valley.make_key(house, tenant.id, now.now(), *at_valley.organizations.SCOPES)
        return replace(tenant, key=key, endpoint=at_valley.make_account(house, tenant.id, now.now()))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A passphrase is tried in a millisecond."""
    monkeypatch.setattr(passphrases, "N", 1024)


@pytest.fixture
def old(
    prepared: Any, database_url: str, tmp_path: Path, time: Time, quick: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Place]:
    """Valley's installation."""
    data_dir = tmp_path / "old"
    data_dir.mkdir()
    at_valley.copy_keys(prepared.folder, data_dir)
    place = Place(at_valley.settings(data_dir, database_url), tmp_path, monkeypatch)
    yield place
    place.close()


@pytest.fixture
def beside(sqlite_template: Path, tmp_path: Path, quick: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """An installation without anybody, on SQLite."""
    shutil.copy(sqlite_template, tmp_path / "new.sqlite3")
    yield from _nobodys(tmp_path, f"sqlite:///{tmp_path / 'new.sqlite3'}", monkeypatch)


@pytest.fixture
def new(request: pytest.FixtureRequest, database_url: str) -> Iterator[Place]:
    """An installation without anybody, on the other kind of database than the one it leaves."""
    if not database_url.startswith("sqlite"):
        yield request.getfixturevalue("beside")
        return
    url = request.getfixturevalue("postgresql_url")
    databases.refill(url)
    request.getfixturevalue("quick")
    yield from _nobodys(request.getfixturevalue("tmp_path"), url, request.getfixturevalue("monkeypatch"))


def _nobodys(folder: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    config = at_valley.settings(at_valley.new_data_dir(folder / "new"), url, CONSENT_PUBLIC_URL=NEW_URL)
    place = Place(config, folder, monkeypatch)
    yield place
    place.close()


def parts_of(file: Path) -> Parts:
    """Every part of an archive."""
    with zipfile.ZipFile(file) as kept:
        return {one.filename: kept.read(one) for one in kept.infolist()}


def sealed_anew(parts: Parts, to: Path, change: Callable[[dict[str, Any]], None] = lambda _manifest: None) -> Path:
    """The parts as an archive whose hashes and seal are right: made by somebody who has the passphrase."""
    manifest = json.loads(parts[archives.MANIFEST])
    told = {name: content for name, content in parts.items() if name != archives.MANIFEST}
    manifest["parts"] = {n: {"bytes": len(one), "sha256": sha256(one).hexdigest()} for n, one in told.items()}
    change(manifest)
    manifest.pop("seal")
    salt = base64.b64decode(manifest["passphrase"]["salt"])
    manifest["seal"] = archives._seal(manifest, passphrases.derive(PASSPHRASE, salt).manifest)
    with zipfile.ZipFile(to, "w") as out:
        for name, content in (told | {archives.MANIFEST: json.dumps(manifest).encode()}).items():
            out.writestr(name, content)
    return to


def rows_of(parts: Parts, table: str) -> list[Any]:
    """The rows of a table."""
    return [json.loads(line) for line in parts[rules.name_of(table)].splitlines()]
