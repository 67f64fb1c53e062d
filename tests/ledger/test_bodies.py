"""The canonical body of an event: what it holds, what it refuses, and that its bytes are RFC 8785."""

import json
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from consent.ledger import bodies
from consent.ledger.bodies import BadBody

NOW = datetime(2026, 11, 21, 9, 30, 15, 123999, tzinfo=UTC)
ID = UUID("0199c0de-0000-7000-8000-000000000001")
STREAM = UUID("6f0c7b7e-0000-4000-8000-000000000002")


def build(**changes: Any) -> bytes:
    parts: dict[str, Any] = {
        "log": "consent.example/log/acme/1",
        "id": ID,
        "stream": STREAM,
        "seq": 1,
        "prev": b"",
        "type": "consent.given",
        "recorded_at": NOW,
        "occurred_at": NOW,
        "source": "api",
        "channel": "sms",
    }
    return bodies.build(**parts | changes)


def test_the_body_has_exactly_the_fourteen_keys_in_order() -> None:
    fields = json.loads(build())
    assert list(fields) == sorted(bodies.KEYS)
    assert len(fields) == 14


def test_the_first_event_of_a_stream_names_none_before_it() -> None:
    assert json.loads(build())["prev"] == ""
    assert json.loads(build(seq=2, prev=b"\1" * 32))["prev"] == "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"


def test_times_are_utc_in_milliseconds_cut_not_rounded() -> None:
    away = NOW.astimezone(timezone(timedelta(hours=-8)))
    assert json.loads(build(occurred_at=away))["occ"] == "2026-11-21T09:30:15.123Z"


def test_purposes_and_digests_are_sorted_and_each_once() -> None:
    fields = json.loads(build(purposes=["b", "a", "b"], digests=["z" * 43, "A" * 43, "z" * 43]))
    assert fields["purp"] == ["a", "b"]
    assert fields["sd"] == ["A" * 43, "z" * 43]


def test_the_leaf_hash_is_that_of_a_zero_byte_and_the_body() -> None:
    # RFC 6962 section 2.1.3 / the reference tree: the hash of an empty leaf.
    assert bodies.leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


values = st.recursive(
    st.one_of(
        st.booleans(),
        st.integers(-bodies.LARGEST_INTEGER, bodies.LARGEST_INTEGER),
        st.text(max_size=30).map(lambda text: unicodedata.normalize("NFC", text)),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.from_regex(r"[a-z0-9_]{1,8}", fullmatch=True), inner, max_size=3),
    ),
    max_leaves=8,
)
facts = st.dictionaries(st.from_regex(r"[a-z0-9_]{1,32}", fullmatch=True), values, max_size=5)


def surrogates(value: object) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


@settings(max_examples=120, deadline=None)
@given(facts)
def test_bodies_are_what_rfc_8785_prescribes(data: dict[str, Any]) -> None:
    if surrogates(data):
        with pytest.raises(BadBody):
            build(data=data)
        return
    body = build(data=data)
    assert body == rfc8785.dumps(json.loads(body))
    assert bodies.parse(body).data == data


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=12))
def test_text_is_taken_exactly_when_it_is_nfc(text: str) -> None:
    fine = unicodedata.is_normalized("NFC", text) and not surrogates(text)
    if fine:
        assert bodies.parse(build(data={"said": text})).data == {"said": text}
    else:
        with pytest.raises(BadBody):
            build(data={"said": text})


def test_a_combining_mark_after_an_escape_does_not_join_with_the_escapes_letter() -> None:
    assert bodies.parse(build(data={"said": "\n\u0301"})).data == {"said": "\n\u0301"}


@pytest.mark.parametrize(
    "changes",
    [
        {"source": "nobody"},
        {"channel": "fax"},
        {"type": "Consent Given"},
        {"type": "given"},
        {"log": "no spaces allowed"},
        {"log": 'quo"te/log'},
        {"log": "plus+sign"},
        {"seq": 0},
        {"seq": 2},
        {"prev": b"\1" * 32},
        {"seq": 2, "prev": b"short"},
        {"occurred_at": NOW + timedelta(minutes=10, seconds=1)},
        {"purposes": ["Not A Code"]},
        {"digests": ["short"]},
        {"digests": ["=" * 43]},
        {"data": {"x": None}},
        {"data": {"x": 1.5}},
        {"data": {"x": float("nan")}},
        {"data": {"x": 2**53}},
        {"data": {"x": -(2**53)}},
        {"data": {"Key": "x"}},
        {"data": {"k" * 33: "x"}},
        {"data": {1: "x"}},
        {"data": {"x": b"bytes"}},
        {"data": {"x": [None]}},
        {"data": {"x": {"y": None}}},
        {"data": {"x": "e\u0301"}},
        {"data": {"x": "\ud800"}},
        {"data": {"x": "y" * 8192}},
        {"data": {"x": [[[[[[[[[[1]]]]]]]]]]}},
    ],
)
def test_what_a_ledger_may_not_hold_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(BadBody):
        build(**changes)


