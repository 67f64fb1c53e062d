"""What mail servers say of an address, on record once: nothing arrives there, or the person wants no mail of ours."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from consent.db import Database, Tx
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.numbers import service as numbers
from consent.outbox import queries, tokens
from consent.outbox import service as outbox
from consent.policies.rulebook import Rulebook
from consent.preferences import numbers as words
from consent.preferences import service as preferences
from consent.preferences.models import NOBODY
from consent.preferences.rules import NUMBER, Standing
from consent.subjects import service as subjects
from consent.subjects.addresses import as_received

EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Returned:
    """What is said of a mail: to whom it went, since when it was under way, and the server's number or word."""

    contact_point_id: uuid.UUID
    job_id: uuid.UUID
    under_way_since: datetime
    code: str


def bounced(
    tx: Tx, keyring: Keyring, log: ledger.Log, rulebook: Rulebook, returned: Returned, source: str, now: datetime
) -> bool:
    """Nothing more goes to the address; False where that is known since the mail was under way, or it is erased."""
    found = _address(tx, keyring, log.organization_id, returned)
    if found is None or _known(tx, log.organization_id, found, (words.REACH, NOBODY), returned):
        return False
    extra: dict[str, object] = {"job": str(returned.job_id), "code": returned.code}
    told = numbers.Told(words.BOUNCED, (found,), None, "mail-server", extra=extra)
    numbers.report(tx, keyring, log, rulebook, told, source, now)
    return True


def complained(
    tx: Tx, keyring: Keyring, log: ledger.Log, rulebook: Rulebook, returned: Returned, source: str, now: datetime
) -> bool:
    """The address is silenced as by a STOP; False where it is since the mail was under way, or it is erased."""
    organization_id = log.organization_id
    found = _address(tx, keyring, organization_id, returned)
    if found is None or _known(tx, organization_id, found, NUMBER, returned):
        return False
    contact = subjects.contact(tx, keyring, organization_id, found, now)
    before = preferences.read(tx, organization_id, EMAIL, contact.tag64)
    purposes = tuple(one.key for one in rulebook.organization.programs if EMAIL in one.channels)
    said = {"reason": "complaint", "scope": "channel", "sender": "", "job": str(returned.job_id)}
    data: dict[str, object] = said | {"code": returned.code} | rulebook.policy_version.cited()
    event = ledger.Event("suppression.set", source, EMAIL, purposes, data, None, {"address": found.address.value})
    entry = ledger.append(tx, log, contact.stream, event, now)
    preferences.record(tx, organization_id, EMAIL, contact.tag64, before, entry, source)
    outbox.cancel_waiting(tx, organization_id, contact.id, purposes, now)
    return True


def reached(
    tx: Tx,
    keyring: Keyring,
    log: ledger.Log,
    rulebook: Rulebook,
    places: Iterable[subjects.Tagged],
    source: str,
    now: datetime,
) -> bool:
    """A mailbox that was taken for dead is open again: somebody has just typed what a mail to it said."""
    dead = [one for one in places if _is_dead(tx, log.organization_id, one)]
    if dead:
        told = numbers.Told(words.REACHED, tuple(dead), None, "person", extra={"by": "code"})
        numbers.report(tx, keyring, log, rulebook, told, source, now)
    return bool(dead)


def _is_dead(tx: Tx, organization_id: uuid.UUID, place: subjects.Tagged) -> bool:
    if place.address.channel != EMAIL:
        return False
    standing = preferences.read(tx, organization_id, EMAIL, place.tag64).get((words.REACH, NOBODY))
    return standing is not None and standing.state == "withdrawn" and standing.detail == words.BOUNCED


def _address(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, returned: Returned) -> subjects.Tagged | None:
    """The address that our own job names: never the one that a report does."""
    contact = subjects.by_id(tx, keyring, organization_id, returned.contact_point_id)
    if contact is None or contact.address is None or contact.channel != EMAIL:
        return None
    return subjects.tagged(keyring, organization_id, as_received(EMAIL, contact.address))


def _known(
    tx: Tx, organization_id: uuid.UUID, found: subjects.Tagged, key: tuple[str, uuid.UUID], returned: Returned
) -> bool:
    """Has the same been said since the mail was under way? A consent that came later would not be ended by a repeat."""
    standing: Standing | None = preferences.read(tx, organization_id, EMAIL, found.tag64).get(key)
    return standing is not None and standing.state == "withdrawn" and standing.occurred_at >= returned.under_way_since


def of_report(
    db: Database, keyring: Keyring, named: str, code: str, *, places: tuple[str, ...]
) -> tuple[uuid.UUID, Returned] | None:
    """The organization and the mail that a report is about, by our own token in `named`; None where there is none.

    `places` are those whose tokens count (`tokens.BACK`, `tokens.MESSAGE_ID`).
    """
    for token in tokens.found_in(named):
        for organization_id in keyring.organizations():
            read = (tokens.read(keyring, organization_id, token, place) for place in places)
            job_id = next((one for one in read if one is not None), None)
            if job_id is None:
                continue
            with db.read(organization_id, single=True) as tx:
                found = queries.to_whom(tx, organization_id, EMAIL, job_id)
            if found is not None:
                return organization_id, Returned(found[0], job_id, found[1], code)
    return None
