"""What visitors chose in a company's own banner, in the ledger: known by the random id that the site gave the browser.

A browser is a contact point of the channel `web`, so that its choices are proved, looked up and erased like any other.
The choice belongs to the browser. Where the site knows who is there, it names the person too: then a no follows to all
their browsers until a later yes in one of them, and a refusal by the browser's signal to everything they are known by.
"""

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from consent.db import Tx
from consent.db.types import as_id
from consent.errors import BadInput
from consent.ledger import service as ledger
from consent.ledger.bodies import CLOCK_SKEW
from consent.ledger.keys import Keyring
from consent.policies import queries as policies
from consent.policies.answers.trackers import Trackers
from consent.policies.rulebook import Rulebook
from consent.preferences import browsers, numbers, queries, settings, wordings
from consent.preferences import service as preferences
from consent.preferences.browsers import WEB
from consent.preferences.cookies import named
from consent.preferences.cookies.named import Named
from consent.preferences.models import NOBODY
from consent.preferences.rules import Standing, State
from consent.subjects import service as subjects

METHOD = "banner"
# 128 random bits in base64url have 22 characters; numbers and mail addresses have no such shape.
VISITOR = r"^[A-Za-z0-9_-]{22,64}$"
_NO = ("refused", "withdrawn")
LEAST_LETTERS = 8  # different ones: fewer in 22 and more is no random id
LONGEST_KEY = 64
NO_IP = "The choice was made in the site's own banner; the visitor's address is not kept."
NOT_RANDOM = "This must be a random id that your site made for the browser: 22 to 64 letters, digits, - and _."
NO_SURFACE = "No commitment names this surface; those are: {}."
NO_PURPOSE = "Visitors decide about {} here, and not about this."
NOTHING_ASKED = "No commitment leaves anything about trackers to the visitor's choice here, so there is none to record."
NOTHING_SAID = "Name at least one purpose and what was chosen, or say that the browser sends the signal."
NO_WORDING = "Give the words beside which the visitor agreed, or the hash of words that were told before."
UNKNOWN_WORDING = "No words with this hash were ever told; send them as text once."
UNKNOWN_VERSION = "No such version of the policy was ever published; say under which one the banner was drawn."


