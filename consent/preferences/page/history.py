"""The timeline of an address: what happened, newest first, as far as it is the visitor's own or nobody's."""

import heapq
import re
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from consent.db import Sql, Tx
from consent.ledger import bodies
from consent.ledger.bodies import Leaf
from consent.policies.answers.choices import Clause
from consent.policies.rulebook import Rulebook
from consent.preferences import wordings
from consent.preferences.page import messages, standing, summary
from consent.preferences.page.messages import Before, Disposed, Message, ReadDisposed, ReadMessages
from consent.preferences.page.standing import Sight
from consent.preferences.page.wording import Line, Say
from consent.web.messages import N_

MOST = 25  # entries on one page
_LAST = 2**53
_BEGINS = re.compile(r"(\d{1,16})\.(\d{1,18})\.([0-9a-f]{32})", re.ASCII)
_OLDER = Sql(
    "SELECT e.stream_seq, e.body FROM contact_point c JOIN ledger_event e ON e.organization_id = c.organization_id"
    " AND e.stream_id = c.id WHERE c.organization_id = :organization_id AND c.channel = :channel"
    " AND c.tag64 = :tag64 AND e.stream_seq < :before ORDER BY e.stream_seq DESC LIMIT :most"
)

# What each entry of the ledger tells, as a sentence for the person it is about.
SENTENCES = {
    "consent.given": N_("You agreed to this."),
    "consent.requested": N_("A form asked for your consent; nothing holds before you confirm it by text."),
    "consent.refused": N_("You said no to this."),
    "consent.withdrawn": N_("You switched this off."),
    "consent.renewed": N_("You switched this on again."),
    "consent.expired": N_("Your consent ran out."),
    "consent.narrowed": N_("You said which messages your stop meant."),
    "consent.annulled": N_("An entry that was taken over from elsewhere no longer counts."),
    "suppression.set": N_("Everything was stopped for this address."),
    "suppression.held": N_("A text came that may have meant stop: nothing goes out until a person has read it."),
    "suppression.released": N_("A person read the text: it did not mean stop."),
    "message.received": N_("A text came from this number."),
    "message.sent": messages.SENT,
    "message.refused": N_("A message to you could not be delivered."),
    "number.reported": N_("We were told what became of this address."),
    "number.queried": N_("We asked whether this number belongs to somebody else by now."),
    "do_not_call.requested": N_("You asked not to be called or written to for selling."),
    "revocation.opened": N_("Your no is being made sure of with everybody who sends for us."),
    "revocation.confirmed": N_("Somebody who sends for us confirmed your no."),
    "revocation.closed": N_("Everybody who sends for us has confirmed your no."),
    "pause.set": N_("You paused messages."),
    "pause.ended": N_("You ended the pause."),
    "language.chosen": N_("You chose your language."),
    "frequency.chosen": N_("You chose how often we may write."),
    "frequency.ended": N_("You no longer limit how often we may write."),
    "evidence.packed": N_("What is on record about this address was put together as evidence."),
    "sale.refused": N_("You refused that your data is sold or shared for advertising."),
    "sale.permitted": N_("You took back that refusal."),
    "use.limited": N_("You limited what sensitive data may serve."),
    "use.permitted": N_("You took back that limit."),
    "disclosure.made": N_("Data about you was handed to somebody."),
    "disclosure.refused": N_("Data about you was held back from somebody."),
}
STOPPED = N_("You stopped everything on this channel.")
OTHER = N_("An entry was made.")
# What is about a consent, so that there is a receipt of it.
RECEIPTS = ("consent.given", "consent.refused", "consent.withdrawn", "consent.renewed")


class Place(NamedTuple):
    """A contact point to be read: its channel and short tag, and from where on."""

    channel: str
    tag64: int
    before: int = _LAST
    messages_before: Before = messages.NEWEST

    def written(self) -> str:
        """For the address of the next page."""
        return f"{self.before}.{self.messages_before.written()}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline; `why` and `clauses` are of messages, `receipt` is the entry that proves a consent."""

    at: datetime
    sentence: str
    channel: str
    names: tuple[Line, ...]
    how: str = ""
    wording: str | None = None
    wording_language: str = ""
    why: tuple[str, ...] = ()
    clauses: tuple[Clause, ...] = ()
    policy: str = ""
    policy_version: str = ""
    receipt: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """Why the end of it may lack messages: their records went, last at this instant, of which class, by which words."""

    at: datetime
    category: Line
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """One page of it; `older` is where the next page begins, None at the end, where `gone` may say what is missing."""

    entries: tuple[Entry, ...]
    older: str | None
    gone: Gone | None = None


