"""A bundle is checked with published keys alone; any change anywhere in it is refused, at the step where it breaks."""

import json
from dataclasses import replace
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import OKPKey

from consent.evidence import bundles, offline, receipts
from consent.evidence.bundles import BadBundle
from consent.evidence.offline import DoesNotHold
from consent.ledger import base64url, disclosures, keys, notes, published
from consent.ledger.notes import Verifier
from tests.evidence.conftest import Scene
from tests.ledger.house import ORGANIZATION, ORIGIN


def log_keys(scene: Scene) -> list[Verifier]:
    return [verifier for verifier, _key in scene.house.keyring.log_keys(ORGANIZATION, ORIGIN)]


def refused_at(scene: Scene, bundle: bundles.Bundle, jwks: dict[str, Any] | None = None) -> str | None:
    with pytest.raises(DoesNotHold) as refused:
        offline.verify(bundle, scene.jwks if jwks is None else jwks, log_keys(scene))
    return refused.value.field


def signed(scene: Scene, claims: dict[str, Any], **header: Any) -> str:
    key = OKPKey.import_key(scene.house.keyring.receipt_keys(ORGANIZATION)[0].private)
    members = {"alg": "Ed25519", "typ": receipts.TYPE, "kid": scene.jwks["keys"][0]["kid"]} | header
    return jws.serialize_compact(members, json.dumps(claims).encode(), key, algorithms=["Ed25519", "EdDSA"])


def test_an_untouched_bundle_holds(scene: Scene) -> None:
    verified = offline.verify(scene.bundle, scene.jwks, log_keys(scene))
    assert verified.leaf.id == scene.entry.event_id
    assert verified.index == 3
    assert verified.checkpoint is not None and verified.checkpoint.size == 6
    assert verified.facts == {"address": "+15095550142", "provider_msg_id": "SM0"}


def test_a_bundle_survives_its_file(scene: Scene) -> None:
    assert bundles.read(json.dumps(bundles.as_data(scene.bundle)).encode()) == scene.bundle


def test_it_still_holds_after_its_key_has_retired(scene: Scene) -> None:
    keys.rotate(scene.house.data_dir, ORGANIZATION, keys.RECEIPTS, scene.house.now)
    offline.verify(scene.bundle, published.jwks(scene.house.keyring, [ORGANIZATION]), log_keys(scene))


@pytest.mark.parametrize("part", [0, 1, 2])
@pytest.mark.parametrize("at", [0, 10, -1])
def test_a_changed_letter_of_the_receipt_is_refused(scene: Scene, part: int, at: int) -> None:
    parts = scene.receipt.split(".")
    letter = "A" if parts[part][at] != "A" else "B"
    at %= len(parts[part])
    parts[part] = parts[part][:at] + letter + parts[part][at + 1 :]
    assert refused_at(scene, replace(scene.bundle, receipt=".".join(parts))) == "receipt"


@pytest.mark.parametrize("name", ["jwk", "jku", "x5u", "crit"])
def test_a_receipt_that_brings_its_own_key_or_demand_is_refused(scene: Scene, name: str) -> None:
    key = scene.house.keyring.receipt_keys(ORGANIZATION)[0]
    members = {"alg": "Ed25519", "typ": receipts.TYPE, "kid": key.kid, name: ["x"]}
    said = base64url.encode(json.dumps(members).encode()) + "." + scene.receipt.split(".")[1]
    receipt = said + "." + base64url.encode(key.private.sign(said.encode()))  # the signature itself is good
    assert refused_at(scene, replace(scene.bundle, receipt=receipt)) == "receipt"


@pytest.mark.parametrize("header", [{"alg": "none"}, {"alg": "HS256"}, {"typ": "JWT"}, {"kid": "another"}])
def test_another_algorithm_type_or_key_is_refused(scene: Scene, header: dict[str, str]) -> None:
    members = {"alg": "Ed25519", "typ": receipts.TYPE, "kid": scene.jwks["keys"][0]["kid"]} | header
    receipt = ".".join([base64url.encode(json.dumps(members).encode()), *scene.receipt.split(".")[1:]])
    assert refused_at(scene, replace(scene.bundle, receipt=receipt)) == "receipt"


@pytest.mark.filterwarnings("ignore")  # the library warns of the old name
def test_the_old_name_of_the_algorithm_is_accepted(scene: Scene) -> None:
    offline.verify(replace(scene.bundle, receipt=signed(scene, scene.claims, alg="EdDSA")), scene.jwks, log_keys(scene))


def test_a_receipt_of_no_published_key_is_refused(scene: Scene) -> None:
    assert refused_at(scene, scene.bundle, {"keys": []}) == "receipt"


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("jti",), "0199c0de-0000-7000-8000-00000000ffff"),
        (("sub",), "0199c0de-0000-7000-8000-00000000ffff"),
        (("ledger", "origin"), "consent.example/log/other/1"),
        (("ledger", "leaf_hash"), "A" * 43),
        (("record", "events", 0, "event_state"), "withdrawn"),
        (("record", "events", 0, "event_time"), "2020-01-01T00:00:00.000Z"),
        (("record", "notice", "sha256"), "B" * 43),
        (("record", "processing", 0, "purpose_code"), "marketing"),
    ],
)
def test_a_receipt_that_states_something_else_than_its_body_is_refused(
    scene: Scene, place: tuple[Any, ...], value: str
) -> None:
    claims = json.loads(json.dumps(scene.claims))
    inner = claims
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    assert refused_at(scene, replace(scene.bundle, receipt=signed(scene, claims))) == "body"


def test_another_body_is_refused(scene: Scene) -> None:
    assert refused_at(scene, replace(scene.bundle, body=scene.bundle.body.replace(b"web-form", b"web-farm"))) == "body"
    assert refused_at(scene, replace(scene.bundle, body=scene.bundle.body.replace(b'":"', b'": "', 1))) == "body"


def test_a_fact_that_was_not_sealed_is_refused(scene: Scene) -> None:
    text, _digest = disclosures.disclosure("address", "+15095550199")
    assert refused_at(scene, replace(scene.bundle, disclosures=(text,))) == "disclosures"


def test_the_proof_of_another_entry_is_refused(scene: Scene) -> None:
    proof = (scene.bundle.proof or "").replace("index 3", "index 2")
    assert refused_at(scene, replace(scene.bundle, proof=proof)) == "proof"


def test_a_checkpoint_of_another_key_is_refused(scene: Scene) -> None:
    with pytest.raises(DoesNotHold):
        offline.verify(scene.bundle, scene.jwks, [notes.Verifier(ORIGIN, bytes(32))])


def test_a_bundle_without_proof_is_said_to_be_unsealed(scene: Scene) -> None:
    verified = offline.verify(replace(scene.bundle, proof=None), scene.jwks, log_keys(scene))
    assert (verified.index, verified.checkpoint) == (None, None)


@pytest.mark.parametrize(
    "change",
    [
        {"format": "consent-evidence/2"},
        {"receipt": 7},
        {"body": "***"},
        {"disclosures": "text"},
        {"anchors": [1]},
        {"extra": 1},
        {"proof": 3},
    ],
)
def test_a_file_that_is_no_bundle_is_refused(scene: Scene, change: dict[str, Any]) -> None:
    with pytest.raises(BadBundle):
        bundles.read(json.dumps(bundles.as_data(scene.bundle) | change).encode())
