"""`consent webhooks`, as it is typed."""

import json
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner, Result

from consent.cli import main
from consent.house import House
from tests.changes.conftest import Feed
from tests.support.systems import Systems
from tests.support.valley import Tenant

Run = Callable[..., Result]


@pytest.fixture
def run(house: House, valley: Tenant, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `consent webhooks …` for Valley, with the settings of the house."""
    monkeypatch.setenv("CONSENT_DATA_DIR", str(house.config.data_dir))
    monkeypatch.setenv("CONSENT_DATABASE_URL", house.config.database_url)

    def command(verb: str, *arguments: str) -> Result:
        return CliRunner().invoke(main, ["webhooks", verb, "--organization", valley.slug, *arguments])

    return command


def test_a_webhook_is_added_tried_and_set_back(run: Run, systems: Systems, feed: Feed) -> None:
    cursor = feed(after="latest")["cursor"]
    added = run("add", "--type", "consent.*", "https://hooks.example/consent?token=abc")
    assert added.exit_code == 0, added.output
    identity, secret = added.stdout.split()
    assert secret.startswith("whsec_")
    assert run("test", identity).exit_code == 0
    assert run("replay", identity, "--after", cursor).exit_code == 0
    listed = run("list", "--json")
    (one,) = json.loads(listed.stdout)
    assert (one["id"], one["state"], one["url"]) == (str(UUID(identity)), "active", "https://hooks.example/consent?…")
    assert secret not in listed.stdout
    assert identity in run("list").stdout
    assert systems.get(f"webhooks/{identity}").get_json()["cursor"] == cursor


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "https://10.0.0.1/"), "url: A webhook needs"),
        (("add", "--type", "text.sent", "https://hooks.example/"), "types: A type is written"),
        (("test", str(uuid4())), "There is no such webhook."),
        (("replay", str(uuid4())), "There is no such webhook."),
        (("replay", str(uuid4()), "--after", "x"), "after: This cursor"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_fails(run: Run, arguments: tuple[str, ...], said: str) -> None:
    done = run(*arguments)
    assert done.exit_code == 1
    assert said in done.output and "Traceback" not in done.output


def test_without_a_webhook_the_list_says_how_to_add_one(run: Run) -> None:
    assert "consent webhooks add" in run("list").stdout


@pytest.mark.parametrize("verb", ["list", "add", "test", "replay"])
def test_each_shows_an_example(verb: str) -> None:
    shown = CliRunner().invoke(main, ["webhooks", verb, "--help"])
    assert "Example" in shown.output and f"consent webhooks {verb}" in shown.output
