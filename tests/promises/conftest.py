"""One organization in a house of its own, founded from the packs under test: once for each database."""

import re
import shutil
from dataclasses import dataclass, replace
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consent.house import House
from consent.staff.roles import Role
from tests.conftest import FOUNDED, Prepared
from tests.support import databases, staff
from tests.support import valley as at_valley
from tests.support.organizations import found_shipped
from tests.support.time import Time
from tests.support.valley import Tenant

Houses = dict[tuple[str, str], Prepared]


@pytest.fixture
def slug(request: pytest.FixtureRequest) -> str:
    """Whose promises the tests of this file are about; others say it themselves."""
    named: str = request.module.SLUG
    return named


@pytest.fixture(scope="session")
def houses() -> Houses:
    """Those founded so far, by organization and kind of database."""
    return {}


@pytest.fixture
def prepared(
    request: pytest.FixtureRequest,
    slug: str,
    database_url: str,
    houses: Houses,
    tmp_path_factory: pytest.TempPathFactory,
) -> Prepared:
    """The database of this test, with that organization in it."""
    kind, _, file = database_url.partition(":///")
    known = houses.get((slug, kind))
    if known is None:
        folder = tmp_path_factory.mktemp(slug)
        url = f"sqlite:///{folder / 'consent.sqlite3'}" if kind == "sqlite" else database_url
        if kind == "sqlite":
            shutil.copy(request.getfixturevalue("sqlite_template"), folder / "consent.sqlite3")
        else:
            databases.refill(url)
        known = houses[slug, kind] = _founded(Prepared(folder, None), slug, url)  # type: ignore[arg-type]
    if known.rows is None:
        shutil.copy(known.folder / "consent.sqlite3", file)
    else:
        databases.refill(database_url, known.rows)
    return known


def _founded(empty: Prepared, slug: str, url: str) -> Prepared:
    house = House.open(at_valley.settings(at_valley.new_data_dir(empty.folder), url))
    try:
        tenant = found_shipped(house, slug, FOUNDED)
        if not house.db.is_postgresql:
            with house.db.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        rows = databases.copy_out(url) if house.db.is_postgresql else None
    finally:
        house.db.close()
    return replace(empty, tenant=tenant, rows=rows)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody before a page, and what they read there: its words, without the marks between them."""

    client: FlaskClient
    under: str = ""

    def __call__(self, path: str, status: int = 200) -> str:
        answer = self.client.get(f"{self.under}{path}")
        assert answer.status_code == status, (path, answer.status_code)
        whole = re.sub(r"<(style|script|head)\b.*?</\1>", " ", answer.get_data(as_text=True), flags=re.DOTALL)
        return " ".join(unescape(re.sub(r"<[^>]*>", " ", whole)).split())


@pytest.fixture
def reads(client: FlaskClient, slug: str) -> Reader:
    """Anybody before a public page of the organization."""
    return Reader(client, f"/{slug}")


@pytest.fixture
def desk(house: House, valley: Tenant, app: Flask, time: Time) -> Reader:
    """A privacy officer of the organization before a page of the staff."""
    seated = staff.member(house, valley.id, time.now(), Role.OFFICER)
    return Reader(seated.client(app), "/staff/")
