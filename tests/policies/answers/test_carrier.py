"""CPNI: which use waits for which approval, when silence counts, what is due when; each date was counted by hand."""

from datetime import UTC, date, datetime
from functools import cache
from uuid import uuid4

import pytest

from consent.policies.answers import carrier as answers
from consent.policies.answers.carrier import Carrier, MayUse
from consent.policies.answers.silence import OptOutNotice
from consent.policies.packs import load_law, load_organization, load_versions
from consent.policies.questions import ConsentFact, ConsentState
from consent.policies.rulebook import compile_rulebook
from tests.policies.answers.companies import at
from tests.policies.house import POLICIES

OWN, OTHERS = "cpni-for-own-communications-services", "cpni-for-third-parties-and-other-services"
TOLD = at(2026, 9, 28)  # a Monday, in the zone of Valley, too


@cache
def of(slug: str = "valley-smart-homes") -> Carrier:
    """The rules of carriers as they bind this organization."""
    folder = POLICIES / slug
    book = compile_rulebook(
        load_organization(folder), load_versions(folder), load_law(POLICIES / "law"), at(2026, 11, 21)
    )
    return book.carrier


def word(state: ConsentState, when: datetime = TOLD, use: str = OWN) -> ConsentFact:
    return ConsentFact(use, None, state, when, uuid4(), "2025-01-02")


def asked(use: str, now: datetime, *notices: OptOutNotice, said: tuple[ConsentFact, ...] = ()) -> MayUse:
    return of().may_use(use, said, notices, (), now)


def why(found: MayUse) -> tuple[str, str, str | None]:
    first = found.verdict.reasons[0]
    return found.verdict.answer, first.code, first.law


def test_only_carriers_are_bound_by_the_rules_of_carriers() -> None:
    folders = ("valley-smart-homes", "voxvalley", "1valet", "valtt", "smartt")
    assert [one for one in folders if of(one).on] == ["valley-smart-homes", "voxvalley"]
    assert of("1valet").may_use(OWN, (), (), (), TOLD).verdict.reasons[0].code == "unknown-use"
    assert of("1valet").counts_from(TOLD, letter=False) is None and of("1valet").certificate_due(2026) is None


def test_what_others_get_waits_for_an_express_yes_and_silence_never_gives_it() -> None:
    old = OptOutNotice(TOLD, letter=False)
    assert why(asked(OTHERS, at(2026, 12, 24), old)) == ("deny", "feature-off", "US-CPNI-OPTIN")
    yes = word("given", use=OTHERS)
    assert why(asked(OTHERS, at(2026, 12, 24), said=(yes,))) == ("allow", "feature-allowed", "US-CPNI-OPTIN")
    no = word("withdrawn", at(2026, 10, 1), OTHERS)
    assert asked(OTHERS, at(2026, 12, 24), said=(no,)).verdict.answer == "deny"


def test_silence_counts_only_after_a_notice_and_its_whole_wait() -> None:
    mail, letter = OptOutNotice(TOLD, letter=False), OptOutNotice(TOLD, letter=True)
    assert why(asked(OWN, TOLD)) == ("deny", "no-notice", "US-CPNI-OPTOUT-NOTICE")
    assert why(asked(OWN, at(2026, 10, 28), mail)) == ("deny", "notice-waits", "US-CPNI-OPTOUT-WAIT")
    assert why(asked(OWN, at(2026, 10, 29), mail)) == ("allow", "silence-counts", "US-CPNI-OPTOUT-WAIT")
    assert why(asked(OWN, at(2026, 10, 31), letter)) == ("deny", "notice-waits", "US-CPNI-OPTOUT-WAIT")
    found = asked(OWN, at(2026, 11, 1), letter)
    assert (found.verdict.answer, found.counts_from, found.repeat_by) == ("allow", date(2026, 11, 1), date(2028, 9, 28))
    assert found.steps


def test_a_notice_that_came_back_told_nobody() -> None:
    back = OptOutNotice(TOLD, letter=False, came_back=True)
    assert why(asked(OWN, at(2026, 12, 24), back)) == ("deny", "notice-came-back", "US-CPNI-OPTOUT-NOTICE")
    again = OptOutNotice(at(2026, 12, 1), letter=True)
    assert why(asked(OWN, at(2026, 12, 24), back, again)) == ("deny", "notice-waits", "US-CPNI-OPTOUT-WAIT")


def test_silence_ends_where_the_notice_is_not_repeated_in_time() -> None:
    first, second = OptOutNotice(at(2024, 9, 28), letter=False), OptOutNotice(at(2026, 9, 20), letter=False)
    assert asked(OWN, at(2026, 9, 28), first).verdict.answer == "allow"
    assert why(asked(OWN, at(2026, 9, 29), first)) == ("deny", "notice-too-old", "US-CPNI-OPTOUT-RENEW")
    assert asked(OWN, at(2026, 9, 25), first, second).verdict.answer == "allow"  # the old one bridges the wait
    assert why(asked(OWN, at(2026, 10, 5), first, second)) == ("deny", "notice-waits", "US-CPNI-OPTOUT-WAIT")


@pytest.mark.parametrize("state", ["refused", "withdrawn"])
def test_a_no_stands_above_every_silence(state: ConsentState) -> None:
    mail = OptOutNotice(TOLD, letter=False)
    assert asked(OWN, at(2026, 12, 24), mail, said=(word(state),)).verdict.answer == "deny"
    ended = word("expired")
    assert asked(OWN, at(2026, 12, 24), mail, said=(ended,)).verdict.answer == "deny"  # a no, until somebody looks


def test_an_express_yes_needs_no_notice() -> None:
    assert why(asked(OWN, at(2026, 12, 24), said=(word("given"),))) == ("allow", "feature-allowed", "US-CPNI-OPTOUT")


def test_what_is_due_when_and_what_it_must_say() -> None:
    rules = of()
    failure = rules.failure_due(at(2026, 11, 20))
    assert failure is not None and failure[::2] == (date(2026, 11, 30), "US-CPNI-MECH-FAIL") and failure.steps
    certificate = rules.certificate_due(2026)
    assert certificate is not None and certificate[::2] == (date(2027, 3, 1), "US-CPNI-CERT")
    assert rules.certificate_due(2024) is not None
    assert rules.says(answers.TELL_FCC)[:3] == ("carrier-name", "mechanisms", "problem")
    assert rules.says(answers.CERTIFY) == ("officer", "procedures", "actions-against-brokers", "complaints")
    assert rules.notice_says[0] == "right-and-duty" and len(rules.notice_says) == 9
    assert rules.account_changes == ("password", "backup-answer", "online-account", "address-of-record")
    assert rules.ways_to_tell == ("sms", "voice", "email", "post")
    assert (rules.mail_approval, rules.by_silence) == ("cpni-notices-by-email", (OWN,))
    assert (rules.notice_rule, rules.rule_of(answers.TELL_CUSTOMER)) == ("US-CPNI-OPTOUT-NOTICE", "US-CPNI-AUTH")


def test_the_day_is_that_of_the_organization() -> None:
    late = datetime(2026, 9, 29, 5, tzinfo=UTC)  # still the 28th at Valley
    assert of().counts_from(late, letter=False) == date(2026, 10, 29)
