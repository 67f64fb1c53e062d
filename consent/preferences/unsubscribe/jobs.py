"""Look at what was unsubscribed lately: who was switched off in a burst is asked whether it was them."""

import uuid
from datetime import datetime, timedelta

from consent.db import Database, Sql, Tx
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.preferences.unsubscribe import queries
from consent.preferences.unsubscribe.rules import Burst, Figures, Press, bursts

# A job that was away looks back this far. Afterwards the tags are gone: nobody can be found by them any more.
LOOKS_BACK = timedelta(days=1)

_NOTICE = Sql(
    "UPDATE unsubscription SET noticed_at = :now, why = :why, people = :people"
    " WHERE organization_id = :organization_id AND id = :id AND noticed_at IS NULL"
)
_FORGET = Sql(
    "UPDATE unsubscription SET mail_tag = NULL, network_tag = NULL WHERE organization_id = :organization_id"
    " AND happened_at < :before AND (mail_tag IS NOT NULL OR network_tag IS NOT NULL)"
)


def notice(db: Database, keyring: Keyring, organization_id: uuid.UUID, figures: Figures, now: datetime) -> int:
    """Every press in a burst says so, in its row and in the ledger of its contact point; returns how many are new."""
    with db.read(organization_id) as tx:
        presses, known = queries.recent(tx, organization_id, now - LOOKS_BACK)
    found = bursts(presses, figures)
    fresh = [one for one in presses if one.id in found and one.id not in known]
    for one in fresh:
        db.write(lambda tx, one=one: _mark(tx, keyring, organization_id, one, found[one.id], now), organization_id)  # type: ignore[misc]
    return len(fresh)


def forget(db: Database, organization_id: uuid.UUID, now: datetime) -> None:
    """Of presses older than a day nobody can tell any more which mail or network they came from."""
    asked = {"organization_id": organization_id, "before": now - LOOKS_BACK}
    db.write(lambda tx: tx.run(_FORGET, asked), organization_id)


def _mark(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, press: Press, burst: Burst, now: datetime) -> None:
    log = ledger.log_of(tx, organization_id)
    if log is None:
        return
    stream = ledger.stream(tx, keyring, organization_id, press.contact_point_id)
    marked = {"organization_id": organization_id, "id": press.id, "now": now}
    if tx.run(_NOTICE, marked | {"why": burst.why, "people": burst.people}):
        data = {"about": str(press.id), "reason": burst.why, "people": burst.people}
        ledger.append(tx, log, stream, ledger.Event("consent.questioned", "system", data=data), now)
