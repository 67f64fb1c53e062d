"""Records of consent that outlast a deletion: they prove what was agreed to, and nothing is sent on them any more."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from consent.db import Tx
from consent.ledger import service as ledger
from consent.preferences import numbers
from consent.preferences import service as preferences
from consent.preferences.rules import State
from consent.privacy_requests.casework import Desk, Outcome, classes
from consent.privacy_requests.casework.outcomes import SPLIT
from consent.privacy_requests.tasks import people

WHY = "kept-as-proof"
_KEPT = frozenset({"keep", "isolate"})


def only_proof(tx: Tx, desk: Desk, request_id: uuid.UUID, decided: Iterable[Outcome], now: datetime) -> int:
    """Where the records of consent are kept as proof alone, every yes of that person has ended; how many did."""
    here = classes.here(desk.rulebook.organization)
    proof = desk.rulebook.requests.grounds_of_proof
    kept = {here.get(one.category.partition(SPLIT)[0]) for one in decided if one.what in _KEPT and one.ground in proof}
    person = people.of_request(tx, desk.keyring, desk.log.organization_id, request_id)
    if "consents" not in kept or person is None:
        return 0
    count = 0
    for place in person.places:
        state = preferences.read(tx, desk.log.organization_id, place.channel, place.tag64)
        stream = ledger.stream(tx, desk.keyring, desk.log.organization_id, place.id)
        for name in _given(state):
            event = ledger.Event("consent.withdrawn", "system", place.channel, (name,), {"method": WHY})
            entry = ledger.append(tx, desk.log, stream, event, now)
            state = preferences.record(
                tx, desk.log.organization_id, place.channel, place.tag64, state, entry, event.source
            )
            count += 1
    return count


def _given(state: State) -> list[str]:
    """The programs that somebody at this address said yes to."""
    return sorted({key[0] for key, one in state.items() if one.state == "given" and numbers.of_program(key[0])})
