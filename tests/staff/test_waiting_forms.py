"""A form that came too late for its factor waits for it: nothing of it is lost, and the act goes on by itself."""

import html
import io
import re
from typing import Any

from flask import Flask, request
from flask.testing import FlaskClient

from consent.house import House
from consent.staff.doors import require
from consent.staff.roles import Act, Role
from tests.flows.test_carrier import told
from tests.staff.joining import PASSWORD, Person, invited
from tests.support import staff
from tests.support.systems import Systems
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


def seated(house: House, app: Flask, valley: Tenant, time: Time) -> tuple[Person, FlaskClient, dict[str, str]]:
    """An officer whose factor was shown too long ago for what needs a fresh one, and the token of their forms."""
    officer, client = invited(app, house, valley.id, valley.slug, time, role=Role.OFFICER), app.test_client()
    officer.join(app.test_client())
    officer.sign_in(client)
    form = {"csrf": staff.token_in(client.get(LIST).get_data(as_text=True))}
    time.go(minutes=6)
    return officer, client, form


def pairs(page: str, action: str) -> dict[str, list[str]]:
    """The hidden fields of the form that goes there, each with all its values."""
    form = page.partition(f'action="{action}"')[2].partition("</form>")[0]
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form):
        found.setdefault(name, []).append(html.unescape(value))
    return found


def test_a_form_that_waited_goes_nowhere_else_and_a_password_is_in_no_page(
    house: House, app: Flask, valley: Tenant, time: Time
) -> None:
    officer, client, form = seated(house, app, valley, time)
    words = {"now": "one-secret", "password": "another-secret", "again": "another-secret"}
    late = client.post("/staff/account/password", data=form | words)
    assert (late.status_code, "-secret" in late.text) == (403, False)
    assert "asks for it again" in late.text
    kept = pairs(late.text, "/staff/again")
    wrong = client.post("/staff/again", data=kept | {"code": "000000"})
    assert (wrong.status_code, pairs(wrong.text, "/staff/again")) == (403, kept)
    once_more = client.post("/staff/again", data=kept | {"code": officer.code()})
    assert (once_more.status_code, once_more.text.count('type="password"')) == (200, 3)
    assert "type them again" in once_more.text and "-secret" not in once_more.text
    elsewhere = form | {"then": "/staff", "onward": "https://elsewhere.example/", "code": officer.code()}
    assert client.post("/staff/again", data=elsewhere).headers["Location"] == "/staff"


def test_the_password_is_typed_again_once_the_factor_was_shown_and_then_it_changes(
    house: House, app: Flask, valley: Tenant, time: Time
) -> None:
    officer, client, form = seated(house, app, valley, time)
    place, new = "/staff/account/password", "a new one of several words"
    late = client.post(place, data=form | {"now": PASSWORD, "password": new, "again": new})
    once_more = client.post("/staff/again", data=pairs(late.text, "/staff/again") | {"code": officer.code()})
    kept = pairs(once_more.text, place)
    assert set(kept) == {"csrf"}
    changed = client.post(place, data=kept | {"now": PASSWORD, "password": new, "again": new})
    assert changed.status_code == 303
    again = app.test_client()
    assert officer.sign_in(again).status_code == 403
    assert officer.sign_in(again, password=new).status_code == 303


def test_a_field_of_several_values_waits_with_all_of_them(
    house: House, app: Flask, valley: Tenant, time: Time, systems: Systems
) -> None:
    told(house, systems, time)
    officer, client, form = seated(house, app, valley, time)
    place = "/staff/carrier/letters"
    shown = pairs(client.get(place).text, place)["shown"]
    assert len(shown) == 2
    late = client.post(place, data=form | {"shown": shown, "sent_on": "2026-11-21"})
    kept = pairs(late.text, "/staff/again")
    assert (late.status_code, kept["shown"], kept["sent_on"]) == (403, shown, ["2026-11-21"])
    wrong = client.post("/staff/again", data=kept | {"code": "000000"})
    assert pairs(wrong.text, "/staff/again") == kept
    sent = client.post("/staff/again", data=kept | {"code": officer.code()})
    assert (sent.status_code, sent.headers["Location"]) == (307, place)
    assert client.post(place, data=kept | {"code": "000000"}).status_code == 303
    assert "Nobody is waiting for a letter" in client.get(place).text
    for twice in ("code", "then", "onward"):
        doubled = kept | {"code": "000000"} | {twice: ["one", "two"]}
        assert client.post("/staff/again", data=doubled).status_code == 400, twice
    doubled = kept | {"sent_on": ["2026-11-20", "2026-11-21"]}
    assert client.post(place, data=doubled).status_code == 400  # the door itself takes several of one field alone


def test_a_file_is_chosen_again_and_all_else_is_kept(house: House, app: Flask, valley: Tenant, time: Time) -> None:
    took: list[tuple[bytes, str, list[str]]] = []

    @require(Act.SELF, fresh=True, several=("box",))
    def take() -> str:
        took.append((request.files["log"].read(), request.form["why"], request.form.getlist("box")))
        return "taken"

    place = "/staff/a-form-with-a-file"
    app.add_url_rule(place, "a_form_with_a_file", take, methods=["POST"])
    officer, client, form = seated(house, app, valley, time)

    def sent(content: bytes) -> dict[str, Any]:
        return {"log": (io.BytesIO(content), "log.txt")}

    said = {"why": REPORT, "box": ["one", "two"]}
    late = client.post(place, data=form | said | sent(b"first words"))
    assert (late.status_code, took, "first words" in late.text) == (403, [], False)
    kept = pairs(late.text, "/staff/again")
    once_more = client.post("/staff/again", data=kept | {"code": officer.code()})
    assert (once_more.status_code, took) == (200, [])  # nothing goes on without its file
    assert "choose it again" in once_more.text and "Everything else that you sent is still here" in once_more.text
    assert re.search(r'<label for="log">[^<]+</label>\s*<input id="log" name="log" type="file"', once_more.text)
    held = pairs(once_more.text, place)
    assert (held["why"], held["box"]) == ([REPORT], ["one", "two"])
    assert client.post(place, data=held | sent(b"chosen again")).text == "taken"
    assert took == [(b"chosen again", REPORT, ["one", "two"])]
    assert client.post(place, data=form | said | sent(b"in time")).text == "taken"


def test_a_code_of_a_new_app_and_a_passkey_are_asked_for_again(
    house: House, app: Flask, valley: Tenant, time: Time
) -> None:
    officer, client, form = seated(house, app, valley, time)
    late = client.post("/staff/account/app", data=form | {"code": "123456"})
    once_more = client.post("/staff/again", data=pairs(late.text, "/staff/again") | {"code": officer.code()})
    assert once_more.status_code == 200 and 'action="/staff/account/app"' in once_more.text
    assert 'name="code"' in once_more.text and "123456" not in once_more.text
    time.go(minutes=6)
    page = {"Referer": "http://localhost/staff/account/passkeys"}
    late = client.post("/staff/account/passkeys", data=form | {"credential": "{}", "name": "Laptop"}, headers=page)
    once_more = client.post("/staff/again", data=pairs(late.text, "/staff/again") | {"code": officer.code()})
    assert once_more.status_code == 200 and "make it anew" in once_more.text
    assert 'href="/staff/account/passkeys?done=fresh"' in once_more.text
