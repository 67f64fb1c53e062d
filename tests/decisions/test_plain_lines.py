"""Lines read many at once mean what each means by itself."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.decisions import plain_lines
from consent.errors import ConsentError
from consent.web.bodies import parse_object

PLAIN = {"program": "texts", "message_class": "outage", "channel": "sms", "address": "+15095550142"}
ABOUT = ("texts", "outage", "sms")


def line(**changes: Any) -> bytes:
    return json.dumps(PLAIN | changes).encode()


def places(*lines: bytes | None) -> dict[plain_lines.About, list[int]]:
    return {about: mine.places for about, mine in plain_lines.read(lines).items()}


def test_questions_that_differ_in_the_address_only_are_found_together() -> None:
    lines = [line(), line(address="+15095550143"), line(program="news"), line(address="a@example.com")]
    found = plain_lines.read(lines)
    assert found == {
        ABOUT: plain_lines.Plain([0, 1, 3], ["+15095550142", "+15095550143", "a@example.com"]),
        ("news", "outage", "sms"): plain_lines.Plain([2], ["+15095550142"]),
    }


@pytest.mark.parametrize(
    "other",
    [
        line(at="2026-11-25T12:00:00Z"), line(address=""), line(address="x" * 65), line(address=7), line(channel=None),
        line(program=["texts"]), line(program={}), line(program="x" * 65),
        b"{}", b"7", b"null", b'"x"', b"1e999", b"9" * 5000, b"---1",
        b'{"program":"texts","program":"texts","message_class":"outage","channel":"sms"}',
        line().replace(b"}", b', "address": "+15095550142"}'), line()[:-1] + b',"store":NaN}',
    ],
)  # fmt: skip
def test_any_other_line_is_left_to_be_read_by_itself(other: bytes) -> None:
    assert places(other) == {}
    found = places(line(), other, line())
    assert found in ({ABOUT: [0, 2]}, {})


@pytest.mark.parametrize(
    "wrong",
    [
        [line() + b"," + line()],
        [line() + b",null," + line()],
        [line() + b",null,\n" + line()],
        [b'["a"', b'"b"]', line(), line() + b",null," + line()],
        [b'{"program":"te', b'xts"}'],
        [b'{"a":1', b'"b":2}', line() + b",null," + line()],
        [line() + b"],[" + line()],
        [line() + b"]"],
        [b"\xff" + line()],
        [b'{"a":' * 5000],
        [line(address="\x00")],
        [None],
        [b"not json"],
    ],
)
def test_where_lines_might_be_taken_for_others_all_are_left(wrong: list[bytes | None]) -> None:
    assert places(line(), *wrong, line(address="+15095550199")) == {}


SCRAPS = [
    line(), line(program="news"), line(store=True),
    b"[", b"]", b"{", b"}", b",", b":", b"null", b",null,", b"\n", b'"', b"\\", b'"a"', b"7", b" ",
]  # fmt: skip


@given(st.lists(st.lists(st.sampled_from(SCRAPS), min_size=1, max_size=4).map(b"".join), max_size=6))
def test_whatever_comes_a_line_that_is_taken_says_alone_what_it_was_taken_for(lines: list[bytes]) -> None:
    for about, mine in plain_lines.read(lines).items():
        for place, address in zip(mine.places, mine.addresses, strict=True):
            try:
                alone: Any = parse_object(lines[place])
            except ConsentError:
                alone = None
            assert alone == dict(zip(("program", "message_class", "channel"), about, strict=True)) | {
                "address": address
            }
