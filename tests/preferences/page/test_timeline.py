"""The timeline of the page, whatever happened at the address, on both databases."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from consent.app import House
from tests.preferences.page.visiting import Browser
from tests.support.systems import Systems
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, Tenant

HISTORY = "/valley-smart-homes/preferences/history"


@pytest.fixture
def browser(client: FlaskClient, house: House, valley: Tenant) -> Browser:
    return Browser(client, house, valley)


def test_an_answer_that_went_out_stands_in_the_timeline_though_it_cites_no_policy(
    browser: Browser, systems: Systems, twilio: Twilio, deliver: Callable[[], list[str]]
) -> None:
    systems.consent()
    twilio.text("HELP")
    deliver()
    browser.proves("phone", PERSON)
    answer = browser.client.get(HISTORY)
    assert answer.status_code == 200
    assert "A text came from this number." in answer.get_data(as_text=True)
