"""Entries of the ledger as a pack tells them: readable, with the texts they name, and with what proves each."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from consent.db import Database, Tx
from consent.evidence import bundles, receipts, service
from consent.evidence.packs import reading
from consent.evidence.packs.about import About
from consent.ledger import base64url, bodies, proofs, queries, tree
from consent.ledger.bodies import Leaf, instant
from consent.ledger.disclosures import MESSAGE_TEXT, PAYLOAD, Disclosure
from consent.ledger.keys import Keyring
from consent.policies import service as policies
from consent.policies.answers.forbidden import PEOPLE, STAFF, Cleaned, Forbidden
from consent.policies.masking import BLOT
from consent.policies.rulebook import Rulebook
from consent.preferences import wordings

# Facts that somebody wrote: what must never be kept may stand in them, and is not handed on.
WRITTEN = frozenset({"msg_text", "note"})
WITHHELD = "withheld"
# Why what a gateway brought does not stand beside its entry: it went with the text, in its time or on a request; or it
# never was there (an older entry, a text found in the gateway's list, a report that came with others).
PAYLOAD_MISSING, GONE, NEVER_KEPT = "payload_missing", "gone", "never-kept"
_HASH = re.compile(r"[A-Za-z0-9_-]{43}")


class Ground(NamedTuple):
    """What is read from, for whom, and what stood at that instant."""

    db: Database
    keyring: Keyring
    organization_id: UUID
    public_url: str
    until: datetime


class Prover:
    """Makes proofs under the newest signed checkpoint of each log, which is read once."""

    def __init__(self, tx: Tx, organization_id: UUID) -> None:
        self._tx, self._organization_id = tx, organization_id
        self._notes: dict[int, tuple[str, int, tree.HashReader] | None] = {}

    def proof(self, log_id: int, index: int | None) -> str | None:
        """The proof of this leaf, or None while no signed checkpoint covers it."""
        under = self._under(log_id)
        if index is None or under is None or under[1] <= index:
            return None
        return proofs.write(proofs.Proof(index, tuple(tree.inclusion(index, under[1], under[2])), under[0]))

    def _under(self, log_id: int) -> tuple[str, int, tree.HashReader] | None:
        if log_id not in self._notes:
            note = queries.newest_note(self._tx, self._organization_id, log_id)
            read = lru_cache(maxsize=4096)(queries.hash_reader(self._tx, self._organization_id, log_id))
            self._notes[log_id] = None if note is None else (note, queries.checkpoint_of(note).size, read)
        return self._notes[log_id]


def told(ground: Ground, about: About) -> Iterator[dict[str, Any]]:
    """Each entry about these places recorded by then, the oldest first within each of them."""
    with ground.db.read(ground.organization_id) as tx:
        prover = Prover(tx, ground.organization_id)
        forbidden = policies.rulebook_at(tx, ground.organization_id, ground.until).forbidden
        wording = lru_cache(maxsize=256)(lambda sha256: wordings.find(tx, ground.organization_id, sha256))
        for place in about.places:
            found = reading.entries(ground.db, ground.organization_id, place.id, ground.until)
            for event_id, log_id, body, index in found:
                leaf = bodies.parse(body)
                facts = queries.facts(tx, ground.keyring, ground.organization_id, event_id)
                texts = {one: text for one in _hashes(leaf.data) if (text := wording(one)) is not None}
                yield _line(leaf, facts, prover.proof(log_id, index), texts, forbidden)


def _line(
    leaf: Leaf, facts: list[Disclosure], proof: str | None, texts: Mapping[str, str], forbidden: Forbidden
) -> dict[str, Any]:
    cleaned = {one.name: _cleaned(leaf, one, forbidden) for one in facts}
    masked = {name: clean.text for name, clean in cleaned.items() if clean.kinds}
    if MESSAGE_TEXT in masked and PAYLOAD in cleaned:
        masked[PAYLOAD] = BLOT * 3  # the same words stand in it, in the gateway's own spelling
    shown = [one for one in facts if one.name not in masked]
    line: dict[str, Any] = {
        "entry": str(leaf.id),
        "type": leaf.type,
        "occurred_at": instant(leaf.occurred_at),
        "recorded_at": instant(leaf.recorded_at),
        "source": leaf.source,
        "channel": leaf.channel,
        "programs": list(leaf.purposes),
        "data": leaf.data,
        "facts": {one.name: one.value for one in shown},
        "wordings": dict(texts),
        "leaf_hash": base64url.encode(leaf.leaf_hash),
        "body": base64url.encode(leaf.body),
        "disclosures": [one.text for one in shown],
        "proof": proof,
    }
    if leaf.source == "webhook" and PAYLOAD not in cleaned:
        line[PAYLOAD_MISSING] = NEVER_KEPT if len(facts) == len(leaf.digests) else GONE
    return line | ({WITHHELD: masked} if masked else {})


def _cleaned(leaf: Leaf, fact: Disclosure, forbidden: Forbidden) -> Cleaned:
    """What somebody wrote, without what the organization promised to keep out of free text.

    It is blotted out on arrival; nothing else is relied on here. What we wrote ourselves stays as it was sent.
    """
    if fact.name not in WRITTEN or not isinstance(fact.value, str) or leaf.type == "message.sent":
        return Cleaned("")
    return forbidden.clean(fact.value, STAFF if fact.name == "note" else PEOPLE)


def _hashes(value: object) -> Iterator[str]:
    """Everything in the data of an entry that may be the hash of a text."""
    if isinstance(value, str):
        if _HASH.fullmatch(value):
            yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _hashes(one)
    elif isinstance(value, list):
        for one in value:
            yield from _hashes(one)


class Receipts:
    """The bundle of each consent: its signed receipt with body, facts and proof, as `receipts verify` reads it."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._books: dict[tuple[object, object], Rulebook] = {}

    def bundle(self, line: Mapping[str, Any]) -> dict[str, Any] | None:
        """The bundle of this entry; None for one that is about no consent."""
        if line["type"] not in receipts.STATES:
            return None
        leaf = bodies.parse(base64url.decode(line["body"]))
        ground = self._ground
        receipt = service.receipt_of(leaf, self._book(leaf), ground.keyring, ground.organization_id, ground.public_url)
        made = bundles.Bundle(receipt, leaf.body, tuple(line["disclosures"]), line["proof"])
        return bundles.as_data(made)

    def _book(self, leaf: Leaf) -> Rulebook:
        """What bound when it happened, read once for each version and day."""
        key = (leaf.data.get("policy_version"), leaf.occurred_at.date())
        if key not in self._books:
            with self._ground.db.read(self._ground.organization_id) as tx:
                self._books[key] = policies.rulebook_at(tx, self._ground.organization_id, leaf.occurred_at)
        return self._books[key]
