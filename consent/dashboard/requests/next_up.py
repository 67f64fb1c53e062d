"""The one thing that is next for a request, as a word that its page knows a button for. Pure."""

from datetime import date

from consent.privacy_requests.casework import Case
from consent.privacy_requests.types import Item, RequestType
from consent.staff.roles import Act, Role, may

CLOSED, CARRIED, CLOSE, TAKE, VERIFY, ACKNOWLEDGE = "closed", "carried", "close", "take", "verify", "acknowledge"
DECIDE, APPROVE, WAIT, PAUSED, PASSED_ON = "decide", "approve", "wait", "paused", "passed-on"
WRITE_DOWN, STEP, RELEASE, BY_HAND = "write-down", "step", "release", "by-hand"
ASKED, LAST = "asked", "last"


def of(
    case: Case, kind: RequestType, role: Role, today: date, *, prepared: bool = True, step: Item | None = None,
    refused: bool = False, by_hand: bool = False, asked: bool = False, last: bool = False,
) -> str:  # fmt: skip
    """What somebody of this role does next; what they may not do is somebody else's next thing.

    `prepared`: of a correction it is written down what changes. `step` is the first line of a list that goes in order
    which is not done; `refused`: nothing of what is asked is granted. `by_hand`: a task waits for a person. `asked`:
    the person was asked to show who they are. `last`: it is answered, and the last of the data is still to go.
    """
    if not case.under_way:
        return BY_HAND if by_hand else LAST if last else CLOSED
    if case.state == "approved":
        if step is not None and step.last and not refused:
            return RELEASE
        return CLOSE if kind.in_words else BY_HAND if by_hand else CARRIED
    if case.decided_at is not None:
        return APPROVE if may(role, Act.REQUESTS_APPROVE) else WAIT
    if case.assigned_to is None:
        return TAKE
    if case.paused_since is not None:
        return PAUSED
    if case.acknowledged_at is None and case.acknowledge_by is not None:
        return ACKNOWLEDGE  # its time runs from the arrival, whether or not it is known who asks
    if kind.proof and case.verified_at is None:
        return ASKED if asked else VERIFY
    if case.routed_to is not None and (case.fallback_on is None or case.fallback_on > today):
        return PASSED_ON
    if step is not None and step.facts and not step.last:
        return STEP
    return DECIDE if prepared else WRITE_DOWN
