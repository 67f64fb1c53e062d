"""A text read and tagged before any transaction: who sent it, what it says with secrets masked, what it means."""

import json
import uuid
from dataclasses import dataclass, field

from consent.gateways.sms.base import InboundMessage
from consent.ledger.keys import Keyring
from consent.policies import masking
from consent.policies.rulebook import Rulebook
from consent.sms.rules import Classified, Intent, classify
from consent.subjects import service as subjects
from consent.subjects.addresses import as_received

SMS = "sms"
TEXTS = ("sms", "mms", "rcs")


@dataclass(frozen=True, slots=True)
class Account:
    """The gateway account a text came through, as far as receiving cares."""

    organization_id: uuid.UUID
    id: uuid.UUID
    gateway: str
    can_send: bool
    confirms: frozenset[str] = frozenset()  # opt-out words that the gateway confirms on this number, in small letters


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text read and tagged before any transaction begins."""

    tagged: subjects.Tagged
    text: str
    masked: tuple[masking.Found, ...]
    classified: Classified
    sender: str  # which of our numbers, by its id; empty when it is none of them
    message: InboundMessage
    message_tag: bytes
    payload_tag: bytes
    listed: bool = False  # the gateway never brought it, its list shows it: it can give nothing back
    pages: str = ""  # where our pages begin, for an answer that leads there
    payload: str | None = field(default=None, repr=False)  # what the gateway brought, as it may be kept


def prepare(keyring: Keyring, account: Account, rulebook: Rulebook, message: InboundMessage) -> Prepared:
    """Everything that needs no database: the sender's tag, the masked text, its meaning, and the repeat tags."""
    organization_id = account.organization_id
    shown = masking.mask(message.text)
    classified = (
        classify(shown.text, None, message.provider_opt_out_type)
        if message.is_text and not message.echo
        else Classified(Intent.OTHER, "Not a text that a person wrote to us.")
    )
    if classified.intent is Intent.START and message.bearer not in TEXTS:
        # The wording that START agrees to speaks of texts; a STOP counts wherever it comes from.
        classified = Classified(Intent.OTHER, "A START outside text messages agrees to no texts.")
    address = as_received(SMS, message.sender)
    content = json.dumps([message.sender, message.recipient, message.text, [m.url for m in message.media]])
    return Prepared(
        subjects.tagged(keyring, organization_id, address),
        shown.text,
        shown.found,
        classified,
        sender_id(rulebook, message.recipient),
        message,
        keyring.message_tag(organization_id, str(account.id), message.message_id),
        keyring.payload_tag(organization_id, content.encode("utf-8", "surrogatepass")),
    )


def sender_id(rulebook: Rulebook, number: str) -> str:
    """Which of the organization's own senders this number is; empty for a number nobody registered."""
    return next((one.id for one in rulebook.organization.senders if one.number == number), "")