def test_a_refusal_does_not_repeat_the_value() -> None:
    with pytest.raises(BadBody) as refused:
        build(data={"x": "call +15095550142 e\u0301"})
    assert "5550142" not in str(refused.value)


@pytest.mark.parametrize(
    "change",
    [
        (b'"chan"', b'"Chan"'),
        (b'"seq":1', b'"seq":1.0'),
        (b'"seq":1', b'"seq":true'),
        (b'"seq":1', b'"seq":01'),
        (b'"v":1', b'"v":2'),
        (b'"v":1', b'"v":true'),
        (b'"v":1', b'"v":1,"w":1'),
        (b'"data":{}', b'"data":[]'),
        (b'"data":{}', b'"data":{"b":1,"a":1}'),
        (b'"data":{}', b'"data":{"a":1,"a":1}'),
        (b'"data":{}', b'"data": {}'),
        (b'"data":{}', b'"data":{"a":"\\u0041"}'),
        (b'"data":{}', b'"data":{"a":"\\/"}'),
        (b'"purp":[]', b'"purp":["b","a"]'),
        (b'"purp":[]', b'"purp":"a"'),
        (b".123Z", b".123+00:00"),
        (b".123Z", b".1230Z"),
        (b"-11-21T", b"-13-21T"),
        (b'"prev":""', b'"prev":null'),
        (b'"type":"consent.given"', b'"type":7'),
        (b"0199c0de-", b"0199C0DE-"),
        (b"{", b"[{"),
    ],
)
def test_bytes_that_build_would_not_have_written_are_no_body(change: tuple[bytes, bytes]) -> None:
    changed = build().replace(*change, 1)
    assert changed != build()
    with pytest.raises(BadBody):
        bodies.parse(changed)


@pytest.mark.parametrize(
    "change",
    [
        (b'"chan"', b'"Chan"'),
        (b'"seq":1', b'"seq":1.0'),
        (b'"v":1', b'"v":2'),
        (b'"v":1', b'"v":true'),
        (b'"data":{}', b'"data":[]'),
        (b"-11-21T", b"-13-21T"),
        (b"Z", b""),
        (b'"prev":""', b'"prev":null'),
        (b'"purp":[]', b'"purp":null'),
        (b"{", b"[{"),
        (b"0199c0de-", b"0199x0de-"),
    ],
)
def test_what_tells_no_event_is_not_read_either(change: tuple[bytes, bytes]) -> None:
    changed = build().replace(*change, 1)
    assert changed != build()
    with pytest.raises(BadBody):
        bodies.read(changed)


def test_what_is_read_is_what_is_parsed() -> None:
    for body in (build(), build(data={"said": "stöp", "n": 3}, purposes=["b", "a"]), build(occurred_at=NOW)):
        assert bodies.read(body) == bodies.parse(body)


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_no_other_bytes_tell_the_same_event(data: st.DataObject) -> None:
    body = bytearray(build(data={"said": "stöp", "n": 3}, purposes=["a"]))
    at = data.draw(st.integers(0, len(body) - 1))
    body[at] ^= data.draw(st.integers(1, 255))
    try:
        leaf = bodies.parse(bytes(body))
    except BadBody:
        return
    assert leaf.body == bytes(body)
    assert leaf.leaf_hash != bodies.leaf_hash(build(data={"said": "stöp", "n": 3}, purposes=["a"]))


def test_an_unknown_or_impossible_source_time_becomes_the_time_of_arrival() -> None:
    early, late = NOW - timedelta(days=3), NOW + timedelta(minutes=11)
    assert bodies.occurred(None, NOW) == NOW
    assert bodies.occurred(late, NOW) == NOW
    assert bodies.occurred(early, NOW) == early
    assert bodies.occurred(NOW + timedelta(minutes=9), NOW) == NOW + timedelta(minutes=9)
