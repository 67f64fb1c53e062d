"""The people of an incident, found by what this house knows of them: counted first, then put on the list at a moment.

Each of them once, at the address where they are told (consent.incidents.reaching). What was asked stays with the entry,
so that it can be read why somebody was told.
"""

from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from consent.db import Database, Sql, Tx
from consent.db.types import as_id
from consent.errors import BadInput, Conflict, Filled
from consent.incidents import reaching, service
from consent.incidents.service import Desk
from consent.ledger.bodies import instant
from consent.policies import jurisdictions
from consent.policies.rulebook import Rulebook
from consent.preferences.models import NOBODY
from consent.web.messages import N_

BATCH = 250  # people whom one transaction puts on a list: others wait for it
BEGINNING, END = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)

NOTHING_ASKED = N_("Say by what the people are found: everybody is meant only where you say so.")
ALL_AND_SOME = N_("Either everybody, or those that the rest describes.")
UNKNOWN_CLASS = N_("The policy knows no such class of data.")
UNKNOWN_PROGRAM = N_("There is no such program.")
BACKWARDS = N_("The end lies before the beginning.")
FINDS_NOBODY = N_("This finds nobody. The list stays as it is.")
CHANGED = N_("Found now: %(count)s, and not %(seen)s as before. Look at the figures, then put them on the list.")
NO_PLACE = N_("There is no such place: ISO 3166-2 writes US or US-WA.")
NO_STORE = N_("No record lies in a system of this name.")

# The newest word tells of nothing that was said before it. Where that lies behind the period, what the same contact
# point said earlier is looked up among its entries, by the index of streams; nothing said in the period is newer.
_EARLIER = (
    "SELECT 1 FROM ledger_log l CROSS JOIN ledger_event e WHERE l.organization_id = :organization_id"
    " AND e.organization_id = l.organization_id AND e.log_id = l.log_id AND e.stream_id = p.contact_point_id"
    " AND {type} IN ('consent.given', 'consent.refused', 'consent.withdrawn', 'consent.renewed', 'consent.expired')"
    " AND {about} AND {at} >= :since_text AND {at} < :until_text AND coalesce({person}, {id}) = {id}"
)
_PROGRAM = (
    "SELECT p.contact_point_id, p.person_id, CASE WHEN p.occurred_at < :until THEN p.occurred_at ELSE :until END AS at"  # noqa: S608 - fixed parts
    " FROM preference p WHERE p.organization_id = :organization_id"
    f" AND p.program = :program AND p.occurred_at >= :since AND (p.occurred_at < :until OR EXISTS ({_EARLIER}))"
)


def _member(path: str) -> str:
    """A member of an entry's body; one that is no JSON tells nothing."""
    return f"CASE WHEN json_valid(CAST(e.body AS TEXT)) THEN json_extract(CAST(e.body AS TEXT), '$.{path}') END"


