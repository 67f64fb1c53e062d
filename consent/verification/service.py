"""Ask for a code and link, redeem one of them, and leave.

Asking writes the same rows whoever the address belongs to, and nobody is looked up: whether a text may go at all is
asked by the worker that sends it.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.ids import new_id, new_stream_id
from consent.ledger import keys
from consent.ledger.keys import Keyring
from consent.subjects import service as subjects
from consent.subjects.addresses import Address
from consent.verification import codes, rules, shares, visits
from consent.verification.visits import Ticket, Visit

CHALLENGE = "challenge"  # the place in the sealed address's authenticated data

_CANCEL = Sql(
    "UPDATE challenge SET state = 'cancelled'"
    " WHERE organization_id = :organization_id AND browser_hash = :browser_hash AND state = 'open'"
)
_INSERT = Sql(
    "INSERT INTO challenge (organization_id, id, kind, address_tag, network_tag, browser_hash, code_mac, link_hash,"
    " sealed_address, language, state, tries, created_at, expires_at) VALUES (:organization_id, :id, :kind,"
    " :address_tag, :network_tag, :browser_hash, :code_mac, :link_hash, :sealed_address, :language, :state, 0, :now,"
    " :expires_at)"
)
_COLUMNS = (
    "SELECT id, kind, address_tag, browser_hash, code_mac, sealed_address, language, state, tries, expires_at"
    " FROM challenge WHERE organization_id = :organization_id"
)
_OF_BROWSER = Sql(f"{_COLUMNS} AND browser_hash = :hash ORDER BY created_at DESC, id DESC LIMIT 1")
_OF_LINK = Sql(f"{_COLUMNS} AND link_hash = :hash")
_TRY = Sql(
    "UPDATE challenge SET tries = tries + 1"
    " WHERE organization_id = :organization_id AND id = :id AND state = 'open' AND tries < :most"
)
_USE = Sql(
    "UPDATE challenge SET state = 'used' WHERE organization_id = :organization_id AND id = :id AND state = 'open'"
)
_END_OF_ADDRESS = Sql("DELETE FROM visit WHERE organization_id = :organization_id AND address_tag = :address_tag")
_END = Sql("DELETE FROM visit WHERE organization_id = :organization_id AND id = :id")
_OPEN = Sql(
    "INSERT INTO visit (organization_id, id, kind, address_tag, tag64, voice_tag64, sealed_address, language, tries,"
    " proven_at) VALUES (:organization_id, :id, :kind, :address_tag, :tag64, :voice_tag64, :sealed_address,"
    " :language, 0, :now)"
)
# Puts on record what the browser of this visit says by itself (Global Privacy Control), in the same transaction.
HonoursSignal = Callable[[Tx, Visit, datetime], None]
# Puts on record, in the same transaction, that a message arrived where nobody thought one could.
Reached = Callable[[Tx, Visit, datetime], None]


class Outcome(StrEnum):
    """What became of an attempt to get in."""

    OPENED = "opened"
    WRONG = "wrong"  # not the code; there are tries left
    SPENT = "spent"  # no tries left
    OVER = "over"  # used, cancelled or too old
    UNKNOWN = "unknown"  # nothing was asked for here, or the link is none of ours
    ELSEWHERE = "elsewhere"  # the link was asked for in another browser: its code is needed


@dataclass(frozen=True, slots=True)
class Ask:
    """Who asks for what; made outside the transaction, so that asking twice is the same ask."""

    organization_id: uuid.UUID
    id: uuid.UUID
    kind: str
    address: Address = field(repr=False)
    browser: bytes = field(repr=False)
    network: bytes = field(repr=False)
    language: str
    secrets: codes.Secrets = field(repr=False)


@dataclass(frozen=True, slots=True)
class Redeemed:
    """How it ended; the ticket of the visit where it was opened."""

    outcome: Outcome
    ticket: Ticket | None = None


@dataclass(frozen=True, slots=True)
class _Challenge:
    id: uuid.UUID
    kind: str
    address_tag: bytes
    browser: bytes
    code_mac: bytes
    sealed_address: bytes
    language: str
    state: str
    tries: int
    expires_at: datetime


def prepare(
    keyring: Keyring,
    organization_id: uuid.UUID,
    kind: str,
    address: Address,
    browser: bytes,
    caller: str | None,
    language: str,
    now: datetime,
) -> Ask:
    """The ask of this caller, with a new code and link."""
    path = shares.path_of(keyring, organization_id, caller)
    return Ask(organization_id, new_id(now), kind, address, browser, path, language, codes.new())


def ask(tx: Tx, keyring: Keyring, asked: Ask, limits: rules.Limits, now: datetime) -> datetime | None:
    """The challenge waits to be redeemed; the caller puts its message into the outbox, in the same transaction.

    Where a limit is reached nothing is written, and the answer is when one may ask again.
    """
    full = shares.full_until(tx, asked.organization_id, _tag(keyring, asked), asked.network, limits, now)
    if full is None:
        tx.later(_CANCEL, {"organization_id": asked.organization_id, "browser_hash": asked.browser})
        tx.later(_INSERT, _row(keyring, asked, "open", now))
    return full


def count(tx: Tx, keyring: Keyring, asked: Ask, limits: rules.Limits, now: datetime) -> datetime | None:
    """Something other than a code goes to this address, and counts as an ask; nothing of it can be redeemed.

    Where a limit is reached nothing is written, and the answer is when one may ask again.
    """
    full = shares.full_until(tx, asked.organization_id, _tag(keyring, asked), asked.network, limits, now)
    if full is None:
        tx.later(_INSERT, _row(keyring, asked, "cancelled", now))
    return full


def _tag(keyring: Keyring, asked: Ask) -> bytes:
    return codes.tag(keyring, asked.organization_id, asked.kind, asked.address.value)


def _row(keyring: Keyring, asked: Ask, state: str, now: datetime) -> dict[str, object]:
    organization_id = asked.organization_id
    key = keyring.key_for(organization_id, CHALLENGE)
    return {
        "organization_id": organization_id,
        "browser_hash": asked.browser,
        "id": asked.id,
        "kind": asked.kind,
        "address_tag": _tag(keyring, asked),
        "network_tag": asked.network,
        "code_mac": codes.code_mac(keyring, organization_id, asked.id, asked.secrets.code),
        "link_hash": codes.link_hash(asked.secrets.token),
        "sealed_address": keys.seal_facts(key, asked.address.deliver_to.encode(), organization_id, asked.id, CHALLENGE),
        "language": asked.language,
        "state": state,
        "now": now,
        "expires_at": now + rules.HOLDS_FOR,
    }


def redeem_code(
    tx: Tx,
    keyring: Keyring,
    organization_id: uuid.UUID,
    browser: bytes,
    code: str,
    before: Ticket | None,
    now: datetime,
) -> Redeemed:
    """A visit is open if this is the code that this browser last asked for; each try counts."""
    found = _challenge(tx, organization_id, _OF_BROWSER, browser)
    return _by_code(tx, keyring, organization_id, found, code, before, now)


def redeem_link(
    tx: Tx,
    keyring: Keyring,
    organization_id: uuid.UUID,
    token: str,
    browser: bytes,
    code: str,
    before: Ticket | None,
    now: datetime,
) -> Redeemed:
    """A visit is open if the link was asked for in this browser, or its code comes along."""
    found = _challenge(tx, organization_id, _OF_LINK, codes.link_hash(token))
    if found is None or found.state != "open" or rules.has_expired(found.expires_at, now):
        return Redeemed(Outcome.UNKNOWN if found is None else Outcome.OVER)
    if found.tries >= rules.TRIES:
        return Redeemed(Outcome.SPENT)
    if codes.same(found.browser, browser):
        return _open(tx, keyring, organization_id, found, before, now)
    if not code:
        return Redeemed(Outcome.ELSEWHERE)
    return _by_code(tx, keyring, organization_id, found, code, before, now)


def leave(tx: Tx, organization_id: uuid.UUID, ticket: Ticket) -> None:
    """The visit is over, in every browser that holds it."""
    tx.later(_END, {"organization_id": organization_id, "id": ticket.id})


def _challenge(tx: Tx, organization_id: uuid.UUID, which: Sql, hashed: bytes) -> _Challenge | None:
    row = tx.one(which, {"organization_id": organization_id, "hash": hashed})
    if row is None:
        return None
    return _Challenge(
        as_id(row[0]),
        row[1],
        bytes(row[2]),
        bytes(row[3]),
        bytes(row[4]),
        bytes(row[5]),
        row[6],
        row[7],
        row[8],
        as_instant(row[9]),
    )


def _by_code(
    tx: Tx,
    keyring: Keyring,
    organization_id: uuid.UUID,
    found: _Challenge | None,
    code: str,
    before: Ticket | None,
    now: datetime,
) -> Redeemed:
    if found is None:
        return Redeemed(Outcome.UNKNOWN)
    if found.state != "open" or rules.has_expired(found.expires_at, now):
        return Redeemed(Outcome.OVER)
    # Counted before it is compared: tries at the same moment are as many as tries one after the other.
    if tx.run(_TRY, {"organization_id": organization_id, "id": found.id, "most": rules.TRIES}) != 1:
        return Redeemed(Outcome.SPENT)
    if not codes.same(found.code_mac, codes.code_mac(keyring, organization_id, found.id, code)):
        return Redeemed(Outcome.WRONG if found.tries + 1 < rules.TRIES else Outcome.SPENT)
    return _open(tx, keyring, organization_id, found, before, now)


def _open(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, found: _Challenge, before: Ticket | None, now: datetime
) -> Redeemed:
    """A new visit; what this browser held before, and every other visit of this address, is over (S28)."""
    if tx.run(_USE, {"organization_id": organization_id, "id": found.id}) != 1:
        return Redeemed(Outcome.OVER)
    challenge_key, visit_key = keyring.key_for(organization_id, CHALLENGE), keyring.key_for(organization_id, visits.ROW)
    plain = keys.open_facts(challenge_key, found.sealed_address, organization_id, found.id, CHALLENGE)
    tags = [
        subjects.tagged(keyring, organization_id, one).tag64 for one in visits.places_of(found.kind, plain.decode())
    ]
    visit_id = new_stream_id()
    if before is not None:
        leave(tx, organization_id, before)
    tx.later(_END_OF_ADDRESS, {"organization_id": organization_id, "address_tag": found.address_tag})
    tx.later(
        _OPEN,
        {
            "organization_id": organization_id,
            "id": visit_id,
            "kind": found.kind,
            "address_tag": found.address_tag,
            "tag64": tags[0],
            "voice_tag64": tags[1] if len(tags) > 1 else None,
            "sealed_address": keys.seal_facts(visit_key, plain, organization_id, visit_id, visits.ROW),
            "language": found.language,
            "now": now,
        },
    )
    return Redeemed(Outcome.OPENED, Ticket(visit_id, now, now))
