"""How a database goes about a statement, as it says itself: asserted instead of times, which wander."""

from collections.abc import Mapping
from uuid import UUID

from consent.db import Sql, Tx


def plan(tx: Tx, sql: Sql, asked: Mapping[str, object]) -> str:
    """The plan in the words of the database, on PostgreSQL as for a table too large to be read whole or sorted."""
    driver = tx.connection.connection.driver_connection
    if "sqlite" in type(driver).__module__:
        given = {name: one.bytes if isinstance(one, UUID) else one for name, one in asked.items()}
        rows = driver.execute(f"EXPLAIN QUERY PLAN {sql.sqlite}", given)  # type: ignore[union-attr]
        return "\n".join(row[-1] for row in rows)
    for other in ("seqscan", "bitmapscan", "sort"):
        tx.run(Sql(f"SET LOCAL enable_{other} = off"), {})
    explained = Sql("EXPLAIN")
    explained.postgresql = f"EXPLAIN {sql.postgresql}"
    return "\n".join(row[0] for row in tx.all(explained, asked))
