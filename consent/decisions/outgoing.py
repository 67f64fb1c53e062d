"""What the outbox asks right before it sends: the gate once more, with what holds at this moment (T-06)."""

from datetime import datetime

from consent.db import Tx
from consent.decisions.standing import standing_of
from consent.numbers.queries import SELECT_STATE_AND_COPIES
from consent.outbox.service import Claimed
from consent.policies.governing import Governing
from consent.policies.rulebook import Question
from consent.preferences.service import SELECT_STATE, state_from
from consent.subjects import service as subjects


def may_go(tx: Tx, governing: Governing, job: Claimed, now: datetime) -> bool:
    """Whether this job may be sent now. The direct answer to a keyword is never held back by the STOP it confirms."""
    if job.kind.startswith("reply."):
        return True
    if job.contact_point_id is None or job.program is None or job.message_class is None:
        return False
    place = subjects.place_of(tx, job.organization_id, job.contact_point_id)
    if place is None:
        return False
    channel, tag64 = place
    rulebook = governing.now(job.organization_id, now).rulebook
    asks = SELECT_STATE_AND_COPIES if rulebook.scrubs(job.program, job.message_class, channel) else SELECT_STATE
    place_of_state = {"organization_id": job.organization_id, "channel": channel, "tag64": tag64}
    state = state_from(tx.all(asks, place_of_state))
    question = Question(job.program, job.message_class, channel, now)
    return rulebook.may_contact(question, standing_of(state, job.program, None)).answer == "allow"
