"""May this call be recorded? What people on it said is put on record, and so is each call that was recorded.

A yes or no that somebody gives during a call is a consent like any other: to the feature of recorded calls, at the
number they are reached at. Where everybody is only told there is nothing to agree to; that they were told is on record.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from consent.db import Tx
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.policies.answers.reasons import denied
from consent.policies.answers.recording import FEATURE, Party
from consent.policies.governing import InForce
from consent.policies.questions import ConsentDraft, Reason, Verdict
from consent.policies.recorded_lines import RecordedLine
from consent.policies.rulebook import Rulebook
from consent.policies.said import language_among
from consent.preferences import consents, wordings
from consent.preferences import service as preferences
from consent.preferences.asking import standing_of
from consent.subjects import service as subjects

VOICE = "voice"
METHOD = "during-call"
NO_IP = "The person said it on the telephone."
_SAID_NO = frozenset({"feature-refused", "feature-withdrawn"})


@dataclass(frozen=True, slots=True)
class OnCall:
    """Somebody on the call; `place` is the number they are reached at, where it is known."""

    party: Party
    place: subjects.Tagged | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A call as the telephone system tells it; `reference` is its own name of it, `ticket` what it belongs to."""

    line: RecordedLine
    people: Sequence[OnCall]
    language: str
    purpose: str | None = None
    reference: str | None = field(default=None, repr=False)
    ticket: str | None = field(default=None, repr=False)


def answer(tx: Tx, organization_id: UUID, rulebook: Rulebook, call: Call, *, told_before: bool = False) -> Verdict:
    """The rules' answer, with what the people on the call said before.

    `told_before`: the call is an old one told again, and its yeses are on record; what stands there now outweighs them.
    """
    link = "ticket" if call.ticket is not None else None
    verdict = rulebook.recording.may_record(call.line.key, [one.party for one in call.people], call.purpose, link)
    if not rulebook.recording.asks_at(call.line):
        return verdict
    asked = [one.place for one in call.people if one.place is not None and (told_before or one.party.agreed is None)]
    before = [reason for place in asked for reason in _said_no(tx, organization_id, rulebook, place, told_before)]
    if not before:
        return verdict
    return denied([*(verdict.reasons if verdict.answer == "deny" else ()), *before])


def record(
    tx: Tx, keyring: Keyring, in_force: InForce, call: Call, now: datetime
) -> tuple[Verdict, list[ledger.Entry]]:
    """The answer, once what people said is on record; a call that may be recorded leaves its entry with each one."""
    entries = [entry for one in call.people if (entry := _said(tx, keyring, in_force, call, one, now)) is not None]
    verdict = answer(tx, in_force.log.organization_id, in_force.rulebook, call)
    if verdict.answer == "allow":
        entries += _recorded(tx, keyring, in_force, call, verdict, now)
    return verdict, entries


def _said_no(
    tx: Tx, organization_id: UUID, rulebook: Rulebook, place: subjects.Tagged, after_a_yes: bool
) -> list[Reason]:
    """Why not, where a no stands on record for this number; `after_a_yes`: where it is the newest word there."""
    standing = standing_of(preferences.read(tx, organization_id, VOICE, place.tag64), FEATURE, None)
    if after_a_yes:
        newest = max(standing.consents, key=lambda fact: (fact.occurred_at, fact.state != "given"), default=None)
        if newest is None or newest.state == "given":
            return []
    return [one for one in rulebook.features.may_run(FEATURE, standing.consents).reasons if one.code in _SAID_NO]


def _said(tx: Tx, keyring: Keyring, in_force: InForce, call: Call, one: OnCall, now: datetime) -> ledger.Entry | None:
    """What this person answered is on record, unless it stands there already or nothing was asked.

    A no counts however it came; a yes is one to the words of a line that is recorded.
    """
    rulebook, organization_id = in_force.rulebook, in_force.log.organization_id
    if one.place is None or one.party.agreed is None:
        return None
    if not (rulebook.recording.asks_at(call.line) and rulebook.recording.can_be_refused):
        return None
    if one.party.agreed and not (one.party.told and call.line.on):
        return None
    standing = standing_of(preferences.read(tx, organization_id, VOICE, one.place.tag64), FEATURE, None)
    newest = max(standing.consents, key=lambda fact: fact.occurred_at, default=None)
    state = "given" if one.party.agreed else "withdrawn" if newest and newest.state == "given" else "refused"
    if newest is not None and (newest.state == "given") is one.party.agreed:
        return None
    text, language = _words(call)
    draft = ConsentDraft(
        FEATURE, VOICE, one.place.address.value, state, now, METHOD, text, language, ip_absent_reason=NO_IP
    )
    consents.check(rulebook, draft, now)
    said = consents.Said(draft, one.place)
    more = {"line": call.line.key}
    return consents.record(tx, keyring, in_force.log, rulebook, said, "api", now, more=more).entry


def _recorded(
    tx: Tx, keyring: Keyring, in_force: InForce, call: Call, verdict: Verdict, now: datetime
) -> list[ledger.Entry]:
    """The entry of the call: in the stream of everybody whose number is known, else in that of the company."""
    organization_id = in_force.log.organization_id
    text, language = _words(call)
    data: dict[str, object] = {
        "line": call.line.key,
        "serves": [call.purpose] if call.purpose is not None else list(call.line.purposes),
        "told_by": call.line.told_by,
        "people": len(call.people),
        "wording_sha256": wordings.keep(tx, organization_id, text, language, now),
        "wording_language": language,
        "rests_on": sorted({one.commitment for one in verdict.reasons if one.commitment is not None}),
        **in_force.rulebook.policy_version.cited(),
    }
    facts = {"reference": call.reference, "ticket": call.ticket}
    known = {name: value for name, value in facts.items() if value is not None}
    places = [one.place for one in call.people if one.place is not None]
    entries = []
    for place in places:
        contact = subjects.contact(tx, keyring, organization_id, place, now)
        event = ledger.Event(
            "call.recorded", "api", VOICE, (FEATURE,), data, now, {"address": place.address.value, **known}
        )
        entries.append(ledger.append(tx, in_force.log, contact.stream, event, now))
    if not places:
        stream = ledger.stream(tx, keyring, organization_id, organization_id)
        event = ledger.Event("call.recorded", "api", VOICE, (FEATURE,), data, now, known)
        entries.append(ledger.append(tx, in_force.log, stream, event, now))
    return entries


def _words(call: Call) -> tuple[str, str]:
    """What people on this call heard, and in which language."""
    language = language_among(call.line.words, call.language)
    return call.line.words.get(language, ""), language
