"""What this person asked before, and how often it was answered: nothing is refused by machine (T-41, T-42)."""

from consent.db import Sql, Tx
from consent.db.types import as_instant
from consent.deadlines import zones
from consent.deadlines.zones import local_date
from consent.errors import BadInput, Filled
from consent.policies.answers.asking import Past, Tally
from consent.policies.rulebook import Rulebook
from consent.privacy_requests.casework import clocks
from consent.privacy_requests.casework.cases import COLUMNS, Case, case_of
from consent.privacy_requests.moves import FULFILLED
from consent.web.messages import N_

NOT_SO_OFTEN = N_("It was not answered that often: so far %(count)s, of at most %(most)s. This ground does not hold.")
NO_LIMIT = N_("any number")
_BEFORE = Sql(
    f"SELECT {COLUMNS} FROM privacy_request WHERE organization_id = :organization_id"  # noqa: S608 - fixed columns
    " AND contact_point_id = :contact_point_id AND id <> :id ORDER BY received_at DESC LIMIT 200"
)
_COMPLETED = Sql(
    "SELECT received_at, closed_at FROM privacy_request WHERE organization_id = :organization_id"
    " AND contact_point_id = :contact_point_id AND request_type = :request_type AND state = :state AND id <> :id"
    " ORDER BY closed_at DESC LIMIT 1000"
)


def others(tx: Tx, case: Case) -> tuple[Case, ...]:
    """Everything else that was asked from this contact point, the newest first."""
    place = {"organization_id": case.organization_id, "contact_point_id": case.contact_point_id, "id": case.id}
    return tuple(case_of(case.organization_id, row) for row in tx.all(_BEFORE, place))


def tally(tx: Tx, rulebook: Rulebook, case: Case) -> Tally:
    """How often this was answered in the time that counts. Open, withdrawn, refused and expired ones do not count."""
    place = {"organization_id": case.organization_id, "contact_point_id": case.contact_point_id, "id": case.id}
    rows = tx.all(_COMPLETED, place | {"request_type": case.request_type, "state": FULFILLED})
    where = zones.zone(rulebook.organization.zone)
    past = [
        Past(case.request_type, local_date(as_instant(received), where), local_date(as_instant(closed), where))
        for received, closed in rows
    ]
    return rulebook.requests.tally(case.request_type, case.received_at, clocks.asker(rulebook, case), past)


def refuse_too_few(tx: Tx, rulebook: Rulebook, case: Case) -> None:
    """BadInput where the count does not carry a refusal for asking too often; a person decides where it does."""
    counted = tally(tx, rulebook, case)
    if counted.decision == "answer":
        most = counted.limit if counted.limit is not None else NO_LIMIT
        raise BadInput(Filled(NOT_SO_OFTEN, count=counted.counted, most=most), field="ground")
