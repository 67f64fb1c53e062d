"""What is on record of people before their data goes: a refused sale, a limited use, a consent that stands."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from consent.db import Tx
from consent.disclosures.rules import ENROLMENT, THIS_TRANSFER, Asked, Known
from consent.ledger.keys import Keyring
from consent.policies.recipients import Recipient
from consent.policies.rulebook import Rulebook
from consent.preferences import service as preferences
from consent.preferences import settings
from consent.preferences.asking import standing_of
from consent.preferences.rules import State
from consent.subjects import service as subjects
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
    now: datetime,
) -> list[Known]:
    """Of each of them, in their order; what holds at addresses is read together."""
    states = _states(tx, organization_id, people)
    recipient = rulebook.organization.recipient(asked.recipient)
    found = []
    for one in people:
        if one.tagged is None and one.reference is None:
            found.append(Known())
            continue
        state = states.get(one.place, {}) if one.place is not None else {}
        person, refusals = None, dict(state)
        if one.reference is not None:
            person = subjects.find_person(tx, keyring, organization_id, one.reference)
            if person is not None:
                refusals |= preferences.refusals_of_person(tx, organization_id, person)
        held = settings.settings_of(refusals, now, person)
        agreed = _agreed(state, one.consent, recipient, person)
        found.append(Known(held.sale_refused_since is not None, held.limit_use_since is not None, *agreed))
    return found


def tags_by_channel(people: Sequence[Someone]) -> dict[str, list[int]]:
    """The short tags of their addresses, sorted, for each channel."""
    wanted: dict[str, set[int]] = {}
    for one in people:
        if one.tagged is not None:
            wanted.setdefault(one.tagged.address.channel, set()).add(one.tagged.tag64)
    return {channel: sorted(tags) for channel, tags in sorted(wanted.items())}


def _states(tx: Tx, organization_id: uuid.UUID, people: Sequence[Someone]) -> dict[tuple[str, int], State]:
    return {
        (channel, tag): state
        for channel, tags in tags_by_channel(people).items()
        for tag, state in preferences.read_many(tx, organization_id, channel, tags).items()
    }


def _agreed(
    state: State, given: uuid.UUID | None, recipient: Recipient | None, person: uuid.UUID | None
) -> tuple[str | None, uuid.UUID | None]:
    """The consent that stands, and its entry: one for this transfer, else the one at enrolment that covers it."""
    if given is not None and any(one.event_id == given and one.state == "given" for one in state.values()):
        return THIS_TRANSFER, given
    if recipient is None or recipient.consent is None:
        return None, None
    words = standing_of(state, recipient.consent, person).consents
    last = max(words, key=lambda one: (one.occurred_at, one.state != "given"), default=None)
    return (ENROLMENT, last.event_id) if last is not None and last.state == "given" else (None, None)
