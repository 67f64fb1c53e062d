"""What is held about whoever asked, by class of data: how many records, whence they came, and a few of them masked."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice

from consent.dashboard.requests import naming, speaking
from consent.db import Database
from consent.ledger.keys import Keyring
from consent.policies.answers.asking import Item
from consent.policies.rulebook import Rulebook
from consent.privacy_requests.answers import holdings
from consent.privacy_requests.answers.pieces import Piece
from consent.privacy_requests.casework.cases import Case
from consent.web.masking import mask

MOST = 5000  # records that are counted on a page
SHOWN = 3  # records of a class that are shown
LONGEST = 160  # characters of a value
# Files of requests and receipts prove what was done; they outlive the data and are decided by nobody.
PROOF = frozenset({"requests", "receipts"})
OURS = "person"  # the word of promises for what people gave themselves


@dataclass(frozen=True, slots=True)
class Class:
    """One class of data: its sources with the number of records from each, and a few records, masked."""

    category: str
    count: int
    sources: Mapping[str, int]
    until: str
    samples: tuple[tuple[tuple[str, str], ...], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Holdings:
    """Everything that is held; `more` when there is more than is counted here."""

    classes: tuple[Class, ...]
    more: bool = False

    @property
    def items(self) -> tuple[Item, ...]:
        """As the rulebook asks about them: one for each class and source, so that sources stay apart (T-50)."""
        return tuple(
            Item(one.category, OURS if source.startswith(OURS) else source)
            for one in self.classes
            if one.category not in PROOF
            for source in one.sources
        )

    @property
    def counts(self) -> dict[str, int]:
        """How many records of each class."""
        return {one.category: one.count for one in self.classes}


NOTHING = Holdings(())


def of(db: Database, keyring: Keyring, case: Case, rulebook: Rulebook) -> Holdings:
    """What this house holds; nothing once the person is erased."""
    with db.read(case.organization_id) as tx:
        whose = holdings.whose(tx, keyring, case.organization_id, case.contact_point_id)
    if whose is None:
        return NOTHING
    pieces = list(islice(holdings.ours(db, keyring, case.organization_id, rulebook, whose), MOST + 1))
    return Holdings(_classes(pieces[:MOST]), len(pieces) > MOST)


def _classes(pieces: Iterable[Piece]) -> tuple[Class, ...]:
    found: dict[str, list[Piece]] = {}
    for one in pieces:
        found.setdefault(one.category, []).append(one)
    return tuple(_class(category, of_it) for category, of_it in sorted(found.items()))


def _class(category: str, pieces: list[Piece]) -> Class:
    sources: dict[str, int] = {}
    for one in pieces:
        sources[one.source] = sources.get(one.source, 0) + 1
    until = max((one.kept for one in pieces), default="")
    return Class(category, len(pieces), sources, until, tuple(_sample(one) for one in pieces[:SHOWN]))


def _sample(piece: Piece) -> tuple[tuple[str, str], ...]:
    """A record as staff see it without asking: no address, no number, nothing long."""
    shown = [
        (name, mask(_named(piece, name, said))[:LONGEST])
        for name, said in piece.fields.items()
        if said and not _is_id(said)
    ]
    return (("recorded", piece.at[:10]), *shown[:8])


def _named(piece: Piece, name: str, said: str) -> str:
    """Our own words for states, types and outcomes as staff read them; anything else as it stands."""
    if piece.category != "requests":
        return said
    if name == "outcomes":
        return naming.outcome_lines(said.split(", "), speaking.for_staff(), piece.fields.get("type", ""))
    if name == "state":
        return naming.state_name(said)
    return naming.type_name(said) if name == "type" else said


def _is_id(said: str) -> bool:
    try:
        uuid.UUID(said)
    except ValueError:
        return False
    return True
