"""What the tests of the demo stand on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from consent.config import Config
from tests.support import valley as at_valley
from tests.support.time import Time


@pytest.fixture
def config(sqlite_template: Path, tmp_path: Path, time: Time, monkeypatch: pytest.MonkeyPatch) -> Iterator[Config]:
    """A data folder with nothing in it but keys to come."""
    folder = tmp_path / "var"
    found = at_valley.settings(folder, f"sqlite:///{folder / 'consent.sqlite3'}")
    folder.mkdir()
    (folder / "consent.sqlite3").write_bytes(sqlite_template.read_bytes())
    monkeypatch.setenv("CONSENT_DATA_DIR", str(folder))
    monkeypatch.setenv("CONSENT_DATABASE_URL", found.database_url)
    monkeypatch.setenv("CONSENT_PUBLIC_URL", found.public_url)
    yield found
