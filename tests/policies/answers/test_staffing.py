"""Who among the company's own people may look at what."""

import pytest

from consent.policies.answers.staffing import Staffing
from tests.policies.answers.companies import changed, organization, promises

DEBUG = ["call-sms-detail", "debug-logs", "audio-recordings", "authorization-keys"]


def staffing() -> Staffing:
    return Staffing(organization("VOX"), promises("VOX"))


@pytest.mark.parametrize("data", DEBUG)
def test_debug_data_is_seen_for_debugging_under_an_open_ticket_only(data: str) -> None:
    asked = staffing().may_read
    assert asked("developer-support", data, "debugging", ticket_open=True).answer == "allow"
    closed = asked("developer-support", data, "debugging")
    assert [(one.code, one.commitment) for one in closed.reasons] == [("no-open-ticket", "VOX-32")]
    curious = asked("developer-support", data, "sales", ticket_open=True)
    assert [one.code for one in curious.reasons] == ["not-for-this"]


@pytest.mark.parametrize("data", [*DEBUG, "contact-details", "ticket-content"])
def test_no_other_role_sees_what_is_reserved_for_one(data: str) -> None:
    denied = staffing().may_read("sales", data, "debugging", ticket_open=True)
    assert [one.code for one in denied.reasons] == ["not-this-role"]


def test_contact_and_ticket_data_need_no_ticket_of_their_own() -> None:
    assert staffing().may_read("developer-support", "contact-details", "support").answer == "allow"


def test_without_a_settled_list_all_of_it_is_debug_data() -> None:
    loose = changed("VOX", "VOX-32", decided=True, debug_data=[])
    asked = Staffing(organization("VOX"), loose).may_read
    assert asked("developer-support", "contact-details", "debugging").answer == "deny"


def test_what_no_commitment_reserves_may_be_seen() -> None:
    allowed = staffing().may_read("sales", "call-log", "support")
    assert [(allowed.answer, one.code) for one in allowed.reasons] == [("allow", "not-limited")]
