"""`consent sms messages` and `simulate`, as they are typed."""

from pathlib import Path

import pytest
import requests
from click.testing import CliRunner

from consent.cli import main
from consent.house import House
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, Tenant

STOP, HELP = "SM" + "1" * 32, "SM" + "2" * 32


@pytest.mark.parametrize("named", [False, True])
def test_the_gateways_ids_of_stored_texts_are_listed_a_line_each(
    house: House, valley: Tenant, twilio: Twilio, monkeypatch: pytest.MonkeyPatch, named: bool
) -> None:
    monkeypatch.setenv("CONSENT_DATA_DIR", str(house.config.data_dir))
    monkeypatch.setenv("CONSENT_DATABASE_URL", house.config.database_url)
    twilio.text("STOP", sid=STOP)
    twilio.text("HELP", sid=HELP)
    twilio.text("HELP", sid=HELP)
    chosen = ["--organization", valley.slug] if named else []
    done = CliRunner().invoke(main, ["sms", "messages", "--ids", *chosen])
    assert done.exit_code == 0, done.output
    assert done.output.splitlines() == [STOP, HELP]


@pytest.mark.parametrize(
    ("address", "prefix"),
    [
        ("http://127.0.0.1:8000", ""),
        ("http://127.0.0.1:8410", "CONSENT_PUBLIC_URL=http://127.0.0.1:8410 "),
    ],
)
def test_the_demo_prints_commands_that_reach_it_where_it_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, prefix: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CONSENT_PUBLIC_URL", address)
    done = CliRunner().invoke(main, ["demo", "--prepare-only", "--brief"])
    assert done.exit_code == 0, done.output
    assert f"     {prefix}.venv/bin/consent sms simulate" in done.output


def test_a_refused_signature_is_told_with_the_address_it_was_made_for(
    house: House, valley: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONSENT_DATA_DIR", str(house.config.data_dir))
    monkeypatch.setenv("CONSENT_DATABASE_URL", house.config.database_url)
    monkeypatch.setenv("CONSENT_PUBLIC_URL", "http://127.0.0.1:8410")
    refused = requests.Response()
    refused.status_code = 403
    monkeypatch.setattr(requests, "request", lambda *args, **kwargs: refused)
    asked = ["--organization", valley.slug, "--from", PERSON, "--url", "http://127.0.0.1:8000", "STOP"]
    done = CliRunner().invoke(main, ["sms", "simulate", *asked])
    assert done.exit_code == 1
    assert "made for http://127.0.0.1:8410" in done.output
