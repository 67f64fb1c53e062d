"""Why somebody of the staff looks at what is about people: for a reason that the policy allows, and on record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consent.db import Database, Tx
from consent.errors import BadInput, Forbidden, NotFound
from consent.ledger import erasing
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.policies.kinds import shapes
from consent.policies.questions import Reason
from consent.policies.rulebook import Rulebook
from consent.staff.doors import Member
from consent.subjects import service as subjects
from consent.web.messages import N_

REFUSED = "access.refused"
REQUEST = "request"
# What people look for where no promise says for what: the list of the house.
USUAL: Mapping[str, str] = {
    REQUEST: N_("To work on a request of the person"),
    "contact": N_("To write to the person or call them"),
    "complaint": N_("A complaint or a dispute"),
    "mend": N_("To find or mend a mistake"),
    "authority": N_("A court or an authority asks"),
    "review": N_("A review of our own"),
}
NAMES: Mapping[str, str] = {**USUAL, "debugging": N_("Debugging")}
NO_REASON = N_("Choose what you need it for.")
AGAINST = N_("The policy does not allow this look. It is written down that it was asked for.")


class NotAllowed(Forbidden):
    """The policy does not allow the look; `reasons` say which clause of it."""

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        super().__init__(AGAINST)
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to see, of whom, and for what; `ticket_open`: a request of that person is open."""

    page: str
    contact_point_id: UUID
    reason: str
    ticket_open: bool


@dataclass(frozen=True, slots=True)
class Look:
    """A look that is allowed: what the entry about it says."""

    page: str
    reason: str
    rests_on: tuple[str, ...]

    def data(self) -> dict[str, object]:
        """The members by which the entry tells why."""
        return {"shown": self.page, "reason": self.reason, "rests_on": list(self.rests_on)}


def offered(rulebook: Rulebook, page: str) -> dict[str, str]:
    """The reasons to choose from, by their keys: those of the promises, or those of the house where none says any."""
    tied = rulebook.staffing.purposes(page)
    return {one: NAMES.get(one, shapes.opening(shapes.plain([one]))) for one in tied} if tied else dict(USUAL)


def ask(
    db: Database, keyring: Keyring, log: ledger.Log, rulebook: Rulebook, member: Member, wanted: Wanted, now: datetime
) -> Look:
    """The look that may follow.

    BadInput for a reason that is not offered; NotAllowed where the policy is against it, which stands in the ledger by
    then; NotFound for a foreign contact point exactly as for a missing one.
    """
    if wanted.reason not in offered(rulebook, wanted.page):
        raise BadInput(NO_REASON, field="reason")
    verdict = rulebook.staffing.may_look(member.role, wanted.page, wanted.reason, ticket_open=wanted.ticket_open)
    named = (one.commitment or one.law for one in verdict.reasons)
    look = Look(wanted.page, wanted.reason, tuple(dict.fromkeys(one for one in named if one)))
    if verdict.answer == "deny":
        db.write(lambda tx: _refused(tx, keyring, log, member, wanted.contact_point_id, look, now), log.organization_id)
        raise NotAllowed(verdict.reasons)
    return look


def _refused(
    tx: Tx, keyring: Keyring, log: ledger.Log, member: Member, contact_point_id: UUID, look: Look, now: datetime
) -> None:
    contact = subjects.by_id(tx, keyring, member.organization_id, contact_point_id)
    if contact is None:
        raise NotFound(N_("There is no such contact point."))
    if erasing.is_erased(tx, member.organization_id, contact_point_id):
        return  # no fact can be written there any more, and nothing is left to look at
    data = {"account": str(member.id)} | look.data()
    event = ledger.Event(REFUSED, "staff", contact.channel, data=data, facts={"staff": member.name})
    ledger.append(tx, log, ledger.stream(tx, keyring, member.organization_id, contact_point_id), event, now)
