"""Which entry of the ledger a visitor may keep the receipt of: one of the addresses they came by."""

from uuid import UUID

from consent.db import Tx
from consent.decisions.history import sight, whose
from consent.errors import NotFound
from consent.evidence.receipts import STATES
from consent.ledger import bodies, queries
from consent.ledger.bodies import Leaf
from consent.preferences.page import standing
from consent.preferences.page.acts import SOURCE
from consent.verification.visits import Level, Visit
from consent.web.messages import N_

NOTHING = N_("There is no receipt of this kind for you. Go back to your preferences and follow the link there.")


def entry(tx: Tx, organization_id: UUID, visit: Visit, event_id: UUID) -> Leaf:
    """The entry, where this visit may keep its receipt; NotFound otherwise, as for one that never was.

    A link of a message shows only what was done by it (S27): an entry of this very visit.
    """
    stored = queries.event(tx, organization_id, event_id)
    leaf = bodies.parse(stored.body) if stored is not None else None
    if leaf is None or leaf.type not in STATES or not visit.covers(leaf.stream):
        raise NotFound(NOTHING)
    if visit.level is Level.LINK and (leaf.source != SOURCE or leaf.recorded_at < visit.proven_at):
        raise NotFound(NOTHING)
    if not standing.sees(whose(leaf.data), leaf.occurred_at, sight(tx, organization_id, visit.places, visit.person_id)):
        raise NotFound(NOTHING)
    return leaf
