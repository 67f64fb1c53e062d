"""What a carrier certifies for a calendar year, gathered from the ledger and the registers (47 CFR 64.2009(e))."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from consent.carrier import queries, rules, service
from consent.carrier.queries import Matter, Round
from consent.db import Sql, Tx
from consent.deadlines import zone
from consent.deadlines.zones import local_date, midnight
from consent.ids import oldest_id
from consent.ledger import bodies
from consent.ledger.keys import Keyring
from consent.policies.answers.carrier import DueOn
from consent.policies.rulebook import Rulebook

# Entries about approvals, letters and accounts name a use of CPNI or a carrier's act somewhere in their bodies.
_WITHIN = (
    "SELECT body FROM ledger_event WHERE organization_id = :organization_id"
    " AND event_id >= :since AND event_id < :until"
)
_ENTRIES = Sql(
    f"{_WITHIN} AND (instr(body, CAST(:use AS BLOB)) > 0 OR instr(body, CAST(:act AS BLOB)) > 0)",
    postgresql=f"{_WITHIN} AND (position(convert_to(:use, 'UTF8') in body) > 0"
    " OR position(convert_to(:act, 'UTF8') in body) > 0)",
)
_BREACHES = Sql(
    "SELECT state, count(*) FROM incident WHERE organization_id = :organization_id AND kind = 'breach'"
    " AND detected_at >= :since AND detected_at < :until GROUP BY state"
)
LETTER, CHANGED = "carrier.letter", "carrier.account_changed"
SAYS = {"consent.given": "given", "consent.refused": "refused", "consent.withdrawn": "withdrawn"}


@dataclass(frozen=True, slots=True)
class Year:
    """A calendar year of a carrier; `missing` names what is not there yet, in words of the page."""

    year: int
    due: DueOn | None
    filed: Matter | None
    approvals: Mapping[str, Mapping[str, int]]  # use, then what was said
    rounds: Sequence[Round]
    letters: int
    changes: Mapping[str, int]
    matters: Mapping[str, Sequence[Matter]]
    breaches: Mapping[str, int]
    missing: tuple[str, ...]


def gather(tx: Tx, keyring: Keyring, organization_id: UUID, rulebook: Rulebook, year: int, today: date) -> Year:
    """The year as it stands on that day."""
    where = zone(rulebook.organization.zone)
    since, until = midnight(date(year, 1, 1), where), midnight(date(year + 1, 1, 1), where)
    span = {"organization_id": organization_id, "since": since, "until": until}
    by_id = span | {"since": oldest_id(since), "until": oldest_id(until)}
    uses = rulebook.carrier.uses
    approvals: dict[str, Counter[str]] = {use: Counter() for use in uses}
    changes: Counter[str] = Counter()
    letters = 0
    for (body,) in tx.stream(_ENTRIES, by_id | {"use": '"cpni-for-', "act": '"carrier.'}):
        leaf = bodies.parse(bytes(body))
        letters += leaf.type == LETTER
        if leaf.type == CHANGED:
            changes[str(leaf.data.get("what", ""))] += 1
        for use in uses if leaf.type in SAYS else ():
            approvals[use][SAYS[leaf.type]] += use in leaf.purposes
    matters: defaultdict[str, list[Matter]] = defaultdict(list)
    for one in queries.of_year(tx, keyring, organization_id, year):
        matters[one.kind].append(one)
    rounds = [one for one in queries.rounds(tx, organization_id) if local_date(one.created_at, where).year == year]
    breaches = {str(state): int(count) for state, count in tx.all(_BREACHES, span)}
    filed = queries.about(tx, keyring, organization_id, service.certificate_of(year))
    missing = _missing(matters, breaches, filed, over=today.year > year)
    due = rulebook.carrier.certificate_due(year)
    return Year(year, due, filed, approvals, rounds, letters, changes, matters, breaches, missing)


def _missing(
    matters: Mapping[str, Sequence[Matter]], breaches: Mapping[str, int], filed: Matter | None, *, over: bool
) -> tuple[str, ...]:
    """What somebody still has to do before the certificate can be signed, the first thing first."""
    found = [
        kind
        for kind in (rules.FAILURE, rules.CAMPAIGN, rules.COMPLAINT)
        if any(one.state == "open" for one in matters.get(kind, ()))
    ]
    found += [] if matters.get(rules.TRAINING) else [rules.TRAINING]
    found += ["breach"] if breaches.get("open") else []
    found += [rules.CERTIFICATE] if over and filed is None else []
    return tuple(found)
