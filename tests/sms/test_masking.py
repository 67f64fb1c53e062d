"""Card numbers, security codes and bank accounts never get past the door (VSH-51, T-17); other numbers do.

The card numbers are the test numbers that payment processors publish; the IBANs are the registry's examples.
"""

import json
from urllib.parse import parse_qsl, urlencode

import pytest

from consent.policies.bank_accounts import is_routing
from consent.policies.card_numbers import is_luhn
from consent.policies.masking import BLOT, Found, mask, mask_bytes_for_evidence

VISA = "4111111111111111"
CARDS = [
    VISA,
    "4012888888881881",
    "4222222222222",
    "5555555555554444",
    "5105105105105100",
    "2223003122003222",
    "378282246310005",
    "371449635398431",
    "6011111111111117",
    "6011000990139424",
    "30569309025904",
    "38520000023237",
    "36227206271667",
    "3530111333300000",
    "3566002020360505",
    "6200000000000005",
    "6304000000000000",
    "2200000000000004",
]


def without_digits(text: str) -> bool:
    return not any(c.isdigit() for c in text)


@pytest.mark.parametrize("number", CARDS)
def test_vsh_51_and_t_17_a_card_number_in_one_piece_is_blotted_out(number: str) -> None:
    masked = mask(f"my card is {number}, thanks")
    assert masked.text == f"my card is {BLOT * len(number)}, thanks"
    assert masked.found == (Found("card", 11, len(number)),)


@pytest.mark.parametrize("number", [n for n in CARDS if len(n) == 16])
@pytest.mark.parametrize("separator", [" ", "-", ".", " - ", "\u00a0", "\u2011", "_", "/"])
def test_vsh_51_a_card_number_in_fours_is_blotted_out(number: str, separator: str) -> None:
    fours = separator.join(number[i : i + 4] for i in range(0, 16, 4))
    masked = mask(f"it is {fours}")
    assert without_digits(masked.text)
    assert masked.text.count(BLOT) == 16
    assert masked.found == (Found("card", 6, len(fours)),)


@pytest.mark.parametrize(
    "said",
    [
        "3782 822463 10005",
        "3056 930902 5904",
        "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
        "41 11 11 11 11 11 11 11",
        "41111111 11111111",
        "1234 4111 1111 1111 1111",
        "４１１１ １１１１ １１１１ １１１１",
        "٤١١١ ١١١١ ١١١١ ١١١١",
        "④①①① 1111 1111 1111",
        "4111\u200b1111\u200b1111\u200b1111",
        "card: 411 1111 1111111 11",
    ],
)
def test_vsh_51_other_ways_to_write_a_card_number_are_found(said: str) -> None:
    masked = mask(said)
    assert [one.kind for one in masked.found] == ["card"]
    assert len(masked.text) == len(said)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (f"{VISA} 12/26 123", f"{BLOT * 16} 12/26 •••"),
        (f"{VISA}1226123", BLOT * 23),
        (f"card{VISA}exp1226", f"card{BLOT * 16}exp1226"),
        (f"{VISA} and 5555 5555 5555 4444", f"{BLOT * 16} and •••• •••• •••• ••••"),
        (f"{VISA} call 509-555-0142", f"{BLOT * 16} call 509-555-0142"),
        (f"+{VISA}", "+" + BLOT * 16),
    ],
)
def test_vsh_51_what_stands_around_a_card_number_is_read_rightly(said: str, kept: str) -> None:
    assert mask(said).text == kept


@pytest.mark.parametrize(
    ("said", "start", "length"),
    [
        ("cvv 123", 4, 3),
        ("CVV: 1234", 5, 4),
        ("the CVC2 is 999!", 12, 3),
        ("cid 1234", 4, 4),
        ("123 is my cvv", 0, 3),
        ("security code 123", 14, 3),
        ("card security code is: 123", 23, 3),
        ("Code de sécurité : 123", 19, 3),
        ("código de seguridad 123", 20, 3),
        ("cvv 1 2 3", 4, 5),
        ("cvv １２３", 4, 3),
    ],
)
def test_vsh_51_a_security_code_beside_its_name_is_blotted_out(said: str, start: int, length: int) -> None:
    masked = mask(said)
    assert masked.found == (Found("cvv", start, length),)
    assert masked.text[start : start + length].replace(" ", "").strip(BLOT) == ""


@pytest.mark.parametrize(
    "iban",
    [
        "DE89 3704 0044 0532 0130 00",
        "GB82WEST12345698765432",
        "FR14 2004 1010 0505 0001 3M02 606",
        "NO93 8601 1117 947",
    ],
)
def test_vsh_51_an_iban_is_blotted_out(iban: str) -> None:
    masked = mask(f"IBAN {iban.lower()} please")
    assert masked.found == (Found("bank_account", 5, len(iban)),)
    assert masked.text.startswith(f"IBAN {iban[:2].lower()}{BLOT}")
    assert without_digits(masked.text)
    assert masked.text.endswith(" please")


