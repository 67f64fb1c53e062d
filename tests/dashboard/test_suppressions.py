"""Who is silenced and why; and how well the gateways are."""

import re

import pytest

from consent.dashboard.suppressions import queries
from consent.house import House
from tests.dashboard.conftest import Browser
from tests.support.systems import Systems
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, Tenant

LIST = "/staff/suppressions"


def test_the_silenced_are_listed_by_reason_channel_and_day_without_their_numbers(
    officer: Browser, systems: Systems, twilio: Twilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    systems.consent()
    twilio.text("STOP", sid="SM1")
    twilio.text("STOP", sender="+15095550143", sid="SM2")
    report = {"address": "+15095550144", "kind": "landline", "source": "carrier"}
    page = officer.get(LIST)
    assert page.count('data-label="Reason"') == 2 and PERSON not in page and "•••• 0143" in page
    assert systems.post("contact-points/report", report).status_code in (201, 404, 405)
    assert officer.get(f"{LIST}?reason=*&channel=sms&since=2026-11-21").count('data-label="Reason"') == 2
    for nothing in ("?channel=email", "?since=2026-11-22", "?reason=*do-not-call"):
        assert "Nobody is silenced for this" in officer.get(LIST + nothing)
    for wrong in ("?channel=fax", "?since=soon", "?reason=x"):
        officer.get(LIST + wrong, 422)
    monkeypatch.setattr(queries, "PAGE", 1)
    more = re.search(r'href="(/staff/suppressions\?after=[^"]+)"', officer.get(LIST))
    assert more is not None
    assert "•••• 0142" in officer.get(more[1])
    officer.get(f"{LIST}?after=nonsense", 400)


def test_the_list_is_read_along_its_own_index(house: House, valley: Tenant) -> None:
    if house.db.is_postgresql:
        return  # a table of a few rows is read whole there
    asked = {"organization_id": valley.id, "program": "*", "channel": "", "since": queries.OLDEST, "most": 51}
    asked |= {"at": queries.NEWEST[0], "id": queries.NEWEST[1]}
    with house.db.read(valley.id) as tx:
        plan = tx.connection.connection.driver_connection.execute(  # type: ignore[union-attr]
            f"EXPLAIN QUERY PLAN {queries._BEFORE.sqlite}", asked
        ).fetchall()
    assert "ix_preference_suppressed" in plan[0][3] and len(plan) == 1  # sorted by the index itself


def test_a_gateway_tells_what_came_last_and_what_failed(officer: Browser, twilio: Twilio) -> None:
    page = officer.get("/staff/gateways")
    assert "No text has come yet" in page
    twilio.text("hello", sid="SM1")
    for number in range(20):
        twilio.status(f"SM9{number}", "undelivered" if number < 5 else "delivered")
    page = officer.get("/staff/gateways")
    assert "delivered: 15" in page and "undelivered: 5" in page
    assert "needs a look" in page and "More than one text in five" in page
    assert "No text has come yet" not in page
