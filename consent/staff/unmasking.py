"""An address in full, shown to somebody who says why; the ledger knows that it was (S38)."""

from datetime import datetime
from uuid import UUID

from consent.db import Tx
from consent.errors import BadInput, Forbidden, NotFound
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.staff.doors import Member
from consent.staff.looking import Look
from consent.staff.roles import Act, may
from consent.subjects import service as subjects
from consent.web.messages import N_

LONGEST_REASON = 500


def unmask(
    tx: Tx,
    keyring: Keyring,
    log: ledger.Log,
    member: Member,
    contact_point_id: UUID,
    look: Look,
    why: str,
    now: datetime,
) -> str:
    """The address of this contact point; `access.viewed` with the reason of the look stands on its stream then.

    BadInput without a reason, Forbidden for a role that sees masked addresses alone, NotFound for a foreign id exactly
    as for a missing or an erased one.
    """
    if not may(member.role, Act.PEOPLE_UNMASK):
        raise Forbidden(N_("Your role sees masked addresses only."))
    reason = " ".join(why.split())
    if not 3 <= len(reason) <= LONGEST_REASON:
        raise BadInput(N_("Say in a few words why you need the whole address."), field="why")
    contact = subjects.by_id(tx, keyring, member.organization_id, contact_point_id)
    if contact is None or contact.address is None:
        raise NotFound(N_("There is no such contact point."))
    viewed = ledger.Event(
        "access.viewed",
        "staff",
        channel=contact.channel,
        data={"account": str(member.id)} | look.data(),
        facts={"staff": member.name, "note": reason},
    )
    stream = ledger.stream(tx, keyring, member.organization_id, contact_point_id)
    ledger.append(tx, log, stream, viewed, now)
    return contact.address
