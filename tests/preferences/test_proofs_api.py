"""Files that prove a consent: with it or after it, in JSON or in parts, provable and erasable."""

import base64
import hashlib
import io
import uuid
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from consent import clock
from consent.app import create_app
from consent.db import Sql
from consent.house import House
from consent.ledger import base64url, disclosures
from consent.ledger import jobs as ledger_jobs
from consent.preferences import proofs_api
from tests.support import files
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import Tenant, consent_of, make_key, settings

LARGEST = 10 * 1024 * 1024
_EVENTS = Sql("SELECT count(*) FROM ledger_event")
_ROWS = Sql("SELECT count(*), max(length(content)) FROM proof")
_STORED = Sql("SELECT content FROM proof")
_KEY_GONE = Sql("UPDATE stream_key SET wrapped_key = NULL WHERE organization_id = :organization_id AND stream_id = :id")


def in_json(content: bytes, media_type: str = "image/png") -> dict[str, str]:
    return {"type": media_type, "content": base64.b64encode(content).decode()}


def in_parts(
    systems: Systems, entry: str, content: bytes, media_type: str = "image/png", name: str = "form.png", **more: Any
) -> TestResponse:
    data = {"file": FileStorage(io.BytesIO(content), name, content_type=media_type)} | more
    boundary, body = encode_multipart(data)
    kind = f"multipart/form-data; boundary={boundary}"
    return systems.client.post(
        f"/api/v1/consents/{entry}/proofs", data=body, headers=systems.headers, content_type=kind
    )


def counted(house: House, valley: Tenant) -> tuple[int, int]:
    with house.db.read(valley.id) as tx:
        events, rows = tx.one(_EVENTS, {}), tx.one(_ROWS, {})
    assert events is not None
    assert rows is not None
    return int(events[0]), int(rows[0])


def test_a_file_that_comes_with_a_consent_is_kept_with_its_entry(systems: Systems) -> None:
    answer = systems.consent(proof=in_json(files.PDF, "application/pdf"))
    listed = systems.get(f"consents/{answer['entry']}/proofs").get_json()["proofs"]
    assert [(one["id"], one["type"], one["size"], one["entry"]) for one in listed] == [
        (answer["proof"], "application/pdf", len(files.PDF), answer["entry"])
    ]
    event = systems.history()[0]
    assert (event["data"]["proof"], event["data"]["proof_type"]) == (answer["proof"], "application/pdf")
    assert event["facts"]["payload_sha256"] == base64url.encode(hashlib.sha256(files.PDF).digest())


@pytest.mark.parametrize("media_type", files.OF_TYPE)
def test_a_file_that_comes_later_has_an_entry_of_its_own(systems: Systems, media_type: str) -> None:
    consent = systems.consent()["entry"]
    answer = systems.post(f"consents/{consent}/proofs", in_json(files.OF_TYPE[media_type], media_type))
    assert answer.status_code == 201
    kept = answer.get_json()
    assert kept["entry"] != consent
    event = systems.history()[0]
    assert (event["type"], event["entry"], event["data"]["about"]) == ("proof.attached", kept["entry"], consent)
    assert event["facts"]["payload_sha256"] == base64url.encode(hashlib.sha256(files.OF_TYPE[media_type]).digest())
    assert systems.get(f"consents/{consent}/proofs/{kept['id']}").data == files.OF_TYPE[media_type]


def test_a_file_in_parts_is_the_same_file_as_in_json(systems: Systems, house: House, valley: Tenant) -> None:
    consent = systems.consent()["entry"]
    first = in_parts(systems, consent, files.PNG)
    assert first.status_code == 201, first.data
    before = counted(house, valley)
    again = systems.post(f"consents/{consent}/proofs", in_json(files.PNG))
    assert (again.status_code, again.get_json()) == (200, first.get_json())
    assert counted(house, valley) == before  # a second copy is free


