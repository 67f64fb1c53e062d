"""JSON is read so that nobody can read it differently."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.errors import BadInput, ConsentError, Malformed
from consent.web import bodies


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"a":1,"a":2}', Malformed),
        (b'{"x":{"a":1,"a":1}}', Malformed),
        (b'{"a":NaN}', Malformed),
        (b'{"a":-Infinity}', Malformed),
        (b'{"a":1', Malformed),
        (b"", Malformed),
        (b'{"a":1}{}', Malformed),
        (b'\xff\xfe{"a":1}', Malformed),
        ('\ufeff{"a":1}'.encode(), Malformed),
        ('{"a":1}'.encode("utf-16"), Malformed),
        (b'{"a":"\n"}', Malformed),
        (b'{"a":' + b"[" * 33 + b"]" * 33 + b"}", Malformed),
        (b"[" * 200_000, Malformed),
        (b'{"a":' * 100_000, Malformed),
        (b'{"a":9007199254740992}', BadInput),
        (b'{"a":-9007199254740992}', BadInput),
        (b'{"a":' + b"9" * 200_000 + b"}", BadInput),
        (b'{"a":1e999}', BadInput),
        (b'{"a":"\\u0000"}', BadInput),
        (b'{"a":"\\ud800"}', BadInput),
        (b'{"\\udfff":1}', BadInput),
        (b"[1]", BadInput),
        (b'"text"', BadInput),
        (b"null", BadInput),
    ],
    ids=repr,
)
def test_what_two_readers_could_read_differently_is_refused(body: bytes, kind: type[ConsentError]) -> None:
    begun = time.perf_counter()
    with pytest.raises(kind):
        bodies.parse_object(body)
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"a":9007199254740991,"b":-9007199254740991}', {"a": 2**53 - 1, "b": 1 - 2**53}),
        (b' {"a": 1.5e2, "b": "\\u00e9", "c": "\\ud83d\\ude00"} ', {"a": 150.0, "b": "é", "c": "😀"}),
        ('{"a": "d\'accord 👍"}'.encode(), {"a": "d'accord 👍"}),
        (b'{"a":' + b"[" * 31 + b"]" * 31 + b"}", None),
        (b'{"a":[' + b"{}," * 100 + b"{}]}", {"a": [{}] * 101}),
    ],
    ids=["numbers", "escapes", "utf-8", "deep", "wide"],
)
def test_what_is_plain_is_read(body: bytes, value: object) -> None:
    read = bodies.parse_object(body)
    assert value is None or read == value


def test_the_field_with_a_forbidden_character_is_named() -> None:
    with pytest.raises(BadInput) as caught:
        bodies.parse_object(b'{"wording":{"text":"a\\u0000b"}}')
    assert caught.value.field == "wording.text"


@pytest.mark.parametrize(
    ("content_type", "yes"),
    [
        ("application/json", True),
        ("application/json; charset=utf-8", True),
        ("Application/JSON", True),
        ("application/merge-patch+json", True),
        ("text/json", False),
        ("application/x-www-form-urlencoded", False),
        ("", False),
    ],
)
def test_only_json_counts_as_json(content_type: str, yes: bool) -> None:
    assert bodies.is_json(content_type) is yes


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(), below, max_size=3),
        max_leaves=8,
    )
)
def test_json_is_written_as_python_writes_it(value: object) -> None:
    as_python = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    assert bodies.text_of(value) == as_python


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {"a": object()}])
def test_what_is_no_json_is_not_written(value: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        bodies.text_of(value)
