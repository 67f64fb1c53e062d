"""API fields take what their schema says and nothing that merely resembles it."""

import unicodedata
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from unittest.mock import patch
from uuid import UUID

import marshmallow as ma
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.web import fields


class Colour(StrEnum):
    RED = "red"


FIELDS: dict[str, tuple[ma.fields.Field[Any], list[Any], list[Any]]] = {
    "text": (
        fields.ShortText(longest=5),
        ["a", "abcde", "d\u00e9j\u00e0", "👍"],
        ["", "abcdef", 5, None, True, ["a"], "a\nb", "a\x00", "a\x7f", "\u2028", "\ud800"],
    ),
    "lines": (fields.ShortText(longest=5, lines=True), ["a\nb", "a\tb"], ["a\x00", "a\x0b", "\x85"]),
    "instant": (
        fields.AwareInstant(),
        ["2026-05-03T09:30:00Z", "2026-05-03t09:30:00z", "2026-05-03T09:30:00.123456789-07:00", "2024-02-29T00:00:00Z"],
        ["2026-05-03T09:30:00", "2026-05-03", "2026-05-03 09:30:00Z", "2026-05-03T09:30Z", "2025-02-29T00:00:00Z",
         "2026-05-03T24:00:00Z", "2026-05-03T09:30:60Z", "1969-12-31T23:59:59Z", "2200-01-01T00:00:00Z",
         "2026-05-03T09:30:00+0700", "2026-05-03T09:30:00+25:00", "٢٠٢٦-05-03T09:30:00Z", 1_777_777_777, None,
         "2026-05-03T09:30:00Z\n", "0000-00-00T00:00:00Z"],
    ),
    "uuid": (
        fields.Uuid(),
        ["0199f3a2-7c1e-7d3a-9b1f-3c5d7e9f1a2b"],
        ["0199f3a27c1e7d3a9b1f3c5d7e9f1a2b", "{0199f3a2-7c1e-7d3a-9b1f-3c5d7e9f1a2b}", "x", 5, None,
         "urn:uuid:0199f3a2-7c1e-7d3a-9b1f-3c5d7e9f1a2b"],
    ),
    "number": (fields.WholeNumber(least=0, most=9), [0, 9, 5.0], ["5", 5.9, True, -1, 10, None, float("inf")]),
    "yes or no": (fields.YesNo(), [True, False], ["yes", "off", 1, 0, "true", None]),
    "channel": (fields.Channel(), ["sms", "none"], ["SMS", "fax", "", 1, None, ["sms"]]),
    "enum": (fields.WordOf(Colour), ["red"], ["RED", "blue", 1, None]),
    "object": (fields.PlainObject(most=2), [{}, {"a": 1}], [[], "a", None, {"a": 1, "b": 2, "c": 3}]),
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, (_, good, _) in FIELDS.items() for value in good])
def test_what_fits_is_taken(name: str, value: Any) -> None:
    FIELDS[name][0].deserialize(value)


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, (_, _, bad) in FIELDS.items() for value in bad])
def test_what_does_not_fit_is_refused(name: str, value: Any) -> None:
    with pytest.raises(ma.ValidationError):
        FIELDS[name][0].deserialize(value)


def test_text_is_normalised_once_at_the_edge() -> None:
    assert fields.ShortText(longest=9).deserialize("De\u0301ja\u0300") == unicodedata.normalize(
        "NFC", "De\u0301ja\u0300"
    )


def test_a_time_becomes_utc_and_keeps_microseconds() -> None:
    read = fields.AwareInstant().deserialize("2026-05-03T09:30:00.1234567-07:00")
    assert read == datetime(2026, 5, 3, 16, 30, 0, 123456, tzinfo=UTC)
    assert fields.rfc3339(read) == "2026-05-03T16:30:00.123456Z"


