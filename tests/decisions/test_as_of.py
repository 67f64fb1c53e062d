"""Time travel: state, policy and decision as they were at an earlier instant, on both databases."""

import json
from collections.abc import Callable
from datetime import datetime

import pytest
from click.testing import CliRunner, Result

from consent import clock
from consent.cli import main
from consent.house import House
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, TEXTS, Tenant

BEFORE_ALL = "2020-01-01T00:00:00Z"


@pytest.fixture
def run(house: House, time: Time, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("CONSENT_DATA_DIR", str(house.config.data_dir))
    monkeypatch.setenv("CONSENT_DATABASE_URL", house.config.database_url)
    return lambda *words: CliRunner().invoke(main, list(words))


def test_what_stood_then_is_told_as_if_nothing_had_happened_since(
    run: Callable[..., Result], systems: Systems, twilio: Twilio, valley: Tenant
) -> None:
    before = clock.now()
    systems.consent()
    between = clock.now()
    twilio.text("STOP")
    contact = systems.lookup()

    def dump(*more: str) -> list[dict[str, object]]:
        done = run("preferences", "dump", "--organization", valley.slug, *more)
        assert done.exit_code == 0, done.output
        return [json.loads(line) for line in done.output.splitlines()]

    assert [(one["program"], one["state"]) for one in dump("--as-of", between.isoformat())] == [(TEXTS, "given")]
    assert dump("--as-of", between.isoformat())[0]["suppressions"] == []
    assert dump("--as-of", before.isoformat()) == []
    assert dump("--as-of", clock.now().isoformat()) == dump()

    def answer(at: datetime | None) -> str:
        asked = ["--organization", valley.slug, "--program", TEXTS, "--class", "outage", "--channel", "sms"]
        then = ["--as-of", at.isoformat()] if at is not None else []
        done = run("decide", *asked, "--address", PERSON, *then, "--json")
        assert done.exit_code == 0, done.output
        said: str = json.loads(done.output)["answer"]
        return said

    assert [answer(at) for at in (before, between, None)] == ["deny", "allow", "deny"]
    path = f"contact-points/{contact}/preferences"
    assert systems.get(path).get_json()["stopped"] is True
    then = systems.get(f"{path}?as_of={between.strftime('%Y-%m-%dT%H:%M:%S.%fZ')}").get_json()
    (program,) = [one for one in then["programs"] if one["program"] == TEXTS]
    assert (then["stopped"], program["on_record"][0]["state"]) == (False, "given")


def test_what_is_still_to_come_is_refused_and_nothing_asked_of_the_past_is_stored(
    run: Callable[..., Result], systems: Systems, valley: Tenant
) -> None:
    contact = systems.consent()["contact_point"]
    late = "2198-01-01T00:00:00Z"
    asked = ["decide", "--organization", valley.slug, "--program", TEXTS, "--class", "outage", "--channel", "sms"]
    asked += ["--address", PERSON]
    for words in (["preferences", "dump", "--as-of", late], [*asked, "--as-of", late]):
        done = run(*words)
        assert (done.exit_code, "Traceback" in done.output) == (1, False), words
    assert run(*asked, "--as-of", clock.now().isoformat(), "--store").exit_code == 1
    assert run("policies", "list", "--as-of", BEFORE_ALL).output == ""
    assert "in_force" in run("policies", "list").output
    assert systems.get(f"contact-points/{contact}/preferences?as_of={late}").status_code == 422
    assert systems.get(f"contact-points/{contact}/preferences?as_of=yesterday").status_code == 422
