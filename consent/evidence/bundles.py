"""Evidence bundles: one JSON file that proves one event to anybody who holds the published keys, without a network."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from consent.errors import BadInput
from consent.ledger import base64url
from consent.ledger.disclosures import Disclosure

FORMAT = "consent-evidence/1"
LARGEST = 1024 * 1024
KEYS = frozenset({"format", "receipt", "body", "disclosures", "proof", "anchors"})


class BadBundle(BadInput):
    """The file is not an evidence bundle."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A receipt, the ledger body it speaks of, chosen personal facts, and the proof that the body is sealed."""

    receipt: str
    body: bytes
    disclosures: tuple[str, ...]
    proof: str | None  # None before the event is sealed
    anchors: tuple[Mapping[str, Any], ...] = ()


def make(
    receipt: str,
    body: bytes,
    shown: Iterable[Disclosure],
    proof: str | None,
    anchors: Iterable[Mapping[str, Any]] = (),
) -> Bundle:
    """The bundle of one event."""
    return Bundle(receipt, body, tuple(one.text for one in shown), proof, tuple(anchors))


def as_data(bundle: Bundle) -> dict[str, Any]:
    """The bundle as JSON takes it."""
    return {
        "format": FORMAT,
        "receipt": bundle.receipt,
        "body": base64url.encode(bundle.body),
        "disclosures": list(bundle.disclosures),
        "proof": bundle.proof,
        "anchors": [dict(anchor) for anchor in bundle.anchors],
    }


def read(raw: bytes) -> Bundle:
    """The bundle in a file; BadBundle unless it has exactly the parts of one."""
    if len(raw) > LARGEST:
        raise BadBundle("The file is too large for an evidence bundle.")
    try:
        data = json.loads(raw.decode())
    except (ValueError, RecursionError):
        raise BadBundle("The file is not JSON.") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise BadBundle(f"The file is not an evidence bundle of the format {FORMAT}.", field="format")
    if data.keys() != KEYS:
        raise BadBundle("The bundle does not have exactly the parts of its format.", field="format")
    receipt, proof, shown, anchors = data["receipt"], data["proof"], data["disclosures"], data["anchors"]
    texts = isinstance(receipt, str) and (proof is None or isinstance(proof, str))
    lists = isinstance(shown, list) and all(isinstance(one, str) for one in shown)
    if not texts or not lists or not isinstance(anchors, list) or not all(isinstance(one, dict) for one in anchors):
        raise BadBundle("A part of the bundle has the wrong type.")
    try:
        body = base64url.decode(data["body"])
    except (ValueError, TypeError, AttributeError):
        raise BadBundle("The body of the bundle is not base64url.", field="body") from None
    return Bundle(receipt, body, tuple(shown), proof, tuple(anchors))
