"""Whom a change is told to and why somebody is left out, by tables: Smartt's promises without any law."""

from dataclasses import replace
from datetime import timedelta

import pytest

from consent.notices import rules
from consent.notices.rules import Case, Known, LeftOut, Told
from consent.policies.answers.notices import Change
from consent.policies.questions import Standing
from tests.policies.packs_smt import NOW, book, word

NEW_USE = Change(frozenset({"wording"}), material=False, new_purpose=True)
MATERIAL = Change(frozenset({"recipients"}), material=True)
SMALL = Change(frozenset({"wording"}), material=False)
EXTRA = {"policy-change-extra": Standing(None, (word("policy-change-extra"),))}
DAY = timedelta(days=1)


def case(change: Change = NEW_USE, *ways: str, purposes: tuple[str, ...] = ("partner-research",)) -> Case:
    """That change, told in these ways."""
    notices = book().notices
    return Case(change, notices, book(), book().organization.notices, rules.whole_ways(notices, change, ways), purposes)


def somebody(channel: str = "email", *stated: str, **more: object) -> Known:
    """Whose data was collected for these purposes."""
    return Known(channel, **({"stopped": False, "stated": frozenset(stated), "standings": {}} | more))  # type: ignore[arg-type]


def test_who_gets_which_mail_and_why_the_others_get_none() -> None:
    site = ("website-notice",)
    table: list[tuple[tuple[str, ...], Known, Told | LeftOut | None]] = [
        ((), somebody("email", "newsletter"), Told("new_purpose", "SMT-35", _mail("new_purpose"))),
        ((), somebody("email", "newsletter", stopped=True), Told("new_purpose", "SMT-35", _mail("new_purpose"))),
        ((), somebody("email", "partner-research"), LeftOut("not-affected", "SMT-35")),
        ((), somebody("email"), LeftOut("not-affected", "SMT-35")),
        (site, somebody("email", standings=EXTRA), Told("additional", "SMT-37", _mail("additional"))),
        ((), somebody("sms", "newsletter"), LeftOut("no-mailbox", "SMT-35")),
        ((), somebody("sms", "newsletter", elsewhere_by_mail=True), None),
        ((), somebody("sms"), None),
    ]
    for ways, known, answer in table:
        assert rules.decide(case(NEW_USE, *ways), known, NOW) == answer, (ways, known)


def _mail(part: str) -> object:
    found = book().organization.notices.mail(part)
    assert found is not None
    return found


def test_a_purpose_concerns_those_whose_data_was_collected_for_another_one() -> None:
    table = [
        (("newsletter",), ("partner-research",), frozenset(), True),
        (("newsletter",), ("partner-research",), frozenset({"billing"}), False),
        (("partner-research",), ("partner-research",), frozenset(), False),
        ((), ("partner-research",), frozenset(), False),
        (("newsletter",), (), frozenset(), True),
        ((), (), frozenset(), False),
    ]
    for stated, purposes, collected_for, affected in table:
        one = replace(case(), purposes=purposes, collected_for=collected_for)
        assert rules.is_affected(one, stated, NOW) is affected, (stated, purposes, collected_for)


def test_the_page_gives_notice_where_every_promise_names_it_or_nobody_is_written_to() -> None:
    duties = book().notices.duties(MATERIAL) + book().notices.duties(NEW_USE)
    leading = [one for one in duties if one.lead is not None]
    assert leading
    shown = replace(leading[0], channels=("policy-page", "email"))
    mailed = replace(leading[0], channels=("email",))
    posted, sent = [NOW + DAY], [NOW + 2 * DAY]
    for some, nobody, given in (
        ([shown], False, [NOW, *posted, *sent]),
        ([shown, mailed], False, [*posted, *sent]),
        ([mailed], True, [NOW, *posted, *sent]),
        ([replace(mailed, lead=None)], False, [NOW, *posted, *sent]),
    ):
        assert rules.given_at(some, NOW, posted, sent, nobody=nobody) == given, (some, nobody)


@pytest.mark.parametrize(("left", "minutes"), [(0, 0), (1, 1), (60, 1), (61, 2), (120, 2)])
def test_the_last_mail_leaves_at_the_pace_that_was_set(left: int, minutes: int) -> None:
    assert rules.last_at(NOW, left, 60) == NOW + timedelta(minutes=minutes)


def test_ways_are_whole_with_what_leaves_no_choice_and_enough_when_each_promise_is_kept() -> None:
    notices = book().notices
    for change in (NEW_USE, MATERIAL, SMALL):
        ways = rules.whole_ways(notices, change, ())
        assert "email" not in ways and notices.owed(change) - {"email"} <= ways
        assert rules.are_enough(notices, change, rules.usual_ways(notices, change)), change
