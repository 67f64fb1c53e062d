"""Which entries of the ledger the company's systems are told of, and in what words. Pure.

A change tells what happened, not what holds: an entry that arrived late may be older than what is known already.
Nothing in it is personal: an address is asked for by the id of its contact point.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from consent.ledger import bodies
from consent.preferences.rules import Effect, effect_of

# Entries whose type begins with one of these words are changes; what the house writes about itself (keys, logs,
# webhooks) and about single messages is not.
NOUNS = frozenset(
    {
        "case",
        "consent",
        "do_not_call",
        "erasure",
        "frequency",
        "import",
        "language",
        "number",
        "pause",
        "policy",
        "privacy_request",
        "proof",
        "request",
        "review",
        "revocation",
        "sale",
        "settings",
        "suppression",
        "use",
    }
)
LIFTED = "suppression.lifted"  # a START that gave no program back: the number may be written to again
_START = b'"intent":"start"'

_STATES = {
    Effect.GIVEN: "given",
    Effect.START: "given",
    Effect.REFUSED: "refused",
    Effect.WITHDRAWN: "withdrawn",
    Effect.STOP: "withdrawn",
    Effect.STOP_SOME: "withdrawn",
    Effect.EXPIRED: "expired",
    Effect.HELD: "held",
}
# Of an entry's facts, which none of is personal, those that a system needs in order to act.
_TOLD = (
    "scope",
    "person",
    "policy",
    "policy_version",
    "effective_at",
    "replaced_by",
    "status",
    "reason",
    "method",
    "sender",
    "about",
    "annuls",
    "settles",
    "narrows",
    "import",
    "kind",
    "outcome",
    "due_at",
    "until",
    "language",
    "choice",
    "signal",
)


class Change(NamedTuple):
    """One thing that happened; `id` is that of its ledger entry, so it never differs."""

    id: UUID
    type: str
    occurred_at: datetime
    recorded_at: datetime
    contact_point: UUID | None
    channel: str
    programs: tuple[str, ...]
    renews: tuple[str, ...]
    state: str | None
    facts: Mapping[str, Any]


def is_change(body: bytes) -> bool:
    """Whether the company's systems are told of this entry."""
    type_ = bodies.type_of(body)
    return type_.partition(".")[0] in NOUNS or (type_ == "message.received" and _START in body)


def change_of(body: bytes) -> Change | None:
    """The change behind an entry's body, or None for one that is told to nobody."""
    if not is_change(body):
        return None
    leaf = bodies.parse(body)
    effect = effect_of(leaf.type, leaf.data)
    type_, programs, renews = leaf.type, leaf.purposes, tuple[str, ...]()
    if leaf.type == "message.received":
        if effect is not Effect.START:
            return None
        type_ = LIFTED
    if effect is Effect.START:
        # A START gives back what a STOP took and nothing else: which programs that were is known by asking.
        programs, renews = tuple(leaf.data.get("keyword_programs", ())), leaf.purposes  # type: ignore[arg-type]
    return Change(
        leaf.id,
        type_,
        leaf.occurred_at,
        leaf.recorded_at,
        leaf.stream if leaf.channel != "none" else None,
        leaf.channel,
        tuple(programs),
        renews,
        None if effect is None else _STATES.get(effect),
        {name: leaf.data[name] for name in _TOLD if name in leaf.data},
    )


def told(change: Change) -> dict[str, Any]:
    """The change as JSON: in the feed and in webhooks the same."""
    said: dict[str, Any] = {
        "id": str(change.id),
        "type": change.type,
        "at": bodies.instant(change.occurred_at),
        "recorded_at": bodies.instant(change.recorded_at),
        "entry": str(change.id),
        "programs": list(change.programs),
    }
    if change.contact_point is not None:
        said |= {"contact_point": str(change.contact_point), "channel": change.channel}
    if change.renews:
        said["renews"] = list(change.renews)
    if change.state is not None:
        said["state"] = change.state
    return said | dict(change.facts)
