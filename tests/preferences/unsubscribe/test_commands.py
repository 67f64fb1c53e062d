"""`consent unsubscribes`: what was pressed, and what came in bursts."""

import json

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from consent.cli import main
from consent.house import House
from tests.preferences.unsubscribe.test_pages import burst, press, token
from tests.support.valley import Tenant


def listed(valley: Tenant, *more: str) -> str:
    """What the command prints."""
    done = CliRunner().invoke(main, ["unsubscribes", "list", "--organization", valley.slug, *more])
    assert done.exit_code == 0, done.output
    return done.output


def test_bursts_are_listed_by_themselves_and_no_address_is(
    house: House, valley: Tenant, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONSENT_DATA_DIR", str(house.config.data_dir))
    monkeypatch.setenv("CONSENT_DATABASE_URL", house.config.database_url)
    assert burst(house, valley, client) == 3
    press(client, valley, token(house, valley, "later@people.example", "service-email"))
    found = json.loads(listed(valley, "--noticed", "--json"))
    assert [one["burst"] for one in found] == [{"by": "one-mail", "people": 3}] * 3
    assert len(json.loads(listed(valley, "--json"))) == 4
    assert "people.example" not in listed(valley)
