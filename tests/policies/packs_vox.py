"""Voxvalley's pack as shipped, what it can be asked, and the people and transfers its tests ask about."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from uuid import uuid4

from consent.policies.answers.ages import Ages
from consent.policies.answers.asking import Asker, Item, ItemOutcome
from consent.policies.answers.features import Features
from consent.policies.answers.holdings import Held
from consent.policies.answers.inventory import Inventory
from consent.policies.answers.notices import Change, Notices
from consent.policies.answers.requests import Requests
from consent.policies.answers.retention import Retention
from consent.policies.answers.sharing import Sharing, Transfer
from consent.policies.answers.staffing import Staffing
from consent.policies.answers.trackers import Trackers
from consent.policies.check_version import check_version
from consent.policies.kinds import sentence
from consent.policies.packs import (
    LawRule,
    OrganizationPack,
    PolicyVersionPack,
    load_law,
    load_organization,
    load_version,
    load_versions,
)
from consent.policies.questions import ConsentDraft, ConsentFact, Facts, StopFact
from consent.policies.reading import Source
from consent.policies.rulebook import Question, Rulebook, Standing, Verdict, compile_rulebook
from consent.policies.version import Commitment
from tests.policies.house import POLICIES

PLACE = POLICIES / "voxvalley"
MAIN = PLACE / "privacy-policy" / "2020-02-18"
NOW = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
NOBODY = Standing(None, ())


@cache
def policy() -> PolicyVersionPack:
    """The Privacy Policy of 18 February 2020."""
    return load_version(MAIN)


@cache
def parts() -> tuple[OrganizationPack, tuple[PolicyVersionPack, ...], tuple[LawRule, ...]]:
    """The organization, its policies with their companions, and the law."""
    return load_organization(PLACE), load_versions(PLACE), load_law(POLICIES / "law")


def rulebook(at: datetime = NOW) -> Rulebook:
    """Voxvalley's rulebook as it is at that instant."""
    return compile_rulebook(*parts(), at)


def vox(number: int) -> Commitment:
    """The commitment of that number."""
    found = policy().commitment(f"VOX-{number:02d}")
    assert found is not None, f"VOX-{number:02d} is gone"
    return found


def ask(program: str, message_class: str, standing: Standing = NOBODY, **more: Any) -> Verdict:
    """May this mail go to somebody nothing is known of, unless a standing is given?"""
    return rulebook().may_contact(Question(program, message_class, "email", NOW, **more), standing)


def inventory() -> Inventory:
    """What the policy says about collecting, holding and using."""
    return Inventory(parts()[0], policy().commitments)


def staffing() -> Staffing:
    """What the policy says about the company's own people."""
    return Staffing(parts()[0], policy().commitments)


def sharing() -> Sharing:
    """What the policy says about handing data on."""
    return Sharing(parts()[0], policy().commitments)


def retention() -> Retention:
    """What the policy says about time kept."""
    return Retention(parts()[0], policy().commitments)


def asking() -> Requests:
    """What the policy says about requests."""
    return Requests(parts()[0], policy().commitments)


def notices() -> Notices:
    """What the policy says about telling people of changes."""
    return Notices(parts()[0], policy().commitments)


def trackers() -> Trackers:
    """What the policy says about cookies, beacons and tags."""
    return Trackers(parts()[0], policy().commitments)


def features() -> Features:
    """What the policy says about things that are switched on and off; its companions are published."""
    return Features(parts()[0], policy().commitments, parts()[1])


def ages() -> Ages:
    """What the policy says about young people."""
    return Ages(parts()[0], policy().commitments)


PRIVACY = "privacy@voxvalley.com"
SUPPORT = "https://www.voxvalley.com/support/"

# A provider with everything on file that the policy asks for.
ON_FILE = frozenset(
    {
        "contract",
        "privacy-shield-or-equivalent",
        "written-instructions",
        "purpose-bound",
        "contract-equivalent-protection",
    }
)
PROVIDER = Transfer(
    "identity-contact",
    "service-providers",
    "operate",
    met=ON_FILE,
    consent="enrolment",
    transfer_basis="standard-clauses",
    subprocessor=False,
)
AMAZON = replace(
    PROVIDER,
    purpose="customer-data-storage",
    met=ON_FILE | {"on-behalf-of-customers", "customer-instructions", "written-contract"},
    subprocessor=True,
    name="Amazon Web Services, Inc.",
    location="US",
)
# Somebody registered in New York State, and mail about an order of theirs.
REGISTERED = Facts(registered=True, jurisdiction="US-NY")
ORDER = Facts(reference="order 7")
STOPPED = Standing(StopFact(NOW, uuid4()), ())
END_USER = Asker(frozenset({"end-user"}))
ENROLLED = Asker(frozenset({"enrolled-user"}))
MONDAY = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
NEW_PURPOSE = Change(frozenset({"purposes"}))


def states(number: int, **parameters: Any) -> None:
    """The commitment says exactly this, and says it in a sentence for people."""
    promise = vox(number)
    assert promise.parameters == parameters
    assert sentence(promise).endswith(".")


def settles(number: int, **decided: Any) -> None:
    """What the wording leaves open is settled exactly so, with question, value and reason on record."""
    promise = vox(number)
    assert promise.decided == decided
    assert promise.open is not None
    assert promise.open.question and promise.open.value and promise.open.reason


def refused_by(verdict: Verdict) -> set[str | None]:
    """The commitments that speak against it; nothing when it is allowed."""
    return {one.commitment for one in verdict.reasons} if verdict.answer == "deny" else set()


def share(asked: Transfer, **changes: Any) -> set[str | None]:
    """The commitments against this transfer, or nothing where it may go."""
    return refused_by(sharing().may_share(replace(asked, **changes)))


def said(state: Any, program: str = "promotional-email") -> Standing:
    """Somebody's own word on a program."""
    return Standing(None, (ConsentFact(program, None, state, NOW, uuid4(), "2020-02-18"),))


def draft(**changes: Any) -> ConsentDraft:
    """A whole consent to promotional mail, but for the changes."""
    whole = ConsentDraft(
        program="promotional-email",
        channel="email",
        address="anna@example.com",
        state="given",
        occurred_at=NOW,
        method="web-form",
        wording_text="I agree to get offers.",
        wording_language="en",
        ip="192.0.2.7",
    )
    return whole._replace(**changes)


def goes(category: str, **events: Any) -> date | None:
    """The last day on which such a record may still be there."""
    return retention().due(Held(category, events)).due


def deleted(category: str, *grounds: str, **more: Any) -> ItemOutcome:
    """What becomes of this class of data when an enrolled user asks for deletion on 2 March 2026."""
    (outcome,) = asking().delete([Item(category, "person", frozenset(grounds), **more)], MONDAY, ENROLLED)
    return outcome


def says(number: int, *words: str) -> None:
    """The sentence shown to people names these things."""
    said = sentence(vox(number)).casefold()
    assert [one for one in words if one.casefold() not in said] == []


def findings(commitment: Commitment, **parameters: Any) -> list[str]:
    """What the check of the version says when this commitment has other parameters."""
    other = replace(commitment, parameters={**commitment.parameters, **parameters})
    version = replace(policy(), commitments=tuple(other if one.id == other.id else one for one in policy().commitments))
    source = Source((MAIN / "commitments.toml").read_text("utf-8"), "commitments.toml")
    check_version(version, source)
    return [one.message for one in source.findings]
