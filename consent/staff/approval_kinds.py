"""What may be proposed, as the page of approvals names it, and where its subject is shown. Add a line for a new one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from consent.db import Tx
from consent.ledger.keys import Keyring
from consent.web.messages import N_


@dataclass(frozen=True, slots=True)
class Kind:
    """A sentence for the page, and the page of the subject, with its id in `{subject}`; empty where there is none.

    `there`: it is decided on that page alone, where what was proposed can be seen whole.
    """

    sentence: str
    page: str = ""
    there: bool = False


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Something that waits for an officer on a page of its own, by the day it is due."""

    title: str
    path: str
    due: date | None


class Finds(Protocol):
    """Finds what of one sort waits on pages of its own."""

    def __call__(
        self, tx: Tx, keyring: Keyring, organization_id: UUID, member_id: UUID, now: datetime
    ) -> Iterable[Elsewhere]: ...


KINDS: dict[str, Kind] = {
    "privacy_request.erase": Kind(N_("Erase what a request asks to erase"), "/staff/requests/{subject}"),
    "consent.enter": Kind(
        N_("Enter a consent that somebody gave outside of our pages"), "/staff/consents/{subject}", there=True
    ),
    "record.correct": Kind(
        N_("Count a record from an earlier day than was told"), "/staff/retention/corrections?record={subject}"
    ),
    "evidence.unlock": Kind(N_("Open evidence that is locked away"), "/staff/people/{subject}/evidence"),
}


def kind_of(what: str) -> Kind:
    """How it is named; the code itself for one without a line."""
    return KINDS.get(what) or Kind(what)
