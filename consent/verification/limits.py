"""How often forms that need no code are sent: counted in the database, so that all processes count together.

They are counted for the networks of whoever sends them and for the address that is named. Nobody looks whether the
address is on record, so the limits are the same for one that is known and one that is not.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from consent.db import Sql, Tx
from consent.ids import new_id
from consent.ledger.keys import Keyring
from consent.subjects.addresses import Address
from consent.verification import codes, shares
from consent.verification.rules import COUNTED_FOR, FORMS_COUNTED_FOR, Limits

# Two forms of one network are counted one after the other (PostgreSQL); a file has one writer anyway.
_ALONE = Sql("SELECT :lock", postgresql="SELECT pg_advisory_xact_lock(:lock)")
_SENT = Sql(
    "SELECT count(*) FROM form_sent WHERE organization_id = :organization_id AND form = :form"
    " AND network_tag >= :first AND network_tag <= :last AND sent_at > :since"
)
_COUNT = Sql(
    "INSERT INTO form_sent (organization_id, id, form, network_tag, sent_at)"
    " VALUES (:organization_id, :id, :form, :path, :now)"
)
ADDRESS, MAIL = "address", "mail"  # what is counted beside the forms themselves


def too_many(
    tx: Tx,
    keyring: Keyring,
    organization_id: uuid.UUID,
    form: str,
    caller: str | None,
    limits: Limits,
    now: datetime,
    *,
    about: Address | None = None,
) -> bool:
    """Whether this form is one too many from there, or about this address; if not, it counts."""
    path = shares.path_of(keyring, organization_id, caller)
    if _full(tx, organization_id, form, list(zip(shares.groups_in(path), limits.of_forms, strict=False)), now):
        return True
    if about is not None:
        named = codes.tag(keyring, organization_id, ADDRESS, about.value)
        groups = [(named + group, limits.forms_of_group) for group in shares.groups_in(path)]
        if _full(tx, organization_id, ADDRESS, [(named, limits.forms_of_address), *groups], now):
            return True
        _count(tx, organization_id, ADDRESS, named + path, now)
    _count(tx, organization_id, form, path, now)
    return False


def mail_is_due(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, about: str, address: Address, now: datetime
) -> bool:
    """Whether nothing was sent about this within the hour to an address that nobody has proven; if so, it counts."""
    tag = codes.tag(keyring, organization_id, f"{MAIL}-{about}", address.value)
    if _full(tx, organization_id, MAIL, [(tag, 1)], now, COUNTED_FOR):
        return False
    _count(tx, organization_id, MAIL, tag, now)
    return True


def _full(
    tx: Tx,
    organization_id: uuid.UUID,
    form: str,
    groups: Sequence[tuple[bytes, int]],
    now: datetime,
    within: timedelta = FORMS_COUNTED_FOR,
) -> bool:
    place: dict[str, object] = {"organization_id": organization_id, "form": form, "since": now - within}
    lock = int.from_bytes(groups[0][0][:8], "big", signed=True)
    _, *counts = tx.gather(
        (_ALONE, {"lock": lock}),
        *((_SENT, {**place, "first": group, "last": shares.end_of(group)}) for group, _ in groups),
    )
    return any(int(rows[0][0]) >= most for rows, (_, most) in zip(counts, groups, strict=True))


def _count(tx: Tx, organization_id: uuid.UUID, form: str, path: bytes, now: datetime) -> None:
    row = {"organization_id": organization_id, "id": new_id(now), "form": form, "path": path, "now": now}
    tx.later(_COUNT, row)
