"""The rulebook without HTTP or database: how long the sample policies take to compile, and a question to answer."""

import statistics
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from benchmarks.figures import Figure
from consent.policies.packs import (
    LawRule,
    OrganizationPack,
    PolicyVersionPack,
    load_law,
    load_organization,
    load_versions,
    packs_root,
)
from consent.policies.questions import ConsentFact, Question, Standing, StopFact
from consent.policies.rulebook import Rulebook

COMPILED_WITHIN_MS = 300.0  # every sample policy with all of the law, once
ANSWERED_WITHIN_US = 50.0  # a question to a rulebook that was asked before
NOW = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
ROUNDS = 5


def figures() -> list[Figure]:
    """What compiling costs once and an answer each time; medians of five rounds, nothing kept between them."""
    packs = [one.parent for one in sorted(packs_root().glob("*/organization.toml"))]
    read = [(load_organization(one), load_versions(one)) for one in packs]
    law = load_law(packs_root() / "law")
    promises = sum(len(version.commitments) for _organization, versions in read for version in versions)
    compiling, answering = [], []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        books = [_compile(organization, versions, law) for organization, versions in read]
        asked = [(one, question, known) for one in books for question in _questions(one) for known in _known(question)]
        for book, question, standing in asked:  # what is made when it is first asked for belongs to the compiling
            book.may_contact(question, standing)
        compiling.append(time.perf_counter() - began)
        began = time.perf_counter()
        for book, question, standing in asked:
            book.may_contact(question, standing)
        answering.append((time.perf_counter() - began) / len(asked) * 1e6)
    name = f"rulebooks of {promises} promises under {len(law)} laws"
    return [
        Figure(name, "-", statistics.median(compiling) * 1e3, "ms", COMPILED_WITHIN_MS),
        Figure("one answer of a rulebook", "-", statistics.median(answering), "us", ANSWERED_WITHIN_US),
    ]


def _compile(organization: OrganizationPack, versions: Sequence[PolicyVersionPack], law: Sequence[LawRule]) -> Rulebook:
    binding = [one for one in law if one.binds(NOW.date(), organization.jurisdictions)]
    return Rulebook(organization, versions, binding, organization.slug)


def _questions(book: Rulebook) -> list[Question]:
    return [
        Question(program.key, message_class, channel, NOW)
        for program in book.organization.programs
        for channel in program.channels
        for message_class in program.message_classes
    ]


def _known(question: Question) -> list[Standing]:
    """Somebody unknown, somebody who agreed, somebody who then said stop."""
    agreed = ConsentFact(question.program, None, "given", NOW - timedelta(days=9), uuid4(), "1")
    stopped = StopFact(NOW - timedelta(days=1), uuid4())
    return [Standing(None, ()), Standing(None, (agreed,)), Standing(stopped, (agreed,))]
