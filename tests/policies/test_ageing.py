"""An answer turns at most once as what a person said grows older; many answers at once rest on that."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

import pytest

from consent.policies.number_care import NumberCare
from consent.policies.packs import load_law, load_organization, load_versions
from consent.policies.questions import ConsentFact, NumberFact, NumberFacts, Question, Standing, StopFact, Verdict
from consent.policies.rulebook import Rulebook, compile_rulebook
from tests.policies.house import NOW, POLICIES

PACKS = sorted(one.parent.name for one in POLICIES.glob("*/organization.toml"))
EVENT = UUID(int=5)
# Closer than the periods that rules count, and further back than the longest of them.
AGES = [timedelta(days=days, hours=days % 24) for days in range(0, 6 * 365, 23)]


def rulebook(pack: str) -> Rulebook:
    """What the pack promises, with everything on that asks how old a consent is."""
    shipped = load_organization(POLICIES / pack)
    organization = replace(
        shipped,
        programs=tuple(replace(one, receipt={**one.receipt, "validity_duration": "P18M"}) for one in shipped.programs),
        numbers=NumberCare(ask_reassigned=True),
        sha256=b"with everything on",  # what was compiled is kept by it
    )
    return compile_rulebook(organization, load_versions(POLICIES / pack), load_law(POLICIES / "law"), NOW)


def questions(book: Rulebook) -> Iterator[Question]:
    organization = book.organization
    for program in organization.programs:
        for message_class in sorted({one.key for one in organization.message_classes}):
            for channel in sorted(program.channels):
                yield Question(program.key, message_class, channel, NOW)


def said(state: str, program: str, at: datetime, person: UUID | None = None) -> ConsentFact:
    return ConsentFact(program, person, state, at, EVENT, "1")  # type: ignore[arg-type]


def standings(program: str, at: datetime) -> dict[str, Standing]:
    """All that rows of one event at that time may come to."""
    stop, gone = StopFact(at, EVENT), NumberFact("ported", at, EVENT, True)
    found = {state: Standing(None, (said(state, program, at),)) for state in ("given", "refused", "withdrawn")}
    return found | {
        "given by a person": Standing(None, (said("given", program, at, UUID(int=7)),)),
        "expired": Standing(None, (said("expired", program, at),)),
        "a STOP alone": Standing(stop, ()),
        "a STOP": Standing(stop, (said("withdrawn", program, at),)),
        "in review": Standing(None, (), held=stop),
        "gone": Standing(None, (said("expired", program, at),), NumberFacts(holder=gone, reach=gone)),
        "not to be called": Standing(None, (said("given", program, at),), NumberFacts(do_not_call=stop)),
    }


@pytest.mark.parametrize("pack", PACKS)
def test_no_answer_comes_back_after_it_has_turned(pack: str) -> None:
    book, turned = rulebook(pack), 0
    for question in questions(book):
        told: dict[str, list[Verdict]] = {}
        for age in AGES:
            for name, standing in standings(question.program, NOW - age).items():
                told.setdefault(name, []).append(book.may_contact(question, standing))
        for name, verdicts in told.items():
            runs = [one for one, _ in groupby(verdicts)]
            assert all(one not in runs[:place] for place, one in enumerate(runs)), (question, name)
            turned += len(runs) > 1
    assert turned
