"""How much of what may be asked for within an hour each network has: one host's asks use up no more than its share.

A host commands many addresses of its provider, so asks are counted for three groups: the network of a household, and
the two wider ones around it. Nobody is looked up: the answer is the same for addresses that are known and that are not.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime

from consent.db import Sql, Tx
from consent.db.types import as_instant
from consent.ledger.keys import Keyring
from consent.verification import codes
from consent.verification.rules import COUNTED_FOR, Limits, free_at
from consent.web import peer

# Two asks for one address are counted one after the other (PostgreSQL); a file has one writer anyway.
_ALONE = Sql("SELECT :lock", postgresql="SELECT pg_advisory_xact_lock(:lock)")
_OF_ADDRESS = Sql(
    "SELECT created_at, network_tag FROM challenge WHERE organization_id = :organization_id AND address_tag = :tag"
    " AND created_at > :since ORDER BY created_at DESC LIMIT :most"
)
# The oldest of the newest asks: while it lies within the hour, the limit is reached.
_OF_GROUP = Sql(
    "SELECT created_at FROM challenge WHERE organization_id = :organization_id AND network_tag >= :first"
    " AND network_tag <= :last AND created_at > :since ORDER BY created_at DESC LIMIT 1 OFFSET :before"
)
_OF_ORGANIZATION = Sql(
    "SELECT created_at FROM challenge WHERE organization_id = :organization_id"
    " AND created_at > :since ORDER BY created_at DESC LIMIT 1 OFFSET :before"
)
GROUPS = 3


def path_of(keyring: Keyring, organization_id: uuid.UUID, caller: str | None) -> bytes:
    """The tags of the caller's groups, the widest first, so that each group is a range of paths.

    All whom a proxy of ours hides are one group together, and have what one of the widest has.
    """
    groups = tuple(reversed(peer.groups_of(caller))) if caller is not None else ("unknown",)
    return b"".join(codes.tag(keyring, organization_id, "network", one) for one in groups)


def full_until(
    tx: Tx, organization_id: uuid.UUID, address_tag: bytes, path: bytes, limits: Limits, now: datetime
) -> datetime | None:
    """When the next ask from there for this address is answered, where one of the limits is reached."""
    counted: dict[str, object] = {"organization_id": organization_id, "since": now - COUNTED_FOR}
    groups = groups_in(path)
    rows = tx.gather(
        (_ALONE, {"lock": int.from_bytes(address_tag[:8], "big", signed=True)}),
        (_OF_ADDRESS, {**counted, "tag": address_tag, "most": limits.address}),
        (_OF_ORGANIZATION, {**counted, "before": limits.organization - 1}),
        *(
            (_OF_GROUP, {**counted, "first": group, "last": end_of(group), "before": most - 1})
            for group, most in zip(groups, limits.of_groups, strict=False)
        ),
    )
    asks = [(as_instant(at), bytes(whence or b"")) for at, whence in rows[1]]
    ends = [free_at([at for at, _ in asks], limits.address)]
    ends += [
        free_at([at for at, whence in asks if whence.startswith(group)], most)
        for group, most in zip(groups, limits.of_address, strict=False)
    ]
    ends += [as_instant(oldest[0][0]) + COUNTED_FOR for oldest in rows[2:] if oldest]
    return max((end for end in ends if end is not None), default=None)


def groups_in(path: bytes) -> Sequence[bytes]:
    """The groups of a path as what their paths begin with, the widest first."""
    return [path[: codes.TAG_BYTES * count] for count in range(1, len(path) // codes.TAG_BYTES + 1)]


def end_of(group: bytes) -> bytes:
    """What no path of this group lies behind."""
    return group + b"\xff" * (codes.TAG_BYTES * GROUPS + 1)
