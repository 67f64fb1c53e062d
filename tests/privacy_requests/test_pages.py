"""Requests begin here: what is owed is offered, a form asks no more than it needs, and each is acknowledged."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consent import clock
from consent.db import Sql
from consent.db.types import as_id
from consent.house import House
from consent.ledger import keys
from consent.outbox.service import JOB
from consent.policies.answers.openings import Openings
from consent.policies.version import Commitment
from consent.privacy_requests import forms
from consent.privacy_requests.sorts import SORTS, sort_of
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical
from consent.verification import jobs, limits
from consent.verification.rules import Limits
from tests.policies.answers.test_unsubscribing import of
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, PUBLIC_URL, Tenant
from tests.support.visiting import Visitor

ADA = "ada@people.example"
ADDING = ("privacy_request.opened", "privacy_request.joined")


class Asker(Visitor):
    """Somebody with a browser at the pages of requests."""

    def page(self, path: str = "", **more: Any) -> TestResponse:
        """A page below /<organization>/requests."""
        return self.client.get(f"/{self.tenant.slug}/requests{path}", base_url=PUBLIC_URL, **more)

    def send(self, path: str, **fields: str) -> TestResponse:
        """A form of ours, sent with the token of this browser's session."""
        data = {"csrf": self.csrf()} | fields
        came_from = {"X-Forwarded-For": "203.0.113.9"}
        return self.client.post(
            f"/{self.tenant.slug}/requests{path}", data=data, base_url=PUBLIC_URL, headers=came_from
        )


@pytest.fixture
def asker(client: FlaskClient, house: House, valley: Tenant) -> Asker:
    """Somebody at Valley's pages."""
    return Asker(client, house, valley)


def text_of(answer: TestResponse) -> str:
    """The page, which must be there."""
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def requests_at(systems: Systems) -> list[dict[str, Any]]:
    """Every request on record."""
    found: list[dict[str, Any]] = systems.get("privacy-requests").get_json()["privacy_requests"]
    return found


def letters(house: House, valley: Tenant, kind: str = "mail.request") -> list[dict[str, str]]:
    """The acknowledgements that wait to be sent."""
    opened = []
    with house.db.read(valley.id) as tx:
        asked = Sql("SELECT id, payload, contact_point_id FROM job WHERE kind = :kind ORDER BY id")
        for id_, payload, contact in tx.all(asked, {"kind": kind}):
            known = subjects.by_id(tx, house.keyring, valley.id, as_id(contact))
            assert known is not None and known.key is not None
            opened.append(json.loads(keys.open_facts(known.key, bytes(payload), valley.id, as_id(id_), JOB)))
    return opened


def field_count(company: str, wish: str, *, known: bool = False) -> int:
    """How many fields the form of this wish has at this company."""
    sort = sort_of(wish)
    assert sort is not None
    return len(forms.form_of(sort, of(company).requests.openings.asks(wish), known=known).fields)


@pytest.mark.parametrize(
    ("company", "wish", "fields"),
    [
        ("1valet", "limit-sensitive-data", 1),
        ("valley-smart-homes", "access", 1),
        ("valley-smart-homes", "deletion", 1),
        ("valley-smart-homes", "correction", 2),
        ("valley-smart-homes", "platform-policy-copy", 1),
        ("valley-smart-homes", "complaint", 2),
        ("1valet", "access", 2),
        ("1valet", "deletion", 2),
        ("1valet", "direct-marketing-disclosure", 2),
        ("1valet", "minor-report", 2),
        ("smartt", "correction", 4),
        ("smartt", "usage-log-file", 3),
        ("valtt", "portability", 1),
        ("voxvalley", "deletion", 3),
    ],
)
def test_a_form_asks_no_more_than_its_request_needs(company: str, wish: str, fields: int) -> None:
    assert field_count(company, wish) == fields
    assert field_count(company, wish, known=True) == fields - 1


