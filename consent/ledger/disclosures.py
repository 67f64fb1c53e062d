"""Personal facts of an event: salted, each apart from the others, so that one can be shown or erased alone.

The form is that of RFC 9901 (SD-JWT) section 4.2. The body of an event holds only the digests; without the
salt a digest tells nothing, not even to somebody who tries every telephone number there is.
"""

import hashlib
import json
import os
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from json.encoder import encode_basestring
from typing import NamedTuple

from consent.errors import BadInput
from consent.ledger import base64url

name_pattern = re.compile(r"[a-z0-9_]{1,32}")
SALT = 16  # bytes, RFC 9901 section 9.3 asks for 128 bits
# From here on SQLite gives a row of this table a page of its own, beside the tree: ten microseconds of packing save it.
LONG, FAST = 850, 1
# The words that say something about a person; `msg_text` is stored apart so that it can be removed alone, and with it
# what the gateway brought, in which the same words stand.
MESSAGE_TEXT, PAYLOAD = "msg_text", "payload"

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


class Disclosure(NamedTuple):
    """One fact with its salt: `raw` is the JSON triple, from which text and digest follow."""

    name: str
    raw: bytes
    digest: str

    @property
    def text(self) -> str:
        """What a holder shows: the triple in base64url."""
        return base64url.encode(self.raw)

    @property
    def value(self) -> object:
        """The fact itself."""
        return json.loads(self.raw)[2]

    def __repr__(self) -> str:
        return f"Disclosure({self.name})"


def disclose(facts: Mapping[str, object]) -> tuple[Disclosure, ...]:
    """Each fact with a fresh salt; facts that are None are left out."""
    known = [(name, value) for name, value in facts.items() if value is not None]
    salts = os.urandom(SALT * len(known))
    return tuple(
        _make(name, value, salts[at : at + SALT])
        for at, (name, value) in zip(range(0, len(salts), SALT), known, strict=True)
    )


def disclosure(name: str, value: object, salt: bytes | None = None) -> tuple[str, str]:
    """One fact as its text and the digest of that text."""
    made = _make(name, value, os.urandom(SALT) if salt is None else salt)
    return made.text, made.digest


def digest(text: str) -> str:
    """RFC 9901 section 4.2.3: the hash of the disclosure's text, in base64url."""
    return base64url.encode(hashlib.sha256(text.encode("ascii")).digest())


def read(text: str) -> Disclosure:
    """A shown disclosure; BadInput unless it is a salted triple."""
    try:
        raw = base64url.decode(text)
        triple = json.loads(raw)
        salt, name, _value = triple
        if len(base64url.decode(salt)) < SALT or not name_pattern.fullmatch(name):
            raise ValueError
    except (ValueError, TypeError, AttributeError):
        raise BadInput("A disclosure is not a salted name and value.", field="disclosures") from None
    return Disclosure(name, raw, digest(text))


def pack(shown: Iterable[Disclosure]) -> bytes:
    """The plain text of one stored row: the triples, a line each (JSON holds no line break); a long one compressed."""
    plain = b"\n".join([one.raw for one in shown])
    return plain if len(plain) < LONG else zlib.compress(plain, FAST)


def lines(plain: bytes) -> list[bytes]:
    """The triples of one stored row. Raises ValueError for what no row of ours holds."""
    if not plain.startswith(b"["):
        try:
            plain = zlib.decompress(plain)
        except zlib.error as error:
            raise ValueError("not a row of facts") from error
    return plain.split(b"\n")


def unpack(plain: bytes) -> tuple[Disclosure, ...]:
    """The disclosures of one stored row."""
    return tuple(read(base64url.encode(raw)) for raw in lines(plain))


def digests(shown: Sequence[Disclosure]) -> tuple[str, ...]:
    """What the event's body holds of them."""
    return tuple(one.digest for one in shown)


def _make(name: str, value: object, salt: bytes) -> Disclosure:
    said = encode_basestring(value) if isinstance(value, str) else _encode(value)
    raw = f'["{base64url.encode(salt)}",{_quoted(name)},{said}]'.encode()
    return Disclosure(name, raw, base64url.encode(hashlib.sha256(base64url.encode_bytes(raw)).digest()))


@lru_cache(maxsize=256)
def _quoted(name: str) -> str:
    if not name_pattern.fullmatch(name):
        raise BadInput("The name of a personal fact is a short code of lower-case letters.")
    return f'"{name}"'
