"""/api/v1/imports: files over HTTP, encrypted where they wait, worked off by the timed job."""

import io
import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consent.house import House
from consent.imports import uploads
from consent.timed import arriving
from tests.imports.files import no, number, row, text
from tests.support.systems import Systems
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, Tenant

ROWS = [row(), no(address=number(1)), row(address="nobody", person="=1+1")]


def send(systems: Systems, content: str | bytes, query: str = "", **headers: str) -> TestResponse:
    body = content.encode() if isinstance(content, str) else content
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return systems.client.post(
        f"/api/v1/imports{query}", data=body, content_type="text/csv", headers=systems.headers | named
    )


def send_form(systems: Systems, mapping: Any, content: str, **more: Any) -> TestResponse:
    told = {} if mapping is None else {"mapping": mapping if isinstance(mapping, str) else json.dumps(mapping)}
    form = {"file": (io.BytesIO(content.encode()), "rows.csv"), **told, **more}
    return systems.client.post(
        "/api/v1/imports", data=form, content_type="multipart/form-data", headers=systems.headers
    )


def test_a_file_is_taken_worked_off_and_followed(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio
) -> None:
    systems.consent(address=number(1), occurred_at="2026-11-01T00:00:00Z")
    taken = send(systems, text(ROWS))
    assert taken.status_code == 202, taken.text
    made = taken.get_json()
    assert (made["stage"], made["rows"]) == ("waiting", 0)
    assert not systems.may()
    arriving.work_off_imports(house)
    done = systems.get(f"imports/{made['id']}").get_json()
    assert (done["stage"], done["rows"], done["done"]) == ("finished", 3, 3)
    assert (done["gives"], done["ends"], done["quarantined"]) == (1, 1, 1)
    assert done["reasons"] == {"bad-address": 1}
    assert systems.may() and not systems.may(address=number(1))
    (kept,) = systems.get(f"imports/{made['id']}/quarantine").get_json()["rows"]
    assert (kept["row"], kept["reasons"][0]["code"], "=1+1" in kept["cells"]) == (4, "bad-address", True)
    assert systems.get("imports").get_json()["imports"][0] == {k: v for k, v in done.items() if k != "reasons"}


def test_an_upload_is_encrypted_for_the_owners_eyes_and_gone_when_done(
    house: House, valley: Tenant, systems: Systems
) -> None:
    many = text([row(address=number(place)) for place in range(1200)])
    made = send(systems, many).get_json()
    folder = house.config.data_dir / "imports"
    (file,) = folder.iterdir()
    assert (file.stat().st_mode & 0o777, folder.stat().st_mode & 0o077) == (0o600, 0)
    stored = file.read_bytes()
    assert len(stored) > len(many) > uploads.CHUNK
    assert b"+1201555" not in stored and b"account-service" not in stored and b"web-form" not in stored
    arriving.work_off_imports(house)
    assert list(folder.iterdir()) == []
    assert systems.get(f"imports/{made['id']}").get_json()["gives"] == 1200


@pytest.mark.parametrize("spoil", [lambda b: b[:-70_000], lambda b: b[:40] + bytes([b[40] ^ 1]) + b[41:]])
def test_a_changed_or_shortened_upload_is_not_read(house: House, valley: Tenant, systems: Systems, spoil: Any) -> None:
    made = send(systems, text([row(address=number(place)) for place in range(1200)])).get_json()
    (file,) = (house.config.data_dir / "imports").iterdir()
    file.write_bytes(spoil(file.read_bytes()))
    with pytest.raises(Exception, match="do not open"):
        arriving.work_off_imports(house)
    assert systems.get(f"imports/{made['id']}").get_json()["done"] == 0


def test_a_form_brings_its_mapping_along(house: House, valley: Tenant, systems: Systems) -> None:
    mapping = {
        "region": "US",
        "columns": {"address": "Phone"},
        "constants": {"channel": "sms", "state": "withdrawn", "program": "*"},
    }
    taken = send_form(systems, mapping, "Name,Phone\r\nSam,(509) 555-0142\r\n")
    assert taken.status_code == 202, taken.text
    arriving.work_off_imports(house)
    assert systems.get(f"imports/{taken.get_json()['id']}").get_json()["ends"] == 1
    assert systems.preferences(PERSON)["stopped"]


def test_the_same_file_is_answered_with_the_first_import(house: House, valley: Tenant, systems: Systems) -> None:
    first, again = send(systems, text(ROWS)), send(systems, text(ROWS))
    assert (first.status_code, again.status_code) == (202, 200)
    assert first.get_json()["id"] == again.get_json()["id"]
    arriving.work_off_imports(house)
    late = send(systems, text(ROWS))
    assert (late.status_code, late.get_json()["stage"]) == (200, "finished")
    assert list((house.config.data_dir / "imports").iterdir()) == []


