"""The timeline of an address: what happened, newest first, as far as it is the visitor's own or nobody's."""

import heapq
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from consent.db import Sql, Tx
from consent.ledger import bodies
from consent.ledger.bodies import Leaf
from consent.policies.organization import OrganizationPack
from consent.preferences import wordings
from consent.preferences.page import standing, summary
from consent.preferences.page.standing import Sight
from consent.preferences.page.wording import Line, Say
from consent.web.messages import N_

MOST = 25  # entries on one page
_LAST = 2**53
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
    "sale.refused": N_("You refused that your data is sold or shared for advertising."),
    "sale.permitted": N_("You took back that refusal."),
    "use.limited": N_("You limited what sensitive data may serve."),
    "use.permitted": N_("You took back that limit."),
}
STOPPED = N_("You stopped everything on this channel.")
OTHER = N_("An entry was made.")


class Place(NamedTuple):
    """A contact point to be read: its channel and short tag, and from where on."""

    channel: str
    tag64: int
    before: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline."""

    leaf: Leaf
    sentence: str
    channel: str
    names: tuple[Line, ...]
    how: str
    wording: str | None
    wording_language: str

    @property
    def has_receipt(self) -> bool:
        """Is it about a consent, so that there is a receipt of it?"""
        return self.leaf.type in ("consent.given", "consent.refused", "consent.withdrawn", "consent.renewed")


@dataclass(frozen=True, slots=True)
class Timeline:
    """One page of it; `older` is where the next page begins, None at the end."""

    entries: tuple[Entry, ...]
    older: str | None


def read(
    tx: Tx,
    organization_id: uuid.UUID,
    organization: OrganizationPack,
    places: Sequence[Place],
    seen: Sight,
    language: str,
    say: Say,
) -> Timeline:
    """The newest entries of all places together; what belongs to others at the address is left out."""
    asked = [(_OLDER, {"organization_id": organization_id, **place._asdict(), "most": MOST + 1}) for place in places]
    found = [
        [(bodies.parse(bytes(body)), number, seq) for seq, body in rows]
        for number, rows in enumerate(tx.gather(*asked))
    ]
    merged = heapq.merge(*found, key=lambda one: (one[0].recorded_at, one[0].id), reverse=True)
    page = list(islice(merged, MOST))
    more = sum(len(rows) for rows in found) > len(page)
    reached = {number: place.before for number, place in enumerate(places)}
    for _, number, seq in page:
        reached[number] = min(reached[number], seq)
    mine = [leaf for leaf, _, _ in page if standing.sees(_person(leaf), seen)]
    find = _wording(tx, organization_id)
    entries = tuple(_entry(organization, leaf, language, say, find) for leaf in mine)
    return Timeline(entries, "-".join(str(one) for one in reached.values()) if more else None)


def places_from(said: str, tags: Sequence[tuple[str, int]]) -> list[Place] | None:
    """Where a page begins, as the one before it said: at the newest if it said nothing, None if it makes no sense."""
    if not said:
        return [Place(channel, tag64, _LAST) for channel, tag64 in tags]
    parts = said.split("-")
    if len(parts) != len(tags) or not all(one.isascii() and one.isdigit() and len(one) <= 16 for one in parts):
        return None
    return [Place(channel, tag64, int(one)) for (channel, tag64), one in zip(tags, parts, strict=True)]


def sentence_of(leaf: Leaf) -> str:
    """What this entry tells, as a message to translate."""
    if leaf.type == "consent.withdrawn" and leaf.data.get("scope") == "channel":
        return STOPPED
    return SENTENCES.get(leaf.type, OTHER)


def _entry(
    organization: OrganizationPack, leaf: Leaf, language: str, say: Say, find: Callable[[str], str | None]
) -> Entry:
    sha256 = leaf.data.get("wording_sha256")
    return Entry(
        leaf,
        sentence_of(leaf),
        summary.CHANNELS.get(leaf.channel, ""),
        tuple(summary.name_of(organization, key, language) for key in leaf.purposes),
        summary.how_of(leaf, say),
        find(sha256) if isinstance(sha256, str) else None,
        str(leaf.data.get("wording_language", language)),
    )


def _wording(tx: Tx, organization_id: uuid.UUID) -> Callable[[str], str | None]:
    known: dict[str, str | None] = {}

    def find(sha256: str) -> str | None:
        if sha256 not in known:
            known[sha256] = wordings.find(tx, organization_id, sha256)
        return known[sha256]

    return find


def _person(leaf: Leaf) -> uuid.UUID | None:
    person = leaf.data.get("person")
    return uuid.UUID(person) if isinstance(person, str) and person else None
