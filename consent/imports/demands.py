"""What policy and law demand of a row, at the time it speaks of: the same as of a consent at any other door."""

import uuid
from bisect import bisect
from datetime import date, datetime
from zoneinfo import ZoneInfo

from consent.db import Tx
from consent.deadlines import zones
from consent.imports.rows import Row
from consent.imports.rules import Asked, Fault, counts_from
from consent.policies import queries
from consent.policies import service as policies
from consent.policies.governing import Governing
from consent.policies.rulebook import ConsentDraft, Missing, Rulebook
from consent.preferences.models import EVERY_PROGRAM, NOBODY
from consent.subjects.addresses import Address

METHOD = "import"  # of a no that does not say how it came
MOST_REMEMBERED = 4096

Shape = tuple[object, ...]


class Demands:
    """Rulebooks by the time they bind, and what they demand of rows of one shape; made for one import."""

    def __init__(self, tx: Tx, governing: Governing, organization_id: uuid.UUID, as_of: datetime) -> None:
        applied, published = queries.both(tx, organization_id)
        self._governing, self._organization_id = governing, organization_id
        self._changes = sorted({*(one.applied_at for one in applied), *(one.effective_at for one in published)})
        self._rulebooks: dict[tuple[date, int], Rulebook] = {}
        self._findings: dict[Shape, tuple[Missing, ...]] = {}
        self.as_of = as_of
        self.newest = policies.rulebook_at(tx, organization_id, as_of)
        self.zone: ZoneInfo = zones.zone(self.newest.organization.zone)
        self.first_policy_at = min(one.effective_at for one in published)

    def rulebook(self, at: datetime) -> Rulebook:
        """The rulebook that binds what happened then; versions and settings change at instants, law at midnight."""
        key = (at.astimezone(self.zone).date(), bisect(self._changes, at))
        found = self._rulebooks.get(key)
        if found is None:
            if len(self._rulebooks) >= MOST_REMEMBERED:
                self._rulebooks.clear()
            found = self._rulebooks[key] = self._governing.at(self._organization_id, at).rulebook
        return found

    def asked(self, row: Row) -> tuple[Asked, ConsentDraft, Rulebook]:
        """The row as it is judged, with everything that is demanded and missing."""
        at = counts_from(row.state, row.when, self.as_of)
        rulebook = self.rulebook(at if at is not None else self.as_of)
        program = row.program
        if row.state == "given":
            draft = _draft(row, program, at, row.method)
            faults = (*row.faults, *map(_fault, self._missing(rulebook, draft)))
            return Asked("given", program, NOBODY, row.when, faults), draft, rulebook
        # A no for something nobody knows is a no to everything: whoever misspelt it, the person meant to hear less.
        if program != EVERY_PROGRAM and not _known(rulebook, program):
            program = EVERY_PROGRAM
        draft = _draft(row, program, at, row.method or METHOD)
        faults = tuple([one for one in row.faults if one.field != "program"])
        if program != EVERY_PROGRAM:
            missing = [one for one in self._missing(rulebook, draft) if one.field in ("program", "channel")]
            faults = (*faults, *[_fault(one)._replace(field="state", code="nothing-to-end") for one in missing])
        return Asked(row.state, program, NOBODY, row.when, faults), draft, rulebook

    def _missing(self, rulebook: Rulebook, draft: ConsentDraft) -> tuple[Missing, ...]:
        """What is demanded and missing; the words of address, wording and IP make no difference, that they are there
        does."""
        shape: Shape = (
            rulebook.content_hash,
            *draft[:2],
            bool(draft.address),
            draft.state,
            draft.occurred_at is not None,
            draft.method,
            bool(draft.wording_text and draft.wording_text.strip()),
            bool(draft.wording_language),
            bool(draft.ip),
            bool(draft.ip_absent_reason),
        )
        found = self._findings.get(shape)
        if found is None:
            if len(self._findings) >= MOST_REMEMBERED:
                self._findings.clear()
            found = self._findings[shape] = rulebook.consent_findings(draft)
        return found

    def knows(self, program: str) -> bool:
        """Whether the organization has such a program or feature today."""
        return _known(self.newest, program)


def programs_on(rulebook: Rulebook, channel: str, sender: str) -> tuple[str, ...]:
    """What a no to everything on this channel ends."""
    if channel == "sms":
        return rulebook.stop_scope(sender)
    return tuple(sorted(one.key for one in rulebook.organization.programs if channel in one.channels))


def sender_of(rulebook: Rulebook, named: str | None) -> str:
    """Which of the organization's senders is meant, by its id or number; empty for none of them."""
    return next((one.id for one in rulebook.organization.senders if named in (one.id, one.number)), "")


def _draft(row: Row, program: str, at: datetime | None, method: str | None) -> ConsentDraft:
    address: Address | None = row.address
    return ConsentDraft(
        program,
        address.channel if address is not None else None,
        address.value if address is not None else None,
        row.state,
        at,
        method,
        row.wording_text,
        row.wording_language,
        row.ip,
        row.ip_absent_reason,
    )


def _fault(missing: Missing) -> Fault:
    return Fault("not-complete", missing.field, missing.sentence, missing.commitment, missing.law)


def _known(rulebook: Rulebook, program: str) -> bool:
    features = rulebook.organization.features
    return rulebook.program(program) is not None or any(one.key == program for one in features)
