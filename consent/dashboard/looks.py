"""Before something about a person is shown in full: the reason that was chosen, and whether the policy allows it."""

from collections.abc import Iterable
from uuid import UUID

from flask import request

from consent.dashboard.seats import Seat
from consent.db import Database
from consent.ledger.keys import Keyring
from consent.privacy_requests import queries as requests
from consent.privacy_requests.rules import OVER
from consent.staff import looking
from consent.staff.looking import Look, Wanted


def ask(db: Database, keyring: Keyring, here: Seat, page: str, contact: UUID, places: Iterable[UUID] = ()) -> Look:
    """The look that the form asks for. BadInput without a reason, NotAllowed where a clause is against it.

    A request of that person that is not over is the open ticket of which clauses speak.
    """
    with db.read(here.organization_id) as tx:
        asked = requests.of_contacts(tx, here.organization_id, {contact, *places}, here.pack.zone, here.now)
    ticket_open = any(one["state"] not in OVER for one in asked)
    wanted = Wanted(page, contact, request.form.get("reason", ""), ticket_open)
    return looking.ask(db, keyring, here.log, here.rulebook, here.member, wanted, here.now)
