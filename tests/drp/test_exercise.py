"""What an agent's message is answered by the promises of the organization it writes to."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from consent.drp import exercise
from consent.drp.agents import Agent
from consent.drp.exercise import Answer, Exercise
from consent.drp.signed import Message
from consent.ids import new_id
from tests.policies.answers.test_unsubscribing import of
from tests.support.organizations import VALET, VALLEY

NOW = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
AGENT = Agent(new_id(NOW), new_id(NOW), "AA", "Agent", "CB", b"k" * 32, NOW)


def asked(right: str, **says: Any) -> Exercise:
    """The message of this agent."""
    group = {"agent-id": "AA", "business-id": "CB", "issued-at": "2026-11-21T16:59:00Z", "drp.version": "1.0"}
    told = group | {"expires-at": "2026-11-21T17:09:00Z", "exercise": right, "email": "ada@people.example"} | says
    return exercise.exercise_of(AGENT, Message(b"", told), NOW, development=False)


def test_a_right_is_answered_by_place_and_an_opt_out_everywhere() -> None:
    valet = of(VALET)
    at_home = asked("access", regime="ccpa")
    assert at_home.place == "US-CA"
    assert exercise.answer(valet, at_home).request_type == "specific-pieces"
    assert exercise.answer(valet, asked("access:categories", regime="ccpa")).request_type == "access"
    elsewhere = asked("access", regime="ccpa", address={"country": "JP"})
    assert elsewhere.place == "JP"
    for rulebook in (valet, of(VALLEY)):
        for place in ("US-CA", "JP"):
            one = asked("sale:opt_out", address={"country": place[:2], "region": place[3:]})
            assert exercise.answer(rulebook, one).request_type == "opt-out-of-sale"
        assert exercise.answer(rulebook, asked("sale:opt_in", regime="ccpa")) == Answer(refused="not-covered")
    nowhere = {exercise.answer(valet, asked(right, address={"country": "JP"})).refused for right in ("portability",)}
    assert nowhere <= {"outside-jurisdiction", "not-covered"}
    assert nowhere != {""}


def test_an_agents_word_for_a_person_counts_only_where_a_policy_takes_it() -> None:
    """T-59: authority and identity are both shown, or nothing is released."""
    valet, sure = of(VALET), asked("access", regime="ccpa", email_verified=True)
    assert not exercise.shown(valet, sure, "specific-pieces")

    def taking(method: str) -> Any:
        """1VALET's rulebook, with one more way to check who asks."""
        real = valet.requests
        check = SimpleNamespace(methods=(method,))
        return SimpleNamespace(
            requests=SimpleNamespace(check=lambda *_: check, may_represent=real.may_represent, openings=real.openings)
        )

    assert exercise.shown(taking("agent-verified-claim"), sure, "specific-pieces")
    assert not exercise.shown(taking("agent-verified-claim"), asked("access", regime="ccpa"), "specific-pieces")
    assert not exercise.shown(taking("agent-verified-claim"), sure, "correction")
    assert not exercise.shown(taking("login"), sure, "specific-pieces")
