"""The desk of incidents: entered in a minute, kept from mistakes, and told of by whoever may."""

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consent.dashboard.incidents import pages
from consent.house import House
from consent.staff.roles import Role
from tests.support import staff
from tests.support.staff import Seated
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import PERSON, Tenant

LIST = "/staff/incidents"
LOST = {"title": "Lost laptop", "kind": "breach", "detected_at": "2026-11-20T09:30", "what": "From a car."}


def seat(house: House, app: Flask, valley: Tenant, time: Time, role: Role = Role.OFFICER) -> tuple[Seated, FlaskClient]:
    """Somebody of the staff at their browser."""
    who = staff.member(house, valley.id, time.now(), role)
    return who, who.client(app)


def test_an_incident_goes_from_entry_to_report_by_its_pages(
    house: House, app: Flask, valley: Tenant, time: Time, systems: Systems
) -> None:
    who, client = seat(house, app, valley, time)
    systems.consent()
    form = {"csrf": who.csrf()}
    made = client.post(LIST, data=LOST | form)
    assert made.status_code == 303
    place = made.headers["Location"]
    page = client.get(place).get_data(as_text=True)
    assert "Lost laptop" in page and "From a car." in page and "What happened" in page
    assert "Lost laptop" in client.get(LIST).get_data(as_text=True)
    assert client.post(f"{place}/people", data=form | {"people": PERSON}).status_code == 303
    page = client.get(place).get_data(as_text=True)
    assert "somebody must tell them" in page and PERSON not in page
    contact = page.split('name="contact" value="')[1].split('"')[0]
    told = form | {"contact": contact, "how": "phone-call"}
    assert client.post(f"{place}/told", data=told).status_code == 409  # a carrier's authorities come first
    first = form | {"authorities_told_at": "2026-11-05T10:00"}
    assert client.post(f"{place}/facts", data=first).status_code == 303
    assert client.post(f"{place}/told", data=told).status_code == 303
    person = client.get(f"/staff/people/{contact}").get_data(as_text=True)
    assert "Was told of an incident with their data" in person and "incident.notified" not in person
    early = client.post(f"{place}/close", data=form | {"report": "Disks are encrypted now."})
    assert early.status_code == 409 and "still to be done" in early.get_data(as_text=True)
    assert "Disks are encrypted now." in early.get_data(as_text=True)  # nothing that was written is lost
    for key in _open_duties(client.get(place).get_data(as_text=True)):
        assert client.post(f"{place}/duty", data=form | {"duty": key, "how": "By mail."}).status_code == 303
    done = client.post(f"{place}/close", data=form | {"report": "Disks are encrypted now."})
    assert done.status_code == 303, done.get_data(as_text=True)
    assert "Disks are encrypted now." in client.get(place).get_data(as_text=True)


def test_the_file_of_a_closed_incident_shows_the_proofs_the_letter_and_everything_that_was_known(
    house: House, app: Flask, valley: Tenant, time: Time
) -> None:
    who, client = seat(house, app, valley, time)
    form = {"csrf": who.csrf()}
    place = client.post(LIST, data=LOST | form).headers["Location"]
    known = {"authorities_told_at": "2026-11-05T10:00", "places": "US-WA", "law_requires": "yes"}
    said = {"assessment": "RCW 19.255: names and numbers.", "subject": "Your data", "letter": "We lost\na laptop."}
    assert client.post(f"{place}/facts", data=form | known | said).status_code == 303
    for number, key in enumerate(_open_duties(client.get(place).get_data(as_text=True))):
        proof = form | {"duty": key, "how": f"Mailed, see ticket {number + 12}."}
        assert client.post(f"{place}/duty", data=proof).status_code == 303
    assert "Mailed, see ticket 12." in client.get(place).get_data(as_text=True)
    french = {"subject_fr": "Vos données", "letter_fr": "Nous avons perdu un portable."}
    assert client.post(f"{place}/facts", data=form | french).status_code == 303
    assert client.post(f"{place}/close", data=form | {"report": "Disks are encrypted now."}).status_code == 303
    page = client.get(place).get_data(as_text=True)
    shown = ["Mailed, see ticket 12.", "RCW 19.255: names and numbers.", "Your data", "We lost\na laptop.", "US-WA"]
    shown += ["Vos données", "Nous avons perdu un portable."]
    assert [one for one in shown if one not in page] == []
    assert "November 5, 2026" in page.split('id="known"')[1] and "November 20, 2026" in page.split('id="known"')[1]


