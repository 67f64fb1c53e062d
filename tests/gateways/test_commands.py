"""`consent gateways add` and `sms simulate` for every gateway, against the service itself."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from consent import clock
from consent.cli import main
from consent.commands.doctor import _tenants
from consent.gateways.sms import names
from consent.house import House
from tests.gateways.cases import case_of
from tests.support.mail_server import Server, serving
from tests.support.mailing import Post, add_account
from tests.support.systems import Systems
from tests.support.valley import NUMBER, PERSON, Tenant

Run = Callable[..., Result]


@pytest.fixture
def run(house: House, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("CONSENT_DATA_DIR", str(house.config.data_dir))
    monkeypatch.setenv("CONSENT_DATABASE_URL", house.config.database_url)
    monkeypatch.setenv("CONSENT_PUBLIC_URL", house.config.public_url)
    return lambda *arguments, **more: CliRunner().invoke(main, list(arguments), **more)


@pytest.fixture
def served(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the command sends over HTTP arrives at the application."""

    def request(method: str, url: str, **options: Any) -> requests.Response:
        parts = urlsplit(url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        given = client.open(path, method=method, data=options["data"], headers=options["headers"])
        answer = requests.Response()
        answer.status_code, answer._content = given.status_code, given.data
        return answer

    monkeypatch.setattr(requests, "request", request)


def as_options(settings: dict[str, Any], folder: Path) -> list[str]:
    """Settings as somebody would type them: secrets from files."""
    options: list[str] = []
    for name, value in settings.items():
        if isinstance(value, str):
            file = folder / name
            file.write_text(value + "\n")
            options += ["--secret-file", f"{name}={file}"]
        else:
            options += ["--setting", f"{name}={json.dumps(value)}"]
    return options


@pytest.mark.parametrize("name", names())
def test_an_account_is_added_and_its_simulated_stop_is_silence(
    name: str, run: Run, served: None, valley: Tenant, systems: Systems, tmp_path: Path
) -> None:
    systems.consent()
    case = case_of(name)
    options = as_options(dict(case.settings), tmp_path)
    added = run("gateways", "add", "--organization", valley.slug, name, "--number", NUMBER, *options)
    assert added.exit_code == 0, added.output
    address = next(line for line in added.output.splitlines() if "/webhooks/sms/" in line)
    assert address in added.output.split(f"At {name}:")[1], "the steps name the address"
    for secret in case.secrets:
        assert secret not in added.output.replace("secret=", "") or name in ("clicksend", "azure")
    more = []
    if case.private_key is not None:
        (tmp_path / "private.pem").write_text(case.private_key)
        more = ["--private-key", str(tmp_path / "private.pem")]
    asked = ["sms", "simulate", "--organization", valley.slug, "--gateway", name, "--from", PERSON, *more]
    done = run(*asked, "--json", "Stop")
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["state"]["stopped"] is True
    assert not systems.may()
    told = run(*asked, "Start")
    assert told.exit_code == 0, told.output
    assert "answer    2" in told.output


def test_the_calls_of_a_gateway_are_listed(run: Run, valley: Tenant) -> None:
    done = run("sms", "simulate", "--organization", valley.slug, "--calls")
    assert done.exit_code == 0, done.output
    assert "opted-out" in done.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "--from"),
        (("--from", PERSON, "--call", "inbund"), "there are inbound"),
        (("--from", PERSON, "--at", "yesterday"), "offset"),
        (("--from", PERSON, "--gateway", "bird"), "no bird account"),
    ],
)
def test_what_is_missing_or_wrong_is_said(run: Run, valley: Tenant, arguments: tuple[str, ...], said: str) -> None:
    if "bird" in arguments and "bird" not in names():
        arguments, said = (*arguments[:-1], "plivo"), "no plivo account"
    done = run("sms", "simulate", "--organization", valley.slug, *arguments)
    assert done.exit_code != 0
    assert said in done.output


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--setting", "auth_token"), "NAME=VALUE"),
        (("--setting", "auth_tokens=[1"), "auth_tokens begins like JSON"),
        (("--secret-file", "auth_token=/nowhere/token"), "auth_token cannot be read"),
        ((), "auth_token"),
    ],
)
def test_a_setting_that_does_not_fit_is_named(run: Run, valley: Tenant, options: tuple[str, ...], said: str) -> None:
    done = run("gateways", "add", "--organization", valley.slug, "twilio", "--number", NUMBER, *options)
    assert done.exit_code != 0
    assert said in done.output


def test_an_account_that_can_answer_nobody_says_so(run: Run, valley: Tenant, tmp_path: Path) -> None:
    options = as_options({"webhook_user": "u", "webhook_password": "p"}, tmp_path)
    done = run("gateways", "add", "--organization", valley.slug, "bandwidth", "--number", NUMBER, *options)
    assert done.exit_code == 0, done.output
    assert "nobody confirms a STOP" in done.output


