"""The pages of the desk over HTTP: what each shows, what each form does, and what is said of what cannot be used."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consent.house import House
from consent.privacy_requests.casework import identity
from consent.staff.roles import Role
from tests.support import staff
from tests.support.staff import Seated
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import PERSON, Tenant

LIST = "/staff/requests"
LETTER = {
    "how": "letter",
    "arrived_on": "2026-11-20",
    "address": PERSON,
    "language": "en",
    "words": "Delete <b>all</b>",
}


@pytest.fixture
def clerk(house: House, valley: Tenant, time: Time) -> Seated:
    """Somebody who works on requests at Valley."""
    return staff.member(house, valley.id, time.now(), Role.CLERK, "Cleo Clerk")


@pytest.fixture
def send(app: Flask, clerk: Seated) -> Callable[..., tuple[int, str, str]]:
    """The clerk's browser: sends a form and tells status, text and where it leads."""
    browser = clerk.client(app)

    def post(path: str, **sent: str) -> tuple[int, str, str]:
        answer = browser.post(path, data={"csrf": clerk.csrf(browser)} | sent)
        return answer.status_code, answer.get_data(as_text=True), answer.headers.get("Location", "")

    return post


@pytest.fixture
def desk(app: Flask, clerk: Seated) -> FlaskClient:
    """The clerk's browser."""
    return clerk.client(app)


def text(client: FlaskClient, path: str, status: int = 200) -> str:
    """The page there."""
    answer = client.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def entered(send: Callable[..., tuple[int, str, str]], **changed: str) -> str:
    """A deletion that came by letter; where its page is."""
    status, page, where = send(f"{LIST}/new", wish="deletion", **(LETTER | changed))
    assert status == 303, page
    return where


def test_a_letter_is_entered_at_its_arrival_and_stands_in_the_queue_masked(
    desk: FlaskClient, send: Callable[..., tuple[int, str, str]], systems: Systems
) -> None:
    where = entered(send)
    opened = systems.history()[0]
    assert (opened["source"], opened["facts"]["staff"]) == ("staff", "Cleo Clerk")
    assert opened["occurred_at"].startswith("2026-11-20T08:00:00")  # midnight in Washington
    page = text(desk, where)
    for said in ("Deletion", "•••• 0142", "Letter", "Delete &lt;b&gt;all&lt;/b&gt;", "The request arrived"):
        assert said in page, said
    queue = text(desk, LIST)
    assert where in queue
    assert "•••• 0142" in queue
    assert "in 29 days" in queue
    assert PERSON not in page + queue


def test_entering_says_what_is_wrong_at_its_field_and_keeps_what_was_typed(
    desk: FlaskClient, send: Callable[..., tuple[int, str, str]], systems: Systems
) -> None:
    assert "Correction" in text(desk, f"{LIST}/new")
    assert 'name="address"' in text(desk, f"{LIST}/new?wish=deletion")
    text(desk, f"{LIST}/new?wish=nothing-of-the-kind", 404)
    sent = LETTER | {"arrived_on": "2027-01-01", "address": "0142"}
    status, page, _ = send(f"{LIST}/new", wish="deletion", **sent)
    assert status == 422
    assert page.index('href="#arrived_on"') < page.index('href="#address"')
    assert 'aria-describedby="arrived_on-hint arrived_on-wrong" aria-invalid="true"' in page
    assert 'value="0142"' in page
    assert "Delete &lt;b&gt;all&lt;/b&gt;" in page
    assert systems.get("privacy-requests").get_json()["privacy_requests"] == []


def test_a_search_leads_to_the_request_and_no_address_stands_in_an_address(
    desk: FlaskClient, send: Callable[..., tuple[int, str, str]], systems: Systems
) -> None:
    where = entered(send)
    reference = systems.get("privacy-requests").get_json()["privacy_requests"][0]["reference"]
    assert send(f"{LIST}/search", sought=f" {reference.lower()} ")[2] == where
    status, _, found = send(f"{LIST}/search", sought="509 555 0142")
    assert status == 303
    assert re.fullmatch(rf"{LIST}\?contact=[0-9a-f-]{{36}}", found)
    assert where in text(desk, found)
    status, page, _ = send(f"{LIST}/search", sought="509 555 0199")
    assert (status, "0199" in page) == (422, False)


