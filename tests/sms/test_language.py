"""A reply speaks the language the person chose, where the organization answers in it."""

import pytest
from flask.testing import FlaskClient

from consent.house import House
from tests.conftest import FOUNDED
from tests.support.organizations import VALET, found_shipped
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, make_account


@pytest.fixture
def valet(house: House, client: FlaskClient, time: Time) -> tuple[Systems, Twilio]:
    """1VALET answers in English and French; its account gives answers with the webhook's."""
    tenant = found_shipped(house, VALET, FOUNDED)
    twilio = tenant.gateway(client)
    account = make_account(house, tenant.id, FOUNDED, can_send=False, number=tenant.number)
    twilio.path = f"/webhooks/sms/{account}"
    return Systems(client, tenant), twilio


def choose(systems: Systems, language: str) -> None:
    path = f"/api/v1/contact-points/{systems.lookup(PERSON, 'sms')}/settings"
    chosen = {"method": "call", "language": language}
    assert systems.client.put(path, json=chosen, headers=systems.headers).status_code == 200


def test_help_is_given_in_the_chosen_language(valet: tuple[Systems, Twilio], time: Time) -> None:
    systems, twilio = valet
    assert "For help write" in twilio.text("HELP").text
    choose(systems, "fr")
    assert "appelez le" in twilio.text("HELP").text
    assert "Votre désabonnement est fait" in twilio.text("STOP").text


def test_a_language_the_organization_does_not_answer_in_leaves_it_to_the_words(
    valet: tuple[Systems, Twilio], time: Time
) -> None:
    systems, twilio = valet
    twilio.text("hello?")
    choose(systems, "es")
    assert "For help write" in twilio.text("HELP").text
    assert "Votre désabonnement est fait" in twilio.text("ARRÊT").text
