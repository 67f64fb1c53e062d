"""The page tells what the gate answers: after whatever happened, in whatever order, at every organization."""

import uuid
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consent.policies.packs import load_law, load_organization, load_versions
from consent.policies.questions import ConsentFact, Standing
from consent.policies.rulebook import Rulebook, compile_rulebook
from consent.preferences import numbers, rules
from consent.preferences.facts import fact_of
from consent.preferences.models import NOBODY
from consent.preferences.page.choices import page_of
from consent.preferences.rules import State
from tests.policies.house import POLICIES
from tests.preferences.page.gate import NOW, contradictions

PACKS = ("1valet", "smartt", "valley-smart-homes", "valtt", "voxvalley")
CHANNELS = ("sms", "voice", "email")
ANA, BEN = (uuid.UUID(int=one) for one in (7, 8))
Told = tuple[str, dict[str, Any], tuple[str, ...], str]


@cache
def book(pack: str) -> Rulebook:
    """The rulebook of a shipped pack."""
    folder = POLICIES / pack
    return compile_rulebook(load_organization(folder), load_versions(folder), load_law(POLICIES / "law"), NOW)


def happenings(programs: tuple[str, ...]) -> st.SearchStrategy[Told]:
    """Everything that can happen to an address, as the ledger tells it: (type, data, programs, source)."""
    some = st.sets(st.sampled_from(programs), min_size=1).map(lambda one: tuple(sorted(one)))
    whose = st.sampled_from([{}, {"person": str(ANA)}, {"person": str(BEN)}])
    sender = st.sampled_from(["main", "page:1"])
    became = st.sampled_from([*numbers.KINDS, numbers.BOUNCED])

    def told(type: str, data: st.SearchStrategy[dict[str, Any]], about: Any = st.just(()), source: str = "api") -> Any:
        return st.tuples(st.just(type), data, about, st.just(source))

    stops = st.builds(lambda one: {"scope": "channel", "sender": one}, sender)
    starts = st.builds(lambda one, joins: {"intent": "start", "sender": one, "keyword_programs": joins}, sender, some)
    return st.one_of(
        told("consent.withdrawn", stops, st.just(programs), "webhook"),
        told("consent.withdrawn", st.builds(lambda one: {"scope": "programs", "sender": one}, sender), some, "page"),
        told("consent.renewed", starts, some, "webhook"),
        told("consent.given", whose, some, "page"),
        told("consent.given", whose, some, "import"),
        told("consent.refused", whose, some),
        told("consent.withdrawn", whose, some),
        told("consent.expired", whose, some),
        told("number.reported", st.builds(lambda kind, one: {"kind": kind} | one, became, whose)),
        told("number.queried", st.just({"answer": "yes", "consent_date": "2026-11-01"})),
        told("do_not_call.requested", st.just({"how": "call"})),
        told("suppression.held", st.just({}), source="webhook"),
        told("pause.set", st.just({"until": "2026-12-24T17:00:00+00:00"})),
        told("pause.ended", st.just({})),
    )


def state_after(history: list[tuple[int, Told]], channel: str) -> State:
    """What holds after it; each of them so many days ago."""
    facts = []
    for place, (days, (type, data, programs, source)) in enumerate(history):
        at = NOW - timedelta(days=days, minutes=place)
        facts.append(fact_of(type, data, programs, at, uuid.UUID(int=100 + place), source, channel))
    return rules.fold([one for one in facts if one is not None])


@st.composite
def lives(draw: st.DrawFn) -> tuple[str, str, list[tuple[int, Told]], uuid.UUID | None]:
    """An organization, an address of somebody, what happened to it, and whom the page was opened for."""
    pack, channel = draw(st.sampled_from(PACKS)), draw(st.sampled_from(CHANNELS))
    programs = tuple(one.key for one in book(pack).organization.programs if channel in one.channels)
    days = st.sampled_from([0, 1, 2, 30, 800])
    history = draw(st.lists(st.tuples(days, happenings(programs)), max_size=7)) if programs else []
    return pack, channel, history, draw(st.sampled_from([None, None, ANA]))


@settings(max_examples=250, deadline=None)
@given(lives())
def test_what_is_on_goes_and_what_is_off_does_not(life: tuple[str, str, list[tuple[int, Told]], Any]) -> None:
    pack, channel, history, person = life
    state = state_after(history, channel)
    shown = page_of(book(pack), {channel: state}, person, "en", str, NOW, full=True)
    assert contradictions(book(pack), {channel: state}, shown) == []


@pytest.mark.parametrize("pack", PACKS)
def test_what_always_goes_goes_at_any_time(pack: str) -> None:
    rulebook, once = book(pack), NOW - timedelta(days=400)
    every = [(one, channel) for one in rulebook.organization.programs for channel in one.channels]
    always = [one for one in every if rulebook.choices.always_goes(*one, given=True)]
    assert always
    for program, channel in always:
        yes = ConsentFact(program.key, None, "given", once, uuid.UUID(int=1), "")
        for days in (0, 1, 30, 365, 4000):
            at = once + timedelta(days=days)
            assert rulebook.choices.against(program, channel, Standing(None, (yes,)), at) is None, (
                program.key,
                channel,
            )


def test_a_yes_that_runs_out_is_asked_about_each_time() -> None:
    organization = load_organization(POLICIES / "smartt")
    programs = tuple(
        replace(one, receipt=dict(one.receipt) | {"validity_duration": "P1Y"}) for one in organization.programs
    )
    lasting = book("smartt")
    ending = compile_rulebook(replace(organization, programs=programs), lasting.versions, lasting.law, NOW)
    for one in organization.programs:
        for channel in one.channels:
            assert not ending.choices.always_goes(one, channel, given=True), one.key
    state: State = {
        (one.key, NOBODY): rules.Standing("given", NOW, uuid.UUID(int=1), "", "", "", False) for one in programs
    }
    times = (NOW, NOW + timedelta(days=500))
    now, later = (page_of(ending, {"email": state}, None, "en", str, at, full=True) for at in times)
    assert {one.key for one in later if one.value == "on"} < {one.key for one in now if one.value == "on"}