@pytest.mark.parametrize("company", ["valley-smart-homes", "1valet", "smartt", "valtt", "voxvalley"])
def test_an_opt_out_asks_for_the_identifier_alone_wherever_it_is_owed(company: str) -> None:
    openings: Openings = of(company).requests.openings
    for sort in SORTS:
        if sort.wish in ("opt-out-of-sale", "limit-sensitive-data") and openings.of(sort.wish) is not None:
            assert forms.form_of(sort, openings.asks(sort.wish), known=False).fields == ("contact",)


def test_vsh_58_the_page_offers_what_valley_owes_and_says_why_not_the_rest(asker: Asker) -> None:
    page = text_of(asker.page())
    for offered in ("See my data", "Correct my data", "Delete my data", "Ask a question or complain"):
        assert offered in page
    assert "Take my data with me" not in page
    owed, _, rest = page.partition("What is not owed here, and why")
    assert "Do not sell or share my data" not in owed
    assert "Do not sell or share my data" in rest
    why = text_of(asker.page("/opt-out-of-sale"))
    assert "does not promise this" in why
    assert "/requests/complaint" in why


def test_who_has_not_shown_the_address_gets_a_code_first_and_comes_back(asker: Asker, systems: Systems) -> None:
    assert "Get a code" in text_of(asker.page("/deletion"))
    assert asker.send("/deletion").headers["Location"].endswith("/preferences/code")
    back = asker.come_in(PERSON)
    assert back.headers["Location"].endswith("/requests/deletion")
    assert requests_at(systems) == []
    sent = asker.send("/deletion")
    assert sent.headers["Location"].endswith("/requests/received")
    page = text_of(asker.page("/received"))
    assert "December 21, 2026" in page
    (one,) = requests_at(systems)
    assert (one["type"], one["how"], one["verified"], one["due"]) == ("deletion", "form", True, "2026-12-21")
    assert one["reference"] in page


def test_a_second_request_joins_the_first_and_says_so(asker: Asker, systems: Systems) -> None:
    asker.come_in(PERSON)
    asker.send("/correction", words="My name is Ada.")
    first = re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", text_of(asker.page("/received")))
    asker.send("/correction", words="And my street is Elm Street.")
    page = text_of(asker.page("/received"))
    assert first is not None
    assert first[0] in page
    assert "You have asked for this before" in page
    assert len(requests_at(systems)) == 1
    events = [one for one in systems.history(PERSON) if one["type"].startswith("privacy_request")]
    kinds = [one["type"].removeprefix("privacy_request.") for one in events]
    assert kinds == ["joined", "acknowledged", "opened"]
    assert events[0]["facts"]["msg_text"] == "And my street is Elm Street."


def test_a_visit_adds_to_a_request_once_a_day(asker: Asker, systems: Systems, time: Time) -> None:
    asker.come_in(PERSON)
    for words, status in (("My name is Ada.", 303), ("My street, too.", 303), ("And my town.", 429)):
        answer = asker.send("/correction", words=words)
        assert answer.status_code == status
    assert "tomorrow" in answer.get_data(as_text=True)
    assert "And my town." in answer.get_data(as_text=True)
    asked = [one for one in systems.history(PERSON) if one["type"] in ADDING]
    assert len(asked) == 2
    time.go(hours=24)
    asker.come_in(PERSON)
    assert asker.send("/correction", words="And my town.").status_code == 303


def test_strangers_get_one_mail_an_hour_of_a_type_and_one_host_sends_ten_forms(
    asker: Asker, house: House, valley: Tenant, time: Time
) -> None:
    asker.send("/complaint", contact=ADA, words="Why?")
    with house.db.read(valley.id) as tx:
        assert len(tx.all(Sql("SELECT id FROM job WHERE kind = 'mail.request'"), {})) == 1
    house.db.write(lambda tx: tx.later(Sql("UPDATE privacy_request SET state = 'denied'"), {}), valley.id)
    asker.send("/complaint", contact=ADA, words="Why?")
    assert len(letters(house, valley)) == 1
    house.db.write(lambda tx: tx.later(Sql("UPDATE privacy_request SET state = 'denied'"), {}), valley.id)
    time.go(hours=1)
    asker.send("/complaint", contact=ADA, words="Why?")
    assert len(letters(house, valley)) == 2


