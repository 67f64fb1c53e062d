"""Being a member is consent where a promise says so; it never stands in for a consent that something asks for."""

from dataclasses import replace

import pytest

from consent.policies.packs import load_law, load_organization, load_versions
from consent.policies.questions import Facts, Question, Standing
from consent.policies.rulebook import Verdict, compile_rulebook
from tests.policies.house import NOW, POLICIES

MEMBER = Facts(reference="ticket 7", jurisdiction="US-WA", registered=True, member=True)


def asked(slug: str, program: str, message_class: str, channel: str, facts: Facts, **attributes: object) -> Verdict:
    """The answer to a stranger to the record, with attributes of the program changed."""
    organization = load_organization(POLICIES / slug)
    programs = tuple(replace(one, **attributes) if one.key == program else one for one in organization.programs)
    changed = replace(organization, programs=programs, sha256=repr(sorted(attributes.items())).encode())
    book = compile_rulebook(changed, load_versions(POLICIES / slug), load_law(POLICIES / "law"), NOW)
    return book.may_contact(Question(program, message_class, channel, NOW, facts=facts), Standing(None, ()))


def test_a_text_program_for_members_still_waits_for_the_opt_in_that_policy_and_law_demand() -> None:
    texts = ("valley-smart-homes", "account-service-notifications", "invoice", "sms")
    denied = asked(*texts, MEMBER, member_only=True)
    assert denied.answer == "deny"
    (reason,) = denied.reasons
    assert (reason.code, reason.commitment, reason.law) == ("no-consent", "VSH-17", "US-TCPA-PEC")
    assert asked(*texts, MEMBER, member_only=True, footing="opt-out").answer == "deny"


@pytest.mark.parametrize("place", ["DE", "EU"])
def test_membership_is_no_basis_of_its_own_where_a_law_asks_for_consent(place: str) -> None:
    mail = ("voxvalley", "promotional-email", "promotion", "email")
    denied = asked(*mail, MEMBER._replace(jurisdiction=place), member_only=True)
    assert (denied.answer, denied.reasons[0].law) == ("deny", "EU-EPRIV")


def test_smt_18_members_of_the_reseller_community_get_what_the_programme_is_for() -> None:
    mail = ("smartt", "reseller-community", "pricing", "email")
    allowed = asked(*mail, MEMBER._replace(jurisdiction="CA-BC"))
    assert (allowed.answer, allowed.reasons[0].basis) == ("allow", "enrolment")
    assert asked(*mail, MEMBER._replace(member=False)).answer == "deny"
