"""What an incident must hold, and what stands against telling people and against closing it, by tables."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from consent.errors import BadInput
from consent.incidents import rules
from consent.incidents.rules import Duty, Facts
from tests.policies.house import rulebook

NOW = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
FACTS = Facts(NOW - timedelta(days=1))
TODAY = date(2026, 11, 21)
DAY = timedelta(days=1)
WAITING = {"delay_ground": "criminal-investigation", "delay_body": "Police", "delay_review_on": TODAY}


def field_at_fault(work: Any, *given: Any) -> str | None:
    """The field that is refused; None where nothing is."""
    try:
        work(*given)
    except BadInput as error:
        return error.field
    return None


def duty(
    state: str = "due", due: date | None = TODAY, audience: tuple[str, ...] = rules.PEOPLE[:1], **more: Any
) -> Duty:
    """A duty to tell the people, unless said otherwise."""
    return Duty("D", "Tell", state, due, audience, (), (), **more)


def test_facts_are_refused_by_the_field_that_cannot_be() -> None:
    table: list[tuple[dict[str, Any], str | None]] = [
        ({}, None),
        ({"detected_at": NOW + timedelta(minutes=9)}, None),  # clocks differ a little
        ({"detected_at": NOW + timedelta(minutes=11)}, "detected_at"),
        ({"disclosed_at": NOW + DAY}, None),  # what is to be handed over may be still to come
        ({"occurred_at": NOW}, "occurred_at"),
        ({"occurred_at": NOW - 3 * DAY, "confirmed_at": NOW - 4 * DAY}, "confirmed_at"),
        ({"occurred_at": NOW - 3 * DAY, "authorities_told_at": NOW - 4 * DAY}, "authorities_told_at"),
        (WAITING, None),
        (WAITING | {"delay_body": ""}, "delay_body"),
        (WAITING | {"delay_ground": ""}, "delay_ground"),
        (WAITING | {"delay_ground": "Sam Poe asked"}, "delay_ground"),
        (WAITING | {"delay_review_on": None}, "delay_review_on"),
        ({"places": ("US-WA", "CA-BC")}, None),
        ({"places": ("US-WA", "Atlantis")}, "places"),
        ({"ban_lifted_at": NOW}, "ban_lifted_at"),
        ({"ban_lifted_at": NOW, "forbidden": True}, None),
    ]
    for changes, field in table:
        assert field_at_fault(rules.check, rules.changed(FACTS, changes), NOW) == field, changes


def test_an_answer_about_the_law_needs_reasons_of_its_own() -> None:
    table = [
        (None, None, "", "", None),
        (None, True, "", "", "assessment"),
        (None, False, "", " ", "assessment"),
        (None, False, "why", "why", None),  # written first, answered then
        (True, True, "why", "why", None),
        (True, True, "why", "", "assessment"),
        (True, False, "why", "why ", "assessment"),
        (True, False, "why", "why not", None),
        (True, None, "why", "", None),
    ]
    for before, answer, old, new, field in table:
        assert field_at_fault(rules.check_assessment, before, answer, old, new) == field, (before, answer, old, new)


def test_what_is_stored_is_read_as_it_was() -> None:
    whole = replace(
        FACTS, occurred_at=NOW - 2 * DAY, law_requires=False, places=("CA-BC",), forbidden=True, ban_lifted_at=NOW,
        delay_ground="bad-press", delay_body="Police", delay_review_on=TODAY, feasible_before=False,
    )  # fmt: skip
    for facts in (FACTS, whole):
        stored = rules.written(facts)
        assert rules.read(stored, facts.delay_body) == facts and "Police" not in stored


def test_people_are_told_only_where_nothing_stands_against_it() -> None:
    banned = replace(FACTS, forbidden=True)
    table: list[tuple[Facts, list[Duty], int, bool, str | None]] = [
        (FACTS, [], 1, True, None),
        (FACTS, [], 0, True, "nobody is on the list"),
        (FACTS, [], 1, False, "Write the letter"),
        (banned, [], 1, True, "law forbids"),
        (replace(banned, ban_lifted_at=NOW), [], 1, True, None),
        (FACTS, [duty("not-before", None)], 1, True, "authorities come first"),
        (FACTS, [duty("not-before", TODAY)], 1, True, "before Saturday 2026-11-21 is over"),
        (FACTS, [duty("not-before", TODAY - DAY)], 1, True, None),
        (FACTS, [duty("delayed")], 1, True, "held back"),
        (FACTS, [duty("delayed", audience=("regulator",))], 1, True, None),
        (FACTS, [duty("delayed", done_at=NOW)], 1, True, None),
    ]
    for facts, duties, people, letter, said in table:
        why = rules.against_telling(facts, duties, people, letter, TODAY)
        assert (why is None) == (said is None) and (said or "") in (why or ""), (said, why)


def test_telling_people_is_done_by_the_telling_and_everything_else_by_somebodys_word() -> None:
    authority, told = duty(audience=("authority",)), rules.Telling(ended_at=NOW)
    table: list[tuple[Duty, datetime | None, rules.Telling, datetime | None, bool, bool]] = [
        (duty(), None, rules.Telling(2), None, False, True),
        (duty(), NOW - DAY, rules.Telling(2), None, False, True),  # somebody came to the list after it was ticked
        (duty(), None, told, NOW, True, False),
        (duty(), NOW - DAY, rules.Telling(), NOW - DAY, False, False),  # nobody was on the list
        (duty("not-required"), None, told, None, False, False),
        (duty("not-before"), None, told, None, False, True),
        (authority, None, told, None, False, False),
        (authority, NOW, rules.Telling(2), NOW, False, False),
    ]
    for one, by_hand, telling, done_at, by_telling, refused in table:
        found = rules.followed(one, by_hand, telling)
        assert (found.done_at, found.by_telling) == (done_at, by_telling), (one, telling)
        assert (rules.against_doing(one, telling) is not None) == refused, (one, telling)


def test_an_incident_closes_when_all_is_done_and_everybody_told_whom_somebody_must_tell() -> None:
    table: list[tuple[list[Duty], int, int, str, str | None]] = [
        ([], 0, 0, "Report", None),
        ([], 0, 0, " ", "closing report"),
        ([duty()], 0, 0, "Report", "still to be done: Tell"),
        ([duty(done_at=NOW)], 0, 0, "Report", None),
        ([duty(done_at=NOW)], 2, 0, "Report", "not been told yet: 2"),
        ([duty("not-required")], 2, 0, "Report", None),
        ([duty(audience=("regulator",), done_at=NOW)], 2, 0, "Report", None),
        ([duty("delayed")], 0, 0, "Report", "still to be done"),
        ([], 2, 2, "Report", "on their way: 2"),
    ]
    for duties, untold, waiting, report, said in table:
        why = rules.against_closing(duties, untold, waiting, report)
        assert (why is None) == (said is None) and (said or "") in (why or ""), (said, why)


@pytest.mark.parametrize("kind", rules.KINDS)
def test_duties_come_with_the_earliest_day_first_and_say_when_they_were_done(kind: str) -> None:
    found = rules.duties(rulebook(), kind, FACTS, {})
    days = [one.due or date.max for one in found]
    assert days == sorted(days)
    for one in found:
        again = rules.duties(rulebook(), kind, FACTS, {one.key: NOW})
        assert [each.done_at for each in again if each.key == one.key] == [NOW]
