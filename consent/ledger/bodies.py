"""The body of a ledger event: one canonical line of JSON (RFC 8785), written once and never again.

Its bytes are stored and hashed as they are. What follows says what a body of version 1 may hold; the version
stands in the body, so that bodies written under earlier rules are always read by the rules of their own time.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from json.encoder import encode_basestring
from uuid import UUID

from consent.errors import BadInput
from consent.ids import id_text
from consent.ledger import base64url

VERSION = 1
LARGEST_BODY = 8 * 1024
DEEPEST = 8  # objects and lists within each other
LARGEST_INTEGER = 2**53 - 1  # beyond it RFC 8785 numbers (IEEE 754 doubles) lose digits
# A source's clock may run ahead a little; a time further ahead is not believed.
CLOCK_SKEW = timedelta(minutes=10)

SOURCES = frozenset({"webhook", "page", "staff", "api", "import", "drp", "system"})
CHANNELS = frozenset({"sms", "email", "voice", "chat", "post", "push", "web", "none"})

KEYS = frozenset({"v", "log", "id", "str", "seq", "prev", "type", "rec", "occ", "src", "chan", "purp", "data", "sd"})

type_pattern = re.compile(r"[a-z][a-z_]{0,31}\.[a-z][a-z_]{0,31}")
purpose_pattern = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
key_pattern = re.compile(r"[a-z0-9_]{1,32}")
origin_pattern = re.compile(r"[!-*,-~]{3,256}")  # printable, no space, no plus (C2SP signed-note key names)
digests_pattern = re.compile(r'\["[A-Za-z0-9_-]{43}"(?:,"[A-Za-z0-9_-]{43}")*\]')

_encode = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, sort_keys=True, separators=(",", ":")
).encode


class BadBody(BadInput):
    """These bytes or values are not a ledger body; the message names the part and never repeats it."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One event as its body tells it."""

    version: int
    log: str
    id: UUID
    stream: UUID
    seq: int
    prev: bytes  # empty for the first event of a stream
    type: str
    recorded_at: datetime
    occurred_at: datetime
    source: str
    channel: str
    purposes: tuple[str, ...]
    data: dict[str, object]
    digests: tuple[str, ...]
    body: bytes

    @property
    def leaf_hash(self) -> bytes:
        """The hash under which the log holds this event."""
        return leaf_hash(self.body)


def leaf_hash(body: bytes) -> bytes:
    """RFC 6962 section 2.1: the hash of a leaf is that of a zero byte and the leaf."""
    return hashlib.sha256(b"\0" + body).digest()


def occurred(source_time: datetime | None, recorded_at: datetime) -> datetime:
    """When the person acted: the source's word, unless it gives none or one that cannot be."""
    if source_time is None or source_time > recorded_at + CLOCK_SKEW:
        return recorded_at
    return source_time


def build(
    *,
    log: str,
    id: UUID,
    stream: UUID,
    seq: int,
    prev: bytes,
    type: str,
    recorded_at: datetime,
    occurred_at: datetime,
    source: str,
    channel: str,
    purposes: Iterable[str] = (),
    data: Mapping[str, object] | None = None,
    digests: Iterable[str] = (),
) -> bytes:
    """The canonical bytes of an event; BadBody when a value may not stand in a ledger."""
    if source not in SOURCES:
        raise BadBody("There is no such source of events.", field="src")
    if channel not in CHANNELS:
        raise BadBody("There is no such channel.", field="chan")
    if not 1 <= seq <= LARGEST_INTEGER or len(prev) != (0 if seq == 1 else 32):
        raise BadBody("A stream counts from 1; each event but the first names the one before.", field="seq")
    if occurred_at > recorded_at + CLOCK_SKEW:
        raise BadBody("An event cannot have happened after it was recorded.", field="occ")
    recorded = instant(recorded_at)
    happened = recorded if occurred_at is recorded_at else instant(occurred_at)
    # The keys in the order of RFC 8785 section 3.2.3; each part is checked by the function that writes it.
    body = (
        f'{{"chan":"{channel}","data":{data_text(data)},"id":"{id_text(id)}","log":{_origin(log)},'
        f'"occ":"{happened}","prev":"{base64url.encode(prev)}","purp":{purposes_text(purposes)},'
        f'"rec":"{recorded}","sd":{_digests(digests)},"seq":{seq},"src":"{source}",'
        f'"str":"{id_text(stream)}","type":{_type(type)},"v":{VERSION}}}'
    ).encode()
    if len(body) > LARGEST_BODY:
        raise BadBody("The facts of this event are too large for the ledger.", field="data")
    return body


