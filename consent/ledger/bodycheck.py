"""Whether stored bodies are canonical and say what their rows say, fast enough for millions.

The quick way knows the one shape a body has and remembers the parts that repeat (facts, purposes, types). Whatever
it does not know for certain goes through `bodies.parse`, so it can only be quick, never more lenient.
"""

import re
from binascii import b2a_base64, hexlify
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from json import loads
from operator import ge
from struct import Struct
from typing import NamedTuple
from uuid import UUID

from consent.ledger import bodies
from consent.ledger.bodies import BadBody, Leaf

REMEMBERED = 8_192  # shapes kept; then forgotten at once, so memory stays flat

_HEAD = re.compile(rb'\{"chan":"(?:sms|email|voice|chat|post|push|web|none)","data":')
# Loose where what is found is compared with a known text or looked at afterwards.
_TAIL = (
    r',"id":"(.{8}-.{4}-.{4}-.{4}-.{12})","log":"%s","occ":"(.{24})","prev":"((?:[^"]{43})?)","purp":(\[[^\]]*\])'
    r',"rec":"(.{24})","sd":\[([^\]]*)\],"seq":([1-9]\d{0,14})'
    r',"src":"(?:webhook|page|staff|api|import|drp|system)"'
    r',"str":"(.{8}-.{4}-.{4}-.{4}-.{12})","type":"([a-z_.]+)","v":1\}'
)
_PURPOSES, _TYPE = 4, 9  # of the groups: these repeat, the others are an event's own
_OWN = (1, 2, 3, 5, 6, 7, 8)
_DATA_ENDS = b'},"id":"'
_DASHES = (8, 13, 18, 23)  # where an id has them
_LAST = 24  # bytes at the end of a body, with most of the type
_INSTANT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
# Digits as one digit, letters of base64url as one letter: whether all texts have a form is then one comparison.
_DIGITS = bytes.maketrans(b"123456789", b"000000000")
_TIME = b"0000-00-00T00:00:00.000Z"
_LETTERS = bytes.maketrans(b"BCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", b"A" * 63)
_DIGEST = b'"' + b"A" * 43 + b'"'
_MARK = b",~,"  # between two lists: "~" sorts after every digest

Shape = tuple[bytes, bytes, int]  # how a body begins, up to its facts, and ends; and its length


class Times(NamedTuple):
    """When each of several acts happened and was recorded, as their bodies write it."""

    happened: Sequence[bytes]
    recorded: Sequence[bytes]


