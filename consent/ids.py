"""New identifiers: UUIDv7 (RFC 9562 section 5.7) for rows and events, random UUIDv4 for streams."""

import os
import uuid
from datetime import datetime
from functools import lru_cache


def new_id(now: datetime) -> uuid.UUID:
    """A UUIDv7: its first 48 bits are `now` in milliseconds, so rows written together lie together."""
    milliseconds = int(now.timestamp() * 1000)
    random = int.from_bytes(os.urandom(10), "big")
    value = milliseconds << 80 | 0x7 << 76 | (random >> 68 & 0xFFF) << 64 | 0b10 << 62 | random & (1 << 62) - 1
    return uuid.UUID(int=value)


def oldest_id(at: datetime) -> uuid.UUID:
    """The smallest UUIDv7 of that millisecond: what was made since then has a larger one."""
    return uuid.UUID(int=int(at.timestamp() * 1000) << 80)


@lru_cache(maxsize=256)  # the id of one event stands in its body, in what is sealed for it and in what answers it
def id_text(value: uuid.UUID) -> str:
    """The id as text, as `str` writes it."""
    return str(value)


def new_stream_id() -> uuid.UUID:
    """A random UUIDv4: a stream's name tells nothing about whom it is or when it began."""
    return uuid.uuid4()
