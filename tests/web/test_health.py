"""Alive, and ready or not, in codes."""

from pathlib import Path

from flask import Flask

from consent.db import Database
from consent.web import health


def site(**checks: health.Check) -> Flask:
    made = Flask("x", static_folder=None)
    made.register_blueprint(health.blueprint(checks))
    return made


def fail() -> None:
    raise OSError("/srv/keys/root.key is missing")


def test_the_process_is_alive_whatever_fails() -> None:
    assert site(keys=fail).test_client().get("/healthz").json == {"status": "alive"}


def test_ready_means_every_check_passed() -> None:
    assert site(keys=lambda: None).test_client().get("/readyz").status_code == 200


def test_not_ready_names_codes_and_nothing_of_the_inside() -> None:
    answer = site(database=fail, keys=lambda: None, migrations=fail).test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"status": "not ready", "reasons": ["database", "migrations"]}
    assert "Retry-After" in answer.headers


def test_a_database_that_is_away_is_noticed(tmp_path: Path) -> None:
    here = Database(f"sqlite:///{tmp_path / 'here.db'}")
    gone = Database(f"sqlite:///{tmp_path / 'missing' / 'gone.db'}")
    answer = (
        site(here=health.database_reachable(here), gone=health.database_reachable(gone)).test_client().get("/readyz")
    )
    assert answer.json == {"status": "not ready", "reasons": ["gone"]}
    here.close()
    gone.close()