def type_of(body: bytes) -> str:
    """The event's type, without reading the rest: the last but one key, so the last that reads like it is the key."""
    return body.rpartition(b'"type":"')[2].partition(b'"')[0].decode()


def parse(body: bytes) -> Leaf:
    """The event these bytes tell; BadBody unless they are exactly what `build` would have written."""
    leaf = read(body)
    try:
        again = build(
            log=leaf.log,
            id=leaf.id,
            stream=leaf.stream,
            seq=leaf.seq,
            prev=leaf.prev,
            type=leaf.type,
            recorded_at=leaf.recorded_at,
            occurred_at=leaf.occurred_at,
            source=leaf.source,
            channel=leaf.channel,
            purposes=leaf.purposes,
            data=leaf.data,
            digests=leaf.digests,
        )
    except (TypeError, ValueError, AttributeError):
        raise _wrong_part() from None
    if again != body:
        raise BadBody("The body is not in canonical form.", field="body")
    return leaf


def read(body: bytes) -> Leaf:
    """The same of a body that our own log holds, not written again to be compared: less than half the time of `parse`.

    For whoever counts or tells on what was sealed. Whether it is what was sealed is the question of `ledger verify`.
    """
    if len(body) > LARGEST_BODY:
        raise BadBody("The body is larger than a ledger event can be.", field="body")
    try:
        fields = _DECODER.decode(body.decode())
    except (ValueError, RecursionError):
        raise BadBody("The body is not JSON of whole numbers and valid text.", field="body") from None
    if not isinstance(fields, dict) or fields.keys() != KEYS:
        raise BadBody("The body does not have exactly the fourteen keys of a ledger event.", field="body")
    if fields["v"] != VERSION or isinstance(fields["v"], bool):
        raise BadBody("The body is of a version this program does not know.", field="v")
    if fields["data"].__class__ is not dict:
        raise _wrong_part()
    try:
        recorded, occurred = fields["rec"], fields["occ"]
        recorded_at = _read_instant(recorded)
        return Leaf(
            version=VERSION,
            log=fields["log"],
            id=UUID(fields["id"]),
            stream=UUID(fields["str"]),
            seq=fields["seq"],
            prev=base64url.decode(fields["prev"]),
            type=fields["type"],
            recorded_at=recorded_at,
            occurred_at=recorded_at if occurred == recorded else _read_instant(occurred),
            source=fields["src"],
            channel=fields["chan"],
            purposes=tuple(fields["purp"]),
            data=fields["data"],
            digests=tuple(fields["sd"]),
            body=body,
        )
    except (TypeError, ValueError, AttributeError):
        raise _wrong_part() from None


def _wrong_part() -> BadBody:
    return BadBody("A part of the body has the wrong type.", field="body")


@lru_cache(maxsize=256)  # one instant stands in many bodies
def instant(moment: datetime) -> str:
    """A time as bodies write it: UTC, milliseconds, a closing Z."""
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return moment.isoformat(timespec="milliseconds")[:23] + "Z"


def _read_instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without offset")
    return moment.astimezone(UTC)


