"""The two tokens of a mail, in its Message-ID and in the address it comes back to; nobody else can make one.

Whoever reads a mail that was forwarded sees its Message-ID. So that token is not the one by which a mail that could not
be delivered comes back, and neither tells the other.
"""

import base64
import binascii
import hmac
import re
import uuid

from consent.ledger.keys import Keyring

BACK, MESSAGE_ID = "mail", "mail-id"
# 16 bytes of the job's id and 16 of their tag, in letters that survive a server which knows no case.
_TOKEN = re.compile(r"(?<![a-z2-7])[a-z2-7]{52}(?![a-z2-7])", re.ASCII)


def make(keyring: Keyring, organization_id: uuid.UUID, job_id: uuid.UUID, place: str = BACK) -> str:
    """The token of this job for BACK or MESSAGE_ID: the same whenever it is tried."""
    tag = keyring.message_tag(organization_id, place, str(job_id))
    return base64.b32encode(job_id.bytes + tag).decode().rstrip("=").lower()


def found_in(text: str) -> list[str]:
    """Everything in `text` that looks like a token."""
    return _TOKEN.findall(text.lower())


def read(keyring: Keyring, organization_id: uuid.UUID, token: str, place: str = BACK) -> uuid.UUID | None:
    """The job of the token; None for one that was not made here for this organization and place."""
    try:
        raw = base64.b32decode(token.upper() + "====")
    except binascii.Error:
        return None
    job_id = uuid.UUID(bytes=raw[:16])
    tag = keyring.message_tag(organization_id, place, str(job_id))
    return job_id if hmac.compare_digest(raw[16:], tag) else None