@dataclass(frozen=True, slots=True)
class Banner:
    """What the visitor was shown: under which version of the policy, and the words; `text` or `sha256` of them."""

    policy_version: str
    name: str | None = None
    text: str | None = None
    sha256: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a visitor chose on a surface, purpose by purpose, and which signals the browser sent with it."""

    visitor: str
    surface: str
    choices: Mapping[str, bool]
    banner: Banner
    gpc: bool = False
    dnt: bool = False
    who: Named | None = None
    occurred_at: datetime | None = None


class OnRecord(NamedTuple):
    """What stands for a browser: its own rows, what whoever is there (`people`: their names) refused in any browser,
    and of sale."""

    state: State
    people: Sequence[uuid.UUID]
    refused: State
    sale_refused: bool


class Known(NamedTuple):
    """What is on record of one purpose for a browser: `consent` as a question to the rules has it."""

    consent: bool | None
    since: datetime | None = None
    event_id: uuid.UUID | None = None


def check(rulebook: Rulebook, pressed: Pressed, now: datetime) -> None:
    """Every part of it makes sense here; BadInput names the one that does not."""
    check_place(rulebook.trackers, pressed.visitor, pressed.surface)
    asked = rulebook.trackers.choices()
    for purpose in pressed.choices:
        if not asked:
            raise BadInput(NOTHING_ASKED, field="choices")
        if purpose not in asked:
            raise BadInput(NO_PURPOSE.format(", ".join(asked)), field=f"choices.{purpose}"[:100])
        if len(key_of(pressed.surface, purpose)) > LONGEST_KEY:
            raise BadInput("The names of surface and purpose are too long together.", field="surface")
    if not pressed.choices and not pressed.gpc:
        raise BadInput(NOTHING_SAID, field="choices")
    if True in pressed.choices.values() and not (pressed.banner.text or pressed.banner.sha256):
        raise BadInput(NO_WORDING, field="wording")
    if pressed.occurred_at is not None and pressed.occurred_at > now + CLOCK_SKEW:
        raise BadInput("This cannot have happened in the future; check the clock and the offset.", field="occurred_at")


def check_place(trackers: Trackers, visitor: str, surface: str) -> None:
    """The id is one that a site made, and the surface one that a promise names; BadInput otherwise."""
    if not re.match(VISITOR, visitor, re.ASCII) or len(set(visitor)) < LEAST_LETTERS:
        raise BadInput(NOT_RANDOM, field="visitor")
    if trackers.outside(surface) is not None or not trackers.knows(surface):
        raise BadInput(NO_SURFACE.format(", ".join(trackers.surfaces())), field="surface")


def record(
    tx: Tx, keyring: Keyring, log: ledger.Log, rulebook: Rulebook, pressed: Pressed, now: datetime
) -> list[ledger.Entry]:
    """Each choice that changes something stands in the ledger, one entry for all of one state; the same again writes
    nothing.

    A no counts whatever the banner was; a yes to a banner of another version than the one in force is left out, for it
    answered another question.
    """
    _check_version(tx, log.organization_id, rulebook, pressed.banner.policy_version)
    organization_id, who = log.organization_id, pressed.who
    tagged = browsers.tagged(keyring, organization_id, pressed.visitor)
    known_as = named.known(tx, keyring, organization_id, who) if who is not None else ()
    person_id = next(iter(known_as), None)
    refused = browsers.refused_by(tx, organization_id, known_as)
    entries: list[ledger.Entry] = []
    if pressed.gpc:
        if who is not None and person_id is None:
            person_id = named.to_record(tx, keyring, organization_id, who, now)
        entries += _signal(tx, keyring, log, rulebook, tagged, pressed, person_id, now)
    row = tx.one(subjects.FIND_CONTACT, subjects.find_parameters(organization_id, tagged))
    state = preferences.read(tx, organization_id, WEB, tagged.tag64)
    on_record = OnRecord(state, known_as, refused, False)
    contact: subjects.Contact | None = None  # made with the first entry: one without a stream could never be written to
    changes = _changes(on_record, rulebook, pressed, person_id, now)
    if row is not None and changes:
        changes = _untold(tx, organization_id, as_id(row[0]), state, changes, pressed, person_id, now)
    if changes and who is not None and person_id is None:
        person_id = named.to_record(tx, keyring, organization_id, who, now)
    for type, purposes in changes.items():
        contact = contact or subjects.contact_from(tx, keyring, organization_id, tagged, row, now)
        event = _event(tx, organization_id, rulebook, pressed, type, purposes, person_id, now)
        entry = ledger.append(tx, log, contact.stream, event, now)
        state = preferences.record(tx, organization_id, WEB, contact.tag64, state, entry, event.source)
        entries.append(entry)
    return entries


def known(on_record: OnRecord, rulebook: Rulebook, surface: str, purpose: str, now: datetime) -> Known:
    """What the choice is worth now: a yes in this browser under the version it was given under and for half a year, a
    no for good. Between the browser's own word and a no of the person anywhere the later one counts, of two at once
    the no; a yes by somebody else's name undoes no no of theirs."""
    refused = _rows(on_record.refused, surface, purpose)
    own = _rows_of_others_left_out(on_record, surface, purpose) if refused else _rows(on_record.state, surface, purpose)
    one = max([*own, *refused], key=_weight, default=None)
    if one is None:
        return Known(None)
    if one.state != "given":
        return Known(False if one.state in _NO else None, one.occurred_at, one.event_id)
    counts = _counts(one, rulebook, now)
    return Known(True if counts else None, one.occurred_at, one.event_id)


