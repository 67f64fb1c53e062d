"""Copies of do-not-call registries: loaded as tags in bounded memory, replaced whole, read in one statement."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consent.cli import main
from consent.db import Sql
from consent.errors import BadInput
from consent.house import House
from consent.numbers import copies, listed
from tests.support.statements import seen
from tests.support.systems import Systems, codes
from tests.support.time import Time
from tests.support.valley import PERSON, Tenant

REGISTRY = "national-do-not-call-registry"
KEPT = Sql("SELECT number, channel FROM do_not_call_listing WHERE organization_id = :organization_id ORDER BY 1, 2")
SALE = {"program": "marketing-calls", "message_class": "promotion", "channel": "voice"}


def upload(client: FlaskClient, valley: Tenant, body: bytes, media: str = "text/csv", **query: str) -> TestResponse:
    asked = {"registry": REGISTRY, "copied_on": "2026-11-20"} | query
    return client.post(
        "/api/v1/do-not-call/copies", query_string=asked, data=body, headers=valley.headers, content_type=media
    )


def kept(house: House, valley: Tenant) -> list[tuple[int, str]]:
    with house.db.read(valley.id) as tx:
        return [(row[0], row[1]) for row in tx.all(KEPT, {"organization_id": valley.id})]


def test_a_listed_number_is_denied_and_the_next_copy_lets_it_go(
    house: House, client: FlaskClient, valley: Tenant, systems: Systems
) -> None:
    first = upload(client, valley, f"{PERSON}\n+15095550177\n".encode())
    assert (first.status_code, first.get_json()["listed"], first.get_json()["complete"]) == (201, 2, True)
    decision = systems.decide(**SALE)
    reason = next(one for one in decision["reasons"] if one["code"] == "on-registry")
    assert (reason["law"], "2026-11-20" in reason["text"]) == ("US-TCPA-NDNC", True)
    assert upload(client, valley, b"+15095550177\n", copied_on="2026-11-21").status_code == 201
    assert "on-registry" not in codes(systems.decide(**SALE))
    assert kept(house, valley) == [(2, "sms"), (2, "voice")]
    shown = systems.get("do-not-call/copies").get_json()["copies"]
    assert [(one["copied_on"], one["state"]) for one in shown] == [
        ("2026-11-21", "complete"),
        ("2026-11-20", "replaced"),
    ]


def test_the_decision_with_registries_is_one_read_and_can_be_read_again(
    house: House, client: FlaskClient, valley: Tenant, systems: Systems
) -> None:
    upload(client, valley, PERSON.encode())
    with seen(house.db) as statements:
        decision = systems.decide(**SALE)
    assert len([one for one in statements if one.startswith("SELECT") and "set_config" not in one]) == 1
    stored = systems.get(f"decisions/{decision['id']}").get_json()
    assert stored["standing"]["number"]["copies"][0]["registry"] == REGISTRY


def test_a_copy_with_a_line_that_holds_no_number_counts_and_does_not_replace(
    house: House, client: FlaskClient, valley: Tenant, systems: Systems
) -> None:
    upload(client, valley, b"+15095550177")
    half = upload(client, valley, f"{PERSON}\nnobody\n".encode(), copied_on="2026-11-21").get_json()
    assert (half["complete"], half["unreadable"], half["unreadable_lines"]) == (False, 1, [2])
    assert "on-registry" in codes(systems.decide(**SALE))
    assert len(kept(house, valley)) == 4


def test_loading_the_same_copy_twice_leaves_one(house: House, client: FlaskClient, valley: Tenant) -> None:
    for _ in range(2):
        assert upload(client, valley, PERSON.encode()).status_code == 201
    assert len(kept(house, valley)) == 2


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"registry": "telephone-book"}, "registry"),
        ({"copied_on": "2026-11-22"}, "copied_on"),
        ({"copied_on": "yesterday"}, "copied_on"),
        ({"copied_on": "2026-11-19"}, "copied_on"),
    ],
)
def test_what_cannot_be_a_copy_is_refused(
    client: FlaskClient, valley: Tenant, query: dict[str, str], field: str
) -> None:
    upload(client, valley, PERSON.encode())
    answer = upload(client, valley, PERSON.encode(), **query)
    assert (answer.status_code, answer.get_json()["field"]) == (422, field)


def test_other_bodies_are_refused(client: FlaskClient, valley: Tenant) -> None:
    assert upload(client, valley, b"{}", "application/json").status_code == 415
    assert upload(client, valley, b"x", "application/octet-stream").status_code == 415
    assert upload(client, valley, b"1" * 2_000_000).get_json()["field"] == "body"


def test_the_command_loads_files_and_says_what_it_could_not_read(
    house: House, valley: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONSENT_DATA_DIR", str(house.config.data_dir))
    monkeypatch.setenv("CONSENT_DATABASE_URL", house.config.database_url)
    good, bad = tmp_path / "509.csv", tmp_path / "more.ndjson"
    good.write_text("area,number\n509,5550142\n")
    bad.write_text('"+15095550177"\n{"number": 5}\n')
    asked = ["do-not-call", "load", "--organization", valley.slug, "--registry", REGISTRY, "--copied-on", "2026-11-20"]
    done = CliRunner().invoke(main, [*asked, str(good), "--json"])
    assert (done.exit_code, json.loads(done.stdout)["listed"]) == (0, 1)
    half = CliRunner().invoke(main, [*asked, str(good), str(bad)])
    assert half.exit_code == 1
    assert "1 lines hold no number, the first: 2" in half.output


@pytest.mark.parametrize(
    ("line", "number"),
    [
        (b"+15095550142", PERSON),
        (b"5095550142", PERSON),
        (b"509-555-0142,home", PERSON),
        (b"509,5550142", PERSON),
        (b'"5095550142"', PERSON),
        (b"15095550142", PERSON),
        (b"555", None),
        (b"=cmd()", None),
        (b"\xff\xfe", None),
    ],
)
def test_a_line_is_read_as_registries_write_it(line: bytes, number: str | None) -> None:
    assert [one.number for one in listed.numbers([b"number", line], ndjson=False)] == [number]


def test_lines_come_whole_out_of_any_pieces() -> None:
    body = b"5095550142\r\n5095550177\n\n5095550188"
    for size in (1, 7, 100):
        pieces = [body[at : at + size] for at in range(0, len(body), size)]
        assert [one.at for one in listed.numbers(listed.lines(pieces), ndjson=False)] == [1, 2, 4]
    with pytest.raises(BadInput):
        list(listed.lines([b"5" * 600, b"5" * 600]))
    with pytest.raises(BadInput):
        list(listed.lines([b"5" * 1200 + b"\n+15095550142"]))


def test_a_batch_is_all_that_is_held(house: House, valley: Tenant, time: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "BATCH", 10)
    held: list[int] = []

    def found() -> Iterator[listed.Line]:
        for at in range(35):
            held.append(at + 1 - len(kept(house, valley)) // 2)
            yield listed.Line(at, f"+1509555{1000 + at}")

    now = time.now()
    rulebook = house.governing.now(valley.id, now).rulebook
    day = date(2026, 11, 1)
    done = copies.load(house.db, house.keyring, rulebook, valley.id, REGISTRY, day, found(), now)
    assert (done.listed, done.complete) == (35, True)
    assert max(held) == 10
