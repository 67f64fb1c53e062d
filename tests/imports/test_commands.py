"""`consent import`, as it is typed."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from consent.cli import main
from consent.house import House
from tests.imports.files import no, number, row, text, write
from tests.support.systems import Systems
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, Tenant


@pytest.fixture(autouse=True)
def installation(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands find the house of the test."""
    monkeypatch.setenv("CONSENT_DATA_DIR", str(house.config.data_dir))
    monkeypatch.setenv("CONSENT_DATABASE_URL", house.config.database_url)


def typed(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["import", *map(str, arguments)])


def ok(*arguments: object) -> Any:
    done = typed(*arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def refused(*arguments: object) -> str:
    done = typed(*arguments)
    assert done.exit_code == 1, done.output
    assert "Traceback" not in done.output
    return done.output


def test_a_dry_run_says_what_the_import_then_does_and_writes_nothing(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio, tmp_path: Path
) -> None:
    twilio.text("STOP")
    rows = [
        row(),
        row(address=number(1), person="customer-1"),
        row(address=number(1), person="customer-1"),
        no(address=number(2)),
        row(address=number(2)),
        row(address="nobody"),
        *[row(address=number(place)) for place in range(3, 420)],
        no(address=number(3)),
        row(address=number(3), occurred_at="2026-11-12T00:00:00Z"),
    ]
    file = write(tmp_path, rows)
    seen = ok("consents", file, "--organization", valley.slug, "--dry-run")
    assert ok("list", "--organization", valley.slug) == []
    assert seen["samples"]["refused"][0]["code"] == "opt-out-newer"
    assert PERSON not in json.dumps(seen)
    done = ok("consents", file, "--organization", valley.slug)
    outcomes = ("rows", "gives", "ends", "unchanged", "older", "refused", "quarantined", "reasons")
    assert {name: seen[name] for name in outcomes} == {name: done[name] for name in outcomes}
    assert done["gives"] == 419 and done["refused"] == 2


def test_what_was_imported_is_listed_shown_and_undone(house: House, valley: Tenant, tmp_path: Path) -> None:
    file = write(tmp_path, [row(), row(address="nobody"), no(address=number(1))])
    made = ok("consents", file, "--organization", valley.slug, "--by", "the clerk")
    (listed,) = ok("list", "--organization", valley.slug)
    assert (listed["id"], listed["brought_by"], listed["stage"]) == (made["id"], "the clerk", "finished")
    assert ok("show", "--organization", valley.slug, made["id"])["reasons"] == {"bad-address": 1}
    kept = ok("quarantine", "--organization", valley.slug, made["id"])
    assert (kept["row"], kept["reasons"][0]["field"]) == (3, "address")
    assert "nobody" in typed("quarantine", "--organization", valley.slug, made["id"], "--csv").stdout
    assert "nobody" not in typed("quarantine", "--organization", valley.slug, made["id"]).stdout
    undone = ok("undo", "--organization", valley.slug, made["id"])
    assert (undone["stage"], undone["undone"], undone["kept"]) == ("undone", 1, 1)
    assert "--also-opt-outs" not in refused("undo", "--organization", valley.slug, made["id"])


def test_the_same_file_again_says_that_nothing_was_changed(house: House, valley: Tenant, tmp_path: Path) -> None:
    file = write(tmp_path, [row()])
    ok("consents", file, "--organization", valley.slug)
    again = typed("consents", file, "--organization", valley.slug)
    assert again.exit_code == 0
    assert "nothing was changed" in again.output


def test_in_a_pipe_there_is_no_progress_bar(house: House, valley: Tenant, tmp_path: Path) -> None:
    done = typed("consents", write(tmp_path, [row()]), "--organization", valley.slug)
    assert done.exit_code == 0
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty"),
        (b"adress,state\r\n+15095550142,given\r\n", 'Did you mean "adress"?'),
        (b"+15095550142,given\r\n", "column 1"),
        (b'address,state\r\n"+15095550142,given\r\n', "Row 2 cannot be read as CSV"),
        (b"address,state\r\nJos\xe9,given\r\n", 'encoding = "cp1252"'),
        (b"address,state\r\n" + b"x" * 20_000 + b",given\r\n", "longer than"),
        (b"address,state\r\n+1509555\x000142,given\r\n", "no text"),
        (text([row()]).encode("utf-16"), "utf-8"),
        (b",".join([b"a"] * 600), "more than 500 columns"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_way_out_and_nothing_is_written(
    house: House, valley: Tenant, tmp_path: Path, content: bytes, said: str
) -> None:
    file = tmp_path / "rows.csv"
    file.write_bytes(content)
    output = refused("consents", file, "--organization", valley.slug)
    assert said in output
    assert "5095550142" not in output
    assert ok("list", "--organization", valley.slug) == []


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("columns = 1", "mapping.columns"),
        ("[columns]\naddres = 'x'", "mapping.columns.addres"),
        ("[columns]\naddress = 'Phone'", 'Did you mean "phones"?'),
        ("nonsense = 1", "mapping.nonsense"),
        ("delimiter = ';;'", "mapping.delimiter"),
        ("encoding = 'klingon'", "mapping.encoding"),
        ("zone = 'Mars/Olympus'", "mapping.zone"),
        ("region = 'Washington'", "mapping.region"),
        ("format = 'nobody'", "mapping.format"),
        ("[constants]\nprogram = 'no-such'\n[columns]\naddress = 'phones'", "mapping.constants.program"),
        ("[constants]\nstate = 'maybe'", "mapping.constants.state"),
        ("[wordings.web]\ntext = 'x'", "mapping.wordings.web"),
        ("zone =", "no TOML"),
        ("[values]\nstate = 'x'", "mapping.values.state"),
    ],
)
def test_a_mapping_that_cannot_be_used_is_refused_with_its_key(
    house: House, valley: Tenant, tmp_path: Path, mapping: str, said: str
) -> None:
    file = tmp_path / "rows.csv"
    file.write_bytes(b"phones,state\r\n+15095550142,given\r\n")
    told = tmp_path / "mapping.toml"
    told.write_text(mapping)
    assert said in refused("consents", file, "--organization", valley.slug, "--mapping", told)