def hidden(page: str, name: str) -> str:
    """The value that the forms of a page carry unseen."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return found[1]


def knows(page: str) -> dict[str, str]:
    """What a form of this page knew of the request."""
    return {"version": hidden(page, "version"), "seen": hidden(page, "seen")}


def test_a_letter_is_read_before_it_is_sent_and_goes_in_the_language_of_the_person(
    desk: FlaskClient, send: Callable[..., tuple[int, str, str]]
) -> None:
    where = entered(send, address="ana@customer.example", language="fr")
    form = text(desk, f"{where}/letters/proof")
    assert "Bonjour" in form
    assert "{{reference}}" in form
    filled = knows(form) | {
        "language": "fr",
        "subject": "Votre demande {{reference}}",
        "text": "{{request}} {{reason}}",
    }
    status, page, _ = send(f"{where}/letters/other", reason="", **filled)
    assert (status, 'href="#reason"' in page) == (422, True)
    status, page, _ = send(f"{where}/letters/other", reason="x", **(filled | {"text": "{{password}}"}))
    assert (status, "{{password}}" in page) == (422, True)
    filled |= {"reason": "Où habitez-vous {{due}} <script>?"}
    status, page, _ = send(f"{where}/letters/other", step="read", **filled)
    assert status == 200
    assert "Suppression Où habitez-vous {{due}} &lt;script&gt;?" in page
    assert "A letter was written" not in text(desk, where)
    assert send(f"{where}/letters/other", step="send", **filled)[0] == 303
    assert "A letter was written" in text(desk, where)
    text(desk, f"{where}/letters/nonsense", 404)


def test_what_was_told_without_a_letter_is_not_noted_as_a_letter(
    send: Callable[..., tuple[int, str, str]], desk: FlaskClient
) -> None:
    where = entered(send)
    for told, title in (
        ("call", "The person was told by telephone"),
        ("in-person", "The person was told in person"),
        ("text", "The person was told by text message"),
        ("letter", "A letter was written"),
    ):
        filled = knows(text(desk, where)) | {"language": "en", "subject": "S", "text": "T", "told": told}
        assert title not in text(desk, where)
        assert send(f"{where}/letters/other", step="send", **filled)[0] == 303
        assert title in text(desk, where)


def test_receipt_is_acknowledged_once_and_its_letter_is_not_offered_again(
    send: Callable[..., tuple[int, str, str]], desk: FlaskClient
) -> None:
    where = entered(send)
    letter = f'href="{where}/letters/received"'
    page = text(desk, where)
    assert letter in page
    filled = knows(page) | {"language": "en", "subject": "S", "text": "T", "told": "call", "step": "send"}
    assert send(f"{where}/letters/received", **filled)[0] == 303
    page = text(desk, where)
    assert letter not in page and f"{where}/letters/other" in page


def test_another_language_of_a_letter_leaves_what_was_typed_as_the_reason(
    send: Callable[..., tuple[int, str, str]], desk: FlaskClient
) -> None:
    where = entered(send)
    form = text(desk, f"{where}/letters/details")
    assert re.search(r"<button[^>]*>", form.partition('<form method="post" novalidate>')[2])[0] == "<button>"  # type: ignore[index]
    filled = knows(form) | {"language": "en", "subject": "S", "text": "{{reason}}", "told": "call"}
    status, page, _ = send(f"{where}/letters/details", step="in-fr", reason="Lequel ?", **filled)
    assert status == 200 and "Bonjour" in page and 'name="language" value="fr"' in page
    assert (
        re.search(r'<textarea id="reason"[^>]*>Lequel \?</textarea>', page) and '<option value="call" selected>' in page
    )
    assert re.search(r'value="in-fr" aria-pressed="true"', page) and "So it will be read" not in page


def test_the_usual_case_is_one_button_and_an_officer_who_did_not_decide_approves(
    app: Flask, desk: FlaskClient, send: Callable[..., tuple[int, str, str]], systems: Systems, house: House,
    valley: Tenant, time: Time,
) -> None:  # fmt: skip
    systems.consent(occurred_at="2026-11-19T10:15:00-08:00")
    where = entered(send)
    page = text(desk, where)
    assert "Take it" in page
    assert send(f"{where}/assignment", to="me", **knows(page))[0] == 303
    page = text(desk, where)
    assert "make sure who asks" in page
    status, page, _ = send(f"{where}/verification", **knows(page))
    assert (status, 'href="#methods"' in page) == (422, True)
    assert send(f"{where}/verification", methods="account", **knows(page))[0] == 303
    page = text(desk, where)
    if "Acknowledge it" in page:
        letter = text(desk, f"{where}/letters/received")
        told = knows(letter) | {"subject": "S", "text": "T", "told": "call", "step": "send", "language": "en"}
        assert send(f"{where}/letters/received", **told)[0] == 303
        page = text(desk, where)
    assert "The usual case" in page
    assert "Consents and refusals" in page
    assert PERSON not in page
    stale = knows(page) | {"digest": "0" * 32}
    assert send(f"{where}/usual-decision", **stale)[0] == 409
    assert send(f"{where}/usual-decision", digest=hidden(page, "digest"), **knows(page))[0] == 303
    assert "waits for an officer" in text(desk, where)
    assert send(f"{where}/approval", **knows(page))[0] == 403
    officer = staff.member(house, valley.id, time.now(), Role.OFFICER, "Otto Officer")
    browser = officer.client(app)
    page = text(browser, where)
    answer = browser.post(f"{where}/approval", data={"csrf": officer.csrf(browser)} | knows(page))
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert answer.headers["Location"].startswith(where)
    assert "Approved; being done" in text(desk, where)
    told = text(desk, f"{where}?lang=fr").partition('id="timeline-title"')[2].partition("</section>")[0]
    facts = re.findall(r"<dt( lang=\"en\")?>([^<]+)</dt><dd[^>]*>([^<]+)</dd>", told)
    assert ("", "Ce qui l’a établi", "La personne était connectée à son compte") in facts
    assert not [fact for fact in facts if fact[0]], "every fact of the usual case has a name in the reader's language"


def test_the_second_of_two_clerks_sees_what_changed_and_loses_nothing(
    app: Flask, desk: FlaskClient, send: Callable[..., tuple[int, str, str]], house: House, valley: Tenant, time: Time
) -> None:
    where = entered(send)
    assert send(f"{where}/verification", methods="in-person", **knows(text(desk, where)))[0] == 303
    form = text(desk, f"{where}/decision")
    second = staff.member(house, valley.id, time.now(), Role.CLERK, "Sara Second")
    other = second.client(app)
    taken = other.post(f"{where}/assignment", data={"csrf": second.csrf(other), "to": "me"} | knows(text(other, where)))
    assert taken.status_code == 303
    rows = re.findall(r'name="what-(\d+)"', form)
    typed = {f"what-{row}": "do:" for row in rows} | {f"words-{rows[0]}": "Mind the dog"}
    status, page, _ = send(f"{where}/decision", **(typed | knows(form)))
    assert status == 409
    for said in ("Somebody changed this request", "Somebody took charge · Sara Second", "Mind the dog"):
        assert said in page, said
    assert send(f"{where}/decision", **(typed | knows(page)))[0] == 303


def test_a_wrong_decision_cannot_be_sent(desk: FlaskClient, send: Callable[..., tuple[int, str, str]]) -> None:
    where = entered(send)
    send(f"{where}/verification", methods="in-person", **knows(text(desk, where)))
    form = text(desk, f"{where}/decision")
    first = re.findall(r'name="what-(\d+)"', form)[0]
    rows = {f"what-{row}": "do:" for row in re.findall(r'name="what-(\d+)"', form)}
    for value in ("", "keep:", "keep:because-i-say-so", "do:tax", "refuse:suppression-list"):
        status, page, _ = send(f"{where}/decision", **(rows | {f"what-{first}": value} | knows(form)))
        assert (status, f'href="#what-{first}"' in page) == (422, True), value
    kept = re.search(r'value="(keep:[a-z-]+)"', form.replace("keep:suppression-list", ""))
    assert kept is not None
    for day in ("", "2020-01-01", "soon"):
        sent = rows | {f"what-{first}": kept[1], f"day-{first}": day}
        status, page, _ = send(f"{where}/decision", **(sent | knows(form)))
        assert (status, f'href="#day-{first}"' in page) == (422, True), day
    assert "What was decided" not in text(desk, where)


def test_the_whole_address_is_shown_for_a_reason_and_the_look_is_on_record(
    desk: FlaskClient, send: Callable[..., tuple[int, str, str]], systems: Systems
) -> None:
    where = entered(send)
    assert send(f"{where}/address", why="", reason="contact")[0] == 422
    assert send(f"{where}/address", why="to call them back")[0] == 422
    status, page, _ = send(f"{where}/address", why="to call them back", reason="contact")
    assert (status, PERSON in page) == (200, True)
    assert PERSON not in text(desk, where)
    assert systems.history()[0]["type"] == "access.viewed"


def test_several_at_once_are_previewed_and_whoever_is_left_out_is_told_why(
    desk: FlaskClient, send: Callable[..., tuple[int, str, str]], app: Flask, clerk: Seated
) -> None:
    by_mail, by_phone = entered(send, address="ana@customer.example"), entered(send)
    picked = [f"{where.rpartition('/')[2]}:{knows(text(desk, where))['version']}" for where in (by_mail, by_phone)]
    browser = clerk.client(app)

    def many(act: str, step: str, ids: list[str]) -> tuple[int, str]:
        sent = {"csrf": clerk.csrf(browser), "act": act, "step": step, "request": ids}
        answer = browser.post(f"{LIST}/bulk", data=sent)
        return answer.status_code, answer.get_data(as_text=True)

    assert many("acknowledge", "", [])[0] == 422
    assert many("burn", "", picked)[0] == 422
    status, page = many("acknowledge", "", [*picked, "nonsense", f"{'0' * 32}:1"])
    assert status == 200
    assert page.count("The person gets it by e-mail all the same.") == 1
    assert "There is no e-mail address" in page
    assert "Receipt was acknowledged" not in text(desk, by_mail)
    assert many("acknowledge", "do", picked)[0] == 303
    assert "Receipt was acknowledged" in text(desk, by_mail)
    assert "Receipt was acknowledged" not in text(desk, by_phone)
    status, page = many("assign", "", picked)
    assert "Somebody changed it meanwhile" in page
    assert many("extend", "do", picked)[0] == 422


def test_evidence_is_sealed_looked_at_by_few_and_gone_with_the_check(
    app: Flask, desk: FlaskClient, send: Callable[..., tuple[int, str, str]], clerk: Seated, house: House,
    valley: Tenant, time: Time, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    where = entered(send)
    picture = b"\x89PNG\r\n\x1a\n" + b"a face"

    def bring(content: bytes, name: str, media_type: str) -> tuple[int, str]:
        sent = {"csrf": clerk.csrf(), "kind": "identity-document", "file": (BytesIO(content), name, media_type)}
        answer = desk.post(f"{where}/evidence", data=sent)
        return answer.status_code, answer.get_data(as_text=True)

    for content, media_type in (
        (b"PK\x03\x04 a bomb", "application/zip"),
        (b"PK\x03\x04 a bomb", "image/png"),
        (b"", "image/png"),
    ):
        status, page = bring(content, "x", media_type)
        assert (status, 'href="#file"' in page) == (422, True), media_type
    with monkeypatch.context() as smaller:
        smaller.setattr(identity, "LARGEST", 10)
        assert bring(picture, "x.png", "image/png")[0] == 422
    assert bring(picture, "<script>.png", "image/png")[0] == 303
    page = text(desk, where)
    assert "An identity document" in page
    assert "script>.png" not in page
    officer = staff.member(house, valley.id, time.now(), Role.OFFICER)
    browser = officer.client(app)
    found = re.search(rf'action="({where}/evidence/[0-9a-f-]+)"', text(browser, where))
    assert found is not None
    assert send(found[1])[0] == 403
    assert browser.get(found[1]).status_code == 405
    shown = browser.post(found[1], data={"csrf": officer.csrf(browser)})
    assert (shown.status_code, shown.data, shown.headers["Content-Disposition"][:10]) == (200, picture, "attachment")
    assert send(f"{where}/verification", methods="document", **knows(text(desk, where)))[0] == 303
    assert browser.post(found[1], data={"csrf": officer.csrf(browser)}).status_code == 404