@pytest.mark.parametrize(
    ("where", "most"), [("2001:db8:1:1::{:x}", 10), ("2001:db8:1:{:x}::1", 30), ("198.51.100.{}", 30)]
)
def test_forms_about_many_addresses_are_counted_by_the_networks_of_one_host(
    house: House, valley: Tenant, where: str, most: int
) -> None:
    def too_many(number: int) -> bool:
        caller, about = where.format(number), canonical("email", f"x{number}@people.example")
        return house.db.write(
            lambda tx: limits.too_many(
                tx, house.keyring, valley.id, "request", caller, Limits(), clock.now(), about=about
            ),
            valley.id,
        )

    assert [too_many(number) for number in range(1, most + 2)] == [False] * most + [True]


def test_the_same_form_sent_twice_leaves_one_entry(asker: Asker, systems: Systems) -> None:
    asker.come_in(PERSON)
    for _ in range(2):
        asker.send("/correction", words="My name is Ada.")
    assert sum(one["type"] in ADDING for one in systems.history(PERSON)) == 1


def test_a_question_needs_no_code_and_its_acknowledgement_goes_to_the_address_alone(
    asker: Asker, systems: Systems, house: House, valley: Tenant
) -> None:
    assert asker.send("/complaint", contact=ADA, words="Why do you keep my file?").status_code == 303
    (one,) = requests_at(systems)
    assert (one["type"], one["verified"]) == ("complaint", False)
    page = text_of(asker.page("/received"))
    assert one["reference"] not in page
    (letter,) = letters(house, valley)
    assert one["reference"] in letter["text"]
    assert one["reference"] in letter["html"]
    assert "Why do you keep" not in letter["text"]
    asker.send("/complaint", contact=ADA, words="Answer me.")
    assert len(letters(house, valley)) == 1
    assert text_of(asker.page("/received")) == page


def test_who_came_in_by_telephone_is_told_by_text(asker: Asker, house: House, valley: Tenant) -> None:
    asker.come_in(PERSON)
    asker.send("/deletion")
    (text,) = letters(house, valley, "acknowledgement")
    reference = re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", text_of(asker.page("/received")))
    assert reference is not None
    assert text["text"] == (
        f"Valley Smart Homes: we have your request, number {reference[0]}. You get an answer by December 21, 2026."
    )
    assert text["to"] == PERSON
    asker.send("/deletion")
    assert len(letters(house, valley, "acknowledgement")) == 1


def test_the_text_leaves_although_nobody_agreed_to_texts(asker: Asker, deliver: Callable[[], list[str]]) -> None:
    asker.come_in(PERSON)
    asker.send("/deletion")
    assert any("we have your request" in one for one in deliver())


def test_a_number_that_said_stop_gets_the_page_alone(
    asker: Asker, house: House, valley: Tenant, twilio: Twilio, deliver: Callable[[], list[str]]
) -> None:
    asker.come_in(PERSON)
    asker.send("/deletion")
    twilio.text("STOP")  # before the text has left
    asker.send("/correction", words="My name is Ada.")
    assert "We have your request" in text_of(asker.page("/received"))
    assert len(letters(house, valley, "acknowledgement")) == 1
    assert not any("we have your request" in one for one in deliver())


def test_a_number_that_somebody_typed_gets_no_text(asker: Asker, house: House, valley: Tenant) -> None:
    assert asker.send("/complaint", contact=PERSON, words="Why?").status_code == 303
    assert letters(house, valley, "acknowledgement") == []


def test_what_is_wrong_is_listed_in_the_order_of_the_form(asker: Asker) -> None:
    page = asker.send("/complaint", contact="", words="").get_data(as_text=True)
    assert re.findall(r'<li><a href="#(\w+)">', page) == ["contact", "words"]