@lru_cache(maxsize=1024)
def _origin(log: str) -> str:
    if not origin_pattern.fullmatch(log) or '"' in log or "\\" in log:
        raise BadBody("The name of a log is a host and a path in plain characters.", field="log")
    return f'"{log}"'


@lru_cache(maxsize=1024)
def _type(type: str) -> str:
    if not type_pattern.fullmatch(type):
        raise BadBody("The type of an event is noun.past_verb.", field="type")
    return f'"{type}"'


def purposes_text(purposes: Iterable[str]) -> str:
    """Purposes as bodies hold them: sorted, each once."""
    return _purpose_list(tuple(purposes))


@lru_cache(maxsize=1024)
def _purpose_list(purposes: tuple[str, ...]) -> str:
    if not all(purpose_pattern.fullmatch(purpose) for purpose in purposes):
        raise BadBody("A purpose is a short code of lower-case letters, digits and -._", field="purp")
    return _encode(sorted(set(purposes)))


def _digests(digests: Iterable[str]) -> str:
    ordered = sorted(set(digests))
    if not ordered:
        return "[]"
    text = '["' + '","'.join(ordered) + '"]'
    if not digests_pattern.fullmatch(text):
        raise BadBody("A digest is the base64url of 32 bytes.", field="sd")
    return text


def data_text(data: Mapping[str, object] | None) -> str:
    """Facts as bodies hold them; BadBody when one may not stand in a ledger."""
    if not data:
        return "{}"
    text = _object(data, 0)
    # Text that is one NFC string consists of NFC strings, so most bodies pass at once. The other way round
    # needs a look at each value: an escape's letter can seem to join with a combining mark after it.
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise BadBody("Text holds half of a surrogate pair.", field="data") from None
        if not unicodedata.is_normalized("NFC", text):
            _check_text(data)
    return text


def _object(value: Mapping[str, object], depth: int) -> str:
    """Checked and written in one pass, a third of what a check and then an encoder cost.

    A quotation mark sorts before everything a key may hold, so the members sort as their keys do.
    """
    if depth > DEEPEST:
        raise BadBody("The facts of an event are nested too deeply.", field="data")
    written = [
        f"{_key(key)}{encode_basestring(inner) if inner.__class__ is str else _value(inner, depth)}"
        for key, inner in value.items()
    ]
    written.sort()
    return f"{{{','.join(written)}}}"


def _value(value: object, depth: int) -> str:
    # Subclasses are refused: an enum or a str subclass would be written in a way of its own.
    kind = value.__class__
    if kind is str:
        return encode_basestring(value)  # type: ignore[arg-type]
    if kind is bool:
        return "true" if value else "false"
    if kind is int:
        if not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:  # type: ignore[operator]
            raise BadBody("A number is beyond what JSON carries exactly; write it as text.", field="data")
        return str(value)
    if kind is dict:
        return _object(value, depth + 1)  # type: ignore[arg-type]
    if kind is list or kind is tuple:
        if depth > DEEPEST:
            raise BadBody("The facts of an event are nested too deeply.", field="data")
        return f"[{','.join([_value(inner, depth + 1) for inner in value])}]"  # type: ignore[attr-defined]
    raise BadBody("A fact is text, a whole number, yes or no, a list or an object.", field="data")


@lru_cache(maxsize=4096)
def _key(key: str) -> str:
    if key.__class__ is not str or not key_pattern.fullmatch(key):
        raise BadBody("A key is at most 32 lower-case letters, digits and underscores.", field="data")
    return f'"{key}":'


def _check_text(value: object) -> None:
    if isinstance(value, str):
        if not unicodedata.is_normalized("NFC", value):
            raise BadBody("Text is not in Unicode normal form C.", field="data")
    elif isinstance(value, Mapping):
        for inner in value.values():
            _check_text(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _check_text(inner)


def _refuse(_text: str) -> object:
    raise ValueError("not a whole number")


_DECODER = json.JSONDecoder(parse_float=_refuse, parse_constant=_refuse)
