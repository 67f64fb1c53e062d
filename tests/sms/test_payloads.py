"""What a gateway brought stands beside the text: masked, sealed with it, gone with it, and nobody else's."""

import json
from base64 import b64decode
from typing import Any
from urllib.parse import parse_qs, quote, urlencode

import pytest

from consent import clock
from consent.db import Sql
from consent.gateways.sms.base import DeliveryReport, HttpRequest, InboundMessage, Received
from consent.gateways.sms.json_bodies import received
from consent.house import House
from consent.ledger import erasing, jobs, verify
from consent.policies import masking
from consent.sms import payloads
from tests.support.systems import Systems
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, Tenant

CARD = "4111 1111 1111 1111"
OTHER = "+15095550177"
_STREAM = Sql(
    "SELECT stream_id FROM ledger_event WHERE organization_id = :organization_id ORDER BY recorded_at DESC LIMIT 1"
)
_SEALED = Sql(
    "SELECT name, length(ciphertext) FROM ledger_disclosure WHERE organization_id = :organization_id"
    " AND name = 'message' ORDER BY event_id DESC LIMIT 1"
)
ONE = Received((InboundMessage("console", "1", "1", PERSON, "+15095550100", ""),))
_FROM = '{"from": "%s", "text": "hi"}'


def _read(entry: dict[str, Any]) -> InboundMessage | None:
    return InboundMessage("console", "1", "1", entry["from"], "+15095550100", "hi") if "from" in entry else None


def pieces(called: HttpRequest, found: Received = ONE) -> list[payloads.Piece]:
    """What is kept of each event."""
    return [one for one in payloads.pieces(called, found) if one is not None]


def texts(called: HttpRequest, found: Received) -> list[str]:
    """The same as text."""
    return [payloads.kept(one) for one in pieces(called, found)]


def brought(systems: Systems) -> str:
    return str(systems.history()[0]["facts"]["payload"])


def test_the_call_of_a_gateway_stands_beside_the_text_as_it_came(twilio: Twilio, systems: Systems) -> None:
    fields = twilio.message("STOP", FromCity="WENATCHEE")
    assert twilio.post(fields).status_code == 200
    assert parse_qs(brought(systems), keep_blank_values=True) == {name: [said] for name, said in fields.items()}


def test_no_card_number_is_kept_in_it(twilio: Twilio, systems: Systems) -> None:
    twilio.text(f"please charge {CARD}")
    kept = parse_qs(brought(systems))
    assert kept["Body"][0].startswith("please charge ••••") and "1111" not in brought(systems)
    assert kept["MessageSid"][0].startswith("SM")


@pytest.mark.parametrize("field", ["ReferralBody", "ButtonPayload"])
@pytest.mark.parametrize("hidden", [CARD, "cvv 123", "DE89 3704 0044 0532 0130 00", "my bank account is 12345678"])
def test_what_stands_beside_a_harmless_text_is_blotted_out_too(
    twilio: Twilio, systems: Systems, field: str, hidden: str
) -> None:
    twilio.text("hello", **{field: hidden})
    kept = parse_qs(brought(systems))
    assert kept["Body"] == ["hello"] and kept[field] == [masking.mask(hidden).text] != [hidden]


HARMLESS = [
    urlencode(
        {"Body": "STOP", "From": PERSON, "To": "+15095550100", "MessageSid": "SM" + "4" * 32, "FromZip": "98901"}
    ),
    urlencode({"Text": "STOP", "MessageUUID": "01a1ff0c-ee84-7743-b4c2-68bad6c71d04", "AccountSid": "ACxx" + "1" * 30}),
    urlencode({"Body": "Arr\u00eatez, s'il vous pla\u00eet!", "ApiVersion": "2010-04-01", "NumMedia": "0"}),
    '{"id": "4111111111111111", "message_uuid": "01a1ff0c-ee84-7743-b4c2-68bad6c71d04", "batchId": "41111", "n": {}}',
    '{"id": 7, "from": "15095550142", "text": "Stop\\n", "at": "2026-11-23T07:00:00.123Z", "list": [1, true, null]}',
]


@pytest.mark.parametrize("body", HARMLESS)
def test_most_calls_are_kept_after_one_look(body: str) -> None:
    assert not payloads.may_hide(payloads.Piece(body.encode(), payloads.JSON if body[0] == "{" else payloads.FORM))


@pytest.mark.parametrize("hidden", [CARD, CARD.replace(" ", "/"), "cvv:123", "DE89370400440532013000", "\uff14" * 3])
@pytest.mark.parametrize("said", ["{}", "x {}", "{} x", "\u00e9\n{}", "{}2026-11-23"])
def test_the_look_sees_whatever_would_be_blotted_out(hidden: str, said: str) -> None:
    text = said.format(hidden)
    bodies = [urlencode({"Body": "STOP", "x": text}), urlencode({text: ""}), f"Body=STOP&{quote(text)}"]
    told = [{"text": "STOP", "x": text}, {text: 1}, [text], {"x": json.dumps({"x": text})}]
    bodies += [json.dumps(one, ensure_ascii=ascii) for one in told for ascii in (True, False)]
    for body in bodies:
        assert payloads.may_hide(payloads.Piece(body.encode(), payloads.FORM)), body