def test_a_field_that_came_twice_is_met_with_a_friendly_page(asker: Asker, systems: Systems) -> None:
    data = {"csrf": asker.csrf(), "contact": [ADA, "eve@people.example"], "words": "Why?"}
    answer = asker.client.post(f"/{asker.tenant.slug}/requests/complaint", data=data, base_url=PUBLIC_URL)
    assert answer.status_code == 400
    assert "nobody knows which was meant" in answer.get_data(as_text=True)
    assert requests_at(systems) == []


def test_number_and_code_show_how_far_it_is_and_neither_does_alone(asker: Asker, house: House, valley: Tenant) -> None:
    asker.send("/complaint", contact=ADA, words="Why?")
    said = letters(house, valley)[0]["text"]
    number = re.search(r"Number: (\S+)", said)
    code = re.search(r"Code: (\S+)", said)
    assert number is not None and code is not None
    shown = text_of(asker.send("/status", reference=number[1].lower().replace("-", ""), code=code[1]))
    assert "Under way" in shown
    assert "Why?" not in shown
    for wrong in ({"reference": number[1], "code": "0000-0000"}, {"reference": "00000-00000", "code": code[1]}):
        answer = asker.send("/status", **wrong)
        assert answer.status_code == 422
        assert "There is no request of this number and code" in answer.get_data(as_text=True)


def test_with_a_visit_all_requests_of_the_address_are_shown(asker: Asker) -> None:
    assert "With number and code" in text_of(asker.page("/status"))
    asker.come_in(PERSON)
    asker.send("/access")
    page = text_of(asker.page("/status"))
    assert "See my data" in page
    assert PERSON not in page


def test_the_status_says_what_happened_what_comes_next_by_when_and_by_whose_rule(
    asker: Asker, house: House, valley: Tenant
) -> None:
    asker.come_in(PERSON)
    asker.send("/deletion")
    page = text_of(asker.page("/status"))
    (binding,) = re.findall(rf'href="/{valley.slug}/privacy/trace#([^"]+)"', page)
    rule = house.governing.now(valley.id, clock.now()).rulebook.promise(binding)
    assert isinstance(rule, Commitment)
    said = ("The company had your request", "decides for each kind of data", "December 21, 2026", rule.clause.heading)
    assert [one for one in said if one not in page] == []
    assert "in_progress" not in page and "binding" not in page


def test_the_page_that_asks_for_a_code_says_what_for(asker: Asker) -> None:
    code = f"/{asker.tenant.slug}/preferences/code"
    assert "what we may send you" in text_of(asker.client.get(code, base_url=PUBLIC_URL))
    assert asker.send("/deletion").location.endswith(code)
    page = text_of(asker.client.get(code, base_url=PUBLIC_URL))
    assert "come back to your request" in page and "what we may send you" not in page


def test_what_was_written_is_sealed_and_in_no_log(
    asker: Asker, house: House, valley: Tenant, capsys: pytest.CaptureFixture[str]
) -> None:
    asker.send("/complaint", contact=ADA, words="canary in the coal mine")
    with house.db.read(valley.id) as tx:
        (row,) = tx.all(Sql("SELECT id, sealed_words, steps FROM privacy_request"), {})
    assert b"canary" not in bytes(row[1])
    told = capsys.readouterr()
    assert "canary" not in told.out + told.err
    assert ADA not in told.out + told.err


