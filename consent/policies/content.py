"""What the words of a message say against sending it under its class: an offer in it, or a link nobody declared."""

from collections.abc import Sequence

from consent.policies import lexicon
from consent.policies.kinds import Promise
from consent.policies.kinds import shapes as s
from consent.policies.organization import Program
from consent.policies.questions import Reason
from consent.policies.reasons import rest


class ContentGate:
    """The demands on the words of one (program, class, channel). Nothing is ever rewritten, only held back."""

    def __init__(self, program: Program | None, channel: str, promises: Sequence[Promise], bearing: Sequence[Promise],
                 marketing: bool) -> None:  # fmt: skip
        self._offer = rest("content-promotional", bearing) if bearing and not marketing else None
        registered = [one for one in promises if registers_links(one)] if channel == "sms" else []
        self._short = rest("content-shortened-link", registered) if registered else None
        declared = program is not None and program.links
        self._link = rest("content-link", registered) if registered and not marketing and not declared else None

    def offers(self, text: str | None) -> Reason | None:
        """A mixed message is what its worst part is: an offer inside an invoice makes the whole promotion."""
        if text is None or self._offer is None or lexicon.shipped().offer(text) is None:
            return None
        return self._offer

    def links(self, text: str | None) -> tuple[Reason, ...]:
        """What is wrong with the links in it."""
        if text is None or self._short is None:
            return ()
        words = lexicon.shipped()
        found = words.links(text)
        if any(words.shortened(one) for one in found):
            return (self._short,)
        return (self._link,) if found and self._link is not None else ()


def registers_links(promise: Promise) -> bool:
    """Does the promise say what a campaign is registered with, so that a link nobody declared is held back?"""
    return promise.kind == "disclosure-required" and "campaign-registration" in s.as_list(
        promise.parameters.get("where")
    )