def test_a_mapping_names_columns_constants_values_wordings_and_dates(
    house: House, valley: Tenant, systems: Systems, tmp_path: Path
) -> None:
    told = tmp_path / "mapping.toml"
    told.write_text(
        """
        encoding = "cp1252"
        delimiter = ";"
        zone = "America/Los_Angeles"
        region = "US"
        date_formats = ["%m/%d/%Y %I:%M %p"]
        [columns]
        address = "Téléphone"
        state = "OK?"
        occurred_at = ["When", "Date"]
        wording = "Form"
        [constants]
        channel = "sms"
        program = "account-service-notifications"
        method = "web-form"
        ip_absent_reason = "not kept by the old system"
        [values.state]
        yes = "given"
        no = "withdrawn"
        [wordings."Form A"]
        text = "Text me about my account."
        language = "en"
        """
    )
    file = tmp_path / "rows.csv"
    file.write_bytes(
        "Name;Téléphone;OK?;Date;Form\r\nJosé;(509) 555-0142;Yes;11/10/2026 10:15 AM;Form A\r\n"
        "Zoë;509-555-0143;NO;;\r\n".encode("cp1252")
    )
    done = ok("consents", file, "--organization", valley.slug, "--mapping", told)
    assert (done["gives"], done["ends"]) == (1, 1)
    assert systems.may()


def test_the_opt_outs_of_twilio_and_of_a_mail_service_end_everything_on_their_channel(
    house: House, valley: Tenant, systems: Systems, tmp_path: Path
) -> None:
    systems.consent()
    texts, mails = tmp_path / "twilio.csv", tmp_path / "mail.csv"
    texts.write_text(
        "contact_id,sender_id,status,date_of_consent\n"
        "+15095550142,+15095550100,opt-out,2026-11-20T20:00:00Z\n+15095550143,,opt-in,\n"
    )
    mails.write_text(
        "Email Address,First Name,UNSUB_TIME\nsam@people.example,Sam,2026-11-01 08:00:00\nmiriam@people.example,M,\n"
    )
    done = ok("consents", texts, "--organization", valley.slug, "--format", "twilio-opt-outs")
    assert (done["ends"], done["reasons"]) == (1, {"unknown-state": 1})
    assert not systems.may()
    assert systems.preferences()["stopped"]
    done = ok("consents", mails, "--organization", valley.slug, "--format", "esp-opt-outs")
    assert (done["ends"], done["gives"]) == (2, 0)
    assert systems.preferences("sam@people.example", "email")["stopped"]


def test_an_import_that_was_cut_short_is_resumed_by_its_id_and_file_alone(
    house: House, valley: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path, [row(address=number(place)) for place in range(250)])
    other = write(tmp_path, [row()], "other.csv")
    done = ok("consents", other, "--organization", valley.slug)
    assert "nothing to go on with" in refused("consents", other, "--organization", valley.slug, "--resume", done["id"])
    with monkeypatch.context() as patch:
        patch.setattr("consent.imports.running.finish", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        typed("consents", file, "--organization", valley.slug)
    run = ok("list", "--organization", valley.slug)[0]
    assert (run["stage"], run["done"]) == ("running", 250)
    assert f"--resume {run['id']}" in refused("consents", file, "--organization", valley.slug)
    assert "not the file" in refused("consents", other, "--organization", valley.slug, "--resume", run["id"])
    assert ok("consents", file, "--organization", valley.slug, "--resume", run["id"])["stage"] == "finished"
