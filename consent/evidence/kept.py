"""The receipt as a file and as a mail."""

import json
from datetime import datetime
from uuid import UUID

from consent.db import Tx
from consent.errors import NotFound
from consent.evidence import bundles
from consent.evidence.bundles import Bundle
from consent.evidence.own import NOTHING
from consent.ledger.keys import Keyring
from consent.outbox import mail as outgoing
from consent.outbox.mail import Attachment, Mail
from consent.subjects import service as subjects
from consent.subjects.addresses import Address

KIND = "mail.receipt"
JSON = "application/json"


def file_of(bundle: Bundle) -> bytes:
    """The bundle as the file people keep."""
    return json.dumps(bundles.as_data(bundle), ensure_ascii=False, indent=1).encode()


def name_of(slug: str, reference: str) -> str:
    """Its name, which says nothing about a person."""
    return f"receipt-{slug}-{reference}.json"


def mail_of(subject: str, text: str, html: str, name: str, content: bytes) -> Mail:
    """The receipt as a mail, with its file."""
    return Mail(subject, text, html, (Attachment(name, JSON, content),))


def send(
    tx: Tx, keyring: Keyring, organization_id: UUID, contact_id: UUID, to: Address, entry: UUID, mail: Mail,
    now: datetime,
) -> None:  # fmt: skip
    """The mail waits to be sent; pressed twice within the hour, one goes."""
    contact = subjects.by_id(tx, keyring, organization_id, contact_id)
    if contact is None or contact.key is None:
        raise NotFound(NOTHING)
    outgoing.write(
        tx,
        keyring,
        organization_id,
        contact.key,
        to,
        mail,
        now,
        kind=KIND,
        contact_point_id=contact_id,
        unique_key=f"receipt:{entry}:{now:%Y%m%d%H}",
    )
