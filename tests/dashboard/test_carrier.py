"""The desk of a telephone carrier: entered in a minute, kept from mistakes, and shown to nobody else's staff."""

import re

from flask import Flask
from flask.testing import FlaskClient

from consent.house import House
from consent.staff.roles import Role
from tests.flows.test_carrier import BEN, begun, told
from tests.support import staff
from tests.support.staff import Seated
from tests.support.systems import Systems
from tests.support.telling import ANA
from tests.support.time import Time
from tests.support.valley import Tenant

HOME = "/staff/carrier"
FAILURE = {"kind": "failure", "title": "Page down", "happened_on": "2026-11-20", "problem": "No answer for two days.",
           "broken_from": "2026-11-19", "works_again_on": ""}  # fmt: skip


def seat(house: House, app: Flask, valley: Tenant, time: Time, role: Role = Role.OFFICER) -> tuple[Seated, FlaskClient]:
    who = staff.member(house, valley.id, time.now(), role)
    return who, who.client(app)


def test_a_failure_goes_from_its_entry_to_the_day_on_which_the_letter_was_sent(
    house: House, app: Flask, valley: Tenant, time: Time
) -> None:
    who, client = seat(house, app, valley, time)
    form = {"csrf": who.csrf()}
    assert "Nothing is waiting" in client.get(HOME).text
    for spoilt, words in (
        ({"kind": "flood"}, "Choose what it is"),
        ({"kind": "certificate"}, "Choose what it is"),
        ({"title": " "}, "by which it is found"),
        ({"problem": ""}, "needed here"),
        ({"happened_on": "soon"}, "Give a day"),
        ({"happened_on": "2026-12-24"}, "has not come yet"),
        ({"title": "x" * 201}, "too long"),
        ({"broken_from": ""}, "Give a day"),
        ({"broken_from": "2026-11-21"}, "after the day on which it was found"),
        ({"works_again_on": "soon"}, "Give a day"),
        ({"works_again_on": "2026-11-18"}, "before the day from which"),
        ({"works_again_on": "2026-12-24"}, "has not come yet"),
    ):
        refused = client.post(HOME, data=FAILURE | form | spoilt)
        assert (refused.status_code, words in refused.text, 'role="alert"' in refused.text) == (422, True, True), spoilt
    made = client.post(HOME, data=FAILURE | form)
    assert made.status_code == 303
    place = made.headers["Location"].partition("?")[0]
    page = client.get(place).text
    assert "November 30, 2026" in page and "US-CPNI-MECH-FAIL" in page and "Still missing" in page
    assert "Page down" in client.get(HOME).text
    sent = form | {"closed_on": "2026-11-20", "end": "By ECFS."}
    early = client.post(f"{place}/close", data=sent)
    assert early.status_code == 409 and "still lacks" in early.text and "By ECFS." in early.text
    whole = dict.fromkeys(("mechanisms", "remedy", "state-commissions", "notice-to-customers"), "As said.")
    words = {"title": "Page down", "problem": "None.", **whole}
    assert client.post(f"{place}/words", data=form | words | {"version": "1"}).status_code == 303
    assert client.post(f"{place}/words", data=form | words | {"title": "Other", "version": "1"}).status_code == 409
    assert client.post(f"{place}/close", data=sent | {"closed_on": ""}).status_code == 422
    assert client.post(f"{place}/close", data=sent).status_code == 303
    page = client.get(place).text
    assert "By ECFS." in page and f"{place}/close" not in page
    assert "Still does not work" in client.get(HOME).text  # the FCC was told, and it lasts
    days = form | {"broken_from": "2026-11-18", "works_again_on": "2026-11-21", "version": "3"}
    refused = client.post(f"{place}/days", data=days | {"works_again_on": "2026-11-17"})
    assert refused.status_code == 422 and 'id="works_again_on-wrong"' in refused.text
    assert client.post(f"{place}/days", data=days | {"version": "2"}).status_code == 409
    assert client.post(f"{place}/days", data=days).status_code == 303
    assert "Still does not work" not in client.get(HOME).text and 'value="2026-11-18"' in client.get(place).text
    time.go(days=60)
    who, client = seat(house, app, valley, time)
    form = {"csrf": who.csrf()}
    home = client.get("/staff/home").text
    assert "Duties about call records are due" in home  # the certificate
    filing = {"officer": "Ana Ruiz", "procedures": "Handbook.", "closed_on": "2027-01-19", "end": "Receipt 12."}
    worksheet = f"{HOME}/years/2026"
    assert "No training of this year" in client.get(worksheet).text
    assert client.post(worksheet, data=form | filing | {"officer": ""}).status_code == 422
    assert client.post(worksheet, data=form | filing).status_code == 303
    assert "Receipt 12." in client.get(worksheet).text and "The certificate for 2026" not in client.get(HOME).text
    assert client.post(worksheet, data=form | filing).status_code == 409
    for nothing in ("/years/1999", "/years/2031", "/00000000-0000-0000-0000-000000000000"):
        assert client.get(f"{HOME}{nothing}").status_code == 404


