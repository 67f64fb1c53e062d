"""The question by text that follows a ticked form, where a program wants a yes from the number (double opt-in).

Nothing is agreed to before it: the form leaves `consent.requested` in the ledger, and one question goes out. Whether a
text may go there at all is asked by the worker that sends it, so the page looks the same for every number.
"""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from flask import session

from consent.db import Tx
from consent.ledger import bodies
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.outbox import service as outbox
from consent.policies.governing import InForce
from consent.policies.kinds.shapes import elapsed
from consent.policies.opt_in_settings import Double
from consent.policies.organization import Program
from consent.policies.replies import fill
from consent.policies.shown import Shown
from consent.preferences import consents, shown_texts
from consent.preferences.wordings import hash_text
from consent.subjects import service as subjects
from consent.verification import service as verification
from consent.verification.rules import HOLDS_FOR, Limits
from consent.verification.sending import Texting
from consent.verification.service import Ask

REQUESTED = "consent.requested"  # Data Privacy Vocabulary: consent requested
QUESTION = "question"  # the kind of the text in the outbox
DOUBLE = "double-opt-in"
WAITING = "question"  # what this browser remembers of it
CHANNEL = "sms"


@dataclass(frozen=True, slots=True)
class Question:
    """A question ready to be put: what was ticked for which number, where it comes from, what it says."""

    asked: Ask
    said: consents.Said
    double: Double
    texting: Texting
    text: str
    language: str
    statements: tuple[Shown, ...]


def text_of(in_force: InForce, program: Program, double: Double, language: str) -> tuple[str, str]:
    """The question in that language, else in its first, with the language it is in."""
    spoken = language if language in double.texts else next(iter(double.texts))
    return fill(double.texts[spoken], in_force.rulebook.organization, program, spoken), spoken


def put(
    tx: Tx, keyring: Keyring, in_force: InForce, question: Question, limits: Limits, now: datetime
) -> datetime | None:
    """What was ticked is on record as asked for, and the question waits to be sent, once however often it is pressed.

    Where too much is asked for nothing is written, and the answer is when one may ask again.
    """
    full = verification.count(tx, keyring, question.asked, limits, now)
    if full is not None:
        return full
    organization_id, said = in_force.log.organization_id, question.said
    contact = subjects.contact(tx, keyring, organization_id, said.tagged, now)
    entry = ledger.append(tx, in_force.log, contact.stream, _requested(tx, in_force, question, now), now)
    program = said.draft.program or ""
    shown_texts.record(
        tx, in_force.log, contact.stream, in_force.rulebook, "opt-in-form", CHANNEL, (program,),
        question.statements, now,
    )  # fmt: skip
    payload = {
        "account": str(question.texting.account_id),
        "from": question.texting.number,
        "to": said.tagged.address.value,
        "text": question.text,
        "sender": question.texting.sender,
        "answers": str(entry.event_id),
    }
    expires_at = now + min(HOLDS_FOR, elapsed(question.double.within))
    once = f"{QUESTION}:{contact.id}:{program}:{int(now.timestamp() // HOLDS_FOR.total_seconds())}"
    draft = outbox.Draft(outbox.SMS, QUESTION, once, payload, contact.id, expires_at=expires_at)
    outbox.enqueue(tx, organization_id, contact.stream.key, draft, now)
    return None


def remember(organization_id: uuid.UUID, program: str, question: Question) -> None:
    """This browser may be told where the question went; the number itself is not in it."""
    session[WAITING] = {
        "at": organization_id.hex,
        "program": program,
        "masked": question.said.tagged.address.masked,
        "from": question.texting.number,
        "word": question.double.words[0],
    }


def remembered(organization_id: uuid.UUID, program: str) -> dict[str, str] | None:
    """Where this browser's question went."""
    found = session.get(WAITING)
    if not isinstance(found, dict) or (found.get("at"), found.get("program")) != (organization_id.hex, program):
        return None
    return found


def _requested(tx: Tx, in_force: InForce, question: Question, now: datetime) -> ledger.Event:
    """The entry of the form; what a yes needs stands in it, so that a pack changed meanwhile changes nothing."""
    more: dict[str, object] = {
        "sender": question.texting.sender,
        "until": bodies.instant(now + elapsed(question.double.within)),
        "words": list(question.double.words),
        "question_sha256": hash_text(question.text),
        "question_language": question.language,
    }
    said = replace(question.said, draft=question.said.draft._replace(state="requested"))
    return consents.event_of(
        tx, in_force.log.organization_id, in_force.rulebook, said, None, "page", now, more
    )  # fmt: skip
