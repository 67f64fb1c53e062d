"""Whether a stored body is canonical and says what its row says, fast enough for millions.

The quick way knows the one shape a body has and remembers the parts that repeat (facts, purposes, types). Whatever
it does not know for certain goes through `bodies.parse`, so it can only be quick, never more lenient.
"""

import re
from binascii import hexlify
from datetime import datetime
from itertools import pairwise
from json import loads
from uuid import UUID

from consent.ledger import bodies
from consent.ledger.bodies import BadBody, Leaf

REMEMBERED = 8_192  # parts kept; then forgotten at once, so memory stays flat

_HEAD = re.compile(rb'\{"chan":"(?:sms|email|voice|chat|post|push|web|none)","data":')
# Loose where what is found must equal a known text anyway; strict where nothing else would notice.
_TAIL = (
    r',"id":"([^"]{36})","log":"%s","occ":"([^"]{24})","prev":"([^"]*)","purp":(\[[^\]]*\])'
    r',"rec":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)"'
    r',"sd":\[((?:"[A-Za-z0-9_-]{43}"(?:,"[A-Za-z0-9_-]{43}")*)?)\],"seq":([1-9]\d{0,14})'
    r',"src":"(?:webhook|page|staff|api|import|drp|system)","str":"([^"]{36})","type":"([^"]+)","v":1\}'
)
_INSTANT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_DASHES = slice(8, 24, 5)  # where an id has them
_DATA_ENDS = b'},"id":"'
_DIGEST = 45  # a digest and its quotes


class BodyCheck:
    """Checks bodies of one log."""

    def __init__(self, origin: str) -> None:
        self._tail = re.compile(_TAIL.replace("%s", re.escape(origin)).encode()).fullmatch
        self._known: set[bytes] = set()

    def __call__(
        self, body: bytes, event_id: bytes, stream_id: bytes, seq: int, prev: bytes, recorded: bytes
    ) -> bytes | None:
        """The time of the act where the quick way vouches for everything, else None: look closely.

        Ids come as 16 bytes; `prev`, as base64url, and `recorded` as the body writes them.
        """
        end = body.find(_DATA_ENDS) + 1
        tail = self._tail(body, end)
        if tail is None or len(body) > bodies.LARGEST_BODY:
            return None
        own_id, occ, own_prev, purposes, rec, digests, own_seq, stream, type = tail.groups()
        if (
            own_id.replace(b"-", b"") != hexlify(event_id)
            or stream.replace(b"-", b"") != hexlify(stream_id)
            or own_id[_DASHES] != b"----"
            or stream[_DASHES] != b"----"
            or own_prev != prev
            or rec != recorded
            or int(own_seq) != seq
        ):
            return None
        if occ != rec and not _may_have_happened(occ, rec):
            return None
        if len(digests) > _DIGEST:
            listed = digests.split(b",")
            if any(one >= other for one, other in pairwise(listed)):
                return None
        known, start = self._known, body[:end]  # channel and facts
        if start in known and purposes in known and type in known:
            return occ
        return occ if self._learn(start, purposes, type) else None

    def _learn(self, start: bytes, purposes: bytes, type: bytes) -> bool:
        """Whether these parts are canonical; remembered if so."""
        head = _HEAD.match(start)
        if head is None:
            return False
        try:
            data, codes = start[head.end() :].decode(), purposes.decode()
            written = bodies.data_text(loads(data)), bodies.purposes_text(loads(codes))
            sound = written == (data, codes) and bodies.type_pattern.fullmatch(type.decode()) is not None
        except (ValueError, TypeError, AttributeError, RecursionError, BadBody):
            return False
        if sound:
            if len(self._known) > REMEMBERED:
                self._known.clear()
            self._known.update((start, purposes, type))
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


def _may_have_happened(occ: bytes, rec: bytes) -> bool:
    if not _INSTANT.fullmatch(occ):
        return False
    try:
        happened, recorded = datetime.fromisoformat(occ.decode()), datetime.fromisoformat(rec.decode())
    except ValueError:
        return False
    return happened <= recorded + bodies.CLOCK_SKEW