_ON_SQLITE = {
    "type": _member("type"),
    "at": _member("occ"),
    "about": f"instr({_member('purp')}, :quoted) > 0",
    "person": f"replace({_member('data.person')}, '-', '')",
    "id": "lower(hex(p.person_id))",
}
# PostgreSQL reads no JSON that holds an escaped NUL; bodies are canonical, so that their text can be looked through.
_ON_POSTGRESQL = {
    "type": """substring(encode(e.body, 'escape') from '"type":"([a-z_.]+)","v":[0-9]+.$')""",
    "at": """substring(encode(e.body, 'escape') from '"occ":"([^"]+)","prev":"') COLLATE "C" """,
    "about": """position(:quoted in substring(encode(e.body, 'escape') from '"purp":([^]]*)')) > 0""",
    "person": """substring(encode(e.body, 'escape') from '"person":"([0-9a-f-]+)"')""",
    "id": "CAST(p.person_id AS text)",
}
# Indirectly, by the person that a record is of: at every address that is known of them.
_WHICH = (
    "h.organization_id = :organization_id AND (:category = '' OR h.category = :category)"
    " AND (:store = '' OR h.store = :store) AND (:site = '' OR h.site = :site)"
    " AND (:place = '' OR h.place = :place OR h.place LIKE :within)"
    " AND h.collected_at >= :since AND h.collected_at < :until"
)
_RECORDS = (
    "SELECT p.contact_point_id, p.person_id, p.occurred_at AS at FROM preference p"  # noqa: S608 - fixed parts
    f" WHERE p.organization_id = :organization_id AND p.program NOT IN {reaching.OF_THE_NUMBER}"
    " AND p.person_id <> :nobody AND (:program = '' OR p.program = :program)"
    f" AND p.person_id IN (SELECT h.person_id FROM held_record h WHERE {_WHICH})"
)
# What is on record of the number or mailbox itself, as that mail comes back, is no further person at it.
_EVERYBODY = (
    "SELECT c.id AS contact_point_id, coalesce(p.person_id, :nobody) AS person_id,"  # noqa: S608 - fixed parts
    " coalesce(p.occurred_at, c.created_at) AS at FROM contact_point c"
    " LEFT JOIN preference p ON p.organization_id = c.organization_id AND p.channel = c.channel AND p.tag64 = c.tag64"
    f" AND p.program NOT IN {reaching.OF_THE_NUMBER}"
    " WHERE c.organization_id = :organization_id AND c.created_at >= :since AND c.created_at < :until"
    f" AND (p.person_id IS NOT NULL OR {reaching.NOT_ONLY_FILED})"
)
_FORMS = {"program": _PROGRAM, "records": _RECORDS, "everybody": _EVERYBODY}


def _both(text: str) -> Sql:
    """The statement, with a body's members read as each database reads them."""
    return Sql(text.format(**_ON_SQLITE), postgresql=text.format(**_ON_POSTGRESQL))


_COUNT = {
    name: _both(
        f"{reaching.WITH_THEM.format(found=form)} SELECT count(*),"
        " count(i.contact_point_id) + count(o.contact_point_id),"
        " coalesce(sum(CASE WHEN c.channel = 'email' AND t.former = 0 THEN 1 ELSE 0 END), 0),"
        f" coalesce(sum(t.former), 0){reaching.FROM_THEM}"
    )
    for name, form in _FORMS.items()
}
_MISSING = {
    name: _both(
        f"{reaching.WITH_THEM.format(found=form)} SELECT c.id, c.channel, t.former{reaching.FROM_THEM}"
        f"{reaching.NOT_LISTED}"
    )
    for name, form in _FORMS.items()
}
_STORE = Sql("SELECT 1 FROM held_record WHERE organization_id = :organization_id AND store = :store LIMIT 1")
_NOWHERE = Sql(
    f"SELECT count(DISTINCT h.person_id) FROM held_record h WHERE {_WHICH} AND h.person_id IS NOT NULL AND NOT EXISTS"  # noqa: S608 - fixed parts
    " (SELECT 1 FROM preference p JOIN contact_point c ON c.organization_id = p.organization_id"
    f" AND c.id = p.contact_point_id AND c.sealed_address IS NOT NULL AND {reaching.REACHES}"
    " WHERE p.organization_id = h.organization_id AND p.person_id = h.person_id)"
)


@dataclass(frozen=True, slots=True)
class Query:
    """Whom it may be about; what is left empty is any. `until` is not part of the period.

    With a program: whoever agreed to it, refused or withdrew in the period, whatever they said later. With anything of
    a record: whoever it is of, and with both whoever is both. `place` is where a record's rules are looked up; `US`
    means its states, too.
    """

    program: str = ""
    category: str = ""
    store: str = ""
    site: str = ""
    place: str = ""
    since: datetime | None = None
    until: datetime | None = None
    everybody: bool = False

    @property
    def form(self) -> str:
        """By what it asks: everybody, records, or a program alone."""
        if self.everybody:
            return "everybody"
        return "records" if any((self.category, self.store, self.site, self.place)) else "program"

    def as_data(self) -> dict[str, Any]:
        """What was asked, as the ledger keeps it and people read it."""
        asked = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: instant(said) if isinstance(said, datetime) else said for name, said in asked.items() if said}


