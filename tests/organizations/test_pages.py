"""The index page: who is served here."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, SQLModel

from consent.db import Database
from consent.organizations import pages
from consent.organizations.models import Organization
from consent.policies import pages as policy_pages
from consent.web import headers, layout, problems

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'test.db'}")
    tables: Any = [Organization.__table__]  # type: ignore[attr-defined]
    SQLModel.metadata.create_all(made.engine, tables=tables)
    yield made
    made.close()


@pytest.fixture
def visitor(db: Database) -> FlaskClient:
    site = Flask("x", static_folder=None)
    for part in (layout, problems):
        part.init_app(site)
    headers.init_app(site, production=True)
    site.register_blueprint(pages.blueprint(db))
    site.register_blueprint(policy_pages.blueprint(db))
    return site.test_client()


def add(db: Database, number: int, slug: str, name: str) -> None:
    def work(session: Session) -> None:
        session.add(
            Organization(
                organization_id=UUID(int=number), slug=slug, name=name, zone="America/Los_Angeles", created_at=NOW
            )
        )
        session.flush()

    db.write(lambda tx: work(tx.session))


def test_every_organization_is_listed_with_its_policy(db: Database, visitor: FlaskClient) -> None:
    add(db, 1, "zebra-net", "Zebra Net")
    add(db, 2, "acme", "Acme & Sons <b>")
    page = visitor.get("/").text
    assert page.index("Acme &amp; Sons &lt;b&gt;") < page.index("Zebra Net")
    assert 'href="/acme/privacy"' in page
    assert "<b>" not in page.replace("&lt;b&gt;", "")


def test_without_organizations_the_page_says_how_to_add_one(visitor: FlaskClient) -> None:
    assert "consent organizations add" in visitor.get("/").text


def test_the_list_may_be_kept_a_minute_because_it_is_the_same_for_all(visitor: FlaskClient) -> None:
    answer = visitor.get("/")
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert "Set-Cookie" not in answer.headers