def test_a_uuid_is_a_uuid() -> None:
    assert fields.Uuid().deserialize("0199F3A2-7c1e-7d3a-9b1f-3c5d7e9f1a2b") == UUID(
        "0199f3a2-7c1e-7d3a-9b1f-3c5d7e9f1a2b"
    )


def test_no_message_repeats_the_value() -> None:
    secret = "+15095550142"
    for field, _, _ in FIELDS.values():
        if isinstance(field, fields.ShortText):
            continue
        with pytest.raises(ma.ValidationError) as caught:
            field.deserialize(secret)
        assert secret not in str(caught.value.messages)


def test_unknown_names_are_refused() -> None:
    class Body(fields.Schema):
        a = fields.YesNo()

    with pytest.raises(ma.ValidationError):
        Body().load({"a": True, "b": 1})


class _Facts(fields.Schema):
    day = fields.Day()
    place = fields.Place(load_default="CA")
    age = fields.WholeNumber(least=0, most=150, allow_none=True)


class _Everything(fields.Schema):
    text = fields.ShortText(longest=5, required=True, data_key="said")
    colour = fields.WordOf(Colour, load_default=lambda: Colour.RED)
    numbers = ma.fields.List(fields.WholeNumber(least=0, most=9), validate=ma.validate.Length(max=2))
    one = ma.fields.Nested(_Facts)
    several = ma.fields.Nested(_Facts, many=True)
    object = fields.PlainObject(most=1)


class _Hooked(_Everything):
    @ma.validates_schema
    def together(self, data: dict[str, Any], **_how: Any) -> None:
        if data.get("text") == "no":
            raise ma.ValidationError("Not this.", "text")

    @ma.post_load
    def finish(self, data: dict[str, Any], **_how: Any) -> dict[str, Any]:
        return data | {"finished": True}


class _Placed(_Everything):
    placed = fields.YesNo(attribute="deep.down")
    fixed = ma.fields.Constant(5)


def _twin(schema: type[fields.Schema]) -> type[ma.Schema]:
    """The same, read by marshmallow alone."""
    return type("Twin", (schema,), {"_deserialize": ma.Schema._deserialize})


_ODD = st.one_of(st.none(), st.booleans(), st.integers(-1, 10), st.sampled_from(["", "a", "no", "red", "x" * 6]))
_FACTS = st.dictionaries(
    st.sampled_from(["day", "place", "age", "else"]),
    st.one_of(_ODD, st.sampled_from(["2026-05-03", "US-WA"])),
    max_size=3,
)
_BODY = st.one_of(
    st.fixed_dictionaries(
        {},
        optional={
            "said": st.one_of(_ODD, st.just("hello")),
            "colour": st.one_of(_ODD, st.just("red")),
            "numbers": st.one_of(_ODD, st.lists(st.integers(0, 10), max_size=3)),
            "one": st.one_of(_ODD, _FACTS),
            "several": st.one_of(_ODD, st.lists(st.one_of(_FACTS, _ODD), max_size=2)),
            "object": st.one_of(_ODD, st.just({"a": 1})),
            "placed": _ODD,
            "text": _ODD,
        },
    ),
    _ODD,
)


@pytest.mark.parametrize("schema", [_Everything, _Hooked, _Placed])
@given(body=_BODY)
def test_a_body_is_read_as_marshmallow_reads_it(schema: type[fields.Schema], body: Any) -> None:
    said = []
    for kind in (schema, _twin(schema)):
        try:
            read = kind().load(body)
            said.append((list(read.items()), None))
        except ma.ValidationError as error:
            said.append((error.valid_data, error.normalized_messages()))  # type: ignore[no-untyped-call]
    assert said[0] == said[1]


def test_marshmallow_still_asks_the_schema_itself_for_each_object() -> None:
    with patch.object(fields, "_read", side_effect=fields._read) as read:
        assert _Everything().load({"said": "a", "one": {}}) == {
            "text": "a",
            "colour": Colour.RED,
            "one": {"place": "CA"},
        }
        assert read.call_count == 2
