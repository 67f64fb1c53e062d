"""Tell agents what became of what they asked, where they gave an address for it (section 2.03)."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from consent.db import Database, Sql, Tx
from consent.drp import queries
from consent.drp.queries import Asked
from consent.errors import BadInput
from consent.gateways.callbacks.calls import Answer, CallFailed
from consent.gateways.callbacks.targets import Target, target_of
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.web.bodies import JSON, encode
from consent.web.logs import log

Post = Callable[[Target, Mapping[str, str], bytes], Answer]

AT_ONCE = 20  # in one turn
LEASE = timedelta(minutes=2)
# After so many failures the agent has to ask by itself; the status is always there to be read.
AGAIN = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))

# Only what changed since it was told is looked at: what was told ends with the version of our request.
_DUE = Sql(
    f"{queries.FROM} AND d.run_at <= :now AND (d.told = '' OR d.told NOT LIKE '%|v' || p.version)"
    " ORDER BY d.run_at LIMIT :most"
)
_CLAIM = Sql(
    "UPDATE drp_request SET run_at = :until WHERE organization_id = :organization_id AND id = :id AND run_at <= :now"
)
_TOLD = Sql(
    "UPDATE drp_request SET told = :told, run_at = :run_at, attempts = 0"
    " WHERE organization_id = :organization_id AND id = :id"
)
_FAILED = Sql(
    "UPDATE drp_request SET attempts = :attempts, run_at = :run_at"
    " WHERE organization_id = :organization_id AND id = :id"
)


@dataclass(frozen=True, slots=True)
class Teller:
    """What telling needs."""

    db: Database
    keyring: Keyring
    post: Post
    public_url: str
    development: bool


def tell(teller: Teller, organization_id: uuid.UUID, clock: Callable[[], datetime]) -> int:
    """Every agent whose request changed was called once; returns how many calls there were."""
    now = clock()
    with teller.db.read(organization_id) as tx:
        rows = tx.all(_DUE, {"organization_id": organization_id, "now": now, "most": AT_ONCE})
        slug = next((one.slug for one in organizations.every(tx) if one.id == organization_id), "")
    changed = [queries.asked_of(teller.keyring, organization_id, row) for row in rows]
    return sum(_turn(teller, organization_id, slug, one, clock) for one in changed)


def _turn(teller: Teller, organization_id: uuid.UUID, slug: str, asked: Asked, clock: Callable[[], datetime]) -> int:
    now = clock()
    place: dict[str, object] = {"organization_id": organization_id, "id": asked.id}

    def claim(tx: Tx) -> bool:
        return tx.run(_CLAIM, place | {"until": now + LEASE, "now": now}) == 1

    if not teller.db.write(claim, organization_id):
        return 0
    called = asked.told.rpartition("|")[0] != asked.mark.rpartition("|")[0]
    if called and not _call(teller, f"{teller.public_url}/{slug}/requests", asked):
        attempts = asked.attempts + 1
        run_at = clock() + AGAIN[asked.attempts] if asked.attempts < len(AGAIN) else None
        teller.db.write(lambda tx: tx.run(_FAILED, place | {"attempts": attempts, "run_at": run_at}), organization_id)
        return 1
    after = None if asked.said.is_final else clock()
    teller.db.write(lambda tx: tx.run(_TOLD, place | {"told": asked.mark, "run_at": after}), organization_id)
    return int(called)


def _call(teller: Teller, pages: str, asked: Asked) -> bool:
    """Whether the agent took it; what it answers beyond that is not read."""
    try:
        target = target_of(asked.callback or "", development=teller.development)
        answer = teller.post(target, {"Content-Type": JSON}, encode(queries.status(asked, pages)))
    except (BadInput, CallFailed) as error:
        log.warning("agent_not_told", request=str(asked.id), why=getattr(error, "code", "address"))
        return False
    return 200 <= answer.status < 300