def test_the_same_file_proves_two_consents(systems: Systems) -> None:
    entries = [systems.consent(address=f"+1509555010{n}")["entry"] for n in range(2)]
    kept = [in_parts(systems, entry, files.PNG).get_json()["id"] for entry in entries]
    assert len(set(kept)) == 2
    assert systems.get(f"consents/{entries[0]}/proofs/{kept[1]}").status_code == 404


def test_a_file_is_given_back_to_be_saved_and_nothing_else(systems: Systems) -> None:
    consent = systems.consent()["entry"]
    script = b"<script>alert(1)</script>"
    kept = systems.post(f"consents/{consent}/proofs", in_json(script, "text/plain")).get_json()["id"]
    answer = systems.get(f"consents/{consent}/proofs/{kept}")
    assert answer.data == script
    headers = answer.headers
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert headers["Content-Disposition"] == f'attachment; filename="proof-{kept}.txt"'
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert headers["Cache-Control"] == "no-store"
    digest = base64.b64encode(hashlib.sha256(script).digest()).decode()
    assert headers["Repr-Digest"] == f"sha-256=:{digest}:"


def test_reading_a_file_needs_a_scope_of_its_own(
    house: House, client: FlaskClient, systems: Systems, valley: Tenant, time: Time
) -> None:
    consent = systems.consent(proof=in_json(files.PNG))
    billing = Systems(client, valley, make_key(house, valley.id, time.now(), "consents:write", "consents:read"))
    for path in (f"consents/{consent['entry']}/proofs", f"consents/{consent['entry']}/proofs/{consent['proof']}"):
        assert billing.get(path).get_json()["scope"] == "proofs:read"
    assert in_parts(billing, consent["entry"], files.JPEG, "image/jpeg").status_code == 201


def test_a_file_is_stored_unreadable_and_dies_with_the_key_of_its_person(
    systems: Systems, house: House, valley: Tenant
) -> None:
    consent = systems.consent(proof=in_json(files.EML, "message/rfc822"))
    with house.db.read(valley.id) as tx:
        row = tx.one(_STORED, {})
    assert row is not None
    assert b"mail.example" not in bytes(row[0])
    stream = uuid.UUID(consent["contact_point"])
    house.db.write(lambda tx: tx.run(_KEY_GONE, {"organization_id": valley.id, "id": stream}), valley.id)
    gone = systems.get(f"consents/{consent['entry']}/proofs/{consent['proof']}")
    assert (gone.status_code, gone.get_json()["type"]) == (410, "/problems/gone")


