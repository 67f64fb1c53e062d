"""Which of several promises an answer names: the first commitment and the first law among them."""

from collections.abc import Iterable

from consent.policies.kinds import Promise
from consent.policies.law import LawRule
from consent.policies.version import Commitment


def grounds(promises: Iterable[Promise]) -> tuple[Commitment | None, LawRule | None]:
    """The commitment and the law an answer rests on, as far as there are such."""
    commitment: Commitment | None = None
    law: LawRule | None = None
    for one in promises:
        if isinstance(one, Commitment):
            commitment = commitment or one
        elif isinstance(one, LawRule):
            law = law or one
    return commitment, law


def ground_ids(promises: Iterable[Promise]) -> tuple[str | None, str | None]:
    """The same by their ids."""
    commitment, law = grounds(promises)
    return commitment.id if commitment else None, law.id if law else None
