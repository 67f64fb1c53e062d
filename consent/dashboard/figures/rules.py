"""What an entry or a decision is counted as. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from consent.ledger.bodies import Leaf

# Figures: how a text was read; how long from a STOP to the block; what the gate answered and why.
WORDING, BLOCK, DECISION = "wording", "block", "decision"
# From a STOP to its block, up to and including; the last has no end.
WITHIN: tuple[tuple[str, timedelta], ...] = (
    ("1s", timedelta(seconds=1)),
    ("10s", timedelta(seconds=10)),
    ("1m", timedelta(minutes=1)),
    ("5m", timedelta(minutes=5)),
)
LATER = "later"
BLOCKS = (*(name for name, _ in WITHIN), LATER)
INTENTS = ("stop", "start", "help", "other", "ambiguous")
METHODS = ("keyword", "sentence", "gateway")  # how a stop was said
WORDINGS = (*(f"stop-{method}" for method in METHODS), *INTENTS[1:])

Part = tuple[str, str]  # figure, part


def of_entry(leaf: Leaf) -> Iterator[Part]:
    """What one entry adds to: a text that came counts by how it was read, a STOP also by how fast it was blocked."""
    intent = leaf.data.get("intent")
    if leaf.source != "webhook" or intent not in INTENTS:
        return
    if intent == "stop":
        method = leaf.data.get("method")
        yield WORDING, f"stop-{method if method in METHODS else METHODS[0]}"
        yield BLOCK, within(leaf.recorded_at - leaf.occurred_at)
    else:
        yield WORDING, str(intent)


def within(took: timedelta) -> str:
    """The part of a time from a STOP to its block."""
    return next((name for name, most in WITHIN if took <= most), LATER)


def of_decision(answer: Mapping[str, Any]) -> Part:
    """What one decision adds to: its answer with the code of the reason that is given first."""
    reasons: Sequence[Mapping[str, Any]] = answer.get("reasons") or ({},)
    return DECISION, f"{answer.get('answer', 'deny')}/{reasons[0].get('code', '')}"[:80]
