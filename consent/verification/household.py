"""Which of the people who share an address a visit is: said by the organization's own reference of the person."""

import uuid
from collections.abc import Callable

from consent.db import Sql, Tx
from consent.ledger.keys import Keyring
from consent.subjects import service as subjects
from consent.verification import rules
from consent.verification.visits import Visit

_TRY_PERSON = Sql(
    "UPDATE visit SET tries = tries + 1 WHERE organization_id = :organization_id AND id = :id AND tries < :most"
)
_NAME = Sql("UPDATE visit SET person_id = :person_id WHERE organization_id = :organization_id AND id = :id")

# Whether a person is one of those on record at these contact points: the wiring knows who can tell.
BelongsHere = Callable[[Tx, uuid.UUID, Visit, uuid.UUID], bool]


def name_person(tx: Tx, keyring: Keyring, visit: Visit, reference: str, belongs_here: BelongsHere) -> bool | None:
    """The visit is this person's, if one of that reference is on record here; None when no tries are left.

    Somebody unknown and somebody of another address are the same: neither is on record here.
    """
    place = {"organization_id": visit.organization_id, "id": visit.id}
    if tx.run(_TRY_PERSON, {**place, "most": rules.TRIES}) != 1:
        return None
    person = subjects.find_person(tx, keyring, visit.organization_id, reference)
    # Asked about somebody in any case, so that the answer for an unknown reference takes as long.
    here = belongs_here(tx, visit.organization_id, visit, person if person is not None else uuid.UUID(int=1))
    if person is None or not here:
        return False
    tx.run(_NAME, {**place, "person_id": person})
    return True