@pytest.mark.parametrize(
    "said",
    [
        "routing 021000021 account 123456789",
        "ABA# 021000021, acct no 00123456",
        "my bank account is 0012345678",
        "checking account 123456",
        "transit 12345 institution 003 account 1234567",
        "compte bancaire 12345678",
        "cuenta bancaria: 12345678",
    ],
)
def test_vsh_51_a_named_bank_account_is_blotted_out(said: str) -> None:
    masked = mask(said)
    assert without_digits(masked.text)
    assert {one.kind for one in masked.found} == {"bank_account"}


@pytest.mark.parametrize(
    "said",
    [
        "",
        "Stop",
        "at 3",
        "call 509-555-0142",
        "+15095550142",
        "(509) 555-0142 or 1 509 555 0143",
        "509-555-0142 509-555-0143 415-555-2671 415-555-0107",
        "+4915112345678",
        "order 4111111111111112",
        "order 4111 1111 1111 1112",
        "invoice 10012345 of 2026-11-21, $123.45",
        "2026-11-21 12:30 to 2026-11-22 08:00",
        "my account 123456 has no internet",
        "5095550142 98944",
        "zip 98801-1234",
        "4255550142 123452",  # together a card number, but nobody writes one so
        "50123 45678 90123",
        "security code 5095550142",
        "security code 5095550142 ext 123",
        "transit strike today, account 123456 has no internet",
        "your code is 123456",
        "cvv please",
        "123 Main Street",
        "DE89 3704 0044 0532 0130 01",
        "routing 021000022",
        "the router at 192.168.1.100, mac 00:11:22:33:44:55",
        "serial 1234567890123456",
        "1763755200000",
        "12345678901234567890123456789012345678901234567890",
    ],
)
def test_other_numbers_stay_as_they_are(said: str) -> None:
    masked = mask(said)
    assert (masked.text, masked.found) == (said, ())


def test_masking_twice_changes_nothing_more() -> None:
    once = mask(f"{VISA} cvv 123 DE89 3704 0044 0532 0130 00")
    assert len(once.found) == 3
    assert mask(once.text).found == ()


def test_what_is_recorded_holds_no_digit_of_it() -> None:
    masked = mask(f"{VISA}")
    assert "4111" not in repr(masked) + repr(masked.found)


def test_a_text_with_more_digits_than_anyone_sends_is_blotted_out_from_there() -> None:
    said = "7 " * 2000 + VISA
    masked = mask(said)
    assert VISA not in masked.text
    assert masked.found[-1] == Found("unread", 4000, 16)


@pytest.mark.parametrize("digits", ["4111111111111111", "79927398713", "0"])
def test_a_right_check_digit_is_right(digits: str) -> None:
    assert is_luhn(digits.encode())
    assert not is_luhn((digits[:-1] + str((int(digits[-1]) + 1) % 10)).encode())


@pytest.mark.parametrize(
    ("digits", "right"), [("021000021", True), ("011401533", True), ("021000022", False), ("991000009", False)]
)
def test_a_routing_number_has_a_range_and_a_check_digit(digits: str, right: bool) -> None:
    assert is_routing(digits) is right


# Raw evidence


def test_a_form_stays_a_form() -> None:
    body = urlencode({"From": "+15095550142", "Body": f"card {VISA} é&", "MessageSid": "SM" + VISA}).encode()
    kept = mask_bytes_for_evidence(body, "application/x-www-form-urlencoded; charset=UTF-8")
    assert dict(parse_qsl(kept.decode())) == {
        "From": "+15095550142",
        "Body": f"card {BLOT * 16} é&",
        "MessageSid": "SM" + VISA,
    }


@pytest.mark.parametrize(
    "escaped", [VISA, "".join(f"%3{d}" for d in VISA), "4111+1111+1111+1111", "4111%201111%201111%201111"]
)
def test_no_escape_hides_a_card_number_in_a_form(escaped: str) -> None:
    kept = mask_bytes_for_evidence(f"Body={escaped}".encode(), "application/x-www-form-urlencoded")
    assert without_digits(dict(parse_qsl(kept.decode()))["Body"])


@pytest.mark.parametrize("body", [b"Body=Stop&From=%2B15095550142&x=%zz&&=", b"\xff\x00=%ff&a", b"", b"Body=100%"])
def test_a_form_without_such_numbers_keeps_every_byte(body: bytes) -> None:
    assert mask_bytes_for_evidence(body, "application/x-www-form-urlencoded") == body


