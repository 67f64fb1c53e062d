"""What an administrator does with accounts, and what the operator's command does."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from consent.db import Sql
from consent.house import House
from consent.outbox import service as outbox
from consent.staff import commands
from consent.staff.roles import Role
from tests.staff.joining import Person
from tests.support import staff
from tests.support.time import Time
from tests.support.valley import Tenant

TEAM = "/staff/team"


def letters(house: House, valley: Tenant, time: Time) -> list[dict[str, str]]:
    """The invitations that wait in the outbox, and no longer afterwards."""
    jobs = house.db.write(lambda tx: outbox.claim(tx, valley.id, outbox.EMAIL, "tests", time.now()), valley.id)
    return [outbox.open_payload(house.keyring.challenge_key(valley.id), job) for job in jobs]


def test_somebody_is_invited_by_mail_in_their_language_and_gets_in(
    app: Flask, house: House, valley: Tenant, time: Time
) -> None:
    admin = staff.member(house, valley.id, time.now(), name="Ana <b>")
    client = admin.client(app)
    form = {"csrf": admin.csrf(), "name": "Cleo", "email": "cleo@valley.example", "role": "clerk", "language": "fr"}
    for slip in ({"email": "nobody"}, {"name": ""}, {"role": ""}, {"role": "king"}, {"language": "tlh"},
                 {"name": "x" * 101}, {"email": admin.email}):  # fmt: skip
        answer = client.post(TEAM, data=form | slip)
        assert (answer.status_code, f'id="{next(iter(slip))}-wrong"' in answer.get_data(as_text=True)) == (422, True)
    assert letters(house, valley, time) == []
    assert client.post(TEAM, data=form).status_code == 303
    assert client.post(TEAM, data=form).status_code == 422  # there already
    (letter,) = letters(house, valley, time)
    assert letter["to"] == "cleo@valley.example"
    assert letter["text"].startswith("Bonjour Cleo,")
    assert "Ana &lt;b&gt;" in letter["html"]
    link = re.search(r"https://consent\.example(/staff/join/\S+)", letter["text"])
    assert link is not None
    cleo = Person(app, time, valley.slug, "cleo@valley.example", link[1])
    browser = app.test_client()
    assert cleo.join(browser).status_code == 200
    assert browser.get(f"{TEAM}/new").status_code == 403
    assert "Cleo" in client.get(TEAM).get_data(as_text=True)


def test_another_role_or_disabling_ends_their_sign_ins_and_somebody_stays_in_charge(
    app: Flask, house: House, valley: Tenant, time: Time
) -> None:
    admin, clerk = (staff.member(house, valley.id, time.now(), role) for role in (Role.ADMIN, Role.CLERK))
    client, theirs = admin.client(app), clerk.client(app)
    token = {"csrf": admin.csrf()}
    for who, path, form in ((admin, "role", {"role": "viewer"}), (admin, "state", {"state": "disable"})):
        assert client.post(f"{TEAM}/{who.id}/{path}", data=token | form).status_code == 403
    assert client.post(f"{TEAM}/{clerk.id}/role", data=token | {"role": "king"}).status_code == 422
    assert theirs.get("/staff/account").status_code == 200
    assert client.post(f"{TEAM}/{clerk.id}/role", data=token | {"role": "auditor"}).status_code == 303
    assert theirs.get("/staff/account").status_code == 303
    assert client.post(f"{TEAM}/{clerk.id}/state", data=token | {"state": "disable"}).status_code == 303
    assert client.post(f"{TEAM}/{clerk.id}/invitation", data=token).status_code == 409
    assert client.post(f"{TEAM}/{clerk.id}/state", data=token | {"state": "enable"}).status_code == 303
    assert client.post(f"{TEAM}/{clerk.id}/invitation", data=token).status_code == 303
    (letter,) = letters(house, valley, time)
    assert letter["to"] == clerk.email
    assert "Auditor" in client.get(f"{TEAM}/{clerk.id}").get_data(as_text=True)


def test_the_first_administrator_comes_from_a_command_once_and_cannot_be_disabled_last(
    house: House, valley: Tenant, app: Flask, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {"CONSENT_DATA_DIR": str(house.config.data_dir), "CONSENT_PUBLIC_URL": house.config.public_url}
    settings["CONSENT_DATABASE_URL"] = house.config.database_url
    for name, value in settings.items():
        monkeypatch.setenv(name, value)

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(commands.staff, words)
        return done.exit_code, done.stdout

    status, link = run("first-admin", valley.slug, "ana@valley.example", "--name", "Ana")
    assert status == 0
    assert run("first-admin", valley.slug, "eve@valley.example")[0] == 1
    ana = Person(app, time, valley.slug, "ana@valley.example", link.strip().removeprefix(house.config.public_url))
    assert ana.join(app.test_client()).status_code == 200
    mine = ("--organization", valley.slug)
    assert run("disable", *mine, "ana@valley.example")[0] == 1
    assert run("add", *mine, "ben@valley.example", "--role", "privacy_officer")[0] == 0
    assert run("disable", *mine, "ben@valley.example") == (0, "The account is disabled.\n")
    assert run("invite", *mine, "nobody@valley.example")[0] == 1
    assert run("invite", *mine, "ana@valley.example")[0] == 0
    status, listed = run("list", *mine, "--json")
    assert [(one["email"], one["state"]) for one in json.loads(listed)] == [
        ("ana@valley.example", "active"),
        ("ben@valley.example", "disabled"),
    ]
    with house.db.read(valley.id) as tx:
        assert tx.one(Sql("SELECT count(*) FROM staff_sign_in"), {}) == (1,)
    assert Path(settings["CONSENT_DATA_DIR"]).exists()