def what_holds(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, visitor: str, who: Named | None) -> OnRecord:
    """All that is on record for the browser and whoever is there, and whether sale and sharing are refused."""
    tagged = browsers.tagged(keyring, organization_id, visitor)
    state = preferences.read(tx, organization_id, WEB, tagged.tag64)
    people = named.known(tx, keyring, organization_id, who) if who is not None else ()
    refused = _sale_refused(tx, organization_id, state, people)
    for one in named.tags(keyring, organization_id, who) if who is not None else ():
        there = preferences.read(tx, organization_id, one.address.channel, one.tag64)
        refused = refused or settings.refusal_of(queries.wherever(tx, organization_id, there), numbers.SALE) is not None
    return OnRecord(state, people, browsers.refused_by(tx, organization_id, people), refused)


def _sale_refused(tx: Tx, organization_id: uuid.UUID, state: State, people: Sequence[uuid.UUID]) -> bool:
    whole = dict(state)
    for one in settings.persons_of(state):
        whole |= preferences.refusals_of_person(tx, organization_id, one)
    if not people:
        return settings.refusal_of(whole, numbers.SALE) is not None
    for one in people:
        mine = preferences.refusals_reaching(tx, organization_id, one) | whole
        mine |= preferences.refusals_of_person(tx, organization_id, one)
        if settings.refusal_of(mine, numbers.SALE, one) is not None:
            return True
    return False


def key_of(surface: str, purpose: str) -> str:
    """By what the choice is kept: a yes on one surface is none on another."""
    return f"cookies.{surface}.{purpose}"


def purposes_of(entry: ledger.Entry, surface: str) -> list[str]:
    """The purposes that an entry is about; the signal's names none."""
    return [one.removeprefix(key_of(surface, "")) for one in entry.purposes]


def _check_version(tx: Tx, organization_id: uuid.UUID, rulebook: Rulebook, version: str) -> None:
    governing = rulebook.policy_version
    if version == governing.version:
        return
    published = policies.published(tx, organization_id)
    if version not in {one.version for one in published if one.policy == governing.policy}:
        raise BadInput(UNKNOWN_VERSION, field="policy_version")


def _signal(
    tx: Tx, keyring: Keyring, log: ledger.Log, rulebook: Rulebook, tagged: subjects.Tagged, pressed: Pressed,
    person_id: uuid.UUID | None, now: datetime,
) -> list[ledger.Entry]:  # fmt: skip
    """The refusal stands at the browser and, where the site names an address, at that address, as on our own pages."""
    how = settings.How(
        "api", settings.GPC, pressed.occurred_at, person_id, {}, {"surface": pressed.surface}
    )  # fmt: skip
    wish = [settings.refuse_sale(by_signal=True)]
    entries = settings.record(tx, keyring, log, rulebook, tagged, wish, how, now)
    for place in named.tags(keyring, log.organization_id, pressed.who) if pressed.who is not None else ():
        known_there = settings.persons_of(preferences.read(tx, log.organization_id, place.address.channel, place.tag64))
        at = replace(how, person_id=person_id if person_id in known_there else None)
        entries += settings.record(tx, keyring, log, rulebook, place, wish, at, now)
    return entries


def _changes(
    on_record: OnRecord, rulebook: Rulebook, pressed: Pressed, person_id: uuid.UUID | None, now: datetime
) -> dict[str, list[str]]:
    """The purposes of each entry, by its type: what stands already, and by this person's name, is left out."""
    stale = pressed.banner.policy_version != rulebook.policy_version.version
    found: dict[str, list[str]] = {}
    for purpose, yes in pressed.choices.items():
        own = max(_rows(on_record.state, pressed.surface, purpose), key=_weight, default=None)
        mine = own
        if pressed.who is not None:
            by_name = (key_of(pressed.surface, purpose), person_id) if person_id is not None else None
            mine = on_record.state.get(by_name) if by_name is not None else None
        if yes:
            counts = known(on_record, rulebook, pressed.surface, purpose, now).consent
            if not stale and not (counts and mine is not None):
                found.setdefault("consent.given", []).append(purpose)
        elif own is not None and own.state == "given":
            found.setdefault("consent.withdrawn", []).append(purpose)
        elif own is None or own.state == "expired" or mine is None or mine.state not in _NO:
            found.setdefault("consent.refused", []).append(purpose)
    return found


