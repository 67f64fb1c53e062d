"""The register of recipients: what clauses and organization.toml together say of each. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from consent.policies.kinds import sentence
from consent.policies.kinds import shapes as s
from consent.policies.recipients import VENDOR, Recipient
from consent.policies.rulebook import Rulebook
from consent.policies.version import Commitment


@dataclass(frozen=True, slots=True)
class Clause:
    """One promise that speaks of a recipient; `bans` where it forbids."""

    id: str
    sentence: str
    heading: str
    bans: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One recipient as the register has it."""

    recipient: Recipient
    clauses: tuple[Clause, ...]
    purposes: tuple[str, ...]
    data: tuple[str, ...]  # the classes of data, where every clause that lists them names some
    fields: tuple[str, ...]
    grounds: tuple[str, ...]
    overdue: bool

    @property
    def listed(self) -> bool:
        """Does some clause let data go there?"""
        return any(not one.bans for one in self.clauses)


def line(rulebook: Rulebook, recipient: Recipient, today: date) -> Line:
    """What is promised of this recipient."""
    speaking = [
        one
        for one in rulebook.promises
        if isinstance(one, Commitment) and recipient.key in s.as_list(one.parameters.get("recipients"))
        and one.kind in ("share-ban", "share-allowed-recipient", "share-condition", "purpose-limit", "consent-required")
    ]  # fmt: skip
    listing = [one for one in speaking if one.kind != "share-ban"]
    entries = [one for one in rulebook.sharing.register() if one["name"] == recipient.legal_name]
    aims = _all(listing, "purposes", "purpose", *(["vendor_functions"] if VENDOR in recipient.kinds else []))
    aims += [each for one in entries for each in s.as_list(one["purposes"])]
    clauses = [Clause(one.id, sentence(one), one.clause.heading, one.kind == "share-ban") for one in speaking]
    if entries:
        clauses += [
            Clause(one.id, sentence(one), one.clause.heading, False)
            for one in rulebook.promises
            if isinstance(one, Commitment) and one.kind == "recipient-register"
        ]
    return Line(
        recipient,
        tuple(clauses),
        tuple(dict.fromkeys(aims)),
        tuple(dict.fromkeys(_all(listing, "data"))) if all("data" in one.parameters for one in listing) else (),
        tuple(dict.fromkeys(_all(listing, "fields"))),
        tuple(dict.fromkeys(_all(listing, "grounds"))),
        recipient.review_overdue(today),
    )


def recipient_json(rulebook: Rulebook, recipient: Recipient, today: date) -> dict[str, Any]:
    """One recipient as the API shows it, without the members it does not have."""
    found, contract = line(rulebook, recipient, today), recipient.contract
    shown: dict[str, Any] = {
        "recipient": recipient.key,
        "name": recipient.name,
        "is": sorted(recipient.kinds),
        "clauses": [{"commitment": one.id, "clause": one.heading, "bans": one.bans} for one in found.clauses],
        "purposes": list(found.purposes),
        "data": list(found.data),
        "fields": list(found.fields),
        "grounds": list(found.grounds),
    }
    if contract is not None:
        shown["contract"] = {
            "terms": list(contract.terms),
            "since": contract.since.isoformat(),
            "review_on": contract.review_on.isoformat(),
            "review_overdue": found.overdue,
            "reference": contract.reference,
        }
    perhaps = {name: getattr(recipient, name) for name in ("legal_name", "location", "transfer_basis", "subprocessor")}
    return shown | {name: value for name, value in perhaps.items() if value is not None}


def _all(promises: list[Commitment], *keys: str) -> list[str]:
    return [
        value
        for one in promises
        for key in keys
        for value in [*s.as_list(one.parameters.get(key)), *s.as_list(one.decided.get(key))]
    ]