def test_each_version_of_the_letter_is_written_on_the_page_and_a_draft_nobody_wrote_in_is_none(
    house: House, app: Flask, valley: Tenant, time: Time, systems: Systems
) -> None:
    who, client = seat(house, app, valley, time)
    form = {"csrf": who.csrf()}
    place = client.post(LIST, data=LOST | form).headers["Location"]
    page = client.get(f"{place}?lang=es").get_data(as_text=True)
    drafts = dict(re.findall(r'<textarea id="(letter[a-z_]*)"[^>]* lang="[a-z]{2}"[^>]*>([^<]*)</textarea>', page))
    begin = {name: html.unescape(text).split("\n")[0] for name, text in drafts.items()}
    assert begin == {"letter": "What happened", "letter_fr": "Ce qui s’est passé", "letter_es": "Qué pasó"}

    untouched = {"subject_es": "", "letter_es": html.unescape(drafts["letter_es"])}
    said = {"subject": "Your data", "letter": "We lost it.", **untouched}
    wrong = said | {"subject_fr": "s" * 201, "letter_fr": "Nous l’avons perdu."}
    answer = client.post(f"{place}/facts", data=form | wrong)
    assert (answer.status_code, 'href="#subject_fr"' in answer.text) == (422, True)
    assert "Nous l’avons perdu." in answer.text  # nothing that was written is lost
    assert client.post(f"{place}/facts", data=form | wrong | {"subject_fr": "Vos données"}).status_code == 303
    kept = systems.get(f"incidents/{place.rpartition('/')[2]}").get_json()
    assert (kept["letter_fr"], kept["letter_es"]) == ("Nous l’avons perdu.", "")
    page = client.get(place).get_data(as_text=True)
    assert '<summary><span lang="fr">Français</span> · Written</summary>' in page
    assert '<summary><span lang="es">Español</span> · Not written</summary>' in page


def _open_duties(page: str) -> list[str]:
    return [part.split('"')[0] for part in page.split('name="duty" value="')[1:]]


def test_wrong_fields_are_named_and_kept_and_a_stale_page_writes_over_nobody(
    house: House, app: Flask, valley: Tenant, time: Time
) -> None:
    who, client = seat(house, app, valley, time)
    form = {"csrf": who.csrf()}
    for spoilt, word in (
        ({"title": " "}, "by which it is found again"),
        ({"detected_at": "soon"}, "Give a day and a time"),
        ({"detected_at": "2027-01-01T00:00"}, "has not come yet"),
        ({"kind": "flood"}, "Choose what it is"),
    ):
        answer = client.post(LIST, data=LOST | form | spoilt)
        assert answer.status_code == 422, spoilt
        assert word in answer.get_data(as_text=True) and "From a car." in answer.get_data(as_text=True), spoilt
    place = client.post(LIST, data=LOST | form).headers["Location"]
    stale = {"title": "Mine", "version": "1"} | form
    assert client.post(f"{place}/facts", data=stale).status_code == 303
    assert client.post(f"{place}/facts", data=stale | {"title": "Theirs"}).status_code == 409
    assert client.post(f"{place}/people", data=form | {"people": "nobody"}).status_code == 422
    assert client.post(f"{place}/telling", data=form).status_code == 409


