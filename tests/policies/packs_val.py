"""Valtt's pack as shipped, its rulebook of a day, versions made from it, and questions about its messages."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any

from consent.policies.kinds import KINDS
from consent.policies.packs import (
    LawRule,
    OrganizationPack,
    PolicyVersionPack,
    load_law,
    load_organization,
    load_versions,
    parse_organization,
    parse_version,
)
from consent.policies.reading import Source
from consent.policies.rulebook import Question, Rulebook, Standing, Verdict, compile_rulebook
from consent.policies.version import Commitment
from tests.policies.house import POLICIES

PLACE = POLICIES / "valtt"
NOW = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
ALL_SIX = ["email", "sms", "phone-call", "messenger-app", "automated-call", "automated-text"]
NOBODY = Standing(None, ())


@cache
def policy() -> PolicyVersionPack:
    """The policy of 21 July 2020."""
    return load_versions(PLACE)[0]


@cache
def parts() -> tuple[OrganizationPack, tuple[PolicyVersionPack, ...], tuple[LawRule, ...]]:
    """The organization, its policy, and the law."""
    return load_organization(PLACE), (policy(),), load_law(POLICIES / "law")


def val(number: int) -> Commitment:
    """The commitment of that number."""
    found = policy().commitment(f"VAL-{number:02d}")
    assert found is not None, f"VAL-{number:02d} is gone"
    return found


def rulebook(at: datetime = NOW) -> Rulebook:
    """Valtt's rulebook as it is at that instant."""
    return compile_rulebook(*parts(), at)


def by_policy_alone() -> Rulebook:
    """What the policy says where no law is asked."""
    return compile_rulebook(parts()[0], parts()[1], (), NOW)


def with_organization(old: str, new: str) -> OrganizationPack:
    """The organization with one passage of its file replaced."""
    source = parts()[0].source
    assert old in source, old
    return parse_organization(source.replace(old, new, 1))


def changed(
    *swaps: tuple[str, str], text: tuple[str, str] = ("", ""), tail: str = "", version: str = "2027-01-04"
) -> PolicyVersionPack:
    """The policy with these passages of commitments.toml (and of the wording) replaced."""
    before = policy()
    commitments = before.commitments_toml
    for old, new in swaps:
        assert old in commitments, old
        commitments = commitments.replace(old, new, 1)
    assert text[0] in before.text
    wording = before.text.replace(*text) if text[0] else before.text
    return parse_version(before.policy, version, wording, commitments + tail)


def wrongs(version: PolicyVersionPack, examine: Callable[[PolicyVersionPack, Source], None]) -> list[str]:
    """What an examination of this version notes."""
    source = Source(version.commitments_toml, "commitments.toml")
    examine(version, source)
    return [one.message for one in source.findings]


def undecided(number: int, *keys: str) -> list[str]:
    """The keys the kind misses when these settled values are taken away."""
    promise = val(number)
    left = {key: value for key, value in promise.decided.items() if key not in keys}
    return [key for key, _ in KINDS[promise.kind].problems_decided(promise.parameters, left)]


def ask(program: str, message_class: str, channel: str, standing: Standing = NOBODY, **more: Any) -> Verdict:
    """May this go to somebody nothing is known of, unless a standing is given?"""
    book = more.pop("book", None) or rulebook()
    return book.may_contact(Question(program, message_class, channel, NOW, **more), standing)