SMTP = ("--recipient", "own", "--setting", "host=mail.example", "--setting", "from_address=news@valley.example")


def test_a_mail_account_is_added_and_listed_without_its_password(run: Run, valley: Tenant, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("hidden words\n")
    hidden = ("--setting", "username=news", "--secret-file", f"password={tmp_path / 'password'}")
    added = run("gateways", "add", "--organization", valley.slug, "smtp", *SMTP, *hidden)
    assert added.exit_code == 0, added.output
    assert "Valley Smart Homes leaves by this account" in added.output
    listed = run("gateways", "list", "--organization", valley.slug, "--json")
    (mail,) = [one for one in json.loads(listed.output) if one["gateway"] == "smtp"]
    assert (mail["from"], mail["can_send"]) == ("news@valley.example", True)
    assert "hidden words" not in added.output + listed.output
    assert "news@valley.example" in run("gateways", "list", "--organization", valley.slug).output


def test_no_password_stands_in_the_command(run: Run, valley: Tenant) -> None:
    done = run("gateways", "add", "--organization", valley.slug, "smtp", *SMTP, "--setting", "password=hidden words")
    assert done.exit_code == 1
    assert "--secret-file" in done.output
    assert "hidden words" not in done.output


def test_vsh_29_an_account_names_who_gets_what_goes_by_it_and_the_ledger_says_on_what_that_rests(
    run: Run, valley: Tenant, house: House, tmp_path: Path
) -> None:
    options = as_options({"auth_token": "t" * 32}, tmp_path)
    asked = ("gateways", "add", "--organization", valley.slug, "twilio", "--number", "+15095550177", *options)
    for named, said in (("affiliates", "No commitment lists affiliates"), ("somebody", "messaging-platforms")):
        refused = run(*asked, "--recipient", named)
        assert (refused.exit_code, said in refused.output) == (1, True), named
    assert run("gateways", "add", "--organization", valley.slug, "smtp", *SMTP[2:]).exit_code == 1
    listed = json.loads(run("gateways", "list", "--organization", valley.slug, "--json").output)
    assert len(listed) == 1  # nothing of what was refused is there
    assert run(*asked).exit_code == 0
    listed = json.loads(run("gateways", "list", "--organization", valley.slug, "--json").output)
    assert [one["recipient"] for one in listed] == [None, "messaging-platforms"]
    (added,) = [one for one in Post(house, valley).events("gateway.added") if "recipient" in one]
    assert (added["recipient"], added["rests_on"]) == ("messaging-platforms", ["VSH-29"])


def test_a_text_gateway_needs_its_numbers(run: Run, valley: Tenant) -> None:
    done = run("gateways", "add", "--organization", valley.slug, "twilio", "--setting", "auth_token=x")
    assert (done.exit_code, "--number" in done.output) == (1, True)


@pytest.mark.parametrize("waits", [False, True])
def test_the_doctor_says_that_no_mail_can_leave(
    run: Run, valley: Tenant, house: House, monkeypatch: pytest.MonkeyPatch, waits: bool
) -> None:
    def found() -> Any:
        return next(one for one in _tenants(house.config, house.db, house.keyring) if one.what.endswith(": mail"))

    assert (found().state, "/dev/outbox" in found().says) == ("ok", True)
    monkeypatch.setattr(type(house.config), "production", property(lambda self: True))
    if waits:
        Post(house, valley).write()
    assert found().state == ("bad" if waits else "note")
    assert "gateways add smtp" in found().says
    monkeypatch.undo()
    monkeypatch.setenv("CONSENT_DATA_DIR", str(house.config.data_dir))
    monkeypatch.setenv("CONSENT_DATABASE_URL", house.config.database_url)
    assert run("gateways", "add", "--organization", valley.slug, "smtp", *SMTP).exit_code == 0
    assert "from news@valley.example" in found().says


def test_a_mail_account_is_tried_by_one_mail(run: Run, valley: Tenant, house: House) -> None:
    asked = ("email", "test", "--organization", valley.slug, "--to", "you@example.com")
    assert "no mail account" in run(*asked).output
    with serving(Server()) as server:
        add_account(house, valley, server, clock.now())
        assert run(*asked).exit_code == 0
        assert [to for _, to, _ in server.taken] == ["you@example.com"]
        server.says("rcpt", "550 5.1.1 no you@example.com here")
        refused = run(*asked)
    assert (refused.exit_code, "smtp-550 5.1.1" in refused.output, "you@" in refused.output) == (1, True, False)
    gone = run(*asked)
    assert (gone.exit_code, "cannot be reached" in gone.output) == (1, True)
