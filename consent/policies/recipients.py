"""Somebody data may go to, as organization.toml lists them: what they are, where, under which contract.

The words under `is` say what clauses treat apart: a promise about vendors or about authorities finds whom it means by
them, never by the spelling of a key.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from consent.policies.programs import CHANNELS
from consent.policies.reading import Table
from consent.policies.said import Named, Tongues, plain, spoken

STAFF = "staff"  # the company's own people; what reaches them has not left it
INSIDE = "inside"  # part of the company: no clause about third parties means it
PROVIDER = "provider"  # works with the data for the company, by its instructions
CONTRACTOR = "contractor"  # does so as a person or firm by itself, outside any list of subprocessors
VENDOR = "vendor"
INTEGRATION = "integration"
CHOSEN = "chosen"  # gets something only after the person or the customer chose it
AUTHORITY = "authority"
FOREIGN = "foreign"
OF_BUILDING = "of-building"  # has to do with one building, and gets what is about that one
ADVERTISER = "advertiser"  # shows or places advertising; what a tracker sends there serves its own marketing
IS = (ADVERTISER, STAFF, INSIDE, PROVIDER, CONTRACTOR, VENDOR, INTEGRATION, CHOSEN, AUTHORITY, FOREIGN, OF_BUILDING)


class Contract(NamedTuple):
    """What was agreed in writing, by the words of the policy, since when, and when somebody looks at it again."""

    terms: tuple[str, ...]
    since: date
    review_on: date
    until: date | None = None
    reference: str = ""

    def holds(self, on: date) -> bool:
        """Do its terms bind on that day?"""
        return self.since <= on and (self.until is None or on <= self.until)


class Carriage(NamedTuple):
    """What somebody carries messages for, and the ground of the policy on which they get them, by its words."""

    purpose: str
    ground: str | None = None


CARRIAGE = Carriage("message-delivery")  # where the register says no more


@dataclass(frozen=True)
class Recipient(Named):
    """Somebody data may go to; `name` may be that of a kind of recipients, `sentence` says what they do with it."""

    key: str
    name: str
    sentence: str | None = None
    kinds: frozenset[str] = frozenset()
    contract: Contract | None = None
    legal_name: str | None = None
    location: str | None = None
    transfer_basis: str | None = None
    subprocessor: bool | None = None
    carries: Mapping[str, Carriage] = field(default_factory=dict, hash=False)  # the channels whose messages go by them
    consent: str | None = None  # the program or feature whose consent, given at enrolment, covers what goes there

    def terms(self, on: date) -> frozenset[str]:
        """What the contract settles on that day; nothing before it begins and after it ends."""
        return frozenset(self.contract.terms) if self.contract is not None and self.contract.holds(on) else frozenset()

    def review_overdue(self, on: date) -> bool:
        """Should somebody have looked at the contract again by that day?"""
        return self.contract is not None and self.contract.review_on < on


def read_recipient(key: str, table: Table, tongues: Tongues) -> Recipient:
    """One entry of the table `recipients`."""
    said = spoken(table, tongues, "name", maybe=("sentence",))
    kinds = table.words("is", required=False)
    for one in kinds:
        if one not in IS:
            table.wrong("is", f'"{one}" is nothing a recipient can be; there are {", ".join(IS)}')
    made = Recipient(
        key,
        plain(said, "name"),
        plain(said, "sentence") or None,
        frozenset(kinds) | (frozenset({INSIDE}) if STAFF in kinds else frozenset()),
        _contract(table) if "contract" in table.data else None,
        table.maybe("legal_name"),
        table.maybe("location"),
        table.maybe("transfer_basis"),
        table.flag("subprocessor", False) if "subprocessor" in table.data else None,
        _carries(table) if "carries" in table.data else {},
        table.maybe("consent"),
        said=said,
    )
    table.done()
    return made


def _carries(outer: Table) -> dict[str, Carriage]:
    made = {}
    for channel, one in outer.named("carries"):
        if channel not in CHANNELS:
            outer.wrong("carries", f'there is no channel "{channel}"; there are {", ".join(CHANNELS)}')
        made[channel] = Carriage(one.text("purpose", CARRIAGE.purpose), one.maybe("ground"))
        one.done()
    return made


def _contract(outer: Table) -> Contract:
    table = outer.table("contract")
    since, review_on, until = table.day("since"), table.day("review_on"), table.day("until")
    for key, day in (("since", since), ("review_on", review_on)):
        if day is None and key not in table.data:
            table.wrong(key, f'"{key}" is missing; it must be a date such as 2026-01-02')
    made = Contract(
        table.words("terms"), since or date.min, review_on or date.min, until, table.maybe("reference") or ""
    )  # fmt: skip
    table.done()
    return made
