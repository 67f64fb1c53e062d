"""What `ledger verify` asks the database, beside the leaves themselves (`quick_look`)."""

from consent.db import Sql
from consent.ledger.quick_look import COLUMNS, JOINS
from consent.ledger.streams import IN_ANY_LOG

WAITING = Sql(
    f"SELECT q.enqueued_at, q.event_id, l.leaf_index, {COLUMNS} FROM ledger_pending q"  # noqa: S608 - fixed parts
    " LEFT JOIN ledger_leaf l ON l.organization_id = q.organization_id AND l.event_id = q.event_id"
    " LEFT JOIN ledger_event e ON e.organization_id = q.organization_id AND e.event_id = q.event_id"
    f"{JOINS} WHERE q.organization_id = :organization_id AND q.log_id = :log_id"
    " AND q.event_id > :after ORDER BY q.event_id LIMIT :page"
)
COUNTS = Sql(
    "SELECT (SELECT count(*) FROM ledger_event WHERE organization_id = :organization_id AND log_id = :log_id),"
    " (SELECT count(*) FROM ledger_leaf WHERE organization_id = :organization_id AND log_id = :log_id),"
    " (SELECT count(*) FROM ledger_pending WHERE organization_id = :organization_id AND log_id = :log_id)"
)
NOWHERE = Sql(
    "SELECT e.event_id FROM ledger_event e"
    " LEFT JOIN ledger_leaf l ON l.organization_id = e.organization_id AND l.event_id = e.event_id"
    " AND l.log_id = e.log_id"
    " LEFT JOIN ledger_pending q ON q.organization_id = e.organization_id AND q.event_id = e.event_id"
    " AND q.log_id = e.log_id WHERE e.organization_id = :organization_id AND e.log_id = :log_id"
    " AND l.event_id IS NULL AND q.event_id IS NULL LIMIT :page"
)
# Rows that name a log which the organization does not have: table and the column that tells them apart.
FOREIGN = {
    (table, column): Sql(
        f"SELECT {column}, log_id FROM {table} WHERE organization_id = :organization_id"  # noqa: S608 - fixed parts
        " AND log_id NOT IN (SELECT log_id FROM ledger_log WHERE organization_id = :organization_id) LIMIT :page"
    )
    for table, column in (
        ("ledger_event", "event_id"),
        ("ledger_pending", "event_id"),
        ("ledger_leaf", "leaf_index"),
        ("ledger_tile", "tile_index"),
        ("ledger_checkpoint", "tree_size"),
        ("ledger_checkpoint_sig", "tree_size"),
        ("ledger_anchor", "tree_size"),
    )
}
EARLIER = Sql(
    "SELECT leaf_hash FROM ledger_event WHERE organization_id = :organization_id AND log_id IN"
    " (SELECT g.log_id FROM ledger_log g WHERE g.organization_id = :organization_id AND g.log_id < :log_id)"
    " AND stream_id = :stream_id AND stream_seq = :seq ORDER BY log_id DESC LIMIT 1"
)
BODIES = Sql(
    f"SELECT body FROM ledger_event WHERE organization_id = :organization_id AND {IN_ANY_LOG}"  # noqa: S608 - fixed
    " AND stream_id = :stream_id"
)
HEADS = Sql("SELECT count(*) FROM stream_head WHERE organization_id = :organization_id")
LOOSE_HEADS = Sql(
    "SELECT h.stream_id FROM stream_head h LEFT JOIN ledger_event e ON e.organization_id = h.organization_id"
    " AND e.log_id = h.log_id AND e.stream_id = h.stream_id AND e.stream_seq = h.seq"
    " WHERE h.organization_id = :organization_id AND e.stream_seq IS NULL ORDER BY h.stream_id LIMIT :page"
)
TILES = Sql(
    "SELECT tile_index, root_hash, hashes FROM ledger_tile WHERE organization_id = :organization_id"
    " AND log_id = :log_id AND level = :level AND tile_index >= :first AND tile_index <= :last"
)
TILE_LEVELS = Sql(
    "SELECT level, count(*), max(tile_index) FROM ledger_tile"
    " WHERE organization_id = :organization_id AND log_id = :log_id GROUP BY level"
)
CHECKPOINTS = Sql(
    "SELECT tree_size, root_hash, created_at FROM ledger_checkpoint WHERE organization_id = :organization_id"
    " AND log_id = :log_id AND tree_size > :after ORDER BY tree_size LIMIT :page"
)
NOTES = Sql(
    "SELECT s.tree_size, s.key_id, s.note, c.root_hash, c.created_at FROM ledger_checkpoint_sig s"
    " LEFT JOIN ledger_checkpoint c ON c.organization_id = s.organization_id AND c.log_id = s.log_id"
    " AND c.tree_size = s.tree_size WHERE s.organization_id = :organization_id AND s.log_id = :log_id"
    " AND (s.tree_size, s.key_id) > (:after, :key_id)"
    " ORDER BY s.tree_size, s.key_id LIMIT :page"
)
# A process may be killed between placing entries and signing: such a checkpoint stays unsigned, and the next signed
# one covers it. What nothing signed covers is a finding, unless it was made a moment ago and is being signed.
UNSIGNED = Sql(
    "SELECT c.tree_size FROM ledger_checkpoint c"
    " WHERE c.organization_id = :organization_id AND c.log_id = :log_id AND c.created_at < :before"
    " AND c.tree_size > (SELECT coalesce(max(s.tree_size), -1) FROM ledger_checkpoint_sig s"
    " WHERE s.organization_id = :organization_id AND s.log_id = :log_id) ORDER BY c.tree_size LIMIT :page"
)
UNANCHORED = Sql(
    "SELECT a.tree_size, a.kind FROM ledger_anchor a LEFT JOIN ledger_checkpoint_sig s"
    " ON s.organization_id = a.organization_id AND s.log_id = a.log_id AND s.tree_size = a.tree_size"
    " WHERE a.organization_id = :organization_id AND a.log_id = :log_id AND s.note IS NULL LIMIT :page"
)
