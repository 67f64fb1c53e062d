"""Who is told that a system has to be done by hand: the organization's privacy contact, once for each task."""

import uuid
from datetime import datetime, timedelta

from consent.db import Database, Sql, Tx
from consent.db.types import as_id
from consent.ledger.keys import Keyring
from consent.outbox import lists, mail
from consent.outbox.mail import Mail
from consent.policies.organization import OrganizationPack
from consent.privacy_requests.answers.words import Speaker
from consent.privacy_requests.escalating import SUBJECT_OF_ONE
from consent.web import spoken
from consent.web.messages import N_

INTRODUCTION = N_("Somebody has to do this by hand and then say so on the page of the request:")
NOT_LONG_AGO = timedelta(hours=1)  # a mail that is written once is not written again, however often this looks
MOST = 100  # mails of one transaction

_UNTOLD = (
    "SELECT t.id, t.store, t.category, r.id, r.reference, r.request_type FROM request_task t"
    " JOIN privacy_request r ON r.organization_id = t.organization_id AND r.id = t.request_id"
    " WHERE t.organization_id = :organization_id AND t.state = 'by_hand' AND t.run_at > :since"
    " AND NOT EXISTS (SELECT 1 FROM job j WHERE j.organization_id = t.organization_id"
    " AND j.unique_key = 'store-by-hand:' || {id}) ORDER BY t.run_at, t.id LIMIT :most"
)
_BY_HAND = Sql(_UNTOLD.format(id="lower(hex(t.id))"), postgresql=_UNTOLD.format(id="replace(t.id::text, '-', '')"))


def tell(
    db: Database, keyring: Keyring, organization_id: uuid.UUID, pack: OrganizationPack, url: str, now: datetime
) -> int:
    """A mail waits for each task that somebody has to do since lately; returns how many are new."""
    told = 0
    while True:
        some = db.write(lambda tx: _tell_some(tx, keyring, organization_id, pack, url, now), organization_id)
        told += some
        if some < MOST:
            return told


def _tell_some(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, pack: OrganizationPack, url: str, now: datetime
) -> int:
    found = tx.all(_BY_HAND, {"organization_id": organization_id, "since": now - NOT_LONG_AGO, "most": MOST})
    to = lists.mailbox(pack.privacy_contact or pack.email)
    if to is None:
        return 0
    for task_id, store, category, request_id, reference, request_type in found:
        page = f"{url}/staff/requests/{as_id(request_id)}"
        letter = _letter(pack, store, category, str(reference or ""), request_type, page)
        mail.write(
            tx, keyring, organization_id, keyring.challenge_key(organization_id), to, letter, now,
            kind="mail.staff", unique_key=f"store-by-hand:{as_id(task_id).hex}",
        )  # fmt: skip
    return len(found)


def _letter(pack: OrganizationPack, store: str, category: str, reference: str, request_type: str, page: str) -> Mail:
    """Number, type, system and class of data, and nothing about a person."""
    language = pack.languages[0]
    say = spoken.say(language)
    speaker = Speaker(say, language, pack)
    line = f"{reference}: {speaker.type(request_type).text}, {store}, {speaker.category(category).text}"
    subject = say(SUBJECT_OF_ONE) % {"organization": pack.name}
    return lists.letter(language, subject, say(INTRODUCTION), [line], page)
