"""The register of the law: what a rule counts, where and since when stands twice, here and in its file.

Whoever changes a rule of law changes its line in law_register.txt too: a slip of the pen in one of them is found.
"""

import json
from dataclasses import fields
from pathlib import Path

import pytest

from consent.deadlines import Period
from consent.policies.packs import LawRule, load_law
from tests.policies.house import POLICIES

REGISTER = Path(__file__).with_name("law_register.txt")
LINES = REGISTER.read_text("utf-8").splitlines()
# The parameters in which a rule says once more the period that its clock counts.
SAID_AGAIN = ("period", "deadline", "within", "lead_time")


def said(one: object) -> str:
    """A value as it stands in the register."""
    return json.dumps(one, sort_keys=True, default=_text, ensure_ascii=False)


def _text(one: object) -> str:
    return one.text if isinstance(one, Period) else str(one)


def line(rule: LawRule) -> str:
    """A rule as it stands in the register."""
    known = (
        {}
        if rule.clock is None
        else {one.name: getattr(rule.clock, one.name) for one in fields(rule.clock) if getattr(rule.clock, one.name)}
    )
    span = f"{rule.in_force_from or 'pending'}..{rule.in_force_until or ''}"
    whose = [f"services={','.join(rule.services)}"] if rule.services else []
    return " ".join([rule.id, ",".join(rule.jurisdictions), span, said(known), said(dict(rule.parameters)), *whose])


def test_the_register_has_a_line_for_every_rule_in_the_order_of_the_files() -> None:
    assert [one.id for one in load_law(POLICIES / "law")] == [one.split()[0] for one in LINES]


@pytest.mark.parametrize("number", range(len(LINES)), ids=lambda number: f"{number}-{LINES[number].split()[0]}")
def test_a_rule_says_what_the_register_says(number: int) -> None:
    assert line(load_law(POLICIES / "law")[number]) == LINES[number]


def test_a_rule_that_says_its_period_twice_says_the_same() -> None:
    again = [
        (rule.id, rule.clock.period.text, rule.parameters[key])
        for rule in load_law(POLICIES / "law")
        if rule.clock is not None and rule.clock.period is not None
        for key in SAID_AGAIN
        if key in rule.parameters
    ]
    assert len(again) > 50
    assert [one for one in again if one[1] != one[2]] == []
