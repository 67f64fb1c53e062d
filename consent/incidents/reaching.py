"""At which address each of the people who were found is told: one alone, and none that is somebody else's by now.

What nobody was named for at an address is of those who are known there by a name. Whoever is known by a name is told at
one address: that which is on the list, else a mailbox at which mail arrives, else a number, else a mailbox. Whoever has
given up every address that is known of them is told another way, and never there (`former`).
"""

from consent.preferences import numbers


def _listed(words: frozenset[str] | tuple[str, ...]) -> str:
    return ", ".join(f"'{one}'" for one in sorted(words))


# What is on record of the number itself is nobody's word: that mail comes back, that it was handed to somebody else. A
# row of a text that nobody has read yet names that text, and no person.
OF_THE_NUMBER = f"({_listed((*numbers.OF_THE_NUMBER, numbers.IN_REVIEW))})"
# The address {x} was reported to be somebody else's by now, or nobody's.
_GONE = (
    "SELECT 1 FROM preference g WHERE g.organization_id = :organization_id AND g.channel = {x}.channel"  # noqa: S608 - fixed parts
    f" AND g.tag64 = {{x}}.tag64 AND g.program = '{numbers.HOLDER}' AND g.state = 'withdrawn'"
    f" AND g.detail IN ({_listed(numbers.GONE)})"
)
# Given up since the word of {x}.at, by whoever had it or by this person.
_FORMER = (
    f"CASE WHEN EXISTS ({_GONE} AND g.person_id IN (:nobody, {{x}}.person_id) AND g.occurred_at >= {{x}}.at)"
    " THEN 1 ELSE 0 END"
)
_BROUGHT_BACK = (
    "EXISTS (SELECT 1 FROM preference g WHERE g.organization_id = :organization_id AND g.channel = k.channel"  # noqa: S608 - fixed parts
    f" AND g.tag64 = k.tag64 AND g.program = '{numbers.REACH}' AND g.state = 'withdrawn')"
)
_ON_LIST = (
    "EXISTS (SELECT 1 FROM {table} o WHERE o.organization_id = :organization_id AND o.incident_id = :id"
    " AND o.contact_point_id = k.contact_point_id)"
)
REACHES = "c.channel <> 'web'"  # a browser in which somebody chose is nobody to write to

# `found` has (contact_point_id, person_id, at): whose word or data it was, and since when that is known.
WITH_THEM = (
    "WITH found AS ({found}),"  # noqa: S608 - fixed parts
    # What is of nobody by a name, at each address that can be written to, and whether that was before it was given up.
    " words AS (SELECT f.contact_point_id, c.channel, c.tag64, f.person_id, max(f.at) AS at FROM found f"
    " JOIN contact_point c ON c.organization_id = :organization_id AND c.id = f.contact_point_id"
    f" WHERE f.person_id = :nobody AND c.sealed_address IS NOT NULL AND {REACHES}"
    " GROUP BY f.contact_point_id, c.channel, c.tag64, f.person_id),"
    f" bare AS (SELECT w.contact_point_id, w.channel, w.tag64, {_FORMER.format(x='w')} AS former FROM words w),"
    # Who is known there by a name, and was there then.
    " there AS (SELECT b.contact_point_id, b.channel, b.tag64, b.former, p.person_id, max(p.occurred_at) AS at"
    " FROM bare b JOIN preference p ON p.organization_id = :organization_id AND p.channel = b.channel"
    f" AND p.tag64 = b.tag64 WHERE p.person_id <> :nobody AND p.program NOT IN {OF_THE_NUMBER}"
    " GROUP BY b.contact_point_id, b.channel, b.tag64, b.former, p.person_id),"
    f" owners AS (SELECT t.contact_point_id, t.person_id FROM there t WHERE t.former = {_FORMER.format(x='t')}),"
    " affected AS (SELECT person_id FROM found WHERE person_id <> :nobody UNION SELECT person_id FROM owners),"
    # Every address at which they said something, and whether they have given it up since.
    " said AS (SELECT p.person_id, p.contact_point_id, p.channel, p.tag64, max(p.occurred_at) AS at FROM preference p"
    " JOIN contact_point c ON c.organization_id = p.organization_id AND c.id = p.contact_point_id"
    f" WHERE p.organization_id = :organization_id AND p.person_id <> :nobody AND p.program NOT IN {OF_THE_NUMBER}"
    f" AND c.sealed_address IS NOT NULL AND {REACHES} AND p.person_id IN (SELECT a.person_id FROM affected a)"
    " GROUP BY p.person_id, p.contact_point_id, p.channel, p.tag64),"
    f" known AS (SELECT s.person_id, s.contact_point_id, s.channel, s.tag64, s.at, {_FORMER.format(x='s')} AS former"
    " FROM said s),"
    " ranked AS (SELECT k.contact_point_id, k.former, row_number() OVER (PARTITION BY k.person_id ORDER BY k.former,"
    f" CASE WHEN {_ON_LIST.format(table='incident_person')} AND k.former = 0 THEN 0"
    f" WHEN {_ON_LIST.format(table='incident_former')} AND k.former = 1 THEN 0"
    f" WHEN k.channel <> 'email' THEN 2 WHEN {_BROUGHT_BACK} THEN 3 ELSE 1 END, k.at DESC, k.contact_point_id) AS place"
    " FROM known k),"
    " them AS (SELECT contact_point_id, former FROM ranked WHERE place = 1"
    " UNION SELECT b.contact_point_id, b.former FROM bare b"
    " LEFT JOIN owners o ON o.contact_point_id = b.contact_point_id WHERE o.contact_point_id IS NULL)"
)
# Those of a statement that begins so, with whether they are on either list of the incident.
FROM_THEM = (
    " FROM them t JOIN contact_point c ON c.organization_id = :organization_id AND c.id = t.contact_point_id"
    " LEFT JOIN incident_person i ON t.former = 0 AND i.organization_id = :organization_id AND i.incident_id = :id"
    " AND i.contact_point_id = c.id"
    " LEFT JOIN incident_former o ON t.former = 1 AND o.organization_id = :organization_id AND o.incident_id = :id"
    " AND o.contact_point_id = c.id"
)
NOT_LISTED = " WHERE i.contact_point_id IS NULL AND o.contact_point_id IS NULL"
# Of the contact point c something else is known than what became of the number, which is filed for texts and for calls.
NOT_ONLY_FILED = (
    "NOT EXISTS (SELECT 1 FROM preference h WHERE h.organization_id = :organization_id AND h.channel = c.channel"  # noqa: S608 - fixed parts
    f" AND h.tag64 = c.tag64 AND h.program = '{numbers.HOLDER}')"
)
# The list names {x}, added at {x}.added_at; nobody has spoken there since it was given up.
GIVEN_UP = (
    f"EXISTS ({_GONE} AND g.person_id = :nobody AND (g.occurred_at > p.added_at"  # noqa: S608 - fixed parts
    " OR NOT EXISTS (SELECT 1 FROM"
    " preference n WHERE n.organization_id = :organization_id AND n.channel = {x}.channel AND n.tag64 = {x}.tag64"
    f" AND n.program NOT IN {OF_THE_NUMBER} AND n.occurred_at > g.occurred_at)))"
)
