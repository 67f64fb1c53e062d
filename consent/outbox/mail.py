"""Write a mail into the outbox, sealed, in the transaction that causes it; a worker sends it."""

import base64
import json
import uuid
from datetime import datetime

from consent.db import Tx
from consent.errors import BadInput
from consent.gateways.email.base import Attachment, Mail, refuse_what_no_header_holds
from consent.ledger.keys import Keyring
from consent.outbox import service as outbox
from consent.subjects import service as subjects
from consent.subjects.addresses import Address, Kind

__all__ = ["Attachment", "Mail", "mail_of", "write"]


def write(
    tx: Tx,
    keyring: Keyring,
    organization_id: uuid.UUID,
    key: bytes,
    to: Address,
    mail: Mail,
    now: datetime,
    *,
    kind: str,
    contact_point_id: uuid.UUID | None = None,
    program: str | None = None,
    message_class: str | None = None,
    unique_key: str | None = None,
    expires_at: datetime | None = None,
    run_at: datetime | None = None,
    facts: str = "",
) -> uuid.UUID:
    """The mail waits to be sent, sealed under `key`; a second one of the same unique key changes nothing.

    `key` is the data key of the contact point's stream, or, without a contact point, `keyring.challenge_key`. A mail
    with a program asks the gate before it leaves; one without answers what the person did just now.
    `facts` is what the gate has to know of the person then (`questions.facts_text`). Raises BadInput.
    """
    if to.kind is not Kind.EMAIL:
        raise BadInput("Mail goes to e-mail addresses.", field="address")
    if not kind.startswith("mail."):
        raise BadInput("The kind of a mail begins with mail.", field="kind")
    refuse_what_no_header_holds(mail)
    payload = {
        "to": to.deliver_to,
        "tag64": str(subjects.tagged(keyring, organization_id, to).tag64),
        "subject": mail.subject,
        "text": mail.text,
        "html": mail.html,
        "attachments": json.dumps(
            [(one.name, one.media_type, base64.b64encode(one.content).decode()) for one in mail.attachments]
        ),
    }
    if mail.unsubscribe_url is not None:
        payload["unsubscribe_url"] = mail.unsubscribe_url
    if facts:
        payload["facts"] = facts
    draft = outbox.Draft(
        outbox.EMAIL,
        kind,
        unique_key,
        payload,
        contact_point_id,
        program,
        message_class,
        expires_at=expires_at,
        run_at=run_at,
    )
    return outbox.enqueue(tx, organization_id, key, draft, now)


def mail_of(payload: dict[str, str]) -> Mail:
    """What `write` was given."""
    files = tuple(
        Attachment(name, media_type, base64.b64decode(content))
        for name, media_type, content in json.loads(payload["attachments"])
    )
    return Mail(payload["subject"], payload["text"], payload["html"], files, payload.get("unsubscribe_url"))
