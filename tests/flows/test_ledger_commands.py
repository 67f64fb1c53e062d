"""The commands an operator or auditor uses on the ledger, as they are typed."""

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from consent.cli import main
from consent.db.engine import make_engine
from consent.db.types import as_id
from consent.house import House
from consent.ledger import base64url, bodies, tree
from tests.support.twilio import Twilio
from tests.support.valley import Tenant, consent_of

Run = Callable[..., Result]


@pytest.fixture
def run(house: House, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `consent …` with the settings of the house."""
    monkeypatch.setenv("CONSENT_DATA_DIR", str(house.config.data_dir))
    monkeypatch.setenv("CONSENT_DATABASE_URL", house.config.database_url)
    monkeypatch.setenv("CONSENT_PUBLIC_URL", house.config.public_url)

    def command(*arguments: str) -> Result:
        return CliRunner().invoke(main, list(arguments))

    return command


@pytest.fixture
def lively(client: FlaskClient, valley: Tenant, twilio: Twilio) -> None:
    """A consent, a STOP, a HELP."""
    assert client.post("/api/v1/consents", json=consent_of(), headers=valley.headers).status_code == 201
    twilio.text("STOP")
    twilio.text("HELP")


def test_a_sound_ledger_is_said_to_hold(run: Run, lively: None, valley: Tenant) -> None:
    assert run("ledger", "checkpoint").exit_code == 0
    done = run("ledger", "verify", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["holds"] is True
    assert [one["organization"] for one in told["organizations"]] == [valley.slug]
    assert run("ledger", "verify", "--log-only", "--processes", "2").exit_code == 0


def test_one_byte_changed_by_hand_is_named_and_fails(run: Run, lively: None, house: House) -> None:
    run("ledger", "checkpoint")
    event_id = change_the_stop(house)
    done = run("ledger", "verify")
    assert done.exit_code == 1
    assert f"V2 ledger_event [event_id={event_id}]" in done.output


@pytest.mark.parametrize(
    ("change", "table"),
    [
        ("UPDATE organization_settings SET toml = replace(toml, 'stop', 'step')", "organization_settings"),
        ("DELETE FROM organization_settings", "organization_settings"),
        ("UPDATE policy_version SET version = '2025-01-03'", "policy_version"),
        ("UPDATE policy_version SET effective_at = '2030-01-01 00:00:00.000000'", "policy_version"),
        ("UPDATE policy_version SET status = 'draft'", "policy_version"),
        ("DELETE FROM policy_version", "policy_version"),
    ],
)
def test_what_binds_cannot_be_changed_by_hand_unnoticed(
    run: Run, lively: None, house: House, change: str, table: str
) -> None:
    run("ledger", "checkpoint")
    with past_every_guard(house) as connection:
        connection.exec_driver_sql(change)
    done = run("ledger", "verify")
    assert done.exit_code == 1
    assert f"V10 {table} [" in done.output


def change_the_stop(house: House) -> UUID:
    """One letter of a stored body is another, past every guard; returns whose."""
    with past_every_guard(house) as connection:
        stored = connection.execute(sa.text("SELECT event_id, body FROM ledger_event")).all()
        ((event_id, body),) = [row for row in stored if b'"consent.withdrawn"' in row[1]]
        changed = {"body": body.replace(b'"stop"', b'"stoq"'), "id": event_id}
        connection.execute(sa.text("UPDATE ledger_event SET body = :body WHERE event_id = :id"), changed)
    return as_id(event_id)


@contextmanager
def past_every_guard(house: House) -> Iterator[sa.Connection]:
    """A connection that no trigger and no missing grant hinders."""
    owner = make_engine(house.config.database_url, role=None)
    with owner.connect() as connection:
        if house.db.is_postgresql:
            connection.exec_driver_sql("SET session_replication_role = replica")
        else:
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
                connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        yield connection
    owner.dispose()


def test_a_kept_checkpoint_is_compared(run: Run, lively: None, tmp_path: Path) -> None:
    note = run("ledger", "checkpoint").stdout
    kept = tmp_path / "kept.note"
    kept.write_text(note)
    assert run("ledger", "verify", "--held", str(kept)).exit_code == 0
    lines = note.split("\n")
    lines[1] = str(int(lines[1]) + 5)
    kept.write_text("\n".join(lines))
    refused = run("ledger", "verify", "--held", str(kept))
    assert refused.exit_code == 1 and "V8" in refused.output


def test_an_export_is_enough_to_compute_the_root(run: Run, lively: None, valley: Tenant, tmp_path: Path) -> None:
    note = run("ledger", "checkpoint").stdout
    folder = tmp_path / "out"
    done = run("ledger", "export", str(folder), "--organization", valley.slug)
    assert done.exit_code == 0, done.output
    log = json.loads((folder / "1/log.json").read_text())
    assert log["origin"] == f"consent.example/log/{valley.slug}/1" and len(log["vkeys"]) == 1
    lines = [json.loads(line) for line in (folder / "1/leaves.jsonl").read_text().splitlines()]
    assert [line["i"] for line in lines] == list(range(len(lines)))
    root = tree.root_of([bodies.leaf_hash(base64url.decode(line["b"])) for line in lines])
    checkpoints = [json.loads(line)["note"] for line in (folder / "1/checkpoints.jsonl").read_text().splitlines()]
    assert note in checkpoints
    assert b64encode(root).decode() in note
    assert "5550142" not in (folder / "1/leaves.jsonl").read_text()
    assert run("ledger", "export", str(folder), "--organization", valley.slug).exit_code == 1


def test_a_rotation_stands_in_the_ledger_and_the_log_goes_on(run: Run, lively: None, valley: Tenant) -> None:
    run("ledger", "checkpoint")
    before = run("signing-keys", "list", "--vkeys").stdout.splitlines()
    for use in ("log", "receipts"):
        done = run("signing-keys", "rotate", use, "--organization", valley.slug)
        assert done.exit_code == 0, done.output
    after = run("signing-keys", "list", "--vkeys").stdout.splitlines()
    assert len(before) == 1 and len(after) == 2 and before[0] in after
    assert len(json.loads(run("signing-keys", "list", "--jwks").stdout)["keys"]) == 2
    note = run("ledger", "checkpoint").stdout
    assert note.count("— ") == 2
    assert run("ledger", "verify").exit_code == 0


def test_an_unknown_organization_is_named_in_one_sentence(run: Run, lively: None) -> None:
    done = run("ledger", "verify", "--organization", "nobody")
    assert done.exit_code == 1
    assert done.output.strip().endswith("There are: valley-smart-homes.")


@pytest.mark.parametrize(
    "command",
    [
        ("ledger", "verify"),
        ("ledger", "export"),
        ("ledger", "checkpoint"),
        ("signing-keys", "create"),
        ("signing-keys", "rotate"),
        ("signing-keys", "list"),
        ("receipts", "verify"),
        ("receipts", "export"),
    ],
)
def test_every_command_shows_an_example(command: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(main, [*command, "--help"])
    assert shown.exit_code == 0
    assert "Example" in shown.output and "consent " in shown.output
