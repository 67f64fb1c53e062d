"""The yes by text that a form's question asks for: it gives what was ticked, and nothing else does.

In doubt nothing is given: the question must have left from the same number, be neither answered nor too old, and no
"no" may have come since. Any other yes is a text like every other.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime

from consent.db import Tx
from consent.ledger import bodies
from consent.ledger import service as ledger
from consent.ledger.bodies import Leaf
from consent.policies.rulebook import Rulebook
from consent.preferences import rules as preference_rules
from consent.preferences import service as preferences
from consent.preferences.opt_in.asking import DOUBLE, REQUESTED
from consent.preferences.opt_in.view import may_be_agreed_to
from consent.sms.arrivals import SMS, TEXTS, Prepared
from consent.sms.rules import Intent
from consent.sms.wording.folding import folded, own_words, strip_symbols
from consent.subjects import service as subjects

MOST_READ = 80  # characters: a yes with what a phone puts under it


def confirmation_of(
    tx: Tx, organization_id: uuid.UUID, rulebook: Rulebook, text: Prepared, contact: subjects.Contact, now: datetime
) -> ledger.Event | None:
    """The consent that this text gives, None where it answers no open question."""
    message, word = text.message, _word(rulebook, text)
    if word is None or contact.is_new or text.listed or not text.sender:
        return None
    at = bodies.occurred(message.received_at, now)
    stored = ledger.bodies_of(tx, organization_id, contact.stream.id)
    stream = [bodies.parse(body) for body in stored]
    asked = _asked(stream, text.sender, at)
    if asked is None or word not in [_plain(str(one)) for one in _list(asked.data.get("words"))]:
        return None
    program = rulebook.program(asked.purposes[0])
    facts = preferences.facts_of(stored)
    if program is None or preference_rules.refused_since(asked.occurred_at, at, asked.purposes, facts):
        return None
    if program.footing not in ("opt-in", "opt-out") or not may_be_agreed_to(rulebook, program, SMS):
        return None
    data: dict[str, object] = {
        "intent": str(Intent.OTHER),
        "why": "It answers the question that followed a form.",
        "method": DOUBLE,
        "confirms": str(asked.id),
        "asked_at": bodies.instant(asked.occurred_at),
        "gateway": message.gateway,
        "sender": text.sender,
        **{name: asked.data[name] for name in _KEPT if name in asked.data},
    }
    said = {
        "address": text.tagged.address.value,
        "provider_msg_id": message.message_id,
        "ip_absent_reason": "sent by text message; the form's stands with the request",
    }
    return ledger.Event(
        "consent.given", "webhook", SMS, asked.purposes, data, message.received_at, said, text.text, text.payload
    )


_KEPT = ("wording_sha256", "wording_language", "policy", "policy_version", "policy_sha256")


def agreed_in(confirmation: ledger.Event | None) -> str | None:
    """The program that was agreed to, if one was."""
    return None if confirmation is None else confirmation.purposes[0]


def _word(rulebook: Rulebook, text: Prepared) -> str | None:
    """What the text says, where it is one of the words that some program waits for: the rest reads no history."""
    message = text.message
    if text.classified.intent is not Intent.OTHER or message.echo or not message.is_text:
        return None
    # Twilio reads YES as its own opt-in and says so; any other reading of a gateway's stands against a yes.
    if message.bearer not in TEXTS or message.provider_opt_out_type not in (None, "START"):
        return None
    if len(message.text) > MOST_READ:
        return None
    said = _plain(message.text)
    doubles = [one.asking.double for one in rulebook.organization.programs if one.asking.double is not None]
    return said if any(said == _plain(word) for one in doubles for word in one.words) else None


def _plain(text: str) -> str:
    return " ".join(strip_symbols(own_words(folded(text))).split())


def _asked(stream: Sequence[Leaf], sender: str, at: datetime) -> Leaf | None:
    """The newest question from this number that had left by then, is open still, and has no answer yet."""
    left = {str(one.data.get("answers")) for one in stream if one.type == "message.sent" and one.occurred_at <= at}
    answered = {str(one.data.get("confirms")) for one in stream if one.type == "consent.given"}
    asked = [one for one in stream if one.type == REQUESTED and str(one.id) in left and one.data["sender"] == sender]
    newest = max(asked, key=lambda one: (one.occurred_at, one.seq), default=None)
    if newest is None or str(newest.id) in answered or at > datetime.fromisoformat(str(newest.data["until"])):
        return None
    return newest


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
