"""To whom somebody's data went for marketing of their own: from what is on record now, never by heart.

A fixed "none" is no answer (T-67): the register of disclosures is read, and trackers that reach advertisers are weighed
first (1V-38). What nobody keeps a register of is said to be unknown.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from uuid import UUID

from consent.db import Tx
from consent.disclosures import queries as disclosures
from consent.policies.answers.privacy_switches import serves_marketing
from consent.policies.kinds.shapes import as_list
from consent.policies.recipients import ADVERTISER
from consent.policies.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Disclosed:
    """One hand-over as the register has it."""

    recipient: str
    purpose: str
    categories: tuple[str, ...]
    on: date


@dataclass(frozen=True, slots=True)
class Weighed:
    """A promise by which trackers reach advertisers: where they stand, whom they reach, what goes."""

    commitment: str
    surfaces: tuple[str, ...]
    recipients: tuple[str, ...]
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MarketingAnswer:
    """`given` is what the register has; `weigh` has to be looked at by a person before it is said that nothing went.

    `register_kept`: somebody records hand-overs at all; without it nothing can be said of them.
    """

    given: tuple[Disclosed, ...]
    weigh: tuple[Weighed, ...]
    register_kept: bool

    @property
    def may_say_none(self) -> bool:
        """May the letter say that nothing was given to anybody?"""
        return self.register_kept and not self.given and not self.weigh


def answer(
    rulebook: Rulebook, register: Iterable[Disclosed] | None, since: date, surfaces_used: frozenset[str] | None = None
) -> MarketingAnswer:
    """What is on record since that day. `register` is None where none is kept; `surfaces_used` where the person was.

    Where nobody knows on which surfaces the person was, every tracker that reaches advertisers is weighed.
    """
    given = tuple(one for one in register or () if serves_marketing(one.purpose) and one.on >= since)
    weigh = tuple(
        one
        for one in _trackers(rulebook)
        if surfaces_used is None or not one.surfaces or surfaces_used.intersection(one.surfaces)
    )
    return MarketingAnswer(given, weigh, register is not None)


def of_person(
    tx: Tx,
    rulebook: Rulebook,
    organization_id: UUID,
    contact_points: Iterable[UUID],
    persons: Iterable[UUID],
    since: datetime,
    zone: tzinfo,
    surfaces_used: frozenset[str] | None = None,
) -> MarketingAnswer:
    """The answer for one person, from the ledger of disclosures of their addresses and of their name.

    Where nobody ever wrote a disclosure down, no register is kept.
    """
    kept = bool(disclosures.listed(tx, organization_id, most=1)[0])
    went = disclosures.to_marketers(tx, organization_id, contact_points, persons, since)
    handed = [
        Disclosed(one.recipient, one.purpose, one.categories, one.occurred_at.astimezone(zone).date()) for one in went
    ]
    return answer(rulebook, handed if kept else None, since.astimezone(zone).date(), surfaces_used)


def _trackers(rulebook: Rulebook) -> Iterable[Weighed]:
    advertisers = {one.key for one in rulebook.organization.recipients if ADVERTISER in one.kinds}
    for one in rulebook.promises:
        recipients = tuple(each for each in as_list(one.parameters.get("recipients")) if each in advertisers)
        if one.kind == "cookie" and recipients:
            surfaces = (*as_list(one.parameters.get("allowed_surfaces")), *as_list(one.parameters.get("surfaces")))
            yield Weighed(one.id, tuple(surfaces), recipients, tuple(as_list(one.parameters.get("data"))))
