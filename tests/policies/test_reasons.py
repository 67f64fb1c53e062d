"""Every code a reason may carry is reached by some question, and every denial names what it rests on."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import product
from uuid import uuid4

from consent.policies.answers.features import Features
from consent.policies.number_care import NumberCare
from consent.policies.packs import load_law, load_organization, load_versions
from consent.policies.questions import (
    NO_FACTS,
    CopyFact,
    Facts,
    FrequencyFact,
    NumberFact,
    NumberFacts,
    PauseFact,
    Question,
    Reason,
    SentFact,
    Standing,
    StopFact,
)
from consent.policies.reasons import TEXTS
from consent.policies.rulebook import ConsentFact, Rulebook, compile_rulebook
from tests.policies.answers.companies import FOLDERS
from tests.policies.house import NOW, POLICIES

# What the hours and the count of messages say is reached by tests of their own.
ELSEWHERE = {"outside-hours", "hours-unknown", "too-many", "not-a-customer"}
# These say that something does not exist: there is nothing they could rest on.
UNKNOWN = {"unknown-program", "unknown-message-class", "unknown-channel", "unknown-feature"}
YESTERDAY = NOW - timedelta(days=1)
ANNA, BERT = uuid4(), uuid4()
STOP = StopFact(YESTERDAY, uuid4())
COPY = CopyFact("national-do-not-call-registry", date(2026, 11, 20), True, True, uuid4())
NUMBERS = (
    NumberFacts(holder=NumberFact("reassigned", YESTERDAY, uuid4(), gone=True)),
    NumberFacts(reach=NumberFact("landline", YESTERDAY, uuid4())),
    NumberFacts(do_not_call=STOP),
    NumberFacts(copies=(COPY,)),
    NumberFacts(copies=(COPY._replace(listed=False, copied_on=date(2026, 1, 1)),)),
)
FACTS = (
    NO_FACTS,
    Facts(reference="order 7", jurisdiction="CA-BC", registered=True, member=True, materially_affects_delivery=True),
    Facts(jurisdiction="US-CA", registered=False, member=False, materially_affects_delivery=False, minor=True),
    Facts(jurisdiction="CA-BC", last_purchase_on=date(2020, 1, 1), reference="7", registered=True),
    Facts(jurisdiction="DE", reference="7"),
)
TEXT = (None, "20% off", "https://bit.ly/x", "https://shop.example/x")


@cache
def books() -> tuple[Rulebook, ...]:
    """The five as shipped; with numbers looked after and consents that run out; with programs wider than promised."""
    law = load_law(POLICIES / "law")
    found = []
    for folder in FOLDERS.values():
        organization, versions = load_organization(POLICIES / folder), load_versions(POLICIES / folder)
        found.append(compile_rulebook(organization, versions, law, NOW))
        programs = tuple(
            replace(one, legal_basis="written down", receipt={**one.receipt, "validity_duration": "P1Y"})
            for one in organization.programs
        )
        care = NumberCare(True, ("national-do-not-call-registry",))
        made = replace(organization, programs=programs, numbers=care, sha256=uuid4().bytes)
        found.append(compile_rulebook(made, versions, law, NOW))
        every = tuple(one.key for one in organization.message_classes)
        wide = tuple(
            replace(one, channels=(*one.channels, "post"), message_classes=every, requires=())
            for one in organization.programs
        )
        found.append(compile_rulebook(replace(organization, programs=wide, sha256=uuid4().bytes), versions, law, NOW))
    return tuple(found)


def standings(program: str) -> Iterator[Standing]:
    def word(state: str, days: int = 10, person: object = None) -> ConsentFact:
        return ConsentFact(program, person, state, NOW - timedelta(days=days), uuid4(), "x")  # type: ignore[arg-type]

    yield Standing(None, ())
    for state in ("given", "refused", "withdrawn", "expired"):
        yield Standing(None, (word(state),))
    yield Standing(None, (word("given", person=ANNA), word("refused", person=BERT)))
    yield Standing(None, (word("given", days=100),))
    yield Standing(None, (word("given", days=500),))
    yield Standing(STOP, (word("given"),))
    yield Standing(None, (), held=STOP)
    pause, weekly = PauseFact(NOW + timedelta(days=1), uuid4()), FrequencyFact(1, "P7D", uuid4())
    sent = (SentFact(program, None, YESTERDAY),)
    yield Standing(None, (word("given"),), paused=pause, frequency=weekly, sent=sent)
    for number in NUMBERS:
        yield Standing(None, (), number)
    ported = NumberFact("ported", YESTERDAY, uuid4())
    yield Standing(None, (word("expired")._replace(event_id=ported.event_id),), NumberFacts(holder=ported))


@cache
def reached() -> tuple[Reason, ...]:
    """One reason of each (code, commitment, law) that any question brings out."""
    found: dict[tuple[object, ...], Reason] = {}

    def keep(reasons: tuple[Reason, ...]) -> None:
        for one in reasons:
            found.setdefault((one.code, one.commitment, one.law), one)

    for book in books():
        classes = [one.key for one in book.organization.message_classes]
        for program in book.organization.programs:
            for kind, channel in product({*program.message_classes, classes[-1]}, {*program.channels, "sms", "email"}):
                for standing, facts in product(standings(program.key), FACTS if kind != classes[-1] else FACTS[:1]):
                    keep(book.may_contact(Question(program.key, kind, channel, NOW, facts=facts), standing).reasons)
                for text in TEXT:
                    asked = Question(program.key, kind, channel, NOW, text, facts=FACTS[1])
                    keep(book.may_contact(asked, next(standings(program.key))).reasons)
                asked = Question(program.key, kind, channel, NOW, answers_keyword=True)
                keep(book.may_contact(asked, next(standings(program.key))).reasons)
        for unknown in (("x", "x", "sms"), (program.key, "x", "sms"), (program.key, classes[0], "fax")):
            keep(book.may_contact(Question(*unknown, NOW), Standing(None, ())).reasons)
        alone = Features(book.organization, book.promises, ())
        for feature in (*[one.key for one in book.organization.features], "x"):
            for standing, facts in product(standings(feature), FACTS):
                keep(book.features.may_run(feature, standing.consents, facts).reasons)
                keep(alone.may_run(feature, standing.consents, facts).reasons)
        if book.ages.minimum().age is not None:
            keep(book.ages.may("opt-in", 5).reasons)
    return tuple(found.values())


def test_every_code_is_reached_by_a_question() -> None:
    assert sorted(set(TEXTS) - ELSEWHERE - {one.code for one in reached()}) == []


def test_every_denial_names_a_commitment_or_law_with_its_clause_or_what_the_company_declared() -> None:
    assert [one for one in reached() if one.code not in UNKNOWN and not one.basis and not one.clause] == []
    named = [one for one in reached() if one.commitment or one.law]
    assert len(named) > 100
    assert [one.code for one in named if not one.clause] == []


def test_what_is_reached_elsewhere_is_tested_there() -> None:
    tests = "".join(
        file.read_text("utf-8")
        for file in POLICIES.parent.joinpath("tests").rglob("test_*.py")
        if file.name != __name__
    )
    assert [one for one in ELSEWHERE if f'"{one}"' not in tests] == []
