"""Staff see who gets what goes by each account, and what the policy of today says of it."""

from consent.db import Tx
from consent.disclosures import carriers
from consent.house import House
from consent.organizations import service as organizations
from tests.dashboard.conftest import Browser
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import Tenant


def test_vsh_29_the_page_of_gateways_names_the_recipient_behind_each_account(
    officer: Browser, house: House, valley: Tenant, time: Time
) -> None:
    page = officer.get("/staff/gateways")
    assert "Nobody has said" in page  # the account of the fixture was added without a name

    def add(tx: Tx) -> None:
        for name, gateway, settings, recipient in (
            ("texts", "twilio", {"auth_token": "x"}, "messaging-platforms"),
            ("others", "twilio", {"auth_token": "y"}, "affiliates"),
            ("mail", "smtp", {"host": "mail.example", "from_address": "news@valley.example"}, carriers.OWN),
        ):
            organizations.create_account(
                tx, house.keyring, valley.id, gateway=gateway, can_send=True, name=name, settings=settings,
                numbers={}, now=time.now(), recipient=recipient,
            )  # fmt: skip

    house.db.write(add, valley.id)
    page = officer.get("/staff/gateways")
    assert ('href="/staff/recipients/messaging-platforms"' in page, "VSH-29" in page) == (True, True)
    assert ("The policy does not allow this today" in page, "a machine of our own" in page) == (True, True)
    assert "news@valley.example" in page


def test_the_page_of_gateways_says_when_a_text_last_came(officer: Browser, twilio: Twilio) -> None:
    assert "No text has come yet" in officer.get("/staff/gateways")
    twilio.text("hello")
    assert "No text has come yet" not in officer.get("/staff/gateways")
