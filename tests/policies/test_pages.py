"""The public wording: the version in force, older and coming ones, as text and nothing else."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import SQLModel

from consent.db import Database, Tx
from consent.organizations.models import Organization
from consent.policies import pages
from consent.policies.models import OrganizationSettings, PolicyTranslation, PolicyVersion, Status
from consent.web import headers, layout, problems

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ACME, OTHER, EAST = UUID(int=1), UUID(int=2), UUID(int=3)
TEXT = "# Privacy at Acme\n\n## What we keep\n\nLittle. <script>alert(1)</script>\n\n## Texts\n\nReply STOP.\n"

HEADER = """
[[commitment]]
id = "ACME-01"
kind = "policy-metadata"
mode = "record"
verbs = ["RECORD"]
evidence = ["E-VER"]
clause = { heading = "Privacy at Acme", anchor = "Privacy" }
parameters = { title = "Privacy policy", last_updated = 2025-01-02 }
"""


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'test.db'}")
    tables: Any = [
        Organization.__table__,
        PolicyVersion.__table__,
        PolicyTranslation.__table__,
        OrganizationSettings.__table__,
    ]  # type: ignore[attr-defined]
    SQLModel.metadata.create_all(made.engine, tables=tables)

    def fill(tx: Tx) -> None:
        west, east = "America/Los_Angeles", "Pacific/Auckland"
        for number, slug, zone in ((ACME, "acme", west), (OTHER, "other", west), (EAST, "east", east)):
            tx.session.add(
                Organization(organization_id=number, slug=slug, name=slug.title(), zone=zone, created_at=NOW)
            )
        publish(tx, 1, "privacy-policy", "2025-01-02", datetime(2025, 1, 2, 8, tzinfo=UTC), TEXT)
        publish(tx, 2, "privacy-policy", "2026-06-01", datetime(2026, 6, 1, 7, tzinfo=UTC), TEXT + "\nNew.\n")
        publish(tx, 3, "privacy-policy", "2027-01-01", datetime(2027, 1, 1, 8, tzinfo=UTC), TEXT + "\nComing.\n")
        publish(tx, 4, "sms-terms", "1", datetime(2025, 1, 2, 8, tzinfo=UTC), "# SMS terms\n\nRates apply.\n")
        publish(tx, 5, "privacy-policy", "1", datetime(2026, 5, 31, 12, tzinfo=UTC), TEXT, EAST)
        tx.session.flush()

    made.write(fill)
    yield made
    made.close()


def publish(
    tx: Tx, number: int, policy: str, version: str, effective_at: datetime, text: str, whose: UUID = ACME
) -> None:
    tx.session.add(
        PolicyVersion(
            organization_id=whose,
            id=UUID(int=number),
            policy=policy,
            version=version,
            title="Privacy policy",
            text=text,
            commitments_toml=HEADER,
            text_sha256=hashlib.sha256(text.encode()).digest(),
            commitments_sha256=b"c" * 32,
            status=Status.ANNOUNCED,
            announced_at=datetime(2024, 12, 1, tzinfo=UTC),
            effective_at=effective_at,
            stream_id=UUID(int=9),
            event_id=UUID(int=10 + number),
        )
    )


@pytest.fixture
def visitor(db: Database) -> Iterator[FlaskClient]:
    site = Flask("x", static_folder=None)
    for part in (layout, problems):
        part.init_app(site)
    headers.init_app(site, production=True)
    site.register_blueprint(pages.blueprint(db))
    with time_machine.travel(NOW, tick=False):
        yield site.test_client()


def test_the_version_in_force_is_shown(visitor: FlaskClient) -> None:
    page = visitor.get("/acme/privacy").text
    assert "<h1>Privacy at Acme</h1>" in page
    assert "in force since" in page
    assert "June 1, 2026" in page
    assert "New." in page
    assert "Coming." not in page
    assert hashlib.sha256((TEXT + "\nNew.\n").encode()).hexdigest() in page


def test_a_wording_cannot_bring_a_script(visitor: FlaskClient) -> None:
    page = visitor.get("/acme/privacy").text
    assert "<script" not in page
    assert "alert(1)" in page


def test_an_older_version_says_that_it_no_longer_applies(visitor: FlaskClient) -> None:
    page = visitor.get("/acme/privacy/2025-01-02").text
    assert "This version no longer applies" in page
    assert 'href="/acme/privacy/2026-06-01?policy=privacy-policy"' in page


def test_a_coming_version_says_when_it_takes_effect(visitor: FlaskClient) -> None:
    page = visitor.get("/acme/privacy/2027-01-01").text
    assert "does not apply yet" in page
    assert "takes effect on" in page
    assert "January 1, 2027" in page


def test_every_version_of_the_policy_is_listed(visitor: FlaskClient) -> None:
    page = visitor.get("/acme/privacy").text
    for version in ("2025-01-02", "2026-06-01", "2027-01-01"):
        assert version in page
    assert '<strong aria-current="page">2026-06-01</strong>' in page


def test_another_policy_is_reached_by_its_name(visitor: FlaskClient) -> None:
    assert "/acme/privacy/1?policy=sms-terms" in visitor.get("/acme/privacy").text
    assert "Rates apply." in visitor.get("/acme/privacy/1?policy=sms-terms").text


@pytest.mark.parametrize(
    "path",
    ["/nobody/privacy", "/other/privacy", "/acme/privacy/1999", "/acme/privacy?policy=none", "/acme/privacy/1"],
)
def test_what_is_not_published_is_not_there(visitor: FlaskClient, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 404
    assert answer.content_type.startswith("text/html")


def test_the_day_is_that_of_the_organization(visitor: FlaskClient) -> None:
    # Noon UTC on May 31 is midnight of June 1 in Auckland.
    assert "June 1, 2026" in visitor.get("/east/privacy").text