def _untold(
    tx: Tx, organization_id: uuid.UUID, contact_id: uuid.UUID, state: State, changes: dict[str, list[str]],
    pressed: Pressed, person_id: uuid.UUID | None, now: datetime,
) -> dict[str, list[str]]:  # fmt: skip
    """What is not in the ledger yet: a choice that comes late stands behind a newer one, and is written once."""
    at = pressed.occurred_at
    newest = max((one.occurred_at for one in state.values()), default=None)
    if at is None or newest is None or newest < (at := ledger.to_milliseconds(min(at, now))):
        return changes
    said = browsers.said_at(tx, organization_id, contact_id, at, person_id)
    left = {
        type: [one for one in purposes if (key_of(pressed.surface, one), type == "consent.given") not in said]
        for type, purposes in changes.items()
    }
    return {type: purposes for type, purposes in left.items() if purposes}


def _rows(state: State, surface: str, purpose: str) -> list[Standing]:
    """What is on record of this choice, whoever was named with it."""
    key = key_of(surface, purpose)
    return [one for (program, _), one in state.items() if program == key]


def _rows_of_others_left_out(on_record: OnRecord, surface: str, purpose: str) -> list[Standing]:
    """The same without each yes of somebody else by name."""
    key, theirs = key_of(surface, purpose), (NOBODY, *on_record.people)
    return [
        one
        for (program, whose), one in on_record.state.items()
        if program == key and (whose in theirs or one.state != "given")
    ]


def _weight(one: Standing) -> tuple[datetime, bool, uuid.UUID]:
    return one.occurred_at, one.state in _NO, one.event_id


def _counts(one: Standing, rulebook: Rulebook, now: datetime) -> bool:
    same = one.policy_version == rulebook.policy_version.version
    until = rulebook.trackers.asked_again_at(one.occurred_at)
    return one.state == "given" and same and (until is None or until > now)


def _event(
    tx: Tx, organization_id: uuid.UUID, rulebook: Rulebook, pressed: Pressed, type: str, purposes: Sequence[str],
    person_id: uuid.UUID | None, now: datetime,
) -> ledger.Event:  # fmt: skip
    banner = pressed.banner
    signals = [name for name, sent in (("gpc", pressed.gpc), ("dnt", pressed.dnt)) if sent]
    rests_on = {identity for one in purposes for identity in rulebook.trackers.asked_by(one)}
    data: dict[str, Any] = {
        "method": METHOD,
        "surface": pressed.surface,
        "signals": signals,
        "banner_version": banner.policy_version,
        "rests_on": sorted(rests_on),
        **rulebook.policy_version.cited(),
    }
    if banner.name is not None:
        data["banner"] = banner.name
    if person_id is not None:
        data["person"] = str(person_id)  # our id: the name itself goes with the person, not with the browser
    if type == "consent.given" and banner.language is not None:
        data |= {"wording_sha256": _wording(tx, organization_id, banner, now), "wording_language": banner.language}
    happened = min(pressed.occurred_at, now) if pressed.occurred_at is not None else None
    keys = tuple(key_of(pressed.surface, one) for one in purposes)
    facts = {"address": pressed.visitor, "ip_absent_reason": NO_IP}
    return ledger.Event(type, "api", WEB, keys, data, happened, facts)


def _wording(tx: Tx, organization_id: uuid.UUID, banner: Banner, now: datetime) -> str:
    """The hash of the words, which are kept; BadInput for a hash that nothing is known of."""
    if banner.text is not None:
        return wordings.keep(tx, organization_id, banner.text, banner.language or "", now)
    sha256 = banner.sha256 or ""
    try:
        told = wordings.find(tx, organization_id, sha256)
    except ValueError:
        told = None
    if told is None:
        raise BadInput(UNKNOWN_WORDING, field="wording.sha256")
    return sha256
