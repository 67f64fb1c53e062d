"""The quick look at a body vouches for nothing that the full reading would refuse."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consent.ledger import bodies, bodycheck
from consent.ledger.bodies import BadBody
from consent.ledger.bodycheck import BodyCheck
from tests.ledger.test_bodies import ID, NOW, STREAM, build, facts, surrogates

LOG = "consent.example/log/acme/1"
RECORDED = b"2026-11-21T09:30:15.123Z"


OTHERS = [build(data={"n": 1}, type="consent.given"), build(digests=["A" * 43, "B" * 43], purposes=["a", "b"])]
ROW: dict[str, Any] = {"event_ids": ID.bytes, "stream_ids": STREAM.bytes, "seqs": 1, "prevs": None}


def quick(body: bytes, **changes: Any) -> bytes | None:
    """When the act of this body happened, if it is vouched for: by itself, and the same among others."""
    alone, among = BodyCheck(LOG), BodyCheck(LOG)
    texts = [*OTHERS, body, *OTHERS]
    rows = {name: [(ROW | changes)[name] if text is body else ROW[name] for text in texts] for name in ROW}
    one = alone([body], *([value] for value in (ROW | changes).values()))
    assert among(OTHERS, *([value] * 2 for value in ROW.values())) is not None
    many = among(texts, *rows.values())
    assert (None if one is None else one.happened[0]) == (None if many is None else many.happened[2])
    return one and one.recorded[0]


def test_a_good_body_is_vouched_for_with_its_time() -> None:
    assert quick(build()) == RECORDED
    assert bodies.instant(NOW).encode() == RECORDED


@pytest.mark.parametrize(
    "change",
    [
        {"event_ids": STREAM.bytes},
        {"stream_ids": ID.bytes},
        {"event_ids": ID.bytes[:15]},
        {"seqs": 2, "prevs": bytes(32)},
        {"seqs": 2},
        {"prevs": bytes(32)},
    ],
)
def test_a_body_of_another_row_is_not_vouched_for(change: dict[str, Any]) -> None:
    assert quick(build(), **change) is None


FORM = build(purposes=["a"], digests=["A" * 43, "B" * 43])


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        (b'"prev":"","purp":["a"]', b'"purp":["a"],"prev":""'),
        (b'"' + b"A" * 43 + b'","', b'"' + b"A" * 43 + b'"\n"'),
        (b'"' + b"A" * 43 + b'","', b'"' + b"A" * 42 + b'="'),
        (b'"' + b"A" * 43, b'"' + b"B" * 43),
        (b'"' + b"A" * 43, b'"' + b"C" * 43),
        (b'"seq":1', b'"seq":2'),
        (b'"seq":1', b'"seq":\t'),
        (str(ID).encode(), (str(ID)[:7] + "-" + str(ID)[7] + str(ID)[9:]).encode()),
        (str(ID).encode(), str(ID).upper().encode()),
        (b'"sd":[', b'],"seq"'),
        (b'"type":"consent.given"', b'"type":"consent._iven"'),
        (b'"src":"api"', b'"src":"apy"'),
        (b'"occ":"2026', b'"occ":"2027'),
        (b'"rec":"2026-11-21T', b'"rec":"2026-11-21 '),
    ],
)
def test_a_body_cut_like_one_that_was_good_is_not_vouched_for(said: bytes, instead: bytes) -> None:
    assert said in FORM
    changed = FORM.replace(said, instead, 1)
    rows = [[value] * 3 for value in ROW.values()]
    check = BodyCheck(LOG)
    assert check([FORM] * 3, *rows) is not None
    with pytest.raises(BadBody):
        parsed = bodies.parse(changed)
        if parsed.seq != 1 or parsed.id != ID:
            raise BadBody("it is that of another row")
    assert check([FORM, changed, FORM], *rows) is None


def test_bodies_of_one_length_whose_parts_stand_elsewhere_are_vouched_for_one_by_one() -> None:
    texts = [build(purposes=["aa"], source="api"), build(purposes=["a"], source="page")]
    assert len(set(map(len, texts))) == 1
    check = BodyCheck(LOG)
    assert all(check([text], *([value] for value in ROW.values())) for text in texts * 2)


def test_what_is_remembered_is_forgotten_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodycheck, "REMEMBERED", 4)
    check = BodyCheck(LOG)
    for number in range(20):
        texts = [build(data={"n": number}), build(data={"n": number + 1})]
        assert all(check([text], *([value] for value in ROW.values())) for text in texts)
        check(texts, *([value] * 2 for value in ROW.values()))
        assert len(check._cuts) <= 4


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
