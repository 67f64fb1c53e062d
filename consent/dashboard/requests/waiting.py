"""What of the queue waits for a decision and what for an officer: said once, for the rows and for the counts."""

from consent.privacy_requests import types

DECIDE, APPROVE = "decide", "approve"
NEXT = (DECIDE, APPROVE)
_NO_PROOF = ", ".join(f"'{word}'" for one in types.ALL for word in one.words if not one.proof)
# The word of what is next for a row, by its columns; naming.next_step says the same of a row that was read.
COLUMN = (
    "CASE WHEN state = 'in_progress' AND decided_at IS NOT NULL THEN 'approve'"
    " WHEN state IN ('open', 'in_progress') AND assigned_to IS NOT NULL AND paused_since IS NULL"
    " AND routed_to IS NULL AND (acknowledged_at IS NOT NULL OR acknowledge_by IS NULL OR acknowledge_by < :today)"
    f" AND (verified_at IS NOT NULL OR request_type IN ({_NO_PROOF})) THEN 'decide' ELSE '' END"
)
# Whether the last thing that was done to the decision was that it went back.
SENT_BACK = (
    "(SELECT s.kind FROM request_step s WHERE s.organization_id = privacy_request.organization_id"
    " AND s.request_id = privacy_request.id AND s.kind IN ('sent_back', 'decided', 'reopened')"
    " ORDER BY s.number DESC LIMIT 1)"
)
