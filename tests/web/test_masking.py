"""Nothing personal passes the log filter, and what is harmless stays readable."""

import time

import pytest

from consent.web.masking import MASK, mask, mask_value

CANARIES = [
    ("to +15095550142 now", "5550142"),
    ("to +1 (509) 555-0142", "0142"),
    ("to +1-509-555-0142.", "0142"),
    ("+1 509 555\u20110142", "0142"),
    ("\uff0b\uff11\uff15\uff10\uff19\uff15\uff15\uff15\uff10\uff11\uff14\uff12", "\uff11\uff14\uff12"),
    ("From=%2B15095550142&Body=x", "5550142"),
    ("(509) 555-0142", "0142"),
    ("509.555.0142", "0142"),
    ("1-509-555-0142", "0142"),
    ("tel:15095550142", "5550142"),
    ('{"from":"5095550142"}', "5550142"),
    ("+447700900123", "900123"),
    ("+33 6 39 98 01 23", "01 23"),
    ("mail for jo.doe+tag@mail.example arrived", "jo.doe"),
    ("jo%40mail.example", "mail.example"),
    ("<jörg@example>", "jörg"),
    ("Authorization: Bearer abc.def-ghi", "abc"),
    ("'Authorization': 'Basic dXNlcjpwYXNz'", "dXNl"),
    ("bearer abcd1234", "abcd1234"),
    ("the key ck_live_0123456789abcdef", "0123456789"),
    ("Cookie: session=abc; other=def", "def"),
    ("set-cookie=__Host-s=abc; Path=/", "abc"),
    ("X-Twilio-Signature: RSOYDt4T1cUTdK1PDd93", "RSOY"),
    ("eyJhbGciOiJFZDI1NTE5In0.eyJzdWIiOiJhIn0.c2ln", "c2ln"),
    ("GET https://consent.example/page?token=abc&x=y", "abc"),
    ("code=482913", "482913"),
    ("?password=hunter2&a=b", "hunter2"),
]

HARMLESS = [
    "2026-11-21T20:40:13.123456+00:00",
    "019ac1f2-3456-7890-8123-123456789012",
    "0199c0de-0000-7000-8000-000000000001",
    "SM0123456789abcdef0123456789abcdef",
    "http://127.0.0.1:8000/api/v1/decisions",
    "3 rows in 0.0123 s",
    "sqlite:///var/consent.sqlite3",
    "policy 2025-01-02 in force",
    "ledger/service.py:120 append",
    "position 4096 of 1048576",
]


@pytest.mark.parametrize(("text", "secret"), CANARIES)
def test_what_is_personal_or_secret_is_masked(text: str, secret: str) -> None:
    assert secret not in mask(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_harmless_stays(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize("name", ["phone", "Address", "email", "body", "text", "Authorization", "Cookie", "token"])
def test_values_under_private_names_go_whole(name: str) -> None:
    assert mask_value(name, "anything") == MASK


def test_values_are_masked_however_deep_they_lie() -> None:
    value = mask_value("facts", {"list": [{"deep": ("+15095550142", b"+15095550142")}], "+15095550142": 1})
    assert "5550142" not in repr(value)
    assert mask_value("count", 3) == 3
    assert mask_value("done", True) is True
    assert "5550142" not in mask_value("error", ValueError("+15095550142"))


@pytest.mark.parametrize(
    "hostile",
    ["a" * 65_536, "@" * 65_536, "a@" * 32_768, "1" * 65_536, "+1 " * 21_845, "(5) " * 16_384, "http://" * 9_362,
     "cookie" * 10_922, "bearer " * 9_362, " " * 65_536, "%2B" * 21_845, "eyJ" * 21_845, "key=" * 16_384],
    ids=lambda text: text[:8],
)  # fmt: skip
def test_a_hostile_text_costs_no_more_than_its_length(hostile: str) -> None:
    def spent() -> float:
        begun = time.process_time()
        mask(hostile)
        return time.process_time() - begun

    # About 20 ms of processor time; a quadratic pattern takes many seconds, a busy machine three times as long.
    assert min(spent() for _ in range(3)) < 0.5
