"""Many questions at once: as a list, and as a stream of lines."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from consent.app import nothing_waits
from consent.db import patience
from consent.decisions import many, stream
from consent.decisions.api import DecisionIn
from consent.decisions.stream import LONGEST_LINE, numbered
from consent.errors import Unavailable
from consent.house import House
from tests.support.statements import seen
from tests.support.systems import Systems
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, TEXTS, Tenant, question

BATCH = {"program": TEXTS, "message_class": "outage", "channel": "sms"}
OTHERS = [f"+1509555{n:04d}" for n in range(100, 200)]


def ask(systems: Systems, addresses: list[Any], status: int = 200, **more: Any) -> Any:
    response = systems.post("decisions/batch", {**BATCH, "addresses": addresses, **more})
    assert response.status_code == status, response.text
    return response.get_json()


def lines(systems: Systems, body: bytes) -> list[Any]:
    headers = {**systems.headers, "Content-Type": "application/x-ndjson"}
    response = systems.client.post("/api/v1/decisions/batch", data=body, headers=headers)
    assert (response.status_code, response.mimetype) == (200, "application/x-ndjson")
    return [json.loads(line) for line in response.data.splitlines()]


def line(**changes: Any) -> bytes:
    return json.dumps(question(**changes)).encode() + b"\n"


@pytest.fixture
def stopped(systems: Systems, twilio: Twilio) -> str:
    systems.consent(address=OTHERS[1])
    twilio.text("STOP", OTHERS[1])
    return OTHERS[1]


def test_a_batch_answers_as_single_questions_do_in_the_order_asked(systems: Systems, stopped: str) -> None:
    systems.consent()
    addresses = [OTHERS[0], PERSON, stopped, OTHERS[0], PERSON]
    found = ask(systems, addresses)
    for address, answer in zip(addresses, found["answers"], strict=True):
        single = systems.decide(address=address, store=False)
        assert answer == {name: single[name] for name in ("answer", "reasons")}
    assert [one["answer"] for one in found["answers"]] == ["deny", "allow", "deny", "deny", "allow"]
    assert found["policy_version"] == systems.decide(store=False)["policy_version"]


def test_a_bad_address_never_harms_another(systems: Systems) -> None:
    systems.consent()
    answers = ask(systems, ["4711", PERSON, "+1", "someone@company.example"])["answers"]
    assert [one.get("answer", "none") for one in answers] == ["none", "allow", "none", "none"]
    assert "country code" in answers[0]["error"]
    assert "4711" not in json.dumps(answers[0])


@pytest.mark.parametrize("mark", ["\x1f", "\n", "\u2028"])
def test_what_a_single_question_refuses_in_an_address_a_batch_and_a_stream_refuse(systems: Systems, mark: str) -> None:
    systems.consent()
    assert systems.post("decisions", question(address=f"{PERSON}{mark}")).status_code == 422
    refused, allowed = ask(systems, [f"{PERSON}{mark}", PERSON])["answers"]
    assert ("control characters" in refused["error"], allowed["answer"]) == (True, "allow")
    refused, allowed = lines(systems, line(address=f"{PERSON}{mark}") + line())
    assert ("control characters" in refused["error"], refused["field"], allowed["answer"]) == (True, "address", "allow")


@pytest.mark.parametrize(
    ("addresses", "field"),
    [
        ([PERSON] * 10_001, "addresses"),
        ([], "addresses"),
        ("+15095550142", "addresses"),
        ([PERSON, 7], "addresses.1"),
        ([PERSON, ""], "addresses.1"),
        (["x" * 321], "addresses.0"),
    ],
)
def test_a_batch_that_is_none_names_the_place(systems: Systems, addresses: Any, field: str) -> None:
    problem = ask(systems, addresses, 422)
    assert problem["field"] == field


def test_ten_thousand_addresses_are_one_call(systems: Systems) -> None:
    systems.consent()
    answers = ask(systems, [f"+1509556{n:04d}" for n in range(9_999)] + [PERSON])["answers"]
    assert len(answers) == 10_000
    assert (answers[0]["answer"], answers[-1]["answer"]) == ("deny", "allow")


def test_what_a_batch_reads_ahead_waits_as_long_as_a_single_question_and_ends_with_the_first_that_fails(
    systems: Systems, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float | None] = []

    def away(*_asked: object) -> None:
        waited.append(patience.left())
        raise Unavailable("The database cannot be read right now.")

    monkeypatch.setattr(many, "fetch", away)
    monkeypatch.setattr(many, "LISTED_AT_ONCE", 10)
    numbers = [f"+1509555{place:04}" for place in range(1_000)]
    assert systems.post("decisions/batch", BATCH | {"addresses": numbers}).status_code == 503
    assert set(waited) == {patience.GATE}
    assert len(waited) < 100


def test_a_stored_batch_gives_ids_under_which_the_answers_are_found(systems: Systems) -> None:
    systems.consent()
    answers = ask(systems, [PERSON, OTHERS[0]], store=True)["answers"]
    kept = systems.get(f"decisions/{answers[0]['id']}").get_json()
    assert (kept["answer"], kept["reasons"][0]["code"]) == ("allow", answers[0]["reasons"][0]["code"])
    assert "id" not in ask(systems, [PERSON])["answers"][0]


def test_a_question_that_is_only_explained_writes_nothing(systems: Systems, house: House) -> None:
    systems.consent()
    with seen(house.db) as statements:
        ask(systems, [PERSON, *OTHERS])
        lines(systems, line() * 3)
    assert statements.changes == []


# Lines


def test_each_line_has_its_answer_in_order(systems: Systems, stopped: str) -> None:
    systems.consent()
    body = line() + line(address=stopped) + b"\n  \n" + line(message_class="promotion") + line(address=OTHERS[0])
    found = lines(systems, body)
    for asked, answer in zip(
        [{}, {"address": stopped}, {"message_class": "promotion"}, {"address": OTHERS[0]}], found, strict=True
    ):
        single = systems.decide(store=False, **asked)
        assert answer | {"valid_until": ""} == single | {"valid_until": ""}


def test_bad_lines_say_what_and_where_and_harm_nobody(systems: Systems) -> None:
    systems.consent()
    body = b"".join(
        [
            line(),
            b"not json\n",
            b"\xff\xfe\n",
            b"[]\n",
            line(address="0142"),
            line(colour="red"),
            line(channel="pigeon"),
            b'{"a":' * 200 + b"\n",
            b'{"address": "' + b"x" * LONGEST_LINE + b'"}\n',
            line(at="2020-01-01T00:00:00Z"),
            line(facts={"jurisdiction": "UK"}),
            line().strip(),
        ]
    )
    found = lines(systems, body)
    assert [one.get("answer") for one in found] == ["allow", *[None] * 10, "allow"]
    assert [one["line"] for one in found if "line" in one] == list(range(2, 12))
    assert [one.get("field") for one in found if "line" in one] == [
        *[None] * 3,
        *("address", "colour", "channel"),
        *[None] * 2,
        "at",
        "facts.jurisdiction",
    ]


def test_lines_may_ask_for_storing_for_a_person_and_for_later(systems: Systems) -> None:
    systems.consent(person="tenant-7")
    found = lines(
        systems,
        line(store=True)
        + line(person="tenant-7")
        + line(person="nobody")
        + line(at="2026-11-25T12:00:00-08:00")
        + line(message_class="invoice", content="Your invoice. Get 50 % off when you upgrade today!"),
    )
    assert [one["answer"] for one in found] == ["allow", "allow", "deny", "allow", "deny"]
    assert systems.get(f"decisions/{found[0]['id']}").status_code == 200
    assert found[1]["id"] is None


def test_more_lines_than_fit_a_group_keep_their_order(systems: Systems, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "AT_ONCE", 7)
    systems.consent()
    chosen = [PERSON if n % 3 == 0 else OTHERS[n] for n in range(50)]
    found = lines(systems, b"".join(line(address=one, store=one == PERSON) for one in chosen))
    assert [one["answer"] for one in found] == ["allow" if one == PERSON else "deny" for one in chosen]


def test_a_stream_is_bounded_by_no_length(systems: Systems) -> None:
    systems.consent()
    padding = b" " * 60_000 + b"\n"
    found = lines(systems, b"".join([line(), *[padding] * 50, line()]))
    assert [one["answer"] for one in found] == ["allow", "allow"]


def test_a_stop_between_two_groups_counts(
    systems: Systems, twilio: Twilio, house: House, valley: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "AT_ONCE", 1)
    systems.consent()

    def pieces() -> Iterator[bytes]:
        yield line()
        twilio.text("STOP")
        yield line()

    questions = stream.Questions(
        house.db, house.keyring, house.governing, valley.id, DecisionIn(), nothing_waits(house)
    )
    assert [json.loads(one)["answer"] for one in questions.answers(pieces())] == ["allow", "deny"]


def test_a_database_that_goes_away_ends_the_stream_with_a_line(
    systems: Systems, house: House, valley: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "AT_ONCE", 1)

    def pieces() -> Iterator[bytes]:
        yield line()
        monkeypatch.setattr(house.db, "read", lambda *_a, **_k: (_ for _ in ()).throw(Unavailable("It is away.")))
        yield line()

    questions = stream.Questions(
        house.db, house.keyring, house.governing, valley.id, DecisionIn(), nothing_waits(house)
    )
    first, second = [json.loads(one) for one in questions.answers(pieces())]
    assert "answer" in first
    assert (second["line"], "Ask again" in second["error"]) == (2, True)


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_lines_are_found_however_they_are_cut(size: int) -> None:
    body = b"a\n\n bb \n" + b"x" * 10 + b"\nlast"
    pieces = [body[i : i + size] for i in range(0, len(body), size)]
    assert list(numbered(pieces)) == [(1, b"a"), (3, b" bb "), (4, b"x" * 10), (5, b"last")]


def test_a_line_without_end_is_not_kept_in_memory() -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(100):
            yield b"x" * 10_000
        yield b"\nlast\n"

    assert list(numbered(endless())) == [(1, None), (2, b"last")]


def test_another_content_type_is_refused(systems: Systems) -> None:
    headers = {**systems.headers, "Content-Type": "text/csv"}
    assert systems.client.post("/api/v1/decisions/batch", data=b"x", headers=headers).status_code == 415


def test_a_key_without_the_scope_is_refused(client: FlaskClient) -> None:
    assert client.post("/api/v1/decisions/batch", json={}).status_code == 401
