"""What the outbox asks right before it sends: the gate once more, with what holds at this moment (T-06)."""

from datetime import datetime

from consent.db import Tx
from consent.decisions.gathering import gather
from consent.outbox.leave import GO, NO, Leave
from consent.outbox.service import Claimed
from consent.policies.governing import Governing
from consent.policies.rulebook import Question
from consent.policies.timing import PASSING
from consent.subjects import service as subjects


def may_go(tx: Tx, governing: Governing, job: Claimed, address: str, now: datetime) -> Leave:
    """Whether this job may be sent to `address` now, and if only time stands against it, from when on.

    The direct answer to a keyword is never held back by the STOP it confirms, nor by the hours.
    """
    if job.kind.startswith("reply."):
        return GO
    if job.contact_point_id is None or job.program is None or job.message_class is None:
        return NO
    place = subjects.place_of(tx, job.organization_id, job.contact_point_id)
    if place is None:
        return NO
    channel, tag64 = place
    rulebook = governing.now(job.organization_id, now).rulebook
    question = Question(job.program, job.message_class, channel, now)
    _, standing = gather(tx, job.organization_id, rulebook, question, tag64, address, None)
    verdict = rulebook.may_contact(question, standing)
    if verdict.answer == "allow":
        return GO
    if all(one.code in PASSING for one in verdict.reasons):
        return Leave("wait", verdict.next_allowed)
    return NO