@dataclass(frozen=True, slots=True)
class Found:
    """How many people a query finds, how many of them are on the list, and how many mail reaches.

    `nowhere`: people of whom a record was found and no address is known here. Somebody else must tell them. `former` of
    all have given up every address that is known of them: they are told another way.
    """

    all: int
    on_list: int
    by_mail: int
    nowhere: int
    former: int = 0


def check(query: Query, rulebook: Rulebook) -> None:
    """Nothing speaks against asking this. Raises BadInput."""
    described = any((query.program, query.category, query.store, query.site, query.place))
    if query.everybody and described:
        raise BadInput(ALL_AND_SOME, field="everybody")
    if not query.everybody and not described:
        raise BadInput(NOTHING_ASKED, field="program")
    if query.category and not rulebook.retention.knows(query.category):
        raise BadInput(UNKNOWN_CLASS, field="category")
    if query.program and rulebook.program(query.program) is None:
        raise BadInput(UNKNOWN_PROGRAM, field="program")
    if query.place and not jurisdictions.exists(query.place):
        raise BadInput(NO_PLACE, field="place")
    if query.since is not None and query.until is not None and query.until <= query.since:
        raise BadInput(BACKWARDS, field="until")


def count(tx: Tx, rulebook: Rulebook, organization_id: UUID, incident_id: UUID, query: Query) -> Found:
    """Whom this finds now; nobody is put on the list. Raises BadInput."""
    check(query, rulebook)
    asked = _asked(tx, organization_id, incident_id, query)
    if query.store and tx.one(_STORE, asked) is None:
        raise BadInput(NO_STORE, field="store")
    row = tx.one(_COUNT[query.form], asked)
    nowhere = tx.one(_NOWHERE, asked) if query.form == "records" else None
    assert row is not None
    return Found(row[0], row[1], int(row[2]), nowhere[0] if nowhere is not None else 0, int(row[3]))


def put_on_list(db: Database, desk: Desk, incident_id: UUID, query: Query, seen: int, now: datetime) -> Found:
    """Whom it finds at this moment is on the list, each once, and the question stands in the incident's history.

    The question comes first, in a transaction of its own, then the people in batches, so that nobody else waits long.
    Where it breaks off the list has some of them; asked again, it puts there whoever is missing. `seen` is how many
    were found when somebody looked. Raises BadInput, NotFound, and Conflict where it changed or the incident is closed.
    """
    with db.read(desk.organization_id) as tx:
        found = count(tx, desk.in_force.rulebook, desk.organization_id, incident_id, query)
        if not found.all:
            raise BadInput(FINDS_NOBODY, field="program")
        if seen != found.all:
            raise Conflict(Filled(CHANGED, count=found.all, seen=seen))
        rows = tx.all(_MISSING[query.form], _asked(tx, desk.organization_id, incident_id, query))
    people = [(as_id(row[0]), row[1], bool(row[2])) for row in rows]
    data = {"added": len(people), "found": found.all, "nowhere": found.nowhere, "query": query.as_data()}
    data |= {"former": found.former} if found.former else {}
    db.write(
        lambda tx: service.append(tx, desk, service.open_one(tx, desk, incident_id), "incident.people", data, now),
        desk.organization_id,
    )
    for start in range(0, len(people), BATCH):
        some = people[start : start + BATCH]
        db.write(
            lambda tx, some=some: service.list_people(tx, desk, incident_id, some, now),  # type: ignore[misc]
            desk.organization_id,
        )
    return found


def _asked(tx: Tx, organization_id: UUID, incident_id: UUID, query: Query) -> dict[str, object]:
    return {
        "organization_id": tx.id(organization_id),
        "id": tx.id(incident_id),
        "nobody": tx.id(NOBODY),
        "program": query.program,
        "category": query.category,
        "store": query.store,
        "site": query.site,
        "place": query.place,
        "within": f"{query.place}-%",
        "since": tx.at(query.since or BEGINNING),
        "until": tx.at(query.until or END),
        "since_text": instant(query.since or BEGINNING),
        "until_text": instant(query.until or END),
        "quoted": f'"{query.program}"',
    }
