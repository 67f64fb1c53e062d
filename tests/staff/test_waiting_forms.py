"""A form that came too late for its factor waits for it: nothing of it is lost, and the act goes on by itself."""

import html
import re

from flask import Flask

from consent.house import House
from consent.staff.roles import Role
from tests.staff.joining import invited
from tests.support import staff
from tests.support.time import Time
from tests.support.valley import Tenant

LIST = "/staff/incidents"
REPORT = 'Handed over "as asked":\nnothing <else>.'


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the form that asks for the code."""
    form = page.partition('action="/staff/again"')[2].partition("</form>")[0]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)
    return {name: html.unescape(value) for name, value in found}


def test_what_was_written_waits_for_the_factor_and_goes_on_by_itself(
    house: House, app: Flask, valley: Tenant, time: Time
) -> None:
    officer, client = invited(app, house, valley.id, valley.slug, time, role=Role.OFFICER), app.test_client()
    officer.join(app.test_client())
    officer.sign_in(client)
    form = {"csrf": staff.token_in(client.get(LIST).get_data(as_text=True))}
    asked = {"title": "Subpoena", "kind": "demand", "detected_at": "2026-11-20T09:30"}
    place = client.post(LIST, data=form | asked).headers["Location"]
    time.go(minutes=6)
    late = client.post(f"{place}/close", data=form | {"report": REPORT})
    assert (late.status_code, "Close it" in client.get(place).get_data(as_text=True)) == (403, True)
    kept = hidden(late.get_data(as_text=True))
    assert (kept["report"], kept["onward"]) == (REPORT, f"{place}/close")
    wrong = client.post("/staff/again", data=kept | {"code": "000000"})
    assert (wrong.status_code, hidden(wrong.get_data(as_text=True))) == (403, kept)
    sent = client.post("/staff/again", data=kept | {"code": officer.code()})
    assert (sent.status_code, sent.headers["Location"]) == (307, f"{place}/close")  # no word of it is in the address
    assert client.post(sent.headers["Location"], data=kept | {"code": "000000"}).status_code == 303
    assert html.unescape(client.get(place).get_data(as_text=True)).count(REPORT) == 1


def test_a_form_that_waited_goes_nowhere_else_and_a_password_is_in_no_page(
    house: House, app: Flask, valley: Tenant, time: Time
) -> None:
    officer, client = invited(app, house, valley.id, valley.slug, time, role=Role.OFFICER), app.test_client()
    officer.join(app.test_client())
    officer.sign_in(client)
    form = {"csrf": staff.token_in(client.get(LIST).get_data(as_text=True))}
    time.go(minutes=6)
    words = {"now": "one", "password": "another", "again": "another"}
    secret = client.post("/staff/account/password", data=form | words)
    assert (secret.status_code, secret.headers["Location"].startswith("/staff/again")) == (303, True)
    elsewhere = form | {"then": "/staff", "onward": "https://elsewhere.example/", "code": officer.code()}
    assert client.post("/staff/again", data=elsewhere).headers["Location"] == "/staff"
