"""A letter about a request, written beforehand and sent with the step it tells of: both happen, or neither."""

import uuid
from datetime import datetime

from consent.db import Tx
from consent.errors import BadInput
from consent.outbox import mail
from consent.outbox.mail import Mail
from consent.privacy_requests.casework.cases import Case, Desk
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical
from consent.web.messages import N_

MAIL = "mail"
# The letters by which the person hears how their request ended.
TELL = frozenset(("done", "later", "refused", "marketing"))
TOLD = (MAIL, "text", "letter", "call", "in-person")  # by which way somebody was told


def send(
    tx: Tx,
    desk: Desk,
    case: Case,
    told: str,
    letter: Mail | None,
    what: str,
    now: datetime,
    *,
    to: uuid.UUID | None = None,
) -> None:
    """The person is told: by mail through the outbox; any other way is on record because whoever used it says so.

    `to` is another contact point than that of the request, such as a representative's. Raises BadInput.
    """
    if told not in TOLD:
        raise BadInput(N_("Say how the person is told."), field="told")
    if told != MAIL:
        return
    contact = subjects.by_id(tx, desk.keyring, case.organization_id, to or case.contact_point_id)
    if contact is None or contact.channel != "email" or contact.address is None or contact.key is None:
        raise BadInput(N_("There is no e-mail address here: tell them another way, and say which."), field="told")
    if letter is None:
        raise BadInput(N_("The letter is missing."), field="letter")
    mail.write(
        tx, desk.keyring, case.organization_id, contact.key, canonical("email", contact.address, None), letter, now,
        kind="mail.request", contact_point_id=contact.id, unique_key=f"request:{case.id}:{what}:{case.version}",
    )  # fmt: skip
