"""How the entries of one stream are found: by key, in whichever log of the organization they stand.

The key of `ledger_event` by stream begins with the log. A statement that names none would walk every entry of the
organization, on both databases.
"""

IN_ANY_LOG = "log_id IN (SELECT g.log_id FROM ledger_log g WHERE g.organization_id = :organization_id)"
EVENTS_OF_STREAM = (
    f"(SELECT event_id FROM ledger_event WHERE organization_id = :organization_id AND {IN_ANY_LOG}"  # noqa: S608
    " AND stream_id = :stream_id)"
)
