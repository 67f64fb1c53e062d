"""What the outbox asks right before it sends: the gate once more, with what holds at this moment (T-06)."""

import json
from datetime import datetime

from consent.db import Tx
from consent.decisions.gathering import About, gather
from consent.outbox.leave import GO, NO, Leave, Whither
from consent.outbox.service import EMAIL, Claimed
from consent.policies.governing import Governing
from consent.policies.questions import NO_FACTS, facts_in
from consent.policies.rulebook import Question
from consent.policies.timing import PASSING
from consent.preferences import rules as preference_rules
from consent.preferences import service as preferences

CODE = "code"  # a text with the number that proves control of a telephone
QUESTION = "question"  # a text that asks whoever has the number to confirm what a form said
ACKNOWLEDGEMENT = "acknowledgement"  # a text that says that a request has arrived
MAIL = "mail."  # how the kinds of mails begin


def may_go(tx: Tx, governing: Governing, job: Claimed, whither: Whither, now: datetime) -> Leave:
    """Whether this job may be sent there now, and if only time stands against it, from when on.

    The direct answer to what the person did just now is never held back by a STOP, nor by the hours.
    """
    if is_answer(job):
        return GO
    if job.kind in (CODE, QUESTION, ACKNOWLEDGEMENT):
        state = preferences.read(tx, job.organization_id, whither.channel, whither.tag64)
        return GO if preference_rules.takes_texts(state) else NO
    if job.contact_point_id is None or job.program is None or job.message_class is None:
        return NO
    rulebook = governing.now(job.organization_id, now).rulebook
    facts = facts_in(json.loads(whither.facts)) if whither.facts else NO_FACTS
    question = Question(job.program, job.message_class, whither.channel, now, facts=facts)
    _, standing = gather(tx, job.organization_id, About(rulebook, question, whither.tag64, whither.address))
    verdict = rulebook.may_contact(question, standing)
    if verdict.answer == "allow":
        return GO
    if all(one.code in PASSING for one in verdict.reasons):
        return Leave("wait", verdict.next_allowed)
    return NO


def is_answer(job: Claimed) -> bool:
    """Is it what the person asked for just now: the reply to a keyword, a code or receipt by mail?

    A mail that the company has a reason of its own for names its program, and asks the gate.
    """
    return job.kind.startswith("reply.") or (job.queue == EMAIL and job.kind.startswith(MAIL) and job.program is None)