def test_clerks_read_and_change_nothing_and_strangers_find_nothing(
    house: House, app: Flask, valley: Tenant, time: Time
) -> None:
    who, client = seat(house, app, valley, time)
    place = client.post(LIST, data=LOST | {"csrf": who.csrf()}).headers["Location"]
    clerk, desk = seat(house, app, valley, time, Role.CLERK)
    assert "Enter it as soon as" not in desk.get(LIST).get_data(as_text=True)
    assert "Close it" not in desk.get(place).get_data(as_text=True)
    assert desk.post(f"{place}/facts", data={"title": "Mine", "csrf": clerk.csrf()}).status_code == 403
    assert client.get(f"{LIST}/00000000-0000-4000-8000-000000000000").status_code == 404


def test_what_is_too_long_or_no_answer_is_said_at_its_field_and_a_time_is_read_with_its_offset(
    house: House, app: Flask, valley: Tenant, time: Time, systems: Systems
) -> None:
    who, client = seat(house, app, valley, time)
    form = {"csrf": who.csrf()}
    place = client.post(LIST, data=LOST | form).headers["Location"]
    (key, *_) = _open_duties(client.get(place).get_data(as_text=True))
    for step, sent, field in (
        ("duty", {"duty": key, "how": "h" * 4001}, "how"),
        ("close", {"report": "r" * 20_001}, "report"),
        ("facts", {"title": "Lost", "delay_body": "b" * 201}, "delay_body"),
        ("facts", {"title": "Lost", "law_requires": "perhaps"}, "law_requires"),
    ):
        answer = client.post(f"{place}/{step}", data=form | sent)
        page = answer.get_data(as_text=True)
        assert (answer.status_code, f'href="#{field}"' in page, f'id="{field}"' in page) == (422, True, True), sent
        assert list(sent.values())[-1] in page or field == "law_requires"  # nothing that was written is lost
    client.post(f"{place}/facts", data=form | {"detected_at": "2026-11-20T09:30+02:00"})
    assert systems.get(f"incidents/{place.rpartition('/')[2]}").get_json()["detected_at"] == "2026-11-20T07:30:00.000Z"


def test_lines_nobody_knows_are_named_and_a_ground_that_came_says_why_telling_stands_still(
    house: House, app: Flask, valley: Tenant, time: Time, systems: Systems
) -> None:
    who, client = seat(house, app, valley, time)
    systems.consent()
    form = {"csrf": who.csrf()}
    place = client.post(LIST, data=LOST | form | {"kind": "demand"}).headers["Location"]
    lines = f"+15095550199\n\n{PERSON}\nnobody@tenant.example"
    sent = client.post(f"{place}/people", data=form | {"people": lines})
    assert sent.headers["Location"].endswith("?unknown=1,4")
    assert "these lines: 1, 4." in client.get(sent.headers["Location"]).get_data(as_text=True)
    wrong = client.post(f"{place}/people", data=form | {"people": f"{PERSON}\nnobody"})
    assert (wrong.status_code, "Line 2 is no number" in wrong.get_data(as_text=True)) == (422, True)
    client.post(f"{place}/facts", data=form | {"subject": "Your data", "letter": "We had to."})
    assert client.post(f"{place}/telling", data=form).status_code == 303
    assert "The people are being told" in client.get(place).get_data(as_text=True)
    client.post(f"{place}/facts", data=form | {"forbidden_asked": "1", "forbidden": "on"})
    page = client.get(place).get_data(as_text=True)
    assert "The law forbids telling the people for now" in page and "Telling the people ended by it" in page
    french = client.get(place, headers={"Accept-Language": "fr"}).get_data(as_text=True)
    assert "The law forbids" not in french