def read(
    tx: Tx,
    organization_id: uuid.UUID,
    rulebook: Rulebook,
    places: Sequence[Place],
    seen: Sight,
    language: str,
    say: Say,
    read_messages: ReadMessages,
    read_disposed: ReadDisposed,
) -> Timeline:
    """The newest entries and messages of all places together; what belongs to others at the address is left out."""
    found: list[list[_Found]] = []
    for number, leaves in enumerate(_leaves(tx, organization_id, places)):
        place = places[number]
        found.append([_Found(leaf.recorded_at, leaf.id, number, leaf, seq) for leaf, seq in leaves])
        told = read_messages(tx, organization_id, place.channel, place.tag64, place.messages_before, MOST + 1)
        found.append([_Found(one.at, one.id, number, one) for one in told])
    merged = heapq.merge(*found, key=lambda one: (one.at, one.id), reverse=True)
    page = list(islice(merged, MOST))
    reached = list(places)
    for one in page:
        reached[one.place] = _reached(reached[one.place], one)
    more = sum(len(some) for some in found) > len(page)
    mine = [one.told for one in page if standing.sees(_whose(one.told), one.happened_at, seen)]
    find = _wording(tx, organization_id)
    entries = tuple(
        _of_message(rulebook, one, language) if isinstance(one, Message) else _entry(rulebook, one, language, say, find)
        for one in mine
    )
    if more:
        return Timeline(entries, "-".join(one.written() for one in reached))
    disposed = read_disposed(tx, organization_id)
    return Timeline(entries, None, _gone(rulebook, disposed, language) if disposed is not None else None)


def places_from(said: str, tags: Sequence[tuple[str, int]]) -> list[Place] | None:
    """Where a page begins, as the one before it said: at the newest if it said nothing, None if it makes no sense."""
    if not said:
        return [Place(channel, tag64) for channel, tag64 in tags]
    parts = [_BEGINS.fullmatch(one) for one in said.split("-")]
    if len(parts) != len(tags):
        return None
    places = []
    for (channel, tag64), part in zip(tags, parts, strict=True):
        before = messages.before_from(part[2], part[3]) if part is not None else None
        if part is None or before is None:
            return None
        places.append(Place(channel, tag64, int(part[1]), before))
    return places


def sentence_of(leaf: Leaf) -> str:
    """What this entry tells, as a message to translate."""
    if leaf.type == "consent.withdrawn" and leaf.data.get("scope") == "channel":
        return STOPPED
    return SENTENCES.get(leaf.type, OTHER)


class _Found(NamedTuple):
    """An entry of the ledger (with its place in the stream) or a message, of one of the places."""

    at: datetime
    id: uuid.UUID
    place: int
    told: Leaf | Message
    seq: int = 0

    @property
    def happened_at(self) -> datetime:
        """When the person acted, which may lie long before it was entered."""
        return self.told.occurred_at if isinstance(self.told, Leaf) else self.at


def _leaves(tx: Tx, organization_id: uuid.UUID, places: Sequence[Place]) -> list[list[tuple[Leaf, int]]]:
    """The entries of each place, in one round trip."""
    asked = [
        (
            _OLDER,
            {
                "organization_id": organization_id,
                "channel": one.channel,
                "tag64": one.tag64,
                "before": one.before,
                "most": MOST + 1,
            },
        )
        for one in places
    ]
    return [[(bodies.parse(bytes(body)), seq) for seq, body in rows] for rows in tx.gather(*asked)]


def _reached(place: Place, one: _Found) -> Place:
    if isinstance(one.told, Message):
        return place._replace(messages_before=one.told.key)
    return place._replace(before=one.seq)


def _entry(rulebook: Rulebook, leaf: Leaf, language: str, say: Say, find: Callable[[str], str | None]) -> Entry:
    sha256 = leaf.data.get("wording_sha256")
    return Entry(
        leaf.occurred_at,
        sentence_of(leaf),
        summary.CHANNELS.get(leaf.channel, ""),
        tuple(summary.name_of(rulebook.organization, key, language) for key in leaf.purposes),
        summary.how_of(leaf.data.get("method"), say),
        find(sha256) if isinstance(sha256, str) else None,
        str(leaf.data.get("wording_language", language)),
        policy=str(leaf.data.get("policy", "")),
        policy_version=str(leaf.data.get("policy_version", "")),
        receipt=leaf.id if leaf.type in RECEIPTS else None,
    )


def _of_message(rulebook: Rulebook, one: Message, language: str) -> Entry:
    organization = rulebook.organization
    kind = next((each for each in organization.message_classes if each.key == one.message_class), None)
    names = [summary.name_of(organization, one.program, language)] if one.program else []
    if kind is not None:
        names.append(Line(kind.name_in(language), kind.language_of("name", language)))
    named = dict.fromkeys(reason.commitment for reason in one.reasons if reason.commitment)
    return Entry(
        one.at,
        one.sentence,
        summary.CHANNELS.get(one.channel, ""),
        tuple(names),
        why=one.why,
        clauses=_clauses(rulebook, named),
        policy=one.policy,
        policy_version=one.policy_version,
    )


def _gone(rulebook: Rulebook, one: Disposed, language: str) -> Gone:
    known = next((each for each in rulebook.organization.data_categories if each.key == one.category), None)
    named = (
        Line(one.category, "en")
        if known is None
        else Line(known.name_in(language), known.language_of("name", language))
    )
    return Gone(one.at, named, _clauses(rulebook, one.because))


def _clauses(rulebook: Rulebook, named: Iterable[str]) -> tuple[Clause, ...]:
    return tuple(found for one in named if (found := rulebook.choices.clause(one)) is not None)


def _wording(tx: Tx, organization_id: uuid.UUID) -> Callable[[str], str | None]:
    known: dict[str, str | None] = {}

    def find(sha256: str) -> str | None:
        if sha256 not in known:
            known[sha256] = wordings.find(tx, organization_id, sha256)
        return known[sha256]

    return find


def _whose(told: Leaf | Message) -> uuid.UUID | None:
    if isinstance(told, Message):
        return told.person
    person = told.data.get("person")
    return uuid.UUID(person) if isinstance(person, str) and person else None
