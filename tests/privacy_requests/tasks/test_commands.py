"""`consent stores`: added, listed, checked without touching anything, removed."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from consent.cli import main
from consent.house import House
from consent.privacy_requests.tasks import people
from tests.casework.conftest import Office
from tests.privacy_requests.tasks.conftest import SETTING
from tests.privacy_requests.tasks.test_stores import INSTRUCTION, TABLES, fill, left
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import PERSON, Tenant


def test_stores_are_added_listed_checked_and_removed(
    house: House, valley: Tenant, crm: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, systems: Systems,
    time: Time,
) -> None:  # fmt: skip
    for name, value in (
        ("CONSENT_DATA_DIR", str(house.config.data_dir)),
        ("CONSENT_DATABASE_URL", house.config.database_url),
        ("CONSENT_PUBLIC_URL", house.config.public_url),
        (SETTING, crm.url.render_as_string(hide_password=False)),
    ):
        monkeypatch.setenv(name, value)
    fill(crm)
    systems.consent(person="customer-77")
    request_id = Office(house, valley).open("deletion", time.now(), PERSON)
    (tmp_path / "crm.toml").write_text(TABLES)
    (tmp_path / "paper.toml").write_text("\n".join(f'{one} = "{text}"' for one, text in INSTRUCTION.items()))
    (tmp_path / "bad.toml").write_text("x = ")

    def run(*arguments: str) -> Result:
        verb, *rest = arguments
        return CliRunner().invoke(main, ["stores", verb, "--organization", valley.slug, *rest])

    assert "no store yet" in run("list").output
    described = ("--url-setting", SETTING, "--description", str(tmp_path / "crm.toml"))
    assert run("add", "sql", "crm", *described).exit_code == 0
    made = run("add", "webhook", "billing", "--category", "invoices", "--url", "https://hooks.example/tasks")
    assert "whsec_" in made.output and "https://consent.example/webhooks/stores/" in made.output
    by_hand = ("--category", "letters", "--instruction", str(tmp_path / "paper.toml"))
    assert run("add", "manual", "paper", *by_hand).exit_code == 0
    refused = (
        (("add", "sql", "crm", *described), "on the list already"),
        (("add", "sql", "own", *described), "small letters"),
        (("add", "sql", "Crm 2", *described), "small letters"),
        (("add", "sql", "other", "--url-setting", SETTING), "[[tables]]"),
        (("add", "manual", "other", "--category", "a", "--instruction", str(tmp_path / "bad.toml")), "no TOML"),
        (("add", "manual", "other", "--category", "a", "--instruction", str(tmp_path / "none")), "cannot be read"),
        (("add", "webhook", "other", "--category", "a", "--url", "http://hooks.example"), "https"),
        (("remove", "unknown"), "no store of this name"),
        (("check", "unknown"), "no store of this name"),
    )
    for arguments, why in refused:
        done = run(*arguments)
        assert done.exit_code != 0 and why in done.output, (arguments, done.output)
    listed = json.loads(run("list", "--json").output)
    assert [(one["name"], one["kind"], one["categories"]) for one in listed] == [
        ("billing", "webhook", ["invoices"]), ("crm", "sql", ["account-contact"]), ("paper", "manual", ["letters"]),
    ]  # fmt: skip
    assert "whsec_" not in run("list").output and "sqlite" not in run("list").output
    looked = json.loads(run("check", "crm", "--request", str(request_id), "--json").output)
    assert looked["reachable"] and looked["would_find"] == {"account-contact": 3}
    assert len(left(crm)) == 5 and PERSON not in str(looked)
    monkeypatch.setenv(SETTING, "sqlite:////nowhere/at/all.db")
    gone = run("check", "crm")
    assert gone.exit_code == 1 and "CANNOT BE REACHED" in gone.output
    assert run("check", "paper").exit_code == 0
    assert run("remove", "crm").exit_code == 0 and "crm" not in run("list").output
    with house.db.read(valley.id) as tx:
        assert people.of_request(tx, house.keyring, valley.id, request_id) is not None
