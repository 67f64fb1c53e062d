"""Whether a stored body is canonical and says what its row says, fast enough for millions.

The quick way knows the one shape a body has and remembers the parts that repeat (facts, purposes, types). Whatever
it does not know for certain goes through `bodies.parse`, so it can only be quick, never more lenient.
"""

import re
from datetime import datetime, timedelta
from itertools import pairwise
from json import loads
from uuid import UUID

from consent.ledger import bodies
from consent.ledger.bodies import BadBody, Leaf

REMEMBERED = 8_192  # parts kept; then forgotten at once, so memory stays flat

_HEAD = re.compile(r'\{"chan":"(?:sms|email|voice|post|push|web|none)","data":')
_TAIL = re.compile(
    r',"id":"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})","log":"([^"\\]+)"'
    r',"occ":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)","prev":"([A-Za-z0-9_-]*)"'
    r',"purp":(\[(?:"[a-z0-9._-]+"(?:,"[a-z0-9._-]+")*)?\])'
    r',"rec":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)"'
    r',"sd":\[((?:"[A-Za-z0-9_-]{43}"(?:,"[A-Za-z0-9_-]{43}")*)?)\],"seq":([1-9]\d{0,14})'
    r',"src":"(?:webhook|page|staff|api|import|drp|system)"'
    r',"str":"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"'
    r',"type":"([a-z_]+\.[a-z_]+)","v":1\}'
)
_DATA_ENDS = '},"id":"'


class BodyCheck:
    """Checks bodies of one log."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self._known: set[str] = set()

    def __call__(self, body: bytes, event_id: str, stream_id: str, seq: int, prev: str, recorded: str) -> str | None:
        """The time of the act where the quick way vouches for everything, else None: look closely.

        Ids come as 32 hex letters, `prev` as base64url, `recorded` as the body writes it.
        """
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return None
        head = _HEAD.match(text)
        end = text.find(_DATA_ENDS)
        if head is None or end < 0 or len(body) > bodies.LARGEST_BODY:
            return None
        tail = _TAIL.fullmatch(text, end + 1)
        if tail is None:
            return None
        own_id, log, occ, own_prev, purposes, rec, digests, own_seq, stream, type = tail.groups()
        if (
            own_id.replace("-", "") != event_id
            or stream.replace("-", "") != stream_id
            or own_prev != prev
            or log != self.origin
            or rec != recorded
            or int(own_seq) != seq
        ):
            return None
        if occ != rec and not _may_have_happened(occ, rec):
            return None
        if len(digests) > 45:
            listed = digests.split(",")
            if any(one >= other for one, other in pairwise(listed)):
                return None
        data = text[head.end() : end + 1]
        known = self._known
        if data in known and purposes in known and type in known:
            return occ
        return occ if self._learn(data, purposes, type) else None

    def _learn(self, data: str, purposes: str, type: str) -> bool:
        """Whether these parts are canonical; remembered if so."""
        try:
            facts, codes = loads(data), loads(purposes)
            written = bodies.data_text(facts), bodies.purposes_text(codes)
            sound = written == (data, purposes) and bodies.type_pattern.fullmatch(type) is not None
        except (ValueError, TypeError, AttributeError, BadBody):
            return False
        if sound:
            if len(self._known) > REMEMBERED:
                self._known.clear()
            self._known.update((data, purposes, type))
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


def _may_have_happened(occ: str, rec: str) -> bool:
    try:
        happened, recorded = datetime.fromisoformat(occ), datetime.fromisoformat(rec)
    except ValueError:
        return False
    return happened <= recorded + timedelta(minutes=10)