def test_whoever_holds_the_file_can_be_shown_that_it_is_the_one(systems: Systems, house: House, valley: Tenant) -> None:
    consent = systems.consent(proof=in_json(files.WAV, "audio/wav"))
    ledger_jobs.seal_organization(house.db, house.keyring, valley.id, clock.now())
    bundle = systems.get(f"receipts/{consent['entry']}/bundle?show=payload_sha256").get_json()
    (shown,) = bundle["disclosures"]
    assert disclosures.read(shown).value == base64url.encode(hashlib.sha256(files.WAV).digest())
    assert disclosures.digest(shown).encode() in base64url.decode(bundle["body"])


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 422, "content"),
        ({"type": "image/png"}, 422, "content"),
        ({"content": "AAAA"}, 422, "type"),
        ({"type": "image/png", "content": ""}, 422, "content"),
        ({"type": "image/png", "content": 5}, 422, "content"),
        ({"type": 5, "content": "AAAA"}, 422, "type"),
        (in_json(files.PNG) | {"content": in_json(files.PNG)["content"][:-1]}, 422, "content"),  # cut off
        (in_json(files.PNG) | {"content": in_json(files.PNG)["content"] + "é"}, 422, "content"),
        (in_json(files.PNG) | {"content": "data:image/png;base64," + in_json(files.PNG)["content"]}, 422, "content"),
        (in_json(files.PNG) | {"content": in_json(files.PNG)["content"][:8] + "\n" + "AAAA"}, 422, "content"),
        (
            in_json(files.PNG) | {"content": in_json(files.PNG)["content"].replace("/", "_")[:-4] + "_-_-"},
            422,
            "content",
        ),
        (in_json(files.PNG, "image/jpeg"), 422, "type"),
        (in_json(files.PNG, "image/svg+xml"), 422, "type"),
        (in_json(files.PNG) | {"name": "form.pdf\0.png"}, 422, "name"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_field_and_nothing_is_stored(
    systems: Systems, house: House, valley: Tenant, body: Any, status: int, field: str
) -> None:
    consent = systems.consent()["entry"]
    before = counted(house, valley)
    answer = systems.post(f"consents/{consent}/proofs", body)
    problem = answer.get_json()
    assert answer.status_code == status, problem
    assert field in [one["field"] for one in problem["errors"]]
    with_consent = systems.refused(proof=body)
    assert f"proof.{field}" in [one["field"] for one in with_consent["errors"]]
    assert counted(house, valley) == before


@pytest.mark.parametrize("name", ["form.pdf.exe", "../../etc/passwd", "=cmd()", "x" * 5000, "."])
def test_what_a_file_is_called_is_neither_believed_nor_kept(systems: Systems, name: str) -> None:
    consent = systems.consent()["entry"]
    answer = in_parts(systems, consent, files.PNG, name=name)
    assert answer.status_code == 201, answer.data
    kept = answer.get_json()["id"]
    again = systems.get(f"consents/{consent}/proofs/{kept}")
    assert again.headers["Content-Disposition"] == f'attachment; filename="proof-{kept}.png"'
    assert "passwd" not in str(systems.history())


def test_parts_that_make_no_sense_are_refused(systems: Systems, house: House, valley: Tenant) -> None:
    consent = systems.consent()["entry"]
    before = counted(house, valley)
    path = f"/api/v1/consents/{consent}/proofs"

    def send(raw: bytes, content_type: str) -> TestResponse:
        return systems.client.post(path, data=raw, headers=systems.headers, content_type=content_type)

    two = in_parts(systems, consent, files.PNG, other=FileStorage(io.BytesIO(files.PNG), "b.png"))
    assert (two.status_code, two.get_json()["errors"][0]["field"]) == (422, "other")
    word = in_parts(systems, consent, files.PNG, note="hello")
    assert (word.status_code, word.get_json()["errors"][0]["field"]) == (422, "note")
    wrong = in_parts(systems, consent, files.PNG, "application/pdf")
    assert (wrong.status_code, wrong.get_json()["field"]) == (422, "type")
    assert in_parts(systems, consent, b"").status_code == 422
    for raw, content_type, status in (
        (b"", "multipart/form-data; boundary=x", 422),
        (b"--x\r\n", "multipart/form-data", 400),
        (b"--x\r\nContent-Disposition: form-data; name=file", "multipart/form-data; boundary=x", 422),
        (b"nothing of the kind", "multipart/form-data; boundary=x", 422),
        (files.PNG, "image/png", 415),
        (b"{", "application/json", 400),
    ):
        answer = send(raw, content_type)
        assert answer.status_code in (400, status), (raw, content_type, answer.data)
    assert counted(house, valley) == before


def test_a_file_of_the_largest_size_is_kept_and_one_byte_more_is_too_large(
    systems: Systems, house: House, valley: Tenant
) -> None:
    consent = systems.consent()["entry"]
    largest = files.TXT + b"a" * (LARGEST - len(files.TXT))
    kept = in_parts(systems, consent, largest, "text/plain")
    assert kept.status_code == 201, kept.data
    assert systems.get(f"consents/{consent}/proofs/{kept.get_json()['id']}").data == largest
    assert systems.post(f"consents/{consent}/proofs", in_json(largest, "text/plain")).status_code == 200
    before = counted(house, valley)
    for answer in (
        in_parts(systems, consent, largest + b"a", "text/plain"),
        systems.post(f"consents/{consent}/proofs", in_json(largest + b"a", "text/plain")),
        systems.post("consents", consent_of(proof=in_json(largest + b"a", "text/plain"))),
        in_parts(systems, consent, largest + b"a" * LARGEST, "text/plain"),
    ):
        assert (answer.status_code, answer.get_json()["type"]) == (413, "/problems/too-large")
    assert counted(house, valley) == before


def test_the_largest_size_is_a_setting(house: House, valley: Tenant, time: Time) -> None:
    house.config = settings(house.config.data_dir, house.config.database_url, CONSENT_PROOF_MEGABYTES="1")
    systems = Systems(create_app(house).test_client(), valley)
    consent = systems.consent()["entry"]
    assert in_parts(systems, consent, b"a" * 1024 * 1024, "text/plain").status_code == 201
    assert in_parts(systems, consent, b"a" * (1024 * 1024 + 1), "text/plain").status_code == 413


def test_a_consent_without_a_file_may_not_be_as_long_as_one_with_it(systems: Systems) -> None:
    answer = systems.client.post(
        "/api/v1/consents", data=b"{" + b" " * 300_000 + b"}", headers=systems.headers, content_type="application/json"
    )
    assert answer.status_code == 413


def test_a_consent_that_the_policy_refuses_keeps_no_file(systems: Systems, house: House, valley: Tenant) -> None:
    before = counted(house, valley)
    systems.refused(wording=None, proof=in_json(files.PNG))
    assert counted(house, valley) == before


def test_only_consents_have_proofs(systems: Systems, client: FlaskClient, house: House, valley: Tenant) -> None:
    ledger_jobs.seal_organization(house.db, house.keyring, valley.id, clock.now())
    policy = next(one for one in systems.get("changes").get_json()["changes"] if one["type"] == "policy.published")
    for entry in (policy["entry"], str(uuid.uuid4())):
        assert systems.post(f"consents/{entry}/proofs", in_json(files.PNG)).status_code == 404
        assert systems.get(f"consents/{entry}/proofs").status_code == 404
        assert systems.get(f"consents/{entry}/proofs/{uuid.uuid4()}").status_code == 404


def test_a_consent_keeps_a_bounded_number_of_files(systems: Systems, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consent.preferences.proofs.MOST", 2)
    consent = systems.consent()["entry"]
    for number, status in ((1, 201), (2, 201), (3, 409), (1, 200)):
        answer = systems.post(f"consents/{consent}/proofs", in_json(b"page %d" % number, "text/plain"))
        assert answer.status_code == status


def test_a_request_sent_twice_under_one_key_is_done_once(systems: Systems, house: House, valley: Tenant) -> None:
    body = consent_of(proof=in_json(files.PNG))
    first = systems.post("consents", body, Idempotency_Key="k")
    before = counted(house, valley)
    again = systems.post("consents", body, Idempotency_Key="k")
    assert (again.status_code, again.data) == (201, first.data)
    assert counted(house, valley) == before


def test_more_large_files_at_once_than_memory_is_meant_for_are_asked_to_come_again(
    systems: Systems, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proofs_api, "WAIT", 0.0)
    consent = systems.consent()["entry"]
    large = b"a" * 500_000
    for _ in range(proofs_api.AT_ONCE):
        assert proofs_api._turns.acquire(blocking=False)
    try:
        busy = in_parts(systems, consent, large, "text/plain")
        assert (busy.status_code, busy.headers["Retry-After"]) == (503, "5")
        assert in_parts(systems, consent, files.PNG).status_code == 201  # small ones need no turn
    finally:
        for _ in range(proofs_api.AT_ONCE):
            proofs_api._turns.release()
    assert in_parts(systems, consent, large, "text/plain").status_code == 201


def test_a_part_without_a_name_is_told_beside_one_with_a_wrong_name(systems: Systems) -> None:
    consent = systems.consent()["entry"]
    part = b"--x\r\nContent-Disposition: form-data"
    parts = part + b"\r\n\r\n1\r\n" + part + b'; name="u"\r\n\r\n2\r\n--x--\r\n'
    headers = {**systems.headers, "Content-Type": "multipart/form-data; boundary=x"}
    answer = systems.client.post(f"/api/v1/consents/{consent}/proofs", data=parts, headers=headers)
    assert answer.status_code == 422
