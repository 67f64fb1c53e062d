"""What needs somebody today: counted along indexes, the most urgent first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from consent.carrier import waiting as carrier
from consent.dashboard.contacts import pages as contacts
from consent.dashboard.corrections import queries as corrections
from consent.dashboard.figures import requests
from consent.dashboard.gateways import queries as gateways
from consent.dashboard.home import duties
from consent.dashboard.recordings.pages import RECORDINGS
from consent.dashboard.safeguards.pages import SAFEGUARDS
from consent.dashboard.scope.pages import SCOPES
from consent.dashboard.seats import Seat
from consent.dashboard.suppressions import queries as suppressions
from consent.db import Sql, Tx
from consent.incidents.rules import Duty
from consent.ledger.keys import Keyring
from consent.staff import approvals
from consent.staff.roles import Act, may
from consent.web.messages import N_

COUNTED = 1_000  # beyond it "more than" is what a reader needs
WEEK = timedelta(days=7)
_TO_READ = Sql(
    "SELECT count(*) FROM (SELECT 1 FROM inbound WHERE organization_id = :organization_id AND review = 'open'"
    " LIMIT :most) counted"
)
_REVOCATIONS = Sql(
    "SELECT count(*) FROM (SELECT 1 FROM revocation WHERE organization_id = :organization_id AND state = 'open'"
    " LIMIT :most) counted"
)
_DECIDED = Sql(
    "SELECT count(*) FROM (SELECT 1 FROM privacy_request WHERE organization_id = :organization_id"
    " AND state = 'in_progress' AND decided_at IS NOT NULL LIMIT :most) counted"
)
_MAIL = Sql(
    "SELECT count(*) FROM (SELECT 1 FROM inbound_mail WHERE organization_id = :organization_id AND state = 'waiting'"
    " LIMIT :most) counted"
)
_BY_HAND = Sql(
    "SELECT count(*) FROM (SELECT 1 FROM request_task WHERE organization_id = :organization_id AND state = 'by_hand'"
    " LIMIT :most) counted"
)


@dataclass(frozen=True, slots=True)
class Need:
    """So many things of one sort wait; `urgent` stands out, in words as well. `first` is the duty that ends first."""

    count: int
    title: str
    path: str
    urgent: bool = False
    first: Duty | None = None


@dataclass(frozen=True, slots=True)
class _Sort:
    title: str
    path: str
    act: Act
    count: Callable[[Tx, Keyring, Seat], int]
    urgent: bool = False


def needs(tx: Tx, keyring: Keyring, here: Seat) -> list[Need]:
    """What waits for somebody of this role, without what does not; what is urgent comes first."""
    role = here.member.role
    asked = duties.of_incidents(tx, keyring, here) if may(role, Act.INCIDENTS_SEE) else duties.Waits()
    made = [
        Need(asked.counts[which], title, "/staff/incidents", urgent, asked.first.get(which))
        for which, title, urgent in OF_INCIDENTS
    ]
    made += [Need(one.count(tx, keyring, here), one.title, one.path, one.urgent) for one in SORTS if may(role, one.act)]
    return sorted((one for one in made if one.count), key=lambda one: not one.urgent)


def _count(sql: Sql) -> Callable[[Tx, Keyring, Seat], int]:
    def count(tx: Tx, _keyring: Keyring, here: Seat) -> int:
        row = tx.one(sql, {"organization_id": here.organization_id, "most": COUNTED + 1})
        return int(row[0]) if row is not None else 0

    return count


def _overdue(tx: Tx, _keyring: Keyring, here: Seat) -> int:
    return requests.due_until(tx, here.organization_id, here.today - timedelta(days=1))


def _due(tx: Tx, keyring: Keyring, here: Seat) -> int:
    return requests.due_until(tx, here.organization_id, here.today + WEEK) - _overdue(tx, keyring, here)


def _approvals(tx: Tx, _keyring: Keyring, here: Seat) -> int:
    return sum(one.proposed_by != here.member.id for one in approvals.waiting(tx, here.organization_id, here.now))


def _ill(tx: Tx, keyring: Keyring, here: Seat) -> int:
    late = gateways.late(tx, here.organization_id, here.now) is not None
    return late + sum(one.ill for one in gateways.accounts(tx, keyring, here.organization_id, here.now))


def _bounced(tx: Tx, _keyring: Keyring, here: Seat) -> int:
    return suppressions.bounced(tx, here.organization_id, here.now - WEEK)


def _contradicted(tx: Tx, _keyring: Keyring, here: Seat) -> int:
    return corrections.count(tx, here.organization_id, COUNTED + 1)


def _unreviewed(register: contacts.Register) -> Callable[[Tx, Keyring, Seat], int]:
    """How much of this register nobody looks after, or nobody has looked at in time."""

    def count(tx: Tx, _keyring: Keyring, here: Seat) -> int:
        return sum(line.overdue or line.watch is None for line in contacts.lines(tx, here, register))

    return count


def _carrier_duties(tx: Tx, keyring: Keyring, here: Seat) -> int:
    return carrier.of(tx, keyring, here.organization_id, here.rulebook, here.today).duties()


def _carrier_letters(tx: Tx, keyring: Keyring, here: Seat) -> int:
    return carrier.of(tx, keyring, here.organization_id, here.rulebook, here.today).letters(here.today)


# Counted together: each open incident is looked at once.
OF_INCIDENTS = (
    ("overdue", N_("Duties of incidents are overdue"), True),
    ("now", N_("Duties of incidents end today or tomorrow, or are to be done at once"), True),
    ("later", N_("Duties of incidents come later"), False),
    ("report", N_("Incidents wait for their report"), False),
)
SORTS = (
    _Sort(N_("Requests are overdue"), "/staff/requests?due=overdue", Act.REQUESTS_SEE, _overdue, urgent=True),
    _Sort(N_("Limits passed, and records are still there"), "/staff/retention", Act.RETENTION_SEE,
          _count(duties.MISSED), urgent=True),
    _Sort(N_("Requests are due within a week"), "/staff/requests", Act.REQUESTS_SEE, _due),
    _Sort(N_("Texts to read"), "/staff/review", Act.REVIEW_SEE, _count(_TO_READ)),
    _Sort(N_("Mails to read"), "/staff/mail", Act.REVIEW_SEE, _count(_MAIL)),
    _Sort(N_("Tasks that somebody does by hand"), "/staff/requests?next=by-hand", Act.TASKS_CONFIRM,
          _count(_BY_HAND)),
    _Sort(N_("Decided requests wait for an officer"), "/staff/requests?next=approve", Act.REQUESTS_APPROVE,
          _count(_DECIDED)),
    _Sort(N_("Disposals that somebody does by hand"), "/staff/retention", Act.TASKS_CONFIRM,
          _count(duties.DISPOSALS)),
    _Sort(N_("Holds are past their last day"), "/staff/retention/holds", Act.HOLDS_MANAGE, duties.holds_over),
    _Sort(N_("Drafts of notices wait for somebody"), "/staff/notices", Act.NOTICES_PREPARE, _count(duties.DRAFTS)),
    _Sort(N_("Proposals wait for a second person"), "/staff/approvals", Act.APPROVALS_SEE, _approvals),
    _Sort(N_("Revocations are open"), "/staff/revocations", Act.REVOCATIONS_SEE, _count(_REVOCATIONS)),
    _Sort(N_("A file contradicts what was corrected"), "/staff/corrections", Act.REQUESTS_DECIDE, _contradicted),
    _Sort(N_("Duties about call records are due"), "/staff/carrier", Act.CARRIER_SEE, _carrier_duties, urgent=True),
    _Sort(N_("Notices about call records must go out"), "/staff/carrier", Act.CARRIER_SEE, _carrier_letters),
    _Sort(N_("Gateways need a look"), "/staff/gateways", Act.GATEWAYS_SEE, _ill, urgent=True),
    _Sort(N_("Mails came back within a week"), "/staff/suppressions?reason=*reach&channel=email",
          Act.SUPPRESSIONS_SEE, _bounced),
    _Sort(N_("Contracts of recipients must be read again"), "/staff/recipients", Act.RECIPIENTS_SEE, duties.contracts),
    _Sort(N_("Contact points need a look"), "/staff/contact-points", Act.CONTACTS_SEE, _unreviewed(contacts.CONTACTS)),
    _Sort(N_("Safeguards need a review"), "/staff/safeguards", Act.CONTACTS_SEE, _unreviewed(SAFEGUARDS)),
    _Sort(N_("Recorded lines need a review"), "/staff/recordings", Act.CONTACTS_SEE, _unreviewed(RECORDINGS)),
    _Sort(N_("The map of what is covered needs a review"), "/staff/scope", Act.CONTACTS_SEE, _unreviewed(SCOPES)),
)  # fmt: skip
