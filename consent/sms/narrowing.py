"""The question that a STOP's one confirmation may ask, and the answer that narrows that STOP: 47 CFR 64.1200(a)(12).

The STOP silences everything when it comes. An answer in time takes that back for what the person did not mean, and for
nothing else; silence, or any other words, leave it as it is.
"""

import json
import re
import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from consent.db import Tx
from consent.ledger import bodies
from consent.ledger import service as ledger
from consent.ledger.bodies import Leaf
from consent.policies.answers.stopping import category
from consent.policies.kinds.shapes import elapsed
from consent.policies.rulebook import Rulebook
from consent.preferences import rules as preference_rules
from consent.preferences.rules import Effect, Fact
from consent.sms.answers import confirms_stop
from consent.sms.arrivals import SMS, TEXTS, Account, Prepared
from consent.sms.rules import Intent
from consent.subjects import service as subjects

LONGEST_QUESTION = 2000  # characters of an entry; a STOP must never be too large for the ledger
ANSWER = re.compile(r"[1-9]", re.ASCII)
_SAID = (Effect.STOP, Effect.STOP_SOME, Effect.START)


def with_question(
    rulebook: Rulebook,
    account: Account,
    text: Prepared,
    before: preference_rules.State,
    event: ledger.Event,
    now: datetime,
) -> ledger.Event:
    """The event of a STOP with what its confirmation asks, where it may ask: the answers, what each names, until when.

    Several categories must have been agreed to on this number of ours, and the words must leave open what was meant.
    """
    question, said = rulebook.organization.stop.question, text.classified
    if question is None or said.intent is not Intent.STOP or not text.sender or event.data.get("scope") != "channel":
        return event
    if said.everything or said.wrong_number or said.erasure or not account.can_send:
        return event
    if not confirms_stop(account, text, before):
        return event
    offered = _offered(rulebook, text.sender, before, event)
    if len(offered) < 2 or len(json.dumps(offered)) > LONGEST_QUESTION:
        return event
    until = bodies.occurred(text.message.received_at, now) + elapsed(question.within)
    return replace(event, data={**event.data, "question": {"until": bodies.instant(until), "answers": offered}})


def _offered(
    rulebook: Rulebook, sender: str, before: preference_rules.State, event: ledger.Event
) -> list[list[object]]:
    """Each answer with the category it names and the programs of it that this STOP ends; only what was agreed to."""
    question = rulebook.organization.stop.question
    agreed = {key[0] for key, standing in before.items() if standing.state == "given"}
    programs = [one for one in map(rulebook.program, event.purposes) if one is not None]
    here = {category(one) for one in programs if one.key in agreed and sender in one.senders}
    return [
        [word, named, [one.key for one in programs if category(one) == named]]
        for word, named in (question.answers.items() if question is not None else ())
        if named in here
    ]


def narrowing_of(
    tx: Tx, organization_id: uuid.UUID, text: Prepared, contact: subjects.Contact, now: datetime
) -> ledger.Event | None:
    """The event of an answer to the question, None where this text is none: too late, to another number, other words.

    What was said last before it, a STOP or a START, must be the STOP whose question left for this person.
    """
    message, word = text.message, text.message.text.strip(" \t\r\n")
    if text.classified.intent is not Intent.OTHER or not ANSWER.fullmatch(word) or contact.is_new or text.listed:
        return None
    if message.echo or not message.is_text or message.bearer not in TEXTS or message.provider_opt_out_type is not None:
        return None
    at = bodies.occurred(message.received_at, now)
    stream = [bodies.parse(body) for body in ledger.bodies_of(tx, organization_id, contact.stream.id)]
    stop = _last_said([leaf for leaf in stream if leaf.occurred_at <= at])
    if stop is None or not text.sender or stop.data.get("sender") != text.sender:
        return None
    named = _named(stop, word, at)
    if named is None or not any(_asks(leaf, stop, at) for leaf in stream):
        return None
    kind, programs = named
    data: dict[str, object] = {
        "intent": str(Intent.OTHER),
        "why": "It answers the question that the confirmation of a STOP asked.",
        "narrows": str(stop.id),
        "answer": word,
        "category": kind,
        "gateway": message.gateway,
        "sender": text.sender,
        **{name: stop.data[name] for name in ("policy", "policy_version", "policy_sha256") if name in stop.data},
    }
    facts = {"address": text.tagged.address.value, "provider_msg_id": message.message_id}
    said_at = message.received_at
    return ledger.Event("consent.narrowed", "webhook", SMS, programs, data, said_at, facts, text.text, text.payload)


def _last_said(stream: Iterable[Leaf]) -> Leaf | None:
    """The last STOP or START among these, in the order of the fold; None where there is none or the last gave back."""
    told: dict[uuid.UUID, tuple[Fact, Leaf]] = {}
    for leaf in stream:
        if preference_rules.effect_of(leaf.type, leaf.data) in _SAID:
            said = (leaf.type, leaf.data, leaf.purposes, leaf.occurred_at, leaf.id, leaf.source, leaf.channel)
            fact = preference_rules.fact_of(*said)
            if fact is not None:
                told[leaf.id] = (fact, leaf)
    if not told:
        return None
    fact, leaf = max(told.values(), key=lambda one: one[0].order)
    return leaf if fact.effect is Effect.STOP else None


def _named(stop: Leaf, word: str, at: datetime) -> tuple[str, tuple[str, ...]] | None:
    """The category and the programs that this answer names, if it was offered and the time for it is not over."""
    asked = stop.data.get("question")
    if not isinstance(asked, dict) or at > datetime.fromisoformat(asked["until"]):
        return None
    return next(((named, tuple(programs)) for one, named, programs in asked["answers"] if one == word), None)


def _asks(leaf: Leaf, stop: Leaf, at: datetime) -> bool:
    """Whether this entry says that the question of this STOP had left by then."""
    return leaf.type == "message.sent" and leaf.data.get("answers") == str(stop.id) and leaf.occurred_at <= at
