"""What a receipt states, and that it is a plain JWS of the published key."""

import json
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import KeySet

from consent.errors import NotFound
from consent.evidence import receipts
from consent.ledger import base64url, bodies
from tests.evidence.conftest import FACTS, ISSUER, Scene
from tests.ledger.house import ORGANIZATION


def test_a_receipt_names_the_ledger_entry_it_is_of(scene: Scene) -> None:
    assert scene.claims["jti"] == str(scene.entry.event_id)
    assert scene.claims["ledger"] == {
        "origin": "consent.example/log/acme/1",
        "event_id": str(scene.entry.event_id),
        "leaf_hash": base64url.encode(scene.entry.leaf_hash),
        "max_merge_delay": 60,
    }


def test_a_receipt_names_the_exact_wording_and_where_it_stands(scene: Scene) -> None:
    assert scene.claims["record"]["notice"] == {
        "id": "sms-terms",
        "version": "7",
        "url": "https://consent.example/acme/privacy/7?policy=sms-terms",
        "sha256": "A" * 43,
        "language": "en",
    }


def test_the_event_of_a_receipt_is_that_of_the_ledger(scene: Scene) -> None:
    (event,) = scene.claims["record"]["events"]
    assert event["event_state"] == "given"
    assert event["event_time"] == bodies.instant(scene.entry.occurred_at)
    assert (event["method"], event["validity_duration"]) == ("web-form", "P2Y")


def test_no_address_stands_in_a_receipt(scene: Scene) -> None:
    assert "5550142" not in json.dumps(scene.claims)


def test_the_same_event_gives_the_same_receipt(scene: Scene) -> None:
    leaf = bodies.parse(scene.entry.body)
    again = receipts.sign(
        receipts.claims(leaf, [FACTS], ISSUER), scene.house.keyring.receipt_key(ORGANIZATION, leaf.recorded_at)
    )
    assert again == scene.receipt


def test_another_library_accepts_the_receipt_with_the_published_keys(scene: Scene) -> None:
    keys = KeySet.import_key_set({"keys": [{k: v for k, v in key.items() if k != "valid_from"} for key in jwk(scene)]})
    opened = jws.deserialize_compact(scene.receipt, keys, algorithms=["Ed25519"])
    assert json.loads(opened.payload or b"") == scene.claims
    assert opened.headers()["typ"] == "consent-receipt+jwt"


def jwk(scene: Scene) -> list[dict[str, Any]]:
    keys: list[dict[str, Any]] = scene.jwks["keys"]
    return keys


def test_a_stop_for_two_programs_names_each_party_once(scene: Scene) -> None:
    other = json.loads(json.dumps(FACTS))
    other["processing"][0]["purpose_code"] = "newsletter"
    other["parties"][1]["name"] = "Another carrier"
    (entry,) = scene.house.happen(
        type="consent.withdrawn",
        purposes=("newsletter", "reminders"),
        data={"method": "keyword", "keyword": "stop", "policy": "sms-terms", "policy_version": "7"},
    )
    record = receipts.claims(bodies.parse(entry.body), [other, FACTS], ISSUER)["record"]
    assert [party["name"] for party in record["parties"]] == ["Acme Clinic", "Another carrier", "A carrier"]
    assert [one["recipients"] for one in record["processing"]] == [["p2"], ["p3"]]
    assert record["events"][0]["method"] == "inbound SMS keyword STOP"
    assert record["events"][0]["event_state"] == "withdrawn"


def test_an_entry_about_no_consent_has_no_receipt(scene: Scene) -> None:
    (entry,) = scene.house.happen()
    with pytest.raises(NotFound):
        receipts.claims(bodies.parse(entry.body), [], ISSUER)
