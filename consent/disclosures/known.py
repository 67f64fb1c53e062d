"""What is on record of people before their data goes: a refused sale, a limited use, a consent that stands."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from consent.db import Tx
from consent.disclosures.rules import ENROLMENT, THIS_TRANSFER, Asked, Known
from consent.ledger.keys import Keyring
from consent.policies.recipients import Recipient
from consent.policies.rulebook import Rulebook
from consent.preferences import numbers, settings
from consent.preferences import service as preferences
from consent.preferences.asking import standing_of
from consent.preferences.models import NOBODY
from consent.preferences.rules import State
from consent.subjects import service as subjects
from consent.subjects.addresses import TELEPHONE
from consent.subjects.service import Tagged


@dataclass(frozen=True, slots=True)
class Someone:
    """Whom the data is about: an address, a person as the systems name them, or a number of people nobody named."""

    tagged: Tagged | None = None
    reference: str | None = field(default=None, repr=False)
    people: int = 1
    consent: uuid.UUID | None = None  # the entry of a consent that was given for this transfer

    @property
    def place(self) -> tuple[str, int] | None:
        """Channel and short tag of the address."""
        return (self.tagged.address.channel, self.tagged.tag64) if self.tagged is not None else None


def known_of(
    tx: Tx,
    keyring: Keyring,
    organization_id: uuid.UUID,
    rulebook: Rulebook,
    asked: Asked,
    people: Sequence[Someone],
) -> list[Known]:
    """Of each of them, in their order; what holds at addresses is read together."""
    states = _states(tx, keyring, organization_id, people)
    recipient = rulebook.organization.recipient(asked.recipient)
    words: dict[uuid.UUID, State] = {}  # of each person, read once

    def reaching(person: uuid.UUID) -> State:
        if person not in words:
            words[person] = preferences.refusals_reaching(tx, organization_id, person)
        return words[person]

    found = []
    for one in people:
        if one.tagged is None and one.reference is None:
            found.append(Known())
            continue
        state, said_here = states.get(one.place, ({}, {})) if one.place is not None else ({}, {})
        person = None
        if one.reference is not None:
            person = subjects.find_person(tx, keyring, organization_id, one.reference)
        whose = settings.persons_of(said_here) | ({person} if person is not None else set())
        said = {each: reaching(each) for each in whose}
        sale, use = (_refused(about, said_here, said, person) for about in (numbers.SALE, numbers.USE))
        who = person if one.reference is None else person or NOBODY  # of an unknown name nothing was said by name
        found.append(Known(sale, use, *_agreed(state, one.consent, recipient, who)))
    return found


def _refused(about: str, state: State, said: Mapping[uuid.UUID, State], person: uuid.UUID | None) -> bool:
    """Does a refusal stand: one made at this address by anybody, or by whomever it belongs to, wherever they made it?

    `said` is what reaches each of the people. Whoever is named is not held back by what an address refused without a
    name before they permitted it.
    """
    here = dict(state)
    for who, words in said.items():
        here |= {key: one for key, one in words.items() if key[1] == who}
    others = {key: here[key] for key in state if key[1] not in (person, NOBODY)}
    return (
        settings.refusal_of(here, about, person) is not None
        or settings.refusal_of(others, about) is not None
        or any(settings.refusal_of(one, about, who) for who, one in said.items() if person in (None, who))
    )


def tags_by_channel(people: Sequence[Someone]) -> dict[str, list[int]]:
    """The short tags of their addresses, sorted, for each channel."""
    wanted: dict[str, set[int]] = {}
    for one in people:
        if one.tagged is not None:
            wanted.setdefault(one.tagged.address.channel, set()).add(one.tagged.tag64)
    return {channel: sorted(tags) for channel, tags in sorted(wanted.items())}


def _states(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, people: Sequence[Someone]
) -> dict[tuple[str, int], tuple[State, State]]:
    """Of each address what holds there, and the same with what was said at the other channel of its telephone."""
    others = {one.place: _other(keyring, organization_id, one) for one in people if one.place is not None}
    wanted = [*people, *(one for one in others.values() if one is not None)]
    states = {
        (channel, tag): state
        for channel, tags in tags_by_channel(wanted).items()
        for tag, state in preferences.read_many(tx, organization_id, channel, tags).items()
    }
    found = {}
    for place, other in others.items():
        there = states.get(other.place, {}) if other is not None and other.place is not None else {}
        here = states.get(place, {})
        found[place] = here, _joined(here, there)
    return found


def _other(keyring: Keyring, organization_id: uuid.UUID, one: Someone) -> Someone | None:
    """The same telephone by its other channel: texts and calls reach one person."""
    if one.tagged is None or one.tagged.address.channel not in TELEPHONE:
        return None
    mine = one.tagged.address
    (channel,) = TELEPHONE - {mine.channel}
    return Someone(subjects.tagged(keyring, organization_id, replace(mine, channel=channel)))


def _joined(here: State, there: State) -> State:
    """What holds at either of two addresses of one telephone; the newest word counts, of two at once the no."""
    joined = there | here
    for key in there.keys() & here.keys():
        joined[key] = max(here[key], there[key], key=lambda one: (one.occurred_at, one.state == "withdrawn"))
    return joined


def _agreed(
    state: State, given: uuid.UUID | None, recipient: Recipient | None, person: uuid.UUID | None
) -> tuple[str | None, uuid.UUID | None]:
    """The consent that stands, and its entry: one for this transfer, else the one at enrolment that covers it.

    Only the consent to this recipient counts, given by the person or at the address, and none after the last no.
    """
    if recipient is None or recipient.consent is None:
        return None, None
    words = standing_of(state, recipient.consent, person).consents
    last = max(words, key=lambda one: (one.occurred_at, one.state != "given"), default=None)
    if last is None or last.state != "given":
        return None, None
    if any(one.event_id == given and one.state == "given" for one in words):
        return THIS_TRANSFER, given
    return ENROLMENT, last.event_id
