"""What Smartt's tests stand on: its pack as shipped, held to its own promises alone."""

from datetime import UTC, datetime
from functools import cache
from typing import Any, Protocol
from uuid import UUID, uuid4

from consent.deadlines import zone
from consent.policies.answers.inventory import Gathering
from consent.policies.kinds import sentence
from consent.policies.packs import OrganizationPack, PolicyVersionPack, load_organization, load_versions
from consent.policies.questions import Reason, Verdict
from consent.policies.rulebook import ConsentDraft, ConsentFact, Rulebook, compile_rulebook
from consent.policies.version import Commitment
from tests.policies.house import POLICIES

VANCOUVER = zone("America/Vancouver")
SMARTT = POLICIES / "smartt"
NOW = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)


@cache
def smartt() -> OrganizationPack:
    """The organization as shipped."""
    return load_organization(SMARTT)


@cache
def versions() -> tuple[PolicyVersionPack, ...]:
    """The agreement and the rate card as shipped."""
    return load_versions(SMARTT)


def version(policy: str = "privacy-agreement") -> PolicyVersionPack:
    """The one version of that document."""
    (found,) = [one for one in versions() if one.policy == policy]
    return found


def smt(number: int) -> Commitment:
    """The commitment of that number."""
    found = version().commitment(f"SMT-{number:02d}")
    assert found is not None
    return found


@cache
def book() -> Rulebook:
    """Smartt's promises without any law, so that an answer shows what the promise alone does."""
    return compile_rulebook(smartt(), versions(), (), NOW)


class Answer(Protocol):
    """Whatever the rulebook answers, it says why."""

    @property
    def reasons(self) -> tuple[Reason, ...]: ...


def by(answer: Answer) -> list[tuple[str, str | None]]:
    """The codes of the answer with the commitments they rest on."""
    return [(one.code, one.commitment) for one in answer.reasons]


def word(program: str, state: Any = "given", at: datetime = NOW, person: UUID | None = None) -> ConsentFact:
    """Somebody's word on a program."""
    return ConsentFact(program, person, state, at, uuid4(), "2023-10-13")


def draft(**changes: Any) -> ConsentDraft:
    """A complete opt-in to the newsletter, changed as the test says."""
    whole = ConsentDraft(
        program="newsletter",
        channel="email",
        address="ada@customer.example",
        state="given",
        occurred_at=NOW,
        method="web-form",
        wording_text="Send me the newsletter.",
        wording_language="en",
        ip="192.0.2.7",
    )
    return whole._replace(**changes)


def states(number: int, **parameters: Any) -> None:
    """The commitment says exactly this, and says it in a sentence for people."""
    promise = smt(number)
    assert promise.parameters == parameters
    assert sentence(promise).endswith(".")


def settles(number: int, **decided: Any) -> None:
    """What the wording leaves open is settled exactly so, with question, value and reason on record."""
    promise = smt(number)
    assert promise.decided == decided
    assert promise.open is not None
    assert promise.open.question and promise.open.value and promise.open.reason


def names(*keys: str, among: str) -> None:
    """organization.toml knows all of these."""
    known = {one.key for one in getattr(smartt(), among)}
    assert set(keys) <= known


def collected(category: str, **changes: Any) -> Verdict:
    """May this be gathered through a web form, announced, for a purpose that was told?"""
    told = {"announcement": "every-recordable-call"}
    how = Gathering(**{"source": "web-forms", "purpose": "inquiries", "traits": told, **changes})
    return book().inventory.may_collect(category, how)