class BodyCheck:
    """Checks bodies of one log, any number at once: most of it then is a few calls for all of them.

    Bodies of one shape differ only in what is an event's own. So a body is matched and its facts are read once per
    shape; the next one is cut in pieces at the same places (a fifth of the time of a match).
    """

    def __init__(self, origin: str) -> None:
        self._tail = re.compile(_TAIL.replace("%s", re.escape(origin)).encode()).fullmatch
        self._cuts: dict[Shape, Callable[[bytes], tuple[bytes, ...]]] = {}
        self._between: set[tuple[bytes, ...]] = set()

    def __call__(
        self,
        texts: Sequence[bytes],
        event_ids: Sequence[bytes],
        stream_ids: Sequence[bytes],
        seqs: Sequence[int],
        prevs: Sequence[bytes | None],
    ) -> Times | None:
        """The times of the acts where the quick way vouches for every body and its row, else None: look closely.

        Ids come as 16 bytes, `prevs` as the hashes of the events before.
        """
        pieces = self._pieces(texts)
        if pieces is None:
            return None
        columns = list(zip(*pieces, strict=True))
        ids, happened, before, recorded, digests, places, streams = columns[::2]
        named = b"".join(ids + streams)
        if (
            not self._between.issuperset(zip(*columns[1::2], strict=True))
            or set(map(len, event_ids)) | set(map(len, stream_ids)) != {16}
            or named.replace(b"-", b"") != hexlify(b"".join((*event_ids, *stream_ids)))
            or any(named[dash::36].strip(b"-") for dash in _DASHES)
            or list(places) != [b"%d" % seq for seq in seqs]
            or [seq > 1 for seq in seqs] != [prev is not None for prev in prevs]
            or list(before) != [b"" if prev is None else _text_of(prev) for prev in prevs]
            or b"\n".join(recorded).translate(_DIGITS) != b"\n".join([_TIME] * len(texts))
            or not _are_digests(digests)
        ):
            return None
        if happened != recorded:
            for occ, rec in zip(happened, recorded, strict=True):
                if occ != rec and not _may_have_happened(occ, rec):
                    return None
        return Times(happened, recorded)

    def _pieces(self, texts: Sequence[bytes]) -> list[tuple[bytes, ...]] | None:
        """Each body cut into what is its own and, after each of these, what stands between them."""
        cuts = self._cuts
        alone = len(texts) == 1  # then matched in any case: bodies of one length can have their parts elsewhere
        if not alone:
            with suppress(KeyError):
                return [cuts[body[: body.find(_DATA_ENDS)], body[-_LAST:], len(body)](body) for body in texts]
        pieces = []
        for body in texts:
            shape = body[: body.find(_DATA_ENDS)], body[-_LAST:], len(body)
            if (alone or shape not in cuts) and not self._learn(shape, body):
                return None
            pieces.append(cuts[shape](body))
        return pieces

    def _learn(self, shape: Shape, body: bytes) -> bool:
        """Whether all that is not this event's own is canonical; if so, bodies of its shape are cut as this one."""
        start = shape[0] + b"}"
        head, tail = _HEAD.match(start), self._tail(body, len(start))
        if head is None or tail is None or len(body) > bodies.LARGEST_BODY:
            return False
        try:
            data, purposes, type = (part.decode() for part in (start[head.end() :], *tail.group(_PURPOSES, _TYPE)))
            written = bodies.data_text(loads(data)), bodies.purposes_text(loads(purposes))
            sound = written == (data, purposes) and bodies.type_pattern.fullmatch(type) is not None
        except (ValueError, TypeError, AttributeError, RecursionError, BadBody):
            return False
        if sound:
            if len(self._cuts) >= REMEMBERED:
                self._cuts.clear()
                self._between.clear()
            spans = [tail.span(group) for group in _OWN]
            ends = [start for start, _stop in spans[1:]] + [len(body)]
            lengths = [f"{stop - start}s{end - stop}s" for (start, stop), end in zip(spans, ends, strict=True)]
            cut = self._cuts[shape] = _cutter(f"{spans[0][0]}x{''.join(lengths)}")
            self._between.add(cut(body)[1::2])
        return sound


def problem_of(body: object, origin: str, event_id: UUID, stream_id: UUID, seq: int) -> tuple[str, Leaf | None]:
    """What is wrong with a body as the full reading sees it; an empty text when nothing is."""
    if not isinstance(body, bytes):
        return "the body is not bytes", None
    try:
        leaf = bodies.parse(body)
    except BadBody as error:
        return error.detail[0].lower() + error.detail[1:].rstrip("."), None
    if (leaf.id, leaf.stream, leaf.seq, leaf.log) != (event_id, stream_id, seq, origin):
        return "the body tells of another event, stream, place or log than its row", leaf
    return "", leaf


@lru_cache(maxsize=1_024)
def _cutter(form: str) -> Callable[[bytes], tuple[bytes, ...]]:
    return Struct(form).unpack


def _text_of(digest: bytes) -> bytes:
    return b2a_base64(digest, newline=False).translate(_URL_SAFE, b"=")


def _are_digests(lists: Sequence[bytes]) -> bool:
    """Whether each list holds nothing but digests, each once and in order."""
    forms = b"\n".join(lists).translate(_LETTERS).split(b"\n")
    if len(forms) != len(lists) or not all(form == _form_of(form.count(_DIGEST)) for form in set(forms)):
        return False
    # Whatever follows a mark is smaller than it, and nothing else may be smaller than what stands before it.
    every = _MARK.join(lists).split(b",")
    descents: int = sum(map(ge, every, every[1:]))
    return descents == len(lists) - 1


def _form_of(digests: int) -> bytes:
    return b",".join([_DIGEST] * digests)


def _may_have_happened(occ: bytes, rec: bytes) -> bool:
    if not _INSTANT.fullmatch(occ):
        return False
    try:
        happened, recorded = datetime.fromisoformat(occ.decode()), datetime.fromisoformat(rec.decode())
    except ValueError:
        return False
    return happened <= recorded + bodies.CLOCK_SKEW
