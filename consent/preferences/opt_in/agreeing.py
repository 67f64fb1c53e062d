"""What a person has ticked, kept by the browser until the address is proven, and what agreeing writes."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import session

from consent.db import Tx
from consent.ledger.keys import Keyring
from consent.policies.governing import InForce
from consent.policies.organization import Program
from consent.policies.rulebook import ConsentDraft
from consent.policies.shown import Shown
from consent.preferences import consents, shown_texts
from consent.preferences.opt_in.view import METHOD, wording_of
from consent.preferences.wordings import hash_text
from consent.subjects import service as subjects
from consent.verification.visits import Level, Visit

TICKED, AGREED = "ticked", "agreed"
NO_IP = "the server could not tell it"


@dataclass(frozen=True, slots=True)
class Ticked:
    """The boxes a person has ticked: the hash of the wording beside each, and the language it was read in."""

    organization_id: uuid.UUID
    program: str
    language: str
    boxes: Mapping[str, str]
    old_enough: bool


def keep(ticked: Ticked) -> None:
    """This browser remembers what was ticked; no address is in it."""
    session[TICKED] = {
        "at": ticked.organization_id.hex,
        "program": ticked.program,
        "language": ticked.language,
        "boxes": dict(ticked.boxes),
        "age": ticked.old_enough,
    }


def kept(organization_id: uuid.UUID, program: str) -> Ticked | None:
    """What this browser ticked for this program, and has not sent yet."""
    found = session.get(TICKED)
    if not isinstance(found, dict) or (found.get("at"), found.get("program")) != (organization_id.hex, program):
        return None
    return Ticked(organization_id, program, found["language"], found["boxes"], bool(found["age"]))


def done(organization_id: uuid.UUID, program: str, entries: Sequence[uuid.UUID], masked: str) -> None:
    """Nothing waits any more; the next page may say what was agreed to."""
    session.pop(TICKED, None)
    said = {"at": organization_id.hex, "program": program, "entries": [str(one) for one in entries], "masked": masked}
    session[AGREED] = said


def was_done(organization_id: uuid.UUID, program: str) -> Mapping[str, object] | None:
    """What this browser has agreed to here."""
    found = session.get(AGREED)
    if not isinstance(found, dict) or (found.get("at"), found.get("program")) != (organization_id.hex, program):
        return None
    return found


def still_said(in_force: InForce, program: Program, ticked: Ticked) -> bool:
    """Whether each wording is word for word what was ticked; a page left open meanwhile agrees to nothing."""
    for channel, sha256 in ticked.boxes.items():
        wording = wording_of(in_force.rulebook, program, channel, ticked.language)
        if wording is None or hash_text(wording.text) != sha256:
            return False
    return True


def proven(visit: Visit | None, channels: Sequence[str]) -> dict[str, subjects.Tagged] | None:
    """The address of each channel, if a code has shown that all of them are this person's."""
    if visit is None or visit.level is not Level.CODE:
        return None
    places = {one.tagged.address.channel: one.tagged for one in visit.places}
    return {one: places[one] for one in channels} if all(one in places for one in channels) else None


def drafts(
    in_force: InForce,
    program: Program,
    ticked: Ticked,
    places: Mapping[str, subjects.Tagged],
    ip: str | None,
    now: datetime,
) -> list[consents.Said]:
    """A consent for each box, complete; ConsentRefused where the policy or the law stands against one."""
    found = []
    for channel, tagged in places.items():
        wording = wording_of(in_force.rulebook, program, channel, ticked.language)
        draft = ConsentDraft(
            program.key,
            channel,
            tagged.address.value,
            "given",
            now,
            METHOD,
            wording.text if wording is not None else None,
            wording.language if wording is not None else None,
            ip,
            None if ip else NO_IP,
            pre_ticked=False,
            bundled=False,
            mandatory=False,
            declared_age=in_force.rulebook.ages.minimum("opt-in").age if ticked.old_enough else None,
        )
        consents.check(in_force.rulebook, draft, now)
        found.append(consents.Said(draft, tagged))
    return found


def record(
    tx: Tx,
    keyring: Keyring,
    in_force: InForce,
    said: Sequence[consents.Said],
    statements: Mapping[str, Sequence[Shown]],
    now: datetime,
) -> list[uuid.UUID]:
    """Each consent stands in the ledger, and with it what the form had said beside the box; their entries' ids."""
    entries = []
    for one in said:
        recorded = consents.record(tx, keyring, in_force.log, in_force.rulebook, one, "page", now)
        channel, program = one.tagged.address.channel, one.draft.program or ""
        contact = subjects.contact(tx, keyring, in_force.log.organization_id, one.tagged, now)
        shown_texts.record(
            tx, in_force.log, contact.stream, in_force.rulebook, "opt-in-form", channel, (program,),
            statements[channel], now,
        )  # fmt: skip
        entries.append(recorded.entry.event_id)
    return entries
