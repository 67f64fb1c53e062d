"""`consent decide`: the gate's answer in a few lines, or as the API gives it."""

import json

import pytest
from click.testing import CliRunner, Result

from consent.cli import main
from consent.house import House
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, TEXTS, Tenant


@pytest.fixture(autouse=True)
def installed(house: House, time: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSENT_DATA_DIR", str(house.config.data_dir))
    monkeypatch.setenv("CONSENT_DATABASE_URL", house.config.database_url)


def decide(valley: Tenant, *more: str, message_class: str = "outage") -> Result:
    asked = ["decide", "--organization", valley.slug, "--program", TEXTS, "--class", message_class]
    return CliRunner().invoke(main, [*asked, "--channel", "sms", "--address", PERSON, *more])


def test_a_no_says_why_in_a_few_lines(valley: Tenant, systems: Systems, twilio: Twilio) -> None:
    entry = systems.consent()["entry"]
    twilio.text("STOP")
    done = decide(valley)
    lines = done.output.splitlines()
    assert done.exit_code == 0
    assert lines[0] == f"No: outage of {TEXTS} by sms to •••• 0142"
    assert "(suppressed)" in lines[1]
    assert "VSH-25" in lines[2]
    assert "entry " in lines[2]
    assert lines[-1].startswith("  By privacy-policy 2025-01-02; holds until ")
    assert len(lines) <= 8
    assert PERSON not in done.output
    assert entry not in done.output


def test_a_yes_names_what_it_rests_on(valley: Tenant, systems: Systems) -> None:
    entry = systems.consent()["entry"]
    lines = decide(valley).output.splitlines()
    assert lines[0].startswith("Yes: ")
    assert any(entry in line for line in lines)


def test_as_json_it_is_what_the_api_says(valley: Tenant, systems: Systems) -> None:
    systems.consent()
    told, asked = json.loads(decide(valley, "--json").stdout), systems.decide(store=False)
    assert {name: told[name] for name in told if name != "valid_until"} == {
        name: asked[name] for name in asked if name != "valid_until"
    }


def test_it_is_stored_only_when_wanted(valley: Tenant, systems: Systems) -> None:
    assert json.loads(decide(valley, "--json").stdout)["id"] is None
    stored = json.loads(decide(valley, "--json", "--store").stdout)["id"]
    assert systems.get(f"decisions/{stored}").status_code == 200


def test_content_and_facts_count(valley: Tenant, systems: Systems) -> None:
    systems.consent()
    assert "content-promotional" in decide(valley, "--content", "20% off!").output
    assert "fact-missing" in decide(valley, message_class="price-quote").output
    assert "fact-missing" not in decide(valley, "--fact", "reference=quote-7", message_class="price-quote").output


@pytest.mark.parametrize(
    ("more", "field"),
    [
        (["--fact", "member"], "fact"),
        (["--fact", "colour=red"], "fact"),
        (["--fact", "member=yes", "--fact", "member=no"], "fact"),
        (["--fact", "member=perhaps"], "member"),
        (["--fact", "age=old"], "age"),
        (["--fact", "last_purchase_on=May"], "last_purchase_on"),
        (["--fact", "jurisdiction=US-XX"], "jurisdiction"),
        (["--at", "tomorrow"], "at"),
        (["--at", "2020-01-01T00:00:00Z"], "at"),
        (["--address", "5550142"], "address"),
        (["--organization", "nobody"], ""),
    ],
)
def test_what_cannot_be_asked_is_named(valley: Tenant, more: list[str], field: str) -> None:
    done = decide(valley, *more)
    assert done.exit_code == 1
    assert done.output.startswith("Error: ")
    assert field in done.output
