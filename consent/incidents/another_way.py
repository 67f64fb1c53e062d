"""Whoever had an address that is somebody else's by now: set aside from the list, and told another way."""

from datetime import datetime
from uuid import UUID

from consent.db import Sql, Tx
from consent.db.types import as_instant
from consent.errors import BadInput, Conflict, NotFound
from consent.incidents import former, queries, rules, service
from consent.incidents.letters import letter_hash, version
from consent.ledger import service as ledger
from consent.preferences import service as preferences
from consent.subjects import service as subjects
from consent.web.messages import N_

_TOLD = Sql(
    "UPDATE incident_former SET told = :told, told_at = :at, entry_id = :entry WHERE organization_id ="
    " :organization_id AND incident_id = :id AND contact_point_id = :contact AND told = ''"
)


def set_aside(tx: Tx, desk: service.Desk, incident_id: UUID, now: datetime) -> int:
    """Whoever is on the list at an address that is somebody else's by now is told another way; how many."""
    found = queries.one(tx, desk.keyring, desk.organization_id, incident_id, lock=True)
    if found is None or found.state != "open":
        return 0
    moved = former.set_aside(tx, desk.organization_id, incident_id, now)
    if moved:
        service.append(tx, desk, found, "incident.people", {"added": 0, "set_aside": moved}, now)
    return moved


def told(
    tx: Tx, desk: service.Desk, incident_id: UUID, contact: subjects.KnownContact, how: str, now: datetime
) -> bool:  # fmt: skip
    """Whoever had this address was told another way, or nobody could find them; False where that was on record.

    Raises NotFound, BadInput, and Conflict while nobody may be told.
    """
    found = service.open_one(tx, desk, incident_id)
    if how not in rules.FORMER_WAYS:
        raise BadInput(N_("Say how they were told, or that nobody could find them."), field="how")
    place = {"organization_id": desk.organization_id, "id": incident_id, "contact": contact.id}
    row = tx.one(former.ON_LIST, place)
    if row is None:
        raise NotFound(N_("This person is not on the list of this incident."))
    duties = queries.duties(tx, desk.in_force.rulebook, desk.organization_id, found)
    why = rules.holds_back(found.facts, duties, rules.today(desk.in_force.rulebook, now))
    if why is not None and how != rules.NOT_FOUND:
        raise Conflict(why)
    if row[0]:
        return False
    if how == rules.NOT_FOUND:
        entry = service.append(tx, desk, found, "incident.people", {"added": 0, "not_found": 1}, now)
    else:
        language = former.language(
            preferences.facts_of(ledger.bodies_of(tx, desk.organization_id, contact.id)), as_instant(row[1])
        )
        letter = letter_hash(version(found.words, language))
        stream = ledger.stream(tx, desk.keyring, desk.organization_id, contact.id)
        data = {"incident": str(incident_id), "how": how, "letter": letter.hex(), "former": True}
        event = ledger.Event("incident.notified", desk.source, contact.channel, data=data | {"by": desk.by})
        entry = ledger.append(tx, desk.in_force.log, stream, event, now)
    return tx.run(_TOLD, place | {"told": how, "at": now, "entry": entry.event_id}) == 1
