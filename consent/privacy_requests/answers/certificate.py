"""The certificate at the end of a request: what was asked, and what became of each class of data, signed and sealed.

It names nobody: the contact point is masked, and no free text stands in it. The ledger holds the hash of its facts, so
that it can be proved after everything else of the person is gone. Pure: no database, no clock.
"""

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from consent.ledger import base64url, bodies, signed
from consent.ledger.bodies import BadBody, Leaf
from consent.ledger.keyfiles import SigningKey

TYPE = "consent-certificate+jwt"
CONFORMS_TO = "consent-certificate/1"
EVENT = "privacy_request.certified"
SHA256 = "certificate_sha256"
# What can become of a class of data, in the words of casework.
OUTCOMES = ("do", "refuse", "defer", "keep", "anonymize", "isolate")
LONGEST_PROOF = 200


@dataclass(frozen=True, slots=True)
class Done:
    """One receipt of a store: what it did with how many records, when, and its own proof where it gave one."""

    store: str
    action: str
    count: int
    at: datetime
    proof: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one class of data: `ground` and `clause` say why it stays, `keep_until` when it goes.

    `last`: it is still there when this is signed, since the person is told by it, and goes right after.
    """

    category: str
    what: str
    ground: str | None = None
    clause: str | None = None
    keep_until: date | None = None
    recheck_on: date | None = None
    backup_until: date | None = None
    done: tuple[Done, ...] = ()
    last: bool = False


@dataclass(frozen=True, slots=True)
class Gone:
    """That what was still there when the certificate was signed has gone since: when, and the log's entries of it.

    Nothing of this is signed with the certificate. `entries` are ids of events, empty where none is on record.
    """

    at: datetime
    entries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Authority:
    """Whom to complain to."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the certificate says; `masked` is the contact point as pages show it."""

    request_id: UUID
    request_type: str
    masked: str
    received_at: datetime
    closed_at: datetime
    results: tuple[Result, ...]
    reference: str = ""
    language: str = "en"
    place: str | None = None
    verified_at: datetime | None = None
    decided_at: datetime | None = None
    due_on: date | None = None
    appeal_until: date | None = None
    may_appeal: bool = False
    authorities: tuple[Authority, ...] = ()


def told(facts: Facts, organization: str, name: str, contact: str) -> dict[str, Any]:
    """The facts as texts, whole numbers and lists, the form that is hashed; what is not known is left out."""
    said: dict[str, Any] = {
        "organization": {"key": organization, "name": name, "contact": contact},
        "request": str(facts.request_id),
        "reference": facts.reference,
        "type": facts.request_type,
        "about": facts.masked,
        "language": facts.language,
        "place": facts.place,
        "received_at": bodies.instant(facts.received_at),
        "verified_at": facts.verified_at,
        "decided_at": facts.decided_at,
        "closed_at": bodies.instant(facts.closed_at),
        "due_on": facts.due_on,
        "outcomes": [_outcome(one) for one in facts.results],
        "may_appeal": facts.may_appeal,
        "appeal_until": facts.appeal_until,
        "authorities": [{"name": one.name, "url": one.url} for one in facts.authorities],
    }
    plain: dict[str, Any] = _plain(said)
    return plain


def digest(certificate: Mapping[str, Any]) -> str:
    """The hash of the facts in their one canonical form (RFC 8785), as the ledger's entry holds it."""
    return base64url.encode(hashlib.sha256(bodies.data_text(certificate).encode()).digest())


def event_data(certificate: Mapping[str, Any]) -> dict[str, object]:
    """What the entry in the ledger says: which request, and the hash of its certificate."""
    return {"request": certificate["request"], "type": certificate["type"], SHA256: digest(certificate)}


def claims(certificate: Mapping[str, Any], leaf: Leaf, url: str) -> dict[str, Any]:
    """What is signed: the facts, and the entry of the ledger that sealed them."""
    return {
        "iss": url,
        "iat": int(leaf.recorded_at.timestamp()),
        "jti": str(leaf.id),
        "sub": str(leaf.stream),
        "conforms_to": [CONFORMS_TO],
        "certificate": dict(certificate),
        "ledger": {
            "origin": leaf.log,
            "event_id": str(leaf.id),
            "leaf_hash": base64url.encode(leaf.leaf_hash),
            "max_merge_delay": signed.MAX_MERGE_DELAY,
        },
    }


def sign(claims: Mapping[str, Any], key: SigningKey) -> str:
    """The certificate as a compact JWS."""
    return signed.sign(claims, TYPE, key)


def fits(claims: Mapping[str, Any], leaf: Leaf) -> bool:
    """Is this entry the one that sealed exactly this certificate? KeyError or TypeError for a claim that is missing."""
    ledger, certificate = claims["ledger"], claims["certificate"]
    try:
        sealed = digest(certificate)
    except (BadBody, AttributeError):
        return False
    stated = (claims["jti"], claims["sub"], ledger["event_id"], ledger["origin"], ledger["leaf_hash"], sealed)
    held = (str(leaf.id), str(leaf.stream), str(leaf.id), leaf.log, base64url.encode(leaf.leaf_hash))
    return leaf.type == EVENT and stated == (*held, leaf.data.get(SHA256))


def summed(results: Sequence[Result]) -> dict[str, int]:
    """How many classes of data came to each end, for the entry of the request."""
    return {what: count for what in OUTCOMES if (count := sum(1 for one in results if one.what == what))}


def _outcome(one: Result) -> dict[str, Any]:
    if one.what not in OUTCOMES:
        raise ValueError(f"{one.what} is no outcome")
    return {
        "category": one.category,
        "what": one.what,
        "ground": one.ground,
        "clause": one.clause,
        "keep_until": one.keep_until,
        "recheck_on": one.recheck_on,
        "backup_until": one.backup_until,
        "goes_last": one.last or None,
        "done": [
            {
                "store": each.store,
                "action": each.action,
                "count": each.count,
                "at": bodies.instant(each.at),
                "proof": _short(each.proof),
            }
            for each in one.done
        ],
    }


def _short(proof: str) -> str:
    """A long proof by its hash: the receipt itself stays with the request."""
    return proof if len(proof) <= LONGEST_PROOF else f"sha-256:{hashlib.sha256(proof.encode()).hexdigest()}"


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items() if one not in (None, "", [], ())}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, datetime):
        return bodies.instant(value)
    if isinstance(value, str):
        return unicodedata.normalize("NFC", str(value))
    return value.isoformat() if isinstance(value, date) else value
