"""What a house to which nobody has written yet is still missing, each with the way to it."""

from dataclasses import dataclass

from consent.dashboard.contacts import pages as contacts
from consent.dashboard.gateways import queries as gateways
from consent.dashboard.seats import Seat
from consent.db import Sql, Tx
from consent.ledger.keys import Keyring
from consent.staff import accounts
from consent.staff.roles import Act, may
from consent.web.messages import N_

TWO = 2  # persons that some acts need (S39)
_WAS_WRITTEN_TO = Sql(
    "SELECT 1 FROM privacy_request WHERE organization_id = :organization_id"
    " UNION ALL SELECT 1 FROM inbound WHERE organization_id = :organization_id"
    " UNION ALL SELECT 1 FROM inbound_mail WHERE organization_id = :organization_id LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do before the first person writes; without a path, who reads it cannot do it here."""

    title: str
    sentence: str
    path: str
    done: bool


def steps(tx: Tx, keyring: Keyring, here: Seat) -> list[Step]:
    """The first steps, those that are done among them; none once somebody has written, or once all are done."""
    if tx.one(_WAS_WRITTEN_TO, {"organization_id": here.organization_id}) is not None:
        return []
    known = accounts.every(tx, keyring, here.organization_id)
    watched = contacts.lines(tx, here)
    asked = (
        (N_("Say who looks at each contact point"),
         N_("A request counts from the door it came through, so each door needs somebody who looks there."),
         "/staff/contact-points", Act.CONTACTS_MANAGE, all(line.watch is not None for line in watched)),
        (N_("Connect a gateway for texts"),
         N_("Then a STOP is answered by itself. “consent gateways add” does it; here you see whether it is well."),
         "/staff/gateways", Act.GATEWAYS_SEE,
         bool(gateways.accounts(tx, keyring, here.organization_id, here.now))),
        (N_("Invite a second person"),
         N_("What deletes or shows much at once needs two: one decides, another approves."),
         "/staff/team/new", Act.STAFF_MANAGE, sum(one.state == "active" for one in known) >= TWO),
    )  # fmt: skip
    made = [
        Step(title, said, path if may(here.member.role, act) else "", done) for title, said, path, act, done in asked
    ]
    return made if not all(one.done for one in made) else []
