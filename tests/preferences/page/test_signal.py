"""A browser that refuses sale and sharing is heard when the page is saved, and by no look at it."""

from flask.testing import FlaskClient

from consent.house import House
from tests.preferences.page.visiting import Browser
from tests.support.systems import Systems
from tests.support.valley import PERSON, TEXTS, Tenant

BASE = "/valley-smart-homes/preferences"


def test_saving_with_a_browser_that_refuses_puts_that_on_record_once(
    client: FlaskClient, house: House, valley: Tenant, systems: Systems
) -> None:
    systems.consent()
    client.environ_base["HTTP_SEC_GPC"] = "1"
    visitor = Browser(client, house, valley)
    visitor.proves("phone", PERSON)
    page = visitor.looks()
    assert "sale.refused" not in {one["type"] for one in systems.history()}
    visitor.presses(BASE, page, **{f"sms:{TEXTS}": "off"})
    assert not systems.may()
    assert systems.preferences()["settings"]["sale_refused_by_signal"] is True
    visitor.presses(BASE, visitor.looks(), **{f"sms:{TEXTS}": "on"})
    assert [one["type"] for one in systems.history()].count("sale.refused") == 1
    assert systems.may()
