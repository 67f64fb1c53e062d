"""Record what a person agreed to, refused or withdrew, complete or not at all."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from consent.db import Tx
from consent.errors import BadInput
from consent.ledger import base64url
from consent.ledger import service as ledger
from consent.ledger.bodies import CLOCK_SKEW
from consent.ledger.keys import Keyring
from consent.outbox import service as outbox
from consent.policies.rulebook import ConsentDraft, Missing, Rulebook
from consent.preferences import proofs, wordings
from consent.preferences import service as preferences
from consent.subjects import service as subjects


class ConsentRefused(BadInput):
    """The consent is not complete, not free, or for something that cannot be consented to."""

    slug: ClassVar[str] = "consent-refused"
    title: ClassVar[str] = "This cannot be recorded as a consent"


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said about a program, as it arrived at one of our doors."""

    draft: ConsentDraft
    tagged: subjects.Tagged
    person: str | None = None
    entered_by: str | None = None
    proof: proofs.Draft | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """The ledger entry of a consent, and whose it is."""

    entry: ledger.Entry
    contact_point_id: uuid.UUID
    person_id: uuid.UUID | None


def check(rulebook: Rulebook, draft: ConsentDraft, now: datetime) -> None:
    """Nothing stands between the draft and a consent; ConsentRefused names field, commitment and law otherwise."""
    findings = rulebook.consent_findings(draft)
    if draft.occurred_at is not None and draft.occurred_at > now + CLOCK_SKEW:
        future = "The person cannot have acted in the future; check the clock and the offset."
        findings = (*findings, Missing("occurred_at", None, None, future))
    if not findings:
        return
    first = findings[0]
    facts: dict[str, Any] = {
        "errors": [
            {
                name: value
                for name, value in (
                    ("field", one.field),
                    ("message", one.sentence),
                    ("commitment", one.commitment),
                    ("law", one.law),
                )
                if value is not None
            }
            for one in findings
        ]
    }
    if first.commitment is not None:
        facts["commitment"] = first.commitment
    if first.law is not None:
        facts["law"] = first.law
    raise ConsentRefused(first.sentence, field=first.field, **facts)


def record(
    tx: Tx,
    keyring: Keyring,
    log: ledger.Log,
    rulebook: Rulebook,
    said: Said,
    source: str,
    now: datetime,
    *,
    more: Mapping[str, object] | None = None,
) -> Recorded:
    """The consent, refusal or withdrawal stands in the ledger and in the current state, with its wording kept.

    A withdrawal also takes back what waits to be sent. `check` comes first. `more` stands in the entry for everybody.
    """
    draft, organization_id = said.draft, log.organization_id
    contact = subjects.contact(tx, keyring, organization_id, said.tagged, now)
    before = preferences.read(tx, organization_id, contact.channel, contact.tag64)
    person_id = None
    if said.person is not None:
        person_id = subjects.person(tx, keyring, organization_id, said.person, now)
    event = event_of(tx, organization_id, rulebook, said, person_id, source, now, more)
    entry = ledger.append(tx, log, contact.stream, event, now)
    if said.proof is not None:
        proofs.keep(tx, keyring, organization_id, contact.stream, entry, entry.event_id, said.proof, now)
    preferences.record(tx, organization_id, contact.channel, contact.tag64, before, entry, source)
    if draft.state != "given":
        outbox.cancel_waiting(tx, organization_id, contact.id, event.purposes, now)
    return Recorded(entry, contact.id, person_id)


def event_of(
    tx: Tx,
    organization_id: uuid.UUID,
    rulebook: Rulebook,
    said: Said,
    person_id: uuid.UUID | None,
    source: str,
    now: datetime,
    more: Mapping[str, object] | None = None,
    facts: Mapping[str, str | None] | None = None,
) -> ledger.Event:
    """What was said as the ledger holds it, whatever door it came through; its wording is kept.

    `more` stands in the entry for everybody, `facts` are personal.
    """
    draft = said.draft
    data: dict[str, object] = {
        "method": draft.method or "",
        **rulebook.policy_version.cited(),
        **(more or {}),
    }
    companion = rulebook.features.companion(draft.program or "")
    if companion is not None and draft.state == "given":
        # T-29: what was agreed to stands in two documents, and the record names both.
        data |= {
            "companion_policy": companion.policy,
            "companion_version": companion.version,
            "companion_sha256": base64url.encode(companion.text_sha256),
        }
    if draft.granted_by is not None:
        data["granted_by"] = draft.granted_by
    if person_id is not None:
        data["person"] = str(person_id)
    if draft.wording_text is not None and draft.wording_language is not None:
        data["wording_sha256"] = wordings.keep(tx, organization_id, draft.wording_text, draft.wording_language, now)
        data["wording_language"] = draft.wording_language
    if said.proof is not None:
        data |= said.proof.data
    return ledger.Event(
        f"consent.{draft.state}",
        source,
        said.tagged.address.channel,
        (draft.program or "",),
        data,
        # Nobody acts in the future. With a time ahead of ours a consent would outlive a STOP that comes meanwhile.
        min(draft.occurred_at, now) if draft.occurred_at is not None else None,
        {
            "address": said.tagged.address.value,
            "person": said.person,
            "ip": draft.ip,
            "ip_absent_reason": draft.ip_absent_reason,
            "staff": said.entered_by,
            **(said.proof.facts if said.proof is not None else {}),
            **(facts or {}),
        },
    )
