"""What of the queue waits for a decision and what for an officer: said once, for the rows and for the counts."""

from consent.privacy_requests import types
from consent.privacy_requests.tasks.rules import TELLING

DECIDE, APPROVE, BY_HAND = "decide", "approve", "by-hand"
NEXT = (DECIDE, APPROVE, BY_HAND)
_NO_PROOF = ", ".join(f"'{word}'" for one in types.ALL for word in one.words if not one.proof)


def case(approve: str, decide: str, neither: str) -> str:
    """What is next for a row, by its columns, in these words; naming.next_step says the same of a row that was read."""
    # What rules most rows out stands first: the counts of the queue ask this of every row.
    return (
        f"CASE WHEN decided_at IS NOT NULL AND state = 'in_progress' THEN {approve}"
        " WHEN assigned_to IS NOT NULL AND state IN ('open', 'in_progress') AND paused_since IS NULL"
        " AND routed_to IS NULL AND (acknowledged_at IS NOT NULL OR acknowledge_by IS NULL)"
        f" AND (verified_at IS NOT NULL OR request_type IN ({_NO_PROOF})) THEN {decide} ELSE {neither} END"
    )


COLUMN = case("'approve'", "'decide'", "''")
# Of which a task waits for a person; after a deletion somebody without a mailbox is still to be told.
HAS_TASK = (
    "EXISTS (SELECT 1 FROM request_task t WHERE t.organization_id = privacy_request.organization_id"
    " AND t.request_id = privacy_request.id AND t.state = 'by_hand')"
)
# Those that are answered while a person has still to do or to tell something: whoever works here is not done with them.
# By the tasks, since few wait while the answered are many.
ANSWERED = (
    "closed_at IS NOT NULL AND id IN (SELECT t.request_id FROM request_task t"
    " WHERE t.organization_id = :organization_id AND t.state = 'by_hand')"
)
# What of it waits: something in a system for a person, else that somebody without a mailbox is told, else the last of
# the data, which goes by itself; else NULL. The words stand in this order in the alphabet.
DO, TELL, LAST = "do", "tell", "wait"
TASK = (
    f"(SELECT min(CASE WHEN t.state = 'last' THEN '{LAST}' WHEN t.store = '{TELLING}' THEN '{TELL}' ELSE '{DO}' END)"  # noqa: S608 - words of ours
    " FROM request_task t"
    " WHERE t.organization_id = privacy_request.organization_id AND t.request_id = privacy_request.id"
    " AND t.state IN ('by_hand', 'last'))"
)
# Whether the last thing that was done to the decision was that it went back.
SENT_BACK = (
    "(SELECT s.kind FROM request_step s WHERE s.organization_id = privacy_request.organization_id"
    " AND s.request_id = privacy_request.id AND s.kind IN ('sent_back', 'decided', 'reopened')"
    " ORDER BY s.number DESC LIMIT 1)"
)
