"""Which switches over their data people are owed somewhere, and where a sentence stands in the place of a switch.

A switch that nobody owes would be a promise of its own, and beside the words "we sell nothing" it would be a lie
(T-66). Do Not Track and Global Privacy Control are two signals, each with its own answer (T-85).
"""

from collections.abc import Sequence
from typing import NamedTuple

from consent.policies.answers.reasons import of_kind
from consent.policies.jurisdictions import any_may_hold
from consent.policies.kinds import KINDS, Promise
from consent.policies.kinds import shapes as s
from consent.policies.kinds.requests import types_of
from consent.policies.law import LawRule

SALE, USE = "opt-out-of-sale", "limit-sensitive-data"  # as policies and laws call the two wishes
_SOLD = frozenset({"sale", "sell", "selling"})
_ADVERTISED = _SOLD | {"advertising", "advertisers"}
_MARKETED = _ADVERTISED | {"marketing", "promotion"}


class Switches(NamedTuple):
    """What is owed there, each with the promises and laws behind it; a switch is shown where there are any."""

    sale: tuple[Promise, ...]
    sale_statement: Promise | None  # the sentence in its place; there is a switch or a sentence, never both
    limit_use: tuple[Promise, ...]
    gpc: tuple[Promise, ...]  # who says that the signal is honoured; it is recorded in any case
    dnt: tuple[Promise, ...]

    @property
    def statement(self) -> str:
        """That sentence in words; empty where there is none."""
        one = self.sale_statement
        return KINDS[one.kind].sentence(one.parameters, one.decided) if one is not None else ""


class PrivacySwitches:
    """The promises and laws about selling, sharing and using data against somebody's wish, ready to be asked."""

    def __init__(self, promises: Sequence[Promise]) -> None:
        self._rights = tuple(one for one in promises if one.kind in ("request-right", "self-service"))
        self._signals = tuple(one for one in promises if one.kind in ("dnt-gpc", "cookie"))
        self._statements = tuple(
            one for one in of_kind(promises, "disclosure-required") if one.parameters.get("because") == "no-sale"
        )
        naming = [one for one in promises if "recipients" in one.parameters and one.kind != "share-ban"]
        self.sells = any(is_sale(purpose) for one in naming for purpose in _purposes(one))

    def of(self, where: str | None = None) -> Switches:
        """What is owed to somebody there (ISO 3166-2); where that is not known, what anybody here is owed."""
        sale = self._owed(SALE, where)
        statement = next(iter(self._statements), None) if not self.sells else None
        return Switches(
            () if statement is not None else sale,
            statement if statement is not None and (sale or _speaks_of(statement, where)) else None,
            self._owed(USE, where),
            self._honouring("gpc", where),
            self._honouring("dnt", where),
        )

    def _owed(self, wish: str, where: str | None) -> tuple[Promise, ...]:
        return tuple(one for one in self._rights if wish in types_of(one.parameters) and _speaks_of(one, where))

    def _honouring(self, signal: str, where: str | None) -> tuple[Promise, ...]:
        return tuple(
            one
            for one in self._signals
            if (one.decided.get(signal) == "honour" or one.parameters.get(signal) == "honoured")
            and _speaks_of(one, where)
        )


def is_sale(purpose: str) -> bool:
    """Does data that goes for this purpose go for money?"""
    return not _SOLD.isdisjoint(purpose.split("-"))


def is_refused(purpose: str) -> bool:
    """Does a refusal of sale and sharing reach this purpose? Advertising across companies is sharing (11 CCR 7026)."""
    return not _ADVERTISED.isdisjoint(purpose.split("-"))


def serves_marketing(purpose: str) -> bool:
    """Is it marketing, advertising or a sale: what a person may ask about (Cal. Civ. Code 1798.83)?"""
    return not _MARKETED.isdisjoint(purpose.split("-"))


def _purposes(one: Promise) -> list[str]:
    stated = [*s.as_list(one.parameters.get("purposes")), *s.as_list(one.parameters.get("purpose"))]
    return stated + s.as_list(one.decided.get("purposes"))


def _speaks_of(one: Promise, where: str | None) -> bool:
    places = one.jurisdictions if isinstance(one, LawRule) else s.as_list(one.parameters.get("jurisdictions"))
    return where is None or not places or "any" in places or any_may_hold(places, where)