def test_json_stays_json() -> None:
    body = json.dumps({"text": f"é {VISA}", "list": [VISA, int(VISA), 7, True, None], "id": VISA}).encode()
    assert json.loads(mask_bytes_for_evidence(body, "application/json")) == {
        "text": f"é {BLOT * 16}",
        "list": [BLOT * 16, BLOT * 16, 7, True, None],
        "id": VISA,
    }


def test_an_escape_in_json_hides_nothing() -> None:
    body = ('{"text": "' + "".join(f"\\u003{d}" for d in VISA) + '"}').encode()
    assert json.loads(mask_bytes_for_evidence(body, "application/cloudevents+json")) == {"text": BLOT * 16}


@pytest.mark.parametrize(
    "text",
    [
        VISA,
        "4111\u00a01111\u00a01111\u00a01111",
        "4111/1111/1111/1111",
        "".join(chr(0xFF10 + int(d)) for d in VISA),
        "".join(chr(0x0660 + int(d)) for d in VISA),
        "".join(d + "\ufe0f\u20e3" for d in VISA),
        "code de s\u00e9curit\u00e9 123",
    ],
)
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_json_in_a_text_of_json_hides_nothing(text: str, depth: int) -> None:
    body = {"messageBody": text, "to": "+15095550142"}
    sent = json.dumps(body).replace("/", "\\/")
    for _ in range(depth):
        sent = json.dumps({"Type": "Notification", "Message": sent})
    read = json.loads(mask_bytes_for_evidence(sent.encode(), "application/json"))
    for _ in range(depth):
        read = json.loads(read["Message"])
    assert read == body | {"messageBody": mask(text).text} and BLOT in read["messageBody"]


@pytest.mark.parametrize(
    "body",
    [
        f'{{"text": "{VISA}", "text": "hello"}}',
        f'{{"a": {{"text": "{VISA}", "text": {{"x": 1}}}}}}',
        f'{{"n": {VISA}.0}}',
        f'{{"{VISA}": 1}}',
        f'{{"paid": "{VISA}"}}',
        '{"cardId": "4111 1111 1111 1111"}',
        f'{{"text": "{{\\"id\\": \\"{VISA}\\"}}"}}',
    ],
)
def test_no_form_of_a_member_hides_a_card_number(body: str) -> None:
    kept = mask_bytes_for_evidence(body.encode(), "application/json")
    assert json.loads(kept) and b"1111" not in kept


@pytest.mark.parametrize(
    "body", [f"{VISA}=x", f"a=b&{VISA}", f"{VISA}&Body=x", f"paid={VISA}", "cardId=4111+1111+1111+1111"]
)
def test_no_part_of_a_form_hides_a_card_number(body: str) -> None:
    assert b"1111" not in mask_bytes_for_evidence(body.encode(), "application/x-www-form-urlencoded")


@pytest.mark.parametrize(
    "name", ["id", "SMSId", "MessageSid", "messageid", "message_uuid", "MessageUUID", "msg-id", "bodySHA256"]
)
def test_an_id_is_kept_as_it_is(name: str) -> None:
    form, told = f"{name}={VISA}".encode(), json.dumps({name: VISA}).encode()
    assert mask_bytes_for_evidence(form, "application/x-www-form-urlencoded") == form
    assert mask_bytes_for_evidence(told, "application/json") == told


@pytest.mark.parametrize("body", [b'{"a": 1.50, "b":  "Stop"}', b"{", b"[" * 100_000, b"\xff"])
def test_json_without_such_numbers_keeps_every_byte(body: bytes) -> None:
    assert mask_bytes_for_evidence(body, "application/json") == body


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "", "application/x-unknown"])
def test_in_a_body_that_is_not_what_it_says_numbers_are_blotted_out_too(kind: str) -> None:
    kept = mask_bytes_for_evidence(b"{broken \xff " + VISA.encode(), kind)
    assert VISA.encode() not in kept
    assert kept.startswith(b"{broken \xff ")


@pytest.mark.parametrize(
    "pattern",
    [
        *(
            "4 ",
            "6 ",
            "4444 ",
            "4",
            "cvv ",
            "cvv 123 ",
            "123 ",
            "DE89 ",
            "DE89",
            "card 4 4 4 4",
            "😀1",
            "4111111111111111x",
        ),
        *("bank account ", "bank account 12345 ", "routing 021000021 account ", "4   ", "55555 ", "４", "1-", "IBAN "),
    ],
)
@pytest.mark.timeout(10)
def test_a_hostile_text_is_read_in_linear_time(pattern: str) -> None:
    """S06. A million characters take a moment; anything that grows faster than the text would take minutes."""
    text = (pattern * 1_000_000)[:1_000_000]
    assert len(mask(text).text) == len(text)
