"""A pack is asked for: that it was is on record before the first of its bytes, on every stream that it reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from consent.db import Database, Tx
from consent.errors import BadInput, Filled, NotFound
from consent.evidence.packs import locked
from consent.evidence.packs.about import About
from consent.evidence.packs.entries import Ground
from consent.ledger import erasing
from consent.ledger import service as ledger
from consent.ledger.bodies import instant
from consent.ledger.keys import Keyring
from consent.policies.rulebook import Rulebook
from consent.policies.staff_settings import EVIDENCE
from consent.staff import looking
from consent.web.messages import N_

PACKED = "evidence.packed"
LONGEST_WHY = 500
NO_WHY = N_("Say in a few words what the pack is for.")
NO_REASON = "Choose with --reason what it is needed for: %(reasons)s."
_MOMENT = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who wants the pack: a member of the staff, or whoever runs a command on the machine (no `account`)."""

    name: str = field(repr=False)
    source: str = "system"
    account: UUID | None = None
    look: Mapping[str, object] = field(default_factory=dict)  # the reason they chose, and what allows it


def until(as_of: datetime | None, now: datetime) -> datetime:
    """The last instant that the pack tells of: what is recorded about its making is no part of it."""
    return as_of if as_of is not None else now - _MOMENT


def reason(why: str) -> str:
    """What is written down of why; BadInput where nothing is said."""
    said = " ".join(why.split())
    if not 3 <= len(said) <= LONGEST_WHY:
        raise BadInput(NO_WHY, field="why")
    return said


def look(rulebook: Rulebook, chosen: str) -> Mapping[str, object]:
    """What an entry says of the reason that a command names: one of those that the page of evidence offers.

    BadInput with the whole list for any other, and for none.
    """
    offered = looking.offered(rulebook, EVIDENCE)
    if chosen not in offered:
        raise BadInput(Filled(NO_REASON, reasons=list(offered)), field="--reason")
    return looking.Look(EVIDENCE, chosen, ()).data()  # no promise about members speaks of who runs the machine


def record(
    tx: Tx, keyring: Keyring, organization_id: UUID, about: About, asker: Asker, why: str, as_of: datetime | None,
    now: datetime,
) -> None:  # fmt: skip
    """Each stream that the pack reads says who asked for it and why. Forbidden where two persons have to want it."""
    locked.refuse_closed(tx, organization_id, about)
    log = ledger.log_of(tx, organization_id)
    if log is None:
        raise NotFound("This organization has no open log.")
    data: dict[str, object] = {"about": about.kind, **asker.look}
    data |= {"account": str(asker.account)} if asker.account is not None else {}
    data |= {"as_of": instant(as_of)} if as_of is not None else {}
    data |= {"request": about.request["id"]} if about.request is not None else {}
    for place in about.places:
        if erasing.is_erased(tx, organization_id, place.id):
            continue  # nothing there can be read any more, and no fact can be written beside it
        event = ledger.Event(PACKED, asker.source, place.channel, data=data, facts={"staff": asker.name, "note": why})
        ledger.append(tx, log, ledger.stream(tx, keyring, organization_id, place.id), event, now)


def ground(
    db: Database, keyring: Keyring, organization_id: UUID, public_url: str, as_of: datetime | None, now: datetime
) -> Ground:
    """What a pack of that instant is read from."""
    return Ground(db, keyring, organization_id, public_url, until(as_of, now))
