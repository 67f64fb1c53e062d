"""Which record somebody means: by its id here, or as its own system names it."""

from uuid import UUID

from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.errors import BadInput
from consent.web.messages import N_

SEVERAL = N_(
    "Several records have this reference. Name the system and the class of data as well: own/call-detail/4711."
)
PAIRS = 1_000  # systems and classes of data that are looked through; an organization has a few dozen

_KNOWN = Sql("SELECT id FROM held_record WHERE organization_id = :organization_id AND id = :id")
# From one pair to the next along the unique index, whose last column is the reference: a seek for each, and no scan.
_FIRST_PAIR = Sql(
    "SELECT store, category FROM held_record WHERE organization_id = :organization_id ORDER BY store, category LIMIT 1"
)
_NEXT_PAIR = Sql(
    "SELECT store, category FROM held_record WHERE organization_id = :organization_id"
    " AND (store, category) > (:store, :category) ORDER BY store, category LIMIT 1"
)
_NAMED = Sql(
    "SELECT id FROM held_record WHERE organization_id = :organization_id AND store = :store AND category = :category"
    " AND reference = :reference"
)


def record_named(tx: Tx, organization_id: UUID, text: str) -> UUID | None:
    """The record of that id or reference; `system/class/reference` names it where a reference alone names several.

    None for what is not on the list. Raises BadInput (field `record`) where several are meant.
    """
    place: dict[str, object] = {"organization_id": organization_id}
    try:
        row = tx.one(_KNOWN, place | {"id": UUID(text)})
    except ValueError:
        row = None
    if row is not None:
        return as_id(row[0])
    found: list[UUID] = []
    pair = tx.one(_FIRST_PAIR, place)
    for _number in range(PAIRS):
        if pair is None:
            break
        at = place | {"store": pair[0], "category": pair[1]}
        exact = text.removeprefix(f"{pair[0]}/{pair[1]}/")
        if (row := tx.one(_NAMED, at | {"reference": exact})) is not None:
            if exact != text:
                return as_id(row[0])
            found.append(as_id(row[0]))
        pair = tx.one(_NEXT_PAIR, at)
    if len(found) > 1:
        raise BadInput(SEVERAL, field="record")
    return found[0] if found else None
