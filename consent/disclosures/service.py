"""Ask before data goes, and record that it went or was held back, each in one transaction."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.decisions.service import reason_json
from consent.disclosures.known import Someone, known_of, tags_by_channel
from consent.disclosures.models import MADE, MADE_ANYWAY, REFUSED
from consent.disclosures.rules import Asked, Judged, Known, judge
from consent.ids import new_id
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.policies.governing import InForce
from consent.subjects import service as subjects

_INSERT = Sql(
    "INSERT INTO disclosure (organization_id, id, occurred_at, recipient, purpose, categories, fields, state, people,"
    " contact_point_id, person_id, entry_id, content_tag, told) VALUES (:organization_id, :id, :occurred_at,"
    " :recipient, :purpose, :categories, :fields, :state, :people, :contact_point_id, :person_id, :entry_id,"
    " :content_tag, :told)"
)
_SAME = Sql(
    "SELECT id, state, entry_id, told FROM disclosure WHERE organization_id = :organization_id"
    " AND content_tag = :content_tag"
)


@dataclass(frozen=True, slots=True)
class Report:
    """What is asked, when it goes or went, and whether it has gone already; `content` tells two reports apart."""

    asked: Asked
    occurred_at: datetime
    has_gone: bool
    content: bytes = field(repr=False)


class Desk:
    """The gate of disclosures for one organization at one instant; what is alike is judged once."""

    def __init__(self, keyring: Keyring, in_force: InForce, now: datetime, source: str = "api") -> None:
        self.keyring, self.log, self.rulebook, self.now, self.source = (
            keyring, in_force.log, in_force.rulebook, now, source,
        )  # fmt: skip
        self.organization_id = in_force.log.organization_id
        self._judged: dict[tuple[Asked, Known], Judged] = {}

    def explain(self, tx: Tx, asked: Asked, people: Sequence[Someone]) -> list[dict[str, Any]]:
        """The answers, in the order of the people; nothing is kept."""
        nothing = {"id": None, "state": None, "entry": None}
        return [nothing | self.told(self.judge(asked, known)) for known in self.known(tx, asked, people)]

    def record(self, tx: Tx, report: Report, people: Sequence[Someone]) -> list[dict[str, Any]]:
        """The answers, each on record with what it rested on; what went is there once, what was held back each time."""
        writing = _Writing(tx, self, report, people)
        return [
            writing.answer(one, known)
            for one, known in zip(people, self.known(tx, report.asked, people), strict=True)
        ]  # fmt: skip

    def known(self, tx: Tx, asked: Asked, people: Sequence[Someone]) -> list[Known]:
        """What is on record of each."""
        return known_of(tx, self.keyring, self.organization_id, self.rulebook, asked, people)

    def judge(self, asked: Asked, known: Known) -> Judged:
        """The answer of the rulebook."""
        alike = asked, known._replace(consent_entry=None)
        if alike not in self._judged:
            self._judged[alike] = judge(self.rulebook, *alike)
        return self._judged[alike]

    def told(self, judged: Judged) -> dict[str, Any]:
        """The answer as the API gives it."""
        version = self.rulebook.policy_version
        return {
            "answer": "allow" if judged.allowed else "deny",
            "reasons": [reason_json(one) for one in judged.reasons],
            "leave_out": list(judged.leave_out),
            "goes_without": judged.goes_without,
            "policy": version.policy,
            "policy_version": version.version,
        }


class _Writing:
    """One transaction: streams are read and locked once, in one order, however many rows they get."""

    def __init__(self, tx: Tx, desk: Desk, report: Report, people: Sequence[Someone]) -> None:
        self._tx, self._desk, self._report = tx, desk, report
        self._rows = {
            (channel, tag): row
            for channel, tags in tags_by_channel(people).items()
            for tag, row in subjects.find_many(tx, desk.organization_id, channel, tags).items()
        }
        self._contacts: dict[tuple[str, int], subjects.Contact] = {}
        self._own: ledger.Stream | None = None

    def answer(self, one: Someone, known: Known) -> dict[str, Any]:
        """As it stands on record, from now on or since it was first reported."""
        desk, tx = self._desk, self._tx
        tag = desk.keyring.payload_tag(desk.organization_id, _content(self._report, one))
        row = tx.one(_SAME, {"organization_id": desk.organization_id, "content_tag": tag})
        if row is not None:
            stood: dict[str, Any] = json.loads(row[3])
            return {"id": str(as_id(row[0])), "state": row[1], "entry": str(as_id(row[2]))} | stood
        judged, identity = desk.judge(self._report.asked, known), new_id(desk.now)
        state = MADE if judged.allowed else MADE_ANYWAY if self._report.has_gone else REFUSED
        contact, person = self._contact(one, state), self._person(one, state)
        event = self._event(identity, state, judged, known, one, person)
        stream = contact.stream if contact is not None else self._own_stream()
        entry = ledger.append(tx, desk.log, stream, event, desk.now)
        told = desk.told(judged)
        tx.later(
            _INSERT,
            {
                "organization_id": desk.organization_id,
                "id": identity,
                "occurred_at": entry.occurred_at,
                "recipient": self._report.asked.recipient,
                "purpose": self._report.asked.purpose,
                "categories": json.dumps(self._report.asked.categories),
                "fields": json.dumps(self._report.asked.fields),
                "state": state,
                "people": one.people,
                "contact_point_id": contact.id if contact is not None else None,
                "person_id": person,
                "entry_id": entry.event_id,
                "content_tag": tag if state != REFUSED else None,
                "told": json.dumps(told),
            },
        )
        return {"id": str(identity), "state": state, "entry": str(entry.event_id)} | told

    def _contact(self, one: Someone, state: str) -> subjects.Contact | None:
        """Their contact point, made where data went; what was held back makes nobody known."""
        if one.tagged is None or one.place is None:
            return None
        row = self._rows.get(one.place)
        if one.place not in self._contacts:
            if row is None and state == REFUSED:
                return None
            desk = self._desk
            made = subjects.contact_from(self._tx, desk.keyring, desk.organization_id, one.tagged, row, desk.now)
            self._contacts[one.place] = made
        return self._contacts[one.place]

    def _person(self, one: Someone, state: str) -> uuid.UUID | None:
        if one.reference is None:
            return None
        desk = self._desk
        if state == REFUSED:
            return subjects.find_person(self._tx, desk.keyring, desk.organization_id, one.reference)
        return subjects.person(self._tx, desk.keyring, desk.organization_id, one.reference, desk.now)

    def _own_stream(self) -> ledger.Stream:
        """The organization's own, for what is about nobody by address."""
        if self._own is None:
            desk = self._desk
            self._own = ledger.stream(self._tx, desk.keyring, desk.organization_id, desk.organization_id)
        return self._own

    def _event(
        self, identity: uuid.UUID, state: str, judged: Judged, known: Known, one: Someone, person: uuid.UUID | None
    ) -> ledger.Event:
        asked = self._report.asked
        data: dict[str, object] = {
            "disclosure": str(identity),
            "recipient": asked.recipient,
            "about": asked.purpose,
            "categories": list(asked.categories),
            "fields": list(asked.fields),
            "people": one.people,
            "rests_on": list(judged.rests_on),
            "codes": list(dict.fromkeys(reason.code for reason in judged.reasons)),
            **self._desk.rulebook.policy_version.cited(),
        }
        perhaps = {
            "against": True if state == MADE_ANYWAY else None,
            "ground": asked.ground,
            "compelled": asked.compelled,
            "consent": str(known.consent_entry) if known.consent_entry is not None else None,
            "person": str(person) if person is not None else None,
        }
        data |= {name: value for name, value in perhaps.items() if value is not None}
        facts = {name: getattr(asked, name) for name in ("reason", "approver", "instrument", "reference")}
        kind = "disclosure.refused" if state == REFUSED else "disclosure.made"
        channel = one.tagged.address.channel if one.tagged is not None else "none"
        return ledger.Event(
            kind, self._desk.source, channel, data=data, occurred_at=self._report.occurred_at, facts=facts
        )  # fmt: skip


def _content(report: Report, one: Someone) -> bytes:
    whose = [one.tagged.address.channel, one.tagged.address.value] if one.tagged is not None else []
    return report.content + json.dumps([*whose, one.reference, one.people, str(one.consent)]).encode()
