"""From a consent given over the API to a file that proves it without us, on both databases."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from consent import clock
from consent.cli import main
from consent.db import Sql
from consent.evidence import kept_texts, offline
from consent.house import House
from consent.ledger import bodies, jobs, verify
from consent.ledger.findings import Report
from consent.preferences import rebuild
from tests.support.twilio import Twilio
from tests.support.valley import Tenant, consent_of


def give(client: FlaskClient, valley: Tenant, **changes: Any) -> dict[str, Any]:
    answer = client.post("/api/v1/consents", json=consent_of(**changes), headers=valley.headers)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    body: dict[str, Any] = answer.get_json()
    return body


def look(house: House, valley: Tenant) -> Report:
    folds = (rebuild.check, *kept_texts.CHECKS)
    with house.db.read(valley.id) as tx:
        return verify.verify(tx, house.keyring, valley.id, clock.now(), folds=folds)


def seal(house: House, valley: Tenant) -> int:
    return jobs.seal_organization(house.db, house.keyring, valley.id, clock.now())


def test_a_receipt_read_again_is_the_one_that_was_given(client: FlaskClient, valley: Tenant) -> None:
    given = give(client, valley)
    again = client.get(f"/api/v1/receipts/{given['receipt_id']}", headers=valley.headers).get_json()
    assert again == {"receipt_id": given["receipt_id"], "receipt": given["receipt"]}


@pytest.mark.parametrize(("form", "member"), [("iso-27560", "dpv:hasProcess"), ("kantara", "piiControllers")])
def test_a_receipt_can_be_read_in_other_words(client: FlaskClient, valley: Tenant, form: str, member: str) -> None:
    given = give(client, valley)
    answer = client.get(f"/api/v1/receipts/{given['receipt_id']}?as={form}", headers=valley.headers)
    assert answer.get_json()["export"][member]


def test_a_receipt_of_another_organization_or_of_nothing_is_not_found(client: FlaskClient, valley: Tenant) -> None:
    nothing = "0199c0de-0000-7000-8000-00000000ffff"
    assert client.get(f"/api/v1/receipts/{nothing}", headers=valley.headers).status_code == 404
    assert client.get(f"/api/v1/receipts/{nothing}/bundle", headers=valley.headers).status_code == 404
    assert client.get(f"/api/v1/receipts/{nothing}").status_code == 401


def test_a_bundle_is_verified_with_published_keys_and_no_settings(
    house: House,
    client: FlaskClient,
    valley: Tenant,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = give(client, valley)
    seal(house, valley)
    where = f"/api/v1/receipts/{given['receipt_id']}/bundle"
    files = {
        "bundle.json": client.get(where + "?show=address", headers=valley.headers).data,
        "jwks.json": client.get("/.well-known/jwks.json").data,
        "log-keys.txt": client.get("/.well-known/log-keys.txt").data,
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    monkeypatch.chdir(tmp_path)
    for name in ("CONSENT_DATA_DIR", "CONSENT_DATABASE_URL"):
        monkeypatch.setenv(name, "/nowhere")  # a settings reader would stumble over it
    command = ["receipts", "verify", "bundle.json", "--jwks", "jwks.json", "--log-key", "log-keys.txt", "--json"]
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 0, done.output
    proved = json.loads(done.stdout)
    assert (proved["sealed"], proved["event"]["event_state"]) == (True, "given")
    assert proved["facts"] == {"address": "+15095550142"}
    broken = json.loads(files["bundle.json"])
    broken["disclosures"][0] = broken["disclosures"][0][:-4] + "AAAA"
    (tmp_path / "bundle.json").write_text(json.dumps(broken))
    assert CliRunner().invoke(main, command).exit_code == 1


def test_an_unsealed_bundle_is_not_passed_off_as_proved(client: FlaskClient, valley: Tenant, tmp_path: Path) -> None:
    given = give(client, valley)
    bundle = client.get(f"/api/v1/receipts/{given['receipt_id']}/bundle", headers=valley.headers)
    assert bundle.get_json()["proof"] is None
    (tmp_path / "b.json").write_bytes(bundle.data)
    (tmp_path / "k.json").write_bytes(client.get("/.well-known/jwks.json").data)
    command = ["receipts", "verify", str(tmp_path / "b.json"), "--jwks", str(tmp_path / "k.json")]
    refused = CliRunner().invoke(main, command)
    assert refused.exit_code == 1 and "not sealed yet" in refused.output
    assert CliRunner().invoke(main, [*command, "--unsealed"]).exit_code == 0


def test_a_stop_has_a_receipt_too(house: House, client: FlaskClient, valley: Tenant, twilio: Twilio) -> None:
    give(client, valley)
    twilio.text("STOP")
    with house.db.read(valley.id) as tx:
        stored = tx.all(Sql("SELECT body FROM ledger_event WHERE organization_id = :o"), {"o": valley.id})
    (stop,) = [leaf for leaf in (bodies.parse(bytes(row[0])) for row in stored) if leaf.type == "consent.withdrawn"]
    receipt = client.get(f"/api/v1/receipts/{stop.id}", headers=valley.headers).get_json()["receipt"]
    claims = offline.verify_receipt(receipt, client.get("/.well-known/jwks.json").get_json())
    (event,) = claims["record"]["events"]
    assert (event["event_state"], event["method"]) == ("withdrawn", "inbound SMS keyword STOP")
    assert claims["record"]["parties"][0]["role"] == "controller"


def test_the_whole_ledger_of_a_lively_house_holds(
    house: House, client: FlaskClient, valley: Tenant, twilio: Twilio
) -> None:
    give(client, valley)
    for text in ("STOP", "START", "HELP", "what is this", "stop"):
        twilio.text(text)
    seal(house, valley)
    give(client, valley, address="+15095550143", occurred_at="2026-11-01T10:00:00-08:00")
    report = look(house, valley)
    assert report.findings == []
    assert report.leaves >= 7 and report.pending >= 1 and report.disclosures >= 7


def test_checkpoint_and_consistency_are_public(house: House, client: FlaskClient, valley: Tenant) -> None:
    give(client, valley)
    seal(house, valley)
    first = client.get(f"/log/{valley.slug}/1/checkpoint")
    assert first.status_code == 200 and first.content_type.startswith("text/plain")
    size = int(first.get_data(as_text=True).split("\n")[1])
    give(client, valley, address="+15095550144")
    seal(house, valley)
    proof = client.get(f"/log/{valley.slug}/1/consistency?from={size}&to={size + 1}").get_json()
    assert (proof["from"], proof["to"]) == (size, size + 1) and proof["consistency"]
    assert client.get(f"/log/{valley.slug}/1/consistency?from=5&to=4").status_code == 422
    assert client.get(f"/log/{valley.slug}/9/checkpoint").status_code == 404
    assert client.get("/log/nobody/1/checkpoint").status_code == 404
