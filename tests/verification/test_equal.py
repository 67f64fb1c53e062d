"""Whoever asks for a code learns nothing about the address; `python -m tests.soak.equal` is the long run."""

import random

import pytest
from flask import Flask

from consent.house import House
from tests.soak import equal
from tests.support.systems import Systems
from tests.support.twilio import Twilio
from tests.support.valley import Tenant


def test_known_stopped_and_unknown_addresses_are_told_apart_by_nothing(
    app: Flask, house: House, valley: Tenant, systems: Systems, twilio: Twilio
) -> None:
    known, unknown = equal.people(8)
    equal.make_known(systems, lambda number: twilio.text("STOP", sender=number), known)
    with equal.served(house) as port:
        findings, *_ = equal.interleaved(house, valley, port, known, unknown)
    assert findings == []


def test_a_difference_in_the_answer_is_found(house: House, valley: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    real = equal.pages.rules.reachable

    def telling(typed: str | None, jurisdictions: tuple[str, ...]) -> object:
        if typed and typed.endswith("00"):
            raise equal.rules.Unreachable("We know this one.", field="contact")
        return real(typed, jurisdictions)

    with equal.served(house) as port:
        monkeypatch.setattr(equal, "masked_of", lambda _: "•••• 0100")
        monkeypatch.setattr(equal.pages.rules, "reachable", telling)
        findings, *_ = equal.interleaved(house, valley, port, ["+12015550100"], ["+12015550101"])
    assert any("answers differ" in one for one in findings)
    assert any("rows differ" in one for one in findings)


def times(seed: int, more: float = 0.0) -> list[float]:
    """Two thousand answers of about six milliseconds, some of them slow."""
    turn = random.Random(seed)
    return [0.006 + turn.gauss(0, 0.001) + turn.expovariate(1 / 0.002) + more for _ in range(equal.ASKS)]


def test_the_test_of_times_finds_a_planted_millisecond_and_nothing_where_there_is_nothing() -> None:
    unknown = times(100)
    assert equal.compare(times(1, equal.PLANTED), unknown, turns=200).differs
    assert not equal.compare(times(1), unknown, turns=200).differs