def test_lists_go_on_where_a_page_ends(
    house: House, app: Flask, valley: Tenant, time: Time, systems: Systems, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST", 1)
    monkeypatch.setattr(pages, "MOST_WITHOUT_MAIL", 1)
    who, client = seat(house, app, valley, time)
    numbers = [f"+1509555014{digit}" for digit in range(3)]
    for number in numbers:
        systems.consent(address=number)
    form = {"csrf": who.csrf()}
    for name in ("Older", "Newer"):
        place = client.post(LIST, data=LOST | form | {"title": name}).headers["Location"]
    shown, more = read_on(client, LIST)
    then, _ = read_on(client, more)
    on_each = [set(re.findall("Newer|Older", page)) for page in (shown, then)]
    assert sorted(map(len, on_each)) == [1, 1] and on_each[0] != on_each[1]
    client.post(f"{place}/people", data=form | {"people": "\n".join(numbers)})
    asked, at = set(), place
    for _ in numbers:
        shown, more = read_on(client, at)
        asked.add(shown.split('name="contact" value="')[1].split('"')[0])
        at = more
    assert len(asked) == 3
    for spoilt in (f"{LIST}?open=x", f"{place}?after=x"):
        assert client.get(spoilt).status_code == 400


def read_on(client: FlaskClient, place: str) -> tuple[str, str]:
    """The page there, and where its list goes on."""
    shown = client.get(place).get_data(as_text=True)
    found = re.findall(r'class="button second" href="([^"]+)"', shown)
    return shown, html.unescape(found[0]) if found else ""


def test_people_are_found_counted_and_put_on_the_list_by_the_page(
    house: House, app: Flask, valley: Tenant, time: Time, systems: Systems
) -> None:
    who, client = seat(house, app, valley, time)
    systems.consent()
    form = {"csrf": who.csrf()}
    place = client.post(LIST, data=LOST | form).headers["Location"]
    page = client.get(f"{place}?find=1&program=account-service-notifications&until=2026-11-30").get_data(as_text=True)
    assert "People who are found: 1. With a mailbox: 0. On the list already: 0." in page
    assert "0 people on the list" in page  # counting changes nothing
    choices = re.findall(r'<option value="([a-z0-9-]+)"[^>]*>([^<]*)</option>', page.split('id="category"')[1])
    assert len(choices) > 5 and [key for key, title in choices if title in (key, key.replace("-", " "))] == []
    asked = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.split("/people/query")[1]))
    early = client.post(f"{place}/people/query", data=asked | form | {"seen": "7"})
    assert early.status_code == 409 and "Found now: 1, and not 7 as before" in early.get_data(as_text=True)
    for unseen in ("", "-1", "many", "9" * 10):
        blind = client.post(f"{place}/people/query", data=asked | form | {"seen": unseen})
        assert blind.status_code == 422 and "Count them first" in blind.get_data(as_text=True)
    assert client.post(f"{place}/people/query", data=asked | form).status_code == 303
    page = client.get(place).get_data(as_text=True)
    assert "1 person on the list" in page
    assert "1 found by Program: Account and Service Notifications, Through: November 30, 2026" in page
    wrong = client.get(f"{place}?find=1&since=soon").get_data(as_text=True)
    assert "Give a day, such as 2026-11-22." in wrong
    wrong = client.get(f"{place}?find=1").get_data(as_text=True)
    assert "everybody is meant only where you say so" in wrong
    wrong = client.get(f"{place}?find=1&place=zz-q").get_data(as_text=True)
    assert "There is no such place" in wrong
    wrong = client.get(f"{place}?find=1&store=cellar").get_data(as_text=True)
    assert "No record lies in a system of this name." in wrong


def test_whoever_only_reads_cannot_put_anybody_on_the_list(
    house: House, app: Flask, valley: Tenant, time: Time
) -> None:
    who, client = seat(house, app, valley, time)
    place = client.post(LIST, data=LOST | {"csrf": who.csrf()}).headers["Location"]
    reader, theirs = seat(house, app, valley, time, Role.AUDITOR)
    refused = theirs.post(f"{place}/people/query", data={"csrf": reader.csrf(), "everybody": "1", "seen": "0"})
    assert refused.status_code == 403
