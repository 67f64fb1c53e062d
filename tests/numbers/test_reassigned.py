"""Asking a database of reassigned numbers through what is handed in."""

from dataclasses import replace
from datetime import date

import pytest

from consent.house import House
from consent.numbers import reassigned
from consent.policies.rulebook import Rulebook
from consent.timed import upkeep
from tests.support.systems import Systems, codes
from tests.support.time import Time
from tests.support.valley import PERSON, Tenant

CALLS = "marketing-calls"


def asked(house: House, valley: Tenant, time: Time, answer: str) -> tuple[int, list[tuple[str, date]]]:
    questions: list[tuple[str, date]] = []

    def query(number: str, day: date) -> str:
        questions.append((number, day))
        return answer

    done = reassigned.ask(house.db, house.keyring, house.governing, valley.id, query, time.now())
    return done, questions


def old_consent(systems: Systems) -> None:
    systems.consent(CALLS, channel="voice", occurred_at="2026-08-01T10:00:00-07:00")


def switch_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Rulebook, "asks_reassigned_after", lambda self, channel: "P45D")


def test_every_old_consent_is_asked_about_once_with_its_day(
    house: House, valley: Tenant, systems: Systems, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_on(monkeypatch)
    old_consent(systems)
    assert asked(house, valley, time, "no") == (1, [(PERSON, date(2026, 8, 1))])
    assert asked(house, valley, time, "no") == (0, [])


def test_a_yes_ends_the_consent(
    house: House, valley: Tenant, systems: Systems, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_on(monkeypatch)
    old_consent(systems)
    asked(house, valley, time, "yes")
    assert "number-changed-hands" in codes(systems.decide(program=CALLS, message_class="promotion", channel="voice"))


def test_nobody_is_asked_about_where_the_organization_does_not_wish_it(
    house: House, valley: Tenant, systems: Systems, time: Time
) -> None:
    old_consent(systems)
    assert asked(house, valley, time, "no") == (0, [])


def test_the_timed_job_asks_where_there_is_a_way(
    house: House, systems: Systems, monkeypatch: pytest.MonkeyPatch, time: Time
) -> None:
    switch_on(monkeypatch)
    old_consent(systems)
    upkeep.ask_reassigned(house)
    assert "reassigned_query" not in systems.preferences(channel="voice").get("number", {})
    upkeep.ask_reassigned(replace(house, ask_reassigned=lambda number, day: "no"))
    assert systems.preferences(channel="voice")["number"]["reassigned_query"]["kind"] == "no 2026-08-01"
