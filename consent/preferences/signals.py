"""Global Privacy Control: a browser that sends `Sec-GPC: 1` refuses, for whoever visits with it, sale and sharing.

Recorded where something is written anyway, when a visit begins or a page is saved: a GET changes nothing.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime

from consent.db import Tx
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.policies.rulebook import Rulebook
from consent.preferences import service as preferences
from consent.preferences import settings
from consent.subjects import service as subjects


def honour(
    tx: Tx,
    keyring: Keyring,
    log: ledger.Log,
    rulebook: Rulebook,
    places: Iterable[subjects.Tagged],
    person_id: uuid.UUID | None,
    now: datetime,
) -> list[ledger.Entry]:
    """The refusal is on record at each of these places, once: of the person who is meant, or of the only one known."""
    entries: list[ledger.Entry] = []
    for place in places:
        state = preferences.read(tx, log.organization_id, place.address.channel, place.tag64)
        known = settings.persons_of(state)
        whose = person_id if person_id is not None else next(iter(known)) if len(known) == 1 else None
        how = settings.How("page", settings.GPC, person_id=whose)
        wish = [settings.refuse_sale(by_signal=True)]
        entries += settings.record(tx, keyring, log, rulebook, place, wish, how, now)
    return entries
