"""Every row of every table of an organization, to compare before with after."""

from typing import Any
from uuid import UUID

from sqlmodel import SQLModel

from consent import tables  # noqa: F401  (the complete metadata)
from consent.db import Sql
from consent.house import House

_ALL = {
    name: Sql(f"SELECT * FROM {name} WHERE organization_id = :organization_id")
    for name, table in sorted(SQLModel.metadata.tables.items())
    if "organization_id" in table.columns
}
_COUNTS = {name: Sql(f"SELECT count(*) FROM {name} WHERE organization_id = :organization_id") for name in _ALL}


def rows(house: House, organization_id: UUID) -> dict[str, list[Any]]:
    """The rows by table, in an order of their own."""
    with house.db.read(organization_id) as tx:
        found = {name: tx.all(sql, {"organization_id": organization_id}) for name, sql in _ALL.items()}
    return {name: sorted(map(repr, lines)) for name, lines in found.items()}


def counts(house: House, organization_id: UUID) -> dict[str, int]:
    """How many rows each table has."""
    with house.db.read(organization_id) as tx:
        return {name: int(tx.all(sql, {"organization_id": organization_id})[0][0]) for name, sql in _COUNTS.items()}
