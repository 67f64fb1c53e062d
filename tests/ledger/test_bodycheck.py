"""The quick look at a body vouches for nothing that the full reading would refuse."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consent.ledger import bodies
from consent.ledger.bodies import BadBody
from consent.ledger.bodycheck import BodyCheck
from tests.ledger.test_bodies import ID, NOW, STREAM, build, facts, surrogates

LOG = "consent.example/log/acme/1"
RECORDED = b"2026-11-21T09:30:15.123Z"


def quick(body: bytes, **changes: Any) -> bytes | None:
    given_ = {"event_id": ID.bytes, "stream_id": STREAM.bytes, "seq": 1, "prev": b""}
    return BodyCheck(LOG)(body, **(given_ | {"recorded": RECORDED} | changes))


def test_a_good_body_is_vouched_for_with_its_time() -> None:
    assert quick(build()) == RECORDED
    assert bodies.instant(NOW).encode() == RECORDED


@pytest.mark.parametrize(
    "change",
    [
        {"event_id": STREAM.bytes},
        {"stream_id": ID.bytes},
        {"seq": 2},
        {"prev": b"A" * 43},
        {"recorded": b"2026-11-21T09:30:15.124Z"},
    ],
)
def test_a_body_of_another_row_is_not_vouched_for(change: dict[str, Any]) -> None:
    assert quick(build(), **change) is None


@settings(max_examples=80, deadline=None)
@given(facts)
def test_every_good_body_is_vouched_for(data: dict[str, Any]) -> None:
    if not surrogates(data):
        assert quick(build(data=data, purposes=["a", "b"], digests=["A" * 43, "B" * 43])) == RECORDED


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_changed_body_is_vouched_for_that_the_full_reading_refuses(data: st.DataObject) -> None:
    body = bytearray(build(data={"said": "stöp", "n": 3, "list": ["x"]}, purposes=["a"], digests=["A" * 43]))
    at = data.draw(st.integers(0, len(body) - 1))
    body[at] ^= data.draw(st.integers(1, 255))
    if quick(bytes(body)) is not None:
        bodies.parse(bytes(body))


@pytest.mark.parametrize(
    "change",
    [
        (b'"data":{}', b'"data":{"b":1,"a":1}'),
        (b'"data":{}', b'"data":{"a":1.5}'),
        (b'"data":{}', b'"data":{"a":"e\xcc\x81"}'),
        (b'"data":{}', b'"data":{"a":"\xff"}'),
        (b'"purp":["a"]', b'"purp":["b","a"]'),
        (b'"purp":["a"]', b'"purp":["a","a"]'),
        (b'"sd":["' + b"A" * 43, b'"sd":["' + b"B" * 43 + b'","' + b"A" * 43),
        (b'"occ":"2026', b'"occ":"2027'),
        (b'"occ":"2026-11', b'"occ":"2026-02-31T09:30:15.123Z'[:15]),
        (str(ID).encode(), str(ID).upper().encode()),
        (str(ID).encode(), str(ID).replace("-", "", 1).encode() + b"-"),
        (b'"occ":"2026-11-21T', b'"occ":"2026-11-21 '),
        (b'"purp":["a"]', b'"purp":[ "a"]'),
        (b'"type":"consent.given"', b'"type":"consent._given"'),
    ],
)
def test_bodies_that_are_not_canonical_are_not_vouched_for(change: tuple[bytes, bytes]) -> None:
    body = build(purposes=["a"], digests=["A" * 43]).replace(*change, 1)
    with pytest.raises(BadBody):
        bodies.parse(body)
    assert quick(body) is None