def test_a_block_that_a_gateway_reports_keeps_the_report(twilio: Twilio, systems: Systems) -> None:
    systems.consent()
    twilio.status("SM1", "failed", ErrorCode="21610")
    assert parse_qs(brought(systems))["ErrorCode"] == ["21610"]


def test_it_goes_with_the_text_and_the_ledger_stays_whole(
    house: House, valley: Tenant, twilio: Twilio, systems: Systems
) -> None:
    twilio.text("hello", SomethingLong="x y " * 500)
    assert "SomethingLong" in brought(systems)

    def forget(tx: Any) -> int:
        stream = tx.one(_STREAM, {"organization_id": valley.id})[0]
        return erasing.forget_texts(tx, valley.id, stream)

    with house.db.read(valley.id) as tx:
        name, length = tx.one(_SEALED, {"organization_id": valley.id})
    assert name == "message" and length < 1_000  # compressed: a longer row would take a page of its own
    assert not findings(house, valley)
    assert house.db.write(forget, valley.id) == 1
    assert systems.history()[0]["facts"].keys() == {"address", "provider_msg_id"}
    assert not findings(house, valley)


def test_of_a_call_with_several_each_keeps_its_own_part() -> None:
    body = f'[{_FROM % PERSON}, {_FROM % OTHER}, {{"unknown": 1}}]'.encode()
    found = received(json.loads(body), _read)
    called = HttpRequest("POST", "https://consent.test/", {}, body)
    assert [json.loads(one)["from"] for one in texts(called, found)] == [PERSON, OTHER]


def test_one_entry_of_a_list_is_kept_byte_for_byte() -> None:
    body = f"[ {_FROM % PERSON} ]\n".encode()
    called = HttpRequest("POST", "https://consent.test/", {}, body)
    assert texts(called, received(json.loads(body), _read)) == [body.decode()]


def test_reports_that_came_together_are_kept_with_nobody() -> None:
    reports = tuple(DeliveryReport("console", "1", n, "failed", "+15095550100", n) for n in (PERSON, OTHER))
    called = HttpRequest("POST", "https://consent.test/", {}, f"{PERSON} {OTHER}".encode())
    assert list(payloads.pieces(called, Received(reports))) == [None, None]


def test_a_query_is_kept_without_what_proves_the_caller() -> None:
    called = HttpRequest("GET", "https://consent.test/webhooks/sms/x?secret=s3&text=STOP&sig=abc&from=1", {})
    found = Received((InboundMessage("console", "1", "1", PERSON, "+15095550100", "STOP"),))
    assert texts(called, found) == ["text=STOP&from=1"]


def test_bytes_that_are_no_text_are_kept_all_the_same() -> None:
    called = HttpRequest("POST", "https://consent.test/", {}, b"\xff\xfe")
    found = Received((InboundMessage("console", "1", "1", PERSON, "+15095550100", ""),))
    assert texts(called, found) == ["data:application/octet-stream;base64,//4="]


@pytest.mark.parametrize("space", ["", "\n", " \t\r\n"])
@pytest.mark.parametrize("kind", ["application/json", "text/plain; charset=UTF-8", payloads.FORM, ""])
def test_no_space_and_no_type_hides_a_card_number_in_json(kind: str, space: str) -> None:
    body = f'{space}{{"text": "{CARD}"}}'.encode()
    (piece,) = pieces(HttpRequest("POST", "https://consent.test/", {"Content-Type": kind}, body))
    assert json.loads(payloads.masked(piece)) == {"text": "•••• •••• •••• ••••"}
    assert payloads.kept(piece) == body.decode()


@pytest.mark.parametrize("start", ["", "{=1&"])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded; charset=UTF-8", "text/plain", ""])
def test_no_byte_that_is_no_text_hides_a_card_number_in_a_form(kind: str, start: str) -> None:
    body = f"{start}Body={CARD.replace(' ', '%20')}&x=".encode() + b"\xe9"
    (piece,) = pieces(HttpRequest("POST", "https://consent.test/", {"Content-Type": kind}, body))
    said = b64decode(payloads.masked(piece).removeprefix(payloads.BINARY))
    assert said.endswith(b"&x=\xe9") and b"1111" not in said


def test_a_part_of_a_list_is_json_whatever_the_call_said_it_was() -> None:
    body = f"[{_FROM % PERSON}, {_FROM % OTHER}]".encode()
    called = HttpRequest("POST", "https://consent.test/", {"Content-Type": payloads.FORM}, body)
    found = payloads.pieces(called, received(json.loads(body), _read))
    assert [one and one.kind for one in found] == [payloads.JSON] * 2


def findings(house: House, valley: Tenant) -> list[Any]:
    jobs.seal_organization(house.db, house.keyring, valley.id, clock.now())
    with house.db.read(valley.id) as tx:
        return list(verify.verify(tx, house.keyring, valley.id, clock.now()).findings)