def test_an_idempotency_key_is_answered_once_and_refused_for_another_file(
    house: House, valley: Tenant, systems: Systems
) -> None:
    first = send(systems, text(ROWS), Idempotency_Key="one")
    again = send(systems, text(ROWS), Idempotency_Key="one")
    other = send(systems, text([row()]), Idempotency_Key="one")
    assert (first.status_code, again.status_code, other.status_code) == (202, 202, 422)
    assert again.data == first.data
    assert len(list((house.config.data_dir / "imports").iterdir())) == 1


def test_a_file_that_cannot_be_read_fails_with_its_reason_and_writes_nothing(
    house: House, valley: Tenant, systems: Systems
) -> None:
    made = send(systems, "adress,state\r\n+15095550142,given\r\n").get_json()
    arriving.work_off_imports(house)
    failed = systems.get(f"imports/{made['id']}").get_json()
    assert failed["stage"] == "failed"
    assert 'Did you mean "adress"?' in failed["trouble"]
    assert list((house.config.data_dir / "imports").iterdir()) == []
    assert send(systems, "adress,state\r\n+15095550142,given\r\n").status_code == 202


def test_undo_is_asked_for_and_done_by_the_job(house: House, valley: Tenant, systems: Systems) -> None:
    made = send(systems, text(ROWS)).get_json()
    assert systems.post(f"imports/{made['id']}/undo", {}).status_code == 409
    arriving.work_off_imports(house)
    without = systems.post(f"imports/{made['id']}/undo", {"also_opt_outs": True})
    assert (without.status_code, without.get_json()["field"]) == (422, "reason")
    asked = systems.post(f"imports/{made['id']}/undo", {})
    assert (asked.status_code, asked.get_json()["stage"]) == (202, "undoing")
    arriving.work_off_imports(house)
    done = systems.get(f"imports/{made['id']}").get_json()
    assert (done["stage"], done["undone"], done["kept"]) == ("undone", 1, 1)
    assert not systems.may()


def test_lists_and_quarantines_go_on_by_cursor(house: House, valley: Tenant, systems: Systems) -> None:
    ids = [send(systems, text([row(address=f"nobody {one}") for _ in range(3)])).get_json()["id"] for one in range(3)]
    arriving.work_off_imports(house)
    first = systems.get("imports?limit=2").get_json()
    second = systems.get(f"imports?limit=2&cursor={first['next']}").get_json()
    assert {one["id"] for one in (*first["imports"], *second["imports"])} == set(ids)
    assert "next" not in second
    page = systems.get(f"imports/{ids[0]}/quarantine?limit=2").get_json()
    rest = systems.get(f"imports/{ids[0]}/quarantine?limit=2&cursor={page['next']}").get_json()
    assert [one["row"] for one in (*page["rows"], *rest["rows"])] == [2, 3, 4]
    assert systems.get("imports?cursor=nonsense").status_code == 400
    assert systems.get(f"imports/{ids[0]}/quarantine?cursor=nonsense").status_code == 400


@pytest.mark.parametrize(
    ("status", "field", "sending"),
    [
        (422, "file", lambda s: send(s, b"")),
        (422, "format", lambda s: send(s, "x", "?format=nobody")),
        (422, "nonsense", lambda s: send(s, "x", "?nonsense=1")),
        (415, None, lambda s: s.post("imports", {"file": "x"})),
        (422, "mapping.columns.x", lambda s: send_form(s, {"columns": {"x": "y"}}, "a")),
        (400, None, lambda s: send_form(s, "{", "a")),
        (422, "file", lambda s: send_form(s, None, "a", other="x")),
        (422, "file", lambda s: send_form(s, None, "a", more=(io.BytesIO(b"b"), "b.csv"))),
        (422, "mapping.constants.program", lambda s: send_form(s, {"constants": {"program": "no"}}, "address\r\n")),
        (413, None, lambda s: send_form(s, '{"x": "' + "y" * 100_000 + '"}', "a")),
    ],
)
def test_a_request_that_cannot_be_used_is_refused_and_leaves_no_file(
    house: House, valley: Tenant, systems: Systems, status: int, field: str | None, sending: Any
) -> None:
    answer = sending(systems)
    assert answer.status_code == status, answer.text
    assert answer.get_json().get("field") == field
    assert list((house.config.data_dir / "imports").glob("*")) == []
    assert systems.get("imports").get_json()["imports"] == []


def test_a_file_beyond_the_limit_is_refused_while_it_arrives(
    house: House, valley: Tenant, systems: Systems, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LIMIT", 1000)
    assert send(systems, text([row()] * 50)).status_code == 413
    assert list((house.config.data_dir / "imports").glob("*")) == []


def test_form_without_its_boundary_is_malformed(systems: Systems, client: FlaskClient) -> None:
    answer = client.post(
        "/api/v1/imports", data=b"--x\r\n", content_type="multipart/form-data", headers=systems.headers
    )
    assert answer.status_code in (400, 422)