def test_the_notice_shows_what_it_must_say_and_the_letters_left_over(
    house: House, app: Flask, valley: Tenant, time: Time, systems: Systems
) -> None:
    who, client = seat(house, app, valley, time)
    form = {"csrf": who.csrf()}
    use = {"use": "cpni-for-own-communications-services"}
    wrong = client.post(f"{HOME}/notices", data=form | {"use": "cpni-for-third-parties-and-other-services"})
    assert wrong.status_code == 422 and "silence" in wrong.text
    at = told(house, systems, time)  # begun on the same day
    again = client.post(f"{HOME}/notices", data=form | use)
    assert again.status_code == 409 and "begun today" in again.text
    notice = client.get(f"/staff/notices/{at.campaign().id}").text
    assert "opt-out notice" in notice and "did not approve mail" in notice
    assert "Notices about call records must go out" in client.get("/staff/home").text
    for typed, words in ((" ", "Enter a telephone"), ("eve@customer.example", "Nobody is on record")):
        asked = client.post(f"{HOME}/people", data=form | {"address": typed})
        assert (asked.status_code, words in asked.text) == (422, True)
    asked = client.post(f"{HOME}/people", data=form | {"address": ANA})
    assert asked.status_code == 303 and ANA not in asked.headers["Location"]
    ana = client.get(asked.headers["Location"]).text
    assert "silence counts from 2026-12-22 on" in ana and "64.2008(d)" in ana and ANA not in ana
    assert client.get(f"{HOME}/people/00000000-0000-0000-0000-000000000000").status_code == 404
    page = client.get(f"{HOME}/letters").text
    assert BEN not in page and "did not approve mail" in page
    shown = re.findall(r'name="shown" value="([^"]+)"', page)
    posted = form | {"shown": shown, "sent_on": "2026-11-21"}
    for spoilt in ({"sent_on": ""}, {"sent_on": "2026-12-24"}, {"sent_on": "2026-11-19"}):
        assert client.post(f"{HOME}/letters", data=posted | spoilt).status_code == 422
    assert client.post(f"{HOME}/letters", data=posted).status_code == 303
    assert "Nobody is waiting for a letter" in client.get(f"{HOME}/letters").text
    assert client.post(f"{HOME}/letters", data=posted).status_code == 409
    assert "Letters: 2" in client.get(f"{HOME}/years/2026").text


def test_the_page_of_a_customer_shows_the_later_day_and_the_days_that_were_lost(
    house: House, app: Flask, valley: Tenant, time: Time, systems: Systems
) -> None:
    told(house, systems, time)
    time.go(days=12)
    who, client = seat(house, app, valley, time)
    form = {"csrf": who.csrf()}
    place = client.post(f"{HOME}/people", data=form | {"address": ANA}).headers["Location"]
    assert "nobody could say no" not in client.get(place).text
    found = FAILURE | form | {"happened_on": "2026-12-03", "broken_from": "2026-12-01", "works_again_on": "2026-12-02"}
    assert client.post(HOME, data=found).status_code == 303
    page = client.get(place).text
    assert "December 24, 2026" in page and "December 1, 2026" in page and "December 2, 2026" in page
    assert "nobody could say no, so they do not count" in page and "64.2008(d)" in page
    assert client.post(HOME, data=found | {"broken_from": "2026-12-03", "works_again_on": ""}).status_code == 303
    page = client.get(place).text
    assert "December 24, 2026" not in page and "Still does not work" in page and "Silence counts from" not in page


def test_a_draft_of_the_notice_lists_what_the_law_wants_it_to_say(
    house: House, app: Flask, valley: Tenant, time: Time, systems: Systems
) -> None:
    at = begun(house, systems, time)
    _, client = seat(house, app, valley, time)
    page = client.get(f"/staff/notices/{at.campaign().id}").text
    assert "How to say no, step by step" in page and "That it costs nothing" in page
    assert "{{effective_on}}" not in page.partition("Change these words")[0]


def test_a_clerk_sees_the_desk_and_changes_nothing_and_a_viewer_sees_none_of_it(
    house: House, app: Flask, valley: Tenant, time: Time
) -> None:
    clerk, client = seat(house, app, valley, time, Role.CLERK)
    page = client.get(HOME)
    assert page.status_code == 200 and "Enter something" not in page.text
    assert client.post(HOME, data=FAILURE | {"csrf": clerk.csrf()}).status_code == 403
    _, viewer = seat(house, app, valley, time, Role.VIEWER)
    assert viewer.get(HOME).status_code == 403 and HOME not in viewer.get("/staff/home").text
