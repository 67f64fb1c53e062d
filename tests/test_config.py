"""Settings: all in one table, all documented, all checked at start."""

import re
import secrets
from dataclasses import fields
from pathlib import Path

import pytest

from consent import config
from consent.config import SETTINGS, Config
from consent.config_page import page
from consent.errors import SetupProblem

ROOT = Path(__file__).resolve().parents[1]
PRODUCTION = {"CONSENT_ENV": "production", "CONSENT_PUBLIC_URL": "https://consent.example"}


def production(tmp_path: Path, secret: bytes | None = None) -> Config:
    """Production settings with this cookie secret in a file."""
    file = tmp_path / "cookie"
    if secret is not None:
        file.write_bytes(secret)
    return config.load(PRODUCTION | {"CONSENT_DATA_DIR": str(tmp_path), "CONSENT_SECRET_KEY_FILE": str(file)})


def test_the_page_of_settings_is_the_table() -> None:
    assert (ROOT / "docs" / "settings.md").read_text("utf-8") == page(), (
        "python -m consent.config_page > docs/settings.md"
    )


def test_every_setting_fills_a_field_and_every_field_has_a_setting() -> None:
    assert [one.field for one in SETTINGS] == [one.name for one in fields(Config)]
    assert all(one.about.endswith(".") for one in SETTINGS)


def test_no_variable_is_read_past_the_table() -> None:
    known = {one.variable for one in SETTINGS}
    for path in (ROOT / "consent").rglob("*.py"):
        used = set(re.findall(r"[\"'](CONSENT_[A-Z_]*)[\"']", path.read_text("utf-8")))
        assert used <= known | {"CONSENT_"}, path


def test_development_needs_no_setting(tmp_path: Path) -> None:
    read = config.load({})
    assert not read.production
    assert read.database_url.startswith("sqlite:///")
    assert read.data_dir.is_absolute()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CONSENT_ENV", "staging"),
        ("CONSENT_DATABASE_URL", "mysql://localhost/x"),
        ("CONSENT_DATABASE_CONNECTIONS", "0"),
        ("CONSENT_DATABASE_CONNECTIONS", "many"),
        ("CONSENT_PUBLIC_URL", "consent.example"),
        ("CONSENT_PUBLIC_URL", "https://consent.example/?x=1"),
        ("CONSENT_THREADS", "-1"),
        ("CONSENT_DATBASE_URL", "sqlite:///x"),
    ],
)
def test_a_wrong_or_unknown_setting_stops_the_program_and_is_named(variable: str, value: str) -> None:
    with pytest.raises(SetupProblem, match=variable):
        config.load({variable: value})


def test_every_wrong_setting_is_named_at_once() -> None:
    with pytest.raises(SetupProblem, match=r"CONSENT_ENV.*CONSENT_NOTHING"):
        config.load({"CONSENT_ENV": "x", "CONSENT_NOTHING": "1"})


def test_production_is_served_over_https_alone() -> None:
    with pytest.raises(SetupProblem, match="https"):
        config.load({"CONSENT_ENV": "production"})


@pytest.mark.parametrize(
    "secret",
    [
        None,
        b"",
        b"brief",
        b"change-me-change-me-change-me-change-me",
        b"0" * 64,
        b"this is a sample value of forty characters",
        b"Zq8vL3mN7pR2tX5wY9aB4cD6eF1gH0j",
    ],
)
def test_production_refuses_a_missing_short_or_sample_secret(tmp_path: Path, secret: bytes | None) -> None:
    with pytest.raises(SetupProblem) as refused:
        production(tmp_path, secret).secret_key()
    assert secret is None or not secret or secret.decode() not in refused.value.detail


def test_production_takes_a_random_secret(tmp_path: Path) -> None:
    secret = secrets.token_hex(32).encode()
    assert production(tmp_path, secret + b"\n").secret_key() == secret


def test_a_weak_metrics_token_is_refused(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("metrics")
    read = config.load({"CONSENT_METRICS_TOKEN_FILE": str(tmp_path / "token")})
    with pytest.raises(SetupProblem):
        read.metrics_token()


def test_both_spellings_of_postgresql_are_the_same() -> None:
    read = config.load({"CONSENT_DATABASE_URL": "postgresql://consent@db/consent"})
    assert read.database_url == read.migration_url == "postgresql+psycopg://consent@db/consent"
