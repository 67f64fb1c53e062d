"""What a carrier has to do soon: tell the FCC, certify last year, write to customers, repeat the notice."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from consent.carrier import queries, service
from consent.carrier.queries import Matter
from consent.db import Sql, Tx
from consent.db.types import as_instant
from consent.deadlines import zone
from consent.deadlines.zones import local_date
from consent.ledger.keys import Keyring
from consent.policies.answers.carrier import DueOn
from consent.policies.rulebook import Rulebook

OUT = ("sending", "done")  # the states of a notice that went, or goes, to people
SOON = timedelta(days=7)
SOON_AGAIN = timedelta(days=60)  # a notice to everybody takes weeks to prepare
_BEGAN = Sql("SELECT min(opened_at) FROM ledger_log WHERE organization_id = :organization_id")


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits: `due` entries of the registers, the year whose certificate is not filed and its day, and so on.

    `unreached` people get the newest notice by letter; `repeat_by` is the day by which a notice goes to everybody anew.
    `still_broken` are the failures of the way to say no that last, though the FCC has been told of them.
    """

    due: int
    certificate: int | None
    certificate_due: DueOn | None
    unreached: int
    repeat_by: date | None
    still_broken: tuple[Matter, ...] = ()

    def duties(self) -> int:
        """How many things have a day of their own in the law that is near or over, or make silence say nothing."""
        return self.due + (self.certificate is not None) + len(self.still_broken)

    def letters(self, today: date) -> int:
        """How many letters must go, and notices be prepared."""
        return self.unreached + (self.repeat_by is not None and self.repeat_by <= today + SOON_AGAIN)


def of(tx: Tx, keyring: Keyring, organization_id: UUID, rulebook: Rulebook, today: date) -> Waiting:
    """What waits on that day; nothing for whoever is no carrier."""
    carrier = rulebook.carrier
    if not carrier.on:
        return Waiting(0, None, None, 0, None)
    last, due = today.year - 1, carrier.certificate_due(today.year - 1)
    began = tx.one(_BEGAN, {"organization_id": organization_id})
    where = zone(rulebook.organization.zone)
    kept = began is not None and began[0] is not None and local_date(as_instant(began[0]), where).year <= last
    filed = kept and queries.about(tx, keyring, organization_id, service.certificate_of(last)) is not None
    rounds = queries.rounds(tx, organization_id)
    current = next((one for one in rounds if one.state in OUT), None)
    sent = next((one.sent_at for one in rounds if one.sent_at is not None), None)
    return Waiting(
        queries.due_until(tx, organization_id, today + SOON),
        last if kept and not filed else None,
        due if kept and not filed else None,
        queries.count_unreached(tx, organization_id, current) if current is not None else 0,
        carrier.repeat_by(sent) if sent is not None else None,
        tuple(queries.still_broken(tx, keyring, organization_id)),
    )
