"""What the gate is asked before data goes to somebody, and what it answers. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from consent.policies.answers.transfers import Transfer
from consent.policies.organization import OrganizationPack
from consent.policies.questions import Reason
from consent.policies.recipients import AUTHORITY
from consent.policies.rulebook import Rulebook

ENROLMENT, THIS_TRANSFER = "enrolment", "this-transfer"  # as policies call the two moments of a consent
# Of what is answered on the use of data, what stands against handing it on, too: a purpose that is ruled out by name or
# by a list that the wording closes, and keys to people in data that carries none.
_ALSO_OF_USE = frozenset({"purpose-excluded", "purpose-closed", "person-keys"})


@dataclass(frozen=True)
class Asked:
    """Data of these classes for this recipient and purpose, as a system or a clerk says it; `on` by the local clock."""

    recipient: str
    purpose: str
    categories: tuple[str, ...]
    on: date
    fields: tuple[str, ...] = ()
    conditions: frozenset[str] = frozenset()
    ground: str | None = None
    instrument: str | None = field(default=None, repr=False)
    country: str | None = None
    approver: str | None = field(default=None, repr=False)
    reason: str | None = field(default=None, repr=False)
    reference: str | None = field(default=None, repr=False)
    chosen: bool = False
    role: str | None = None
    building: str | None = field(default=None, repr=False)
    recipient_building: str | None = field(default=None, repr=False)
    unit: str | None = field(default=None, repr=False)
    recipient_unit: str | None = field(default=None, repr=False)
    identifying: bool = True
    owners: int | None = None
    compelled: bool | None = None
    location: str | None = None
    transfer_basis: str | None = None
    shown: frozenset[str] = frozenset()


class Known(NamedTuple):
    """What is on record of the person; nobody looked where it is about a number of people."""

    sale_refused: bool | None = None
    use_limited: bool = False
    consent: str | None = None
    consent_entry: UUID | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """The answer for all classes together: one refusal refuses all. `leave_out` are the fields that must not go."""

    allowed: bool
    reasons: tuple[Reason, ...]
    leave_out: tuple[str, ...]
    goes_without: bool  # is the answer yes once they are left out?

    @property
    def rests_on(self) -> tuple[str, ...]:
        """The commitments and laws behind it."""
        return tuple(sorted({one.commitment or one.law or "" for one in self.reasons} - {""}))


def judge(rulebook: Rulebook, asked: Asked, known: Known) -> Judged:
    """May it go? Every class of data is asked about by itself."""
    reasons = _against(rulebook, asked, known, asked.fields)
    sharing = rulebook.sharing
    transfers = [_transfer(rulebook.organization, asked, known, one, asked.fields) for one in asked.categories]
    left = tuple(dict.fromkeys(name for one in transfers for name in sharing.left_out(one)))
    if not reasons:
        listed = dict.fromkeys(reason for one in transfers for reason in sharing.may_share(one).reasons)
        return Judged(True, tuple(listed), left, True)
    rest = tuple(name for name in asked.fields if name not in left)
    without = bool(left) and bool(rest) and not _against(rulebook, asked, known, rest)
    return Judged(False, tuple(reasons), left, without)


def _against(rulebook: Rulebook, asked: Asked, known: Known, fields: tuple[str, ...]) -> list[Reason]:
    found: dict[Reason, None] = {}
    for category in asked.categories:
        transfer = _transfer(rulebook.organization, asked, known, category, fields)
        verdict = rulebook.sharing.may_share(transfer)
        if verdict.answer == "deny":
            found |= dict.fromkeys(verdict.reasons)
        found |= dict.fromkeys(_of_use(rulebook, asked, known, category))
    return list(found)


def _of_use(rulebook: Rulebook, asked: Asked, known: Known, category: str) -> Iterable[Reason]:
    """What stands against the purpose itself. An authority's purpose is its own, and rests on the law.

    A purpose that the policy names for this very recipient (VSH-15) is one of its own words, beside a closed list.
    """
    recipient = rulebook.organization.recipient(asked.recipient)
    if recipient is not None and AUTHORITY in recipient.kinds:
        return ()
    verdict = rulebook.inventory.may_use(
        category,
        asked.purpose,
        person=asked.role,
        ground=asked.ground,
        consent=known.consent is not None,
        person_keys=asked.identifying,
    )
    named = asked.purpose in rulebook.sharing.aims(asked.recipient)
    return (one for one in verdict.reasons if one.code in _ALSO_OF_USE and not (named and one.code == "purpose-closed"))


def _transfer(
    pack: OrganizationPack, asked: Asked, known: Known, category: str, fields: tuple[str, ...]
) -> Transfer:  # fmt: skip
    """The question, with what organization.toml says of the recipient; what is asked with it counts beside."""
    who = pack.recipient(asked.recipient)
    held = next((one for one in pack.data_categories if one.key == category), None)
    return Transfer(
        category,
        asked.recipient,
        asked.purpose,
        fields,
        asked.conditions | (who.terms(asked.on) if who is not None else frozenset()),
        known.sale_refused,
        known.use_limited,
        held is not None and held.sensitive,
        known.consent,
        asked.ground,
        asked.instrument,
        asked.country,
        asked.approver,
        asked.reason,
        asked.reference,
        asked.chosen,
        asked.role,
        asked.building,
        asked.recipient_building,
        asked.unit,
        asked.recipient_unit,
        asked.identifying,
        asked.owners,
        asked.compelled,
        who.legal_name if who is not None else None,
        asked.location or (who.location if who is not None else None),
        who.subprocessor if who is not None else None,
        asked.transfer_basis or (who.transfer_basis if who is not None else None),
        asked.shown,
    )
