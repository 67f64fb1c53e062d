"""Asking for a code and getting in with it, or with the link beside it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from werkzeug.test import TestResponse

from consent.app import create_app
from consent.db import Sql
from consent.house import House
from consent.verification import pages, rules
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import PERSON, Tenant
from tests.support.visiting import Visitor

MAIL = "ana@mail.example"
STRANGER = "+15095550177"
New = Callable[[], Visitor]


def who(visitor: Visitor) -> Any:
    return visitor.get("/who").get_json()


def page(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def count(house: House, valley: Tenant, table: str) -> int:
    with house.db.read(valley.id) as tx:
        row = tx.one(Sql(f"SELECT count(*) FROM {table} WHERE organization_id = :org"), {"org": valley.id})
    return int(row[0]) if row else 0


def test_a_code_by_text_opens_texts_and_calls_of_the_number(visitor: Visitor, systems: Systems) -> None:
    systems.consent()
    assert visitor.ask("(509) 555-0142").headers["Location"].endswith("/preferences/enter")
    sent = visitor.sent()
    assert (sent["queue"], sent["to"], sent["from"]) == ("sms", PERSON, visitor.tenant.number)
    assert sent["text"] == f"Valley Smart Homes: {visitor.code()}\n\n@consent.example #{visitor.code()}"
    assert visitor.post("/enter", code=visitor.code()).headers["Location"].endswith("/preferences")
    seen = who(visitor)
    assert (seen["level"], seen["masked"], seen["channels"]) == ("code", "•••• 0142", ["sms", "voice"])
    assert seen["known"] == [True, False]


def test_a_code_by_mail_opens_the_mail_of_the_address(visitor: Visitor) -> None:
    visitor.ask("  Ana@MAIL.example ")
    sent = visitor.sent()
    assert (sent["queue"], sent["to"]) == ("email", "Ana@mail.example")
    assert sent["subject"] == f"{visitor.code()} is your code for Valley Smart Homes"
    assert "nothing has changed, and nothing will" in sent["text"]
    visitor.post("/enter", code=f" {visitor.code()[:3]} {visitor.code()[3:]} ")
    assert who(visitor)["channels"] == ["email"]


def test_a_stranger_is_let_in_and_put_on_record_nowhere(visitor: Visitor, house: House, valley: Tenant) -> None:
    before = count(house, valley, "contact_point"), count(house, valley, "ledger_event")
    visitor.come_in(STRANGER)
    assert who(visitor)["known"] == [False, False]
    assert (count(house, valley, "contact_point"), count(house, valley, "ledger_event")) == before


def test_the_number_for_start_is_shown_as_people_write_it(visitor: Visitor) -> None:
    visitor.ask(PERSON)
    shown = page(visitor.get("/enter"))
    area, office, line = visitor.tenant.number[2:5], visitor.tenant.number[5:8], visitor.tenant.number[8:]
    assert f"{area}-{office}-{line}" in shown
    assert visitor.tenant.number not in shown


@pytest.mark.parametrize(
    ("number", "shown"), [("+15095550142", "509-555-0142"), ("+442079460018", "+44 20 7946 0018"), ("88555", "88555")]
)
def test_numbers_are_grouped_by_the_custom_of_their_country(number: str, shown: str) -> None:
    assert rules.for_people(number) == shown


def test_looking_at_the_pages_writes_nothing(visitor: Visitor, house: House, valley: Tenant) -> None:
    for path in ("/code", "/enter", "/enter/abc", "/for/abc", "/person", "/who"):
        visitor.get(path)
    assert count(house, valley, "challenge") == count(house, valley, "visit") == 0


@pytest.mark.parametrize(
    "typed",
    ["", "12", "98765", "not an address", "ana@", "@mail.example", "a@b@c", "+1 900 555 0142", "+44 20 7946 0958",
     "x" * 100_000, "ana@mail", "BILLING", "\u202e2410-555-905", "1" * 319, "٠١٢", "\x00\x01", "ana@ma il.example"],
)  # fmt: skip
def test_what_cannot_be_reached_is_said_at_the_field(
    visitor: Visitor, house: House, valley: Tenant, typed: str
) -> None:
    answer = visitor.ask(typed)
    assert answer.status_code == 422
    shown = page(answer)
    assert 'role="alert"' in shown and 'href="#contact"' in shown and 'id="contact-wrong"' in shown
    assert 'aria-invalid="true"' in shown and len(shown) < 20_000
    assert count(house, valley, "challenge") == count(house, valley, "job") == 0


def test_marks_that_turn_writing_round_are_left_out(visitor: Visitor) -> None:
    visitor.ask("\u202a+1 509 555 0142\u202c")  # as telephones copy it
    assert visitor.sent()["to"] == PERSON
    assert "\u202e" not in page(visitor.ask("\u202eana@nothing"))


def test_a_wrong_code_counts_and_the_sixth_try_is_too_many(visitor: Visitor) -> None:
    visitor.ask(MAIL)
    right = visitor.code()
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for _ in range(rules.TRIES - 1):
        assert "not the code" in page(visitor.post("/enter", code=wrong))
    assert "too often" in page(visitor.post("/enter", code=wrong))
    answer = visitor.post("/enter", code=right)
    assert (answer.status_code, "too often" in page(answer)) == (422, True)
    assert visitor.post(visitor.link()).status_code == 422
    assert who(visitor) is None


def test_the_fifth_try_may_be_the_right_one(visitor: Visitor) -> None:
    visitor.ask(MAIL)
    for _ in range(rules.TRIES - 1):
        visitor.post("/enter", code="no code")
    assert visitor.post("/enter", code=visitor.code()).status_code == 303


def test_a_code_works_once(visitor: Visitor, new_visitor: New) -> None:
    visitor.come_in(MAIL)
    assert "has been used" in page(visitor.post("/enter", code=visitor.code()))
    assert visitor.post(visitor.link()).status_code == 422
    other = new_visitor()
    assert other.post(visitor.link(), code=visitor.code()).status_code == 422
    assert who(other) is None


def test_code_and_link_hold_ten_minutes(visitor: Visitor, time: Time) -> None:
    visitor.ask(MAIL)
    time.go(minutes=10)
    assert "too old" in page(visitor.post("/enter", code=visitor.code()))
    assert "too old" in page(visitor.post(visitor.link()))
    visitor.ask(MAIL)
    time.go(minutes=9)
    assert visitor.post("/enter", code=visitor.code()).status_code == 303


def test_a_new_ask_cancels_the_one_before_it_in_this_browser(visitor: Visitor, new_visitor: New) -> None:
    visitor.ask(MAIL)
    old_code, old_link = visitor.code(), visitor.link()
    elsewhere = new_visitor()
    elsewhere.ask(MAIL)
    code_elsewhere = elsewhere.code()
    visitor.ask(MAIL)
    assert visitor.post(old_link).status_code == 422
    if old_code != visitor.code():
        assert visitor.post("/enter", code=old_code).status_code == 422
    assert elsewhere.post("/enter", code=code_elsewhere).status_code == 303
    assert visitor.post("/enter", code=visitor.code()).status_code == 303


def test_opening_the_link_shows_a_button_and_only_pressing_it_redeems(visitor: Visitor) -> None:
    visitor.ask(MAIL)
    link = visitor.link()
    for _ in range(3):
        shown = page(visitor.get(link))
        assert shown.count("<button>") == 1 and 'name="code"' not in shown and "<script" not in shown
        assert who(visitor) is None
    assert visitor.post(link).status_code == 303
    assert who(visitor)["masked"] == "a•••@mail.example"


def test_in_another_browser_the_link_needs_the_code_beside_it(visitor: Visitor, new_visitor: New) -> None:
    visitor.ask(MAIL)
    link, code, other = visitor.link(), visitor.code(), new_visitor()
    assert 'name="code"' in page(other.get(link))
    answer = other.post(link)
    assert (answer.status_code, "another browser" in page(answer)) == (422, True)
    assert other.post(link, code=f"{(int(code) + 1) % 10**6:06d}").status_code == 422
    assert who(other) is None
    assert other.post(link, code=code).status_code == 303
    assert who(other)["level"] == "code"
    assert who(visitor) is None


def test_guesses_beside_a_link_count_as_tries(visitor: Visitor, new_visitor: New) -> None:
    visitor.ask(MAIL)
    link, code, other = visitor.link(), visitor.code(), new_visitor()
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _ in range(rules.TRIES):
        other.post(link, code=wrong)
    assert other.post(link, code=code).status_code == 422


def test_a_code_typed_where_nothing_was_asked_opens_nothing(visitor: Visitor, new_visitor: New) -> None:
    visitor.ask(MAIL)
    other = new_visitor()
    assert other.get("/enter").headers["Location"].endswith("/code")
    assert "in this browser" in page(other.post("/enter", code=visitor.code()))
    assert who(other) is None


@pytest.mark.parametrize("token", ["x", "A" * 43, "A" * 3000, "%E2%80%AE" * 20, "é", "a'--", "<b>"])
def test_a_forged_link_says_what_to_do_next(visitor: Visitor, token: str) -> None:
    for path in (f"/enter/{token}", f"/for/{token}"):
        assert visitor.get(path).status_code in (200, 404)
    answer = visitor.post(f"/enter/{token}")
    assert (answer.status_code, "none of ours" in page(answer)) == (422, True)
    assert "/preferences/code" in page(answer)


def test_a_form_without_the_token_of_its_session_is_refused(visitor: Visitor, house: House, valley: Tenant) -> None:
    for path in ("/code", "/enter", "/enter/abc", "/leave", "/person"):
        for sent in ({}, {"csrf": "x"}, {"csrf": "é"}):
            answer = visitor.client.post(visitor.base + path, data=sent, base_url="https://consent.example")
            assert answer.status_code == 403
    visitor.csrf()
    foreign = visitor.client.post(
        visitor.base + "/code",
        data={"csrf": visitor.csrf(), "contact": MAIL},
        base_url="https://consent.example",
        headers={"Origin": "https://evil.example"},
    )
    assert foreign.status_code == 403
    assert count(house, valley, "challenge") == 0


def test_the_eleventh_ask_within_an_hour_waits(visitor: Visitor, new_visitor: New, time: Time) -> None:
    for number in range(rules.Limits().address):
        assert new_visitor().ask(MAIL, f"203.{number}.113.7").status_code == 303
    answer = visitor.ask(MAIL.upper())
    assert answer.status_code == 429
    assert 3500 < int(answer.headers["Retry-After"]) <= 3600
    assert "Ask again in" in page(answer)
    assert visitor.ask(STRANGER).status_code == 303
    time.go(minutes=60)
    assert visitor.ask(MAIL).status_code == 303


def test_a_network_and_an_organization_have_limits_of_their_own(
    visitor: Visitor, house: House, valley: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "LIMITS", rules.Limits(organization=3, of_groups=(2, 2, 2)))
    far = {"X-Forwarded-For": "198.51.100.9, 203.0.113.7"}

    def ask(contact: str, headers: dict[str, str]) -> int:
        fields = {"csrf": visitor.csrf(), "contact": contact}
        return visitor.client.post(
            f"{visitor.base}/code", data=fields, headers=headers, base_url="https://consent.example"
        ).status_code

    assert [ask(f"a{n}@mail.example", far) for n in range(3)] == [303, 303, 429]
    assert [ask(f"b{n}@mail.example", {}) for n in range(2)] == [303, 429]
    assert count(house, valley, "challenge") == count(house, valley, "job") == 3


HOST, SITE, AREA = "2001:db8:1:1::{:x}", "2001:db8:1:{:x}::1", "2001:db8:{:x}::1"


@pytest.mark.parametrize(
    ("where", "share"),
    [(HOST, 5), (SITE, 6), (AREA, 7), ("203.0.113.9", 5), ("203.0.113.{}", 6), ("203.0.{}.9", 7), (None, 7)],
)
def test_who_asks_in_somebodys_name_uses_up_no_more_than_a_share(
    visitor: Visitor, new_visitor: New, where: str | None, share: int
) -> None:
    stranger = new_visitor()
    answers = [stranger.ask(MAIL, where and where.format(number)).status_code for number in range(1, 11)]
    assert answers == [303] * share + [429] * (10 - share)
    assert visitor.ask(MAIL, "198.51.100.77").status_code == 303
    assert visitor.post("/enter", code=visitor.code()).status_code == 303


def test_a_code_that_is_on_its_way_outlives_everything_a_stranger_asks(visitor: Visitor, new_visitor: New) -> None:
    visitor.ask(MAIL, "198.51.100.77")
    mine = visitor.code()
    for number in range(12):
        new_visitor().ask(MAIL, f"203.{number}.113.9")
    shown = page(visitor.ask(MAIL, "198.51.100.77"))
    for way in ("Enter your code", "another phone number", "the link in a message", "STOP", "You can also call"):
        assert way in shown
    assert visitor.post("/enter", code=mine).status_code == 303


@pytest.mark.parametrize("where", [HOST, SITE, AREA, None])
def test_one_host_cannot_use_up_what_an_organization_has(
    visitor: Visitor, new_visitor: New, monkeypatch: pytest.MonkeyPatch, where: str | None
) -> None:
    monkeypatch.setattr(pages, "LIMITS", rules.Limits(organization=8, of_groups=(5, 4, 3)))
    stranger = new_visitor()
    for number in range(1, 9):
        stranger.ask(f"x{number}@mail.example", where and where.format(number))
    assert visitor.ask(MAIL, "2001:db9::1").status_code == 303
    assert visitor.ask(PERSON, "198.51.100.77").status_code == 303


def test_only_hashes_of_codes_and_links_are_kept(visitor: Visitor, house: House, valley: Tenant) -> None:
    visitor.ask(MAIL)
    with house.db.read(valley.id) as tx:
        row = tx.one(Sql("SELECT * FROM challenge WHERE organization_id = :org"), {"org": valley.id})
    kept = b"|".join(bytes(one) if isinstance(one, bytes | memoryview) else str(one).encode() for one in row or ())
    for secret in (visitor.code(), visitor.link().rpartition("/")[2], "ana@mail", "mail.example"):
        assert secret.encode() not in kept


def test_in_production_the_cookie_is_bound_to_the_host(house: House, valley: Tenant) -> None:
    config = replace(house.config, environment="production", public_url="https://consent.example")
    visitor = Visitor(create_app(replace(house, config=config)).test_client(), house, valley)
    answer = visitor.come_in(MAIL)
    mine = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith("__Host-visit-")]
    assert len(mine) == 1
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(mine[0].split("; "))
    assert "Domain" not in mine[0]


@pytest.mark.parametrize(("language", "said"), [("fr", "Votre code"), ("es", "Su código")])
def test_the_mail_speaks_the_language_of_the_page(visitor: Visitor, language: str, said: str) -> None:
    visitor.client.post(
        f"{visitor.base}/code?lang={language}",
        data={"csrf": visitor.csrf(), "contact": MAIL},
        base_url="https://consent.example",
    )
    assert said in visitor.sent()["text"]
