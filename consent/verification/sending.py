"""What carries a code and link to their address: one job in the outbox, by text or by mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from flask import render_template

from consent.db import Tx
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.outbox import mail as outgoing
from consent.outbox import service as outbox
from consent.policies.organization import OrganizationPack
from consent.subjects import service as subjects
from consent.verification import rules
from consent.verification.service import Ask

TEXT, MAIL = "code", "mail.code"


@dataclass(frozen=True, slots=True)
class Texting:
    """The account and number from which codes go by text; `sender` is the number's name in organization.toml."""

    account_id: UUID
    number: str
    sender: str


@dataclass(frozen=True, slots=True)
class Message:
    """A code and link as they are sent."""

    text: str = ""
    mail: outgoing.Mail | None = None


def texting_of(
    tx: Tx, keyring: Keyring, organization_id: UUID, organization: OrganizationPack, among: Sequence[str] = ()
) -> Texting | None:
    """Where codes by text come from: a registered sender with an account that can send, else any such number.

    `among`: one of these senders, and no other.
    """
    names = {one.number: one.id for one in organization.senders if one.channel == "sms"}
    ways = [
        Texting(account.id, number, names.get(number, ""))
        for account in organizations.accounts(tx, keyring, organization_id)
        if account.can_send and account.closed_at is None
        for number in account.numbers
        if not among or names.get(number) in among
    ]
    return next((way for way in ways if way.sender), next(iter(ways), None))


def message_of(asked: Ask, organization: OrganizationPack, slug: str, public_url: str) -> Message:
    """A text holds the name, the code and nothing else, but for the line by which a phone fills it in (WebOTP)."""
    if asked.kind == rules.PHONE:
        return Message(text_of(organization.name, asked.secrets.code, public_url))
    shown = {
        "name": organization.name,
        "phone": organization.phone,
        "code": asked.secrets.code,
        "address": f"{public_url}/{slug}/preferences/enter/{asked.secrets.token}",
        "minutes": int(rules.HOLDS_FOR.total_seconds() // 60),
    }
    plain = render_template("verification/mail.txt", **shown)
    subject, _, text = plain.partition("\n")
    return Message(
        mail=outgoing.Mail(subject.strip(), text.strip() + "\n", render_template("verification/mail.html", **shown))
    )


def text_of(name: str, code: str, public_url: str) -> str:
    """The text of a code."""
    where = urlsplit(public_url)
    bound = f"\n\n@{where.hostname} #{code}" if where.scheme == "https" else ""
    return f"{name}: {code}{bound}"


def enqueue(tx: Tx, keyring: Keyring, asked: Ask, message: Message, texting: Texting | None, now: datetime) -> None:
    """The message waits to be sent, sealed; whether a text may go there is asked when it is sent."""
    organization_id, key = asked.organization_id, keyring.challenge_key(asked.organization_id)
    expires_at = now + rules.HOLDS_FOR
    if message.mail is not None:
        outgoing.write(
            tx, keyring, organization_id, key, asked.address, message.mail, now, kind=MAIL, expires_at=expires_at
        )
        return
    assert texting is not None
    payload = {
        "account": str(texting.account_id),
        "from": texting.number,
        "to": asked.address.value,
        "text": message.text,
        "sender": texting.sender,
        "tag64": str(subjects.tagged(keyring, organization_id, asked.address).tag64),
    }
    draft = outbox.Draft(outbox.SMS, TEXT, None, payload, expires_at=expires_at)
    outbox.enqueue(tx, organization_id, key, draft, now)