@pytest.mark.parametrize(
    ("path", "fields", "at"),
    [
        ("/complaint", {"contact": "", "words": "Hello"}, "contact"),
        ("/complaint", {"contact": "not an address", "words": "Hello"}, "contact"),
        ("/complaint", {"contact": "x" * 100_000 + "@people.example", "words": "Hello"}, "contact"),
        ("/complaint", {"contact": ADA, "words": ""}, "words"),
        ("/complaint", {"contact": ADA, "words": "y" * 100_000}, "words"),
        ("/complaint", {"contact": ADA, "words": "\u202e\u200b"}, "words"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_stored(
    path: str, fields: dict[str, str], at: str, asker: Asker, systems: Systems
) -> None:
    answer = asker.send(path, **fields)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'href="#{at}"' in page
    assert f'id="{at}-wrong"' in page
    assert requests_at(systems) == []


def test_marks_that_turn_writing_round_are_left_out_of_the_words() -> None:
    assert forms.lines("a\u202eb\u0000c\r\nd") == "abc\nd"


@pytest.mark.parametrize("wish", ["wishful", "..%2f..", "A" * 2000, "\u202edeletion"])
def test_an_unknown_type_is_met_with_a_friendly_page(wish: str, asker: Asker, systems: Systems) -> None:
    for answer in (asker.page(f"/{wish}"), asker.send(f"/{wish}", contact=ADA)):
        assert answer.status_code == 404
        assert "There is no such request" in answer.get_data(as_text=True) or "nothing here" in answer.get_data(
            as_text=True
        )
    assert requests_at(systems) == []


def test_a_form_without_the_token_of_its_session_is_refused(asker: Asker, systems: Systems) -> None:
    answer = asker.client.post(f"/{asker.tenant.slug}/requests/complaint", data={"contact": ADA, "words": "Hi"})
    assert answer.status_code == 403
    assert requests_at(systems) == []


def test_looking_stores_nothing(asker: Asker, systems: Systems) -> None:
    for path in ("", "/complaint", "/deletion", "/received", "/status", "?place=US-CA"):
        for method in ("GET", "HEAD", "OPTIONS"):
            asker.client.open(f"/{asker.tenant.slug}/requests{path}", method=method, base_url=PUBLIC_URL)
    assert requests_at(systems) == []


@pytest.mark.parametrize("language", ["fr", "es"])
def test_the_pages_speak_the_reader_s_language(language: str, asker: Asker) -> None:
    page = text_of(asker.page(f"?lang={language}"))
    assert "See my data" not in page


def test_too_many_forms_from_one_place_wait(asker: Asker, systems: Systems) -> None:
    answers = [asker.send("/complaint", contact=f"p{n}@people.example", words="Hi").status_code for n in range(11)]
    assert answers == [303] * 10 + [429]
    assert len(requests_at(systems)) == 10


def test_processes_count_forms_together_and_each_network_by_itself(house: House, valley: Tenant, time: Time) -> None:
    network = "203.0.113.9"

    def too_many(network: str | None) -> bool:
        """Another process asks."""
        return house.db.write(
            lambda tx: limits.too_many(tx, house.keyring, valley.id, "request", network, Limits(), clock.now()),
            valley.id,
        )

    assert [too_many(network) for _ in range(11)] == [False] * 10 + [True]
    assert not too_many("198.51.100.7")
    assert not any(too_many(None) for _ in range(11))
    time.go(minutes=16)
    assert not too_many(network)
    time.go(hours=2)
    jobs.forget(house.db, valley.id, clock.now())
    with house.db.read(valley.id) as tx:
        assert tx.all(Sql("SELECT id FROM form_sent"), {}) == []


def test_the_limit_is_the_same_for_an_address_on_record_and_for_a_stranger_s(asker: Asker, systems: Systems) -> None:
    systems.consent("marketing-email", channel="email", address=ADA)
    known = [asker.send("/complaint", contact=ADA, words=f"Hi {n}").status_code for n in range(11)]
    assert known == [303] * 10 + [429]
    assert asker.send("/complaint", contact="stranger@people.example", words="Hi").status_code == 429


def test_a_place_that_the_form_does_not_offer_is_none() -> None:
    sort = sort_of("deletion")
    assert sort is not None
    form = forms.form_of(sort, of("1valet").requests.openings.asks("deletion"), known=True)
    assert "place" in forms.read(form, {"place": "US-TX"})[1]
    assert "place" in forms.read(form, {})[1]
    assert forms.read(form, {"place": "US-CA"})[1] == {}
