"""Where somebody stands in the feed, as a text that only we can make: moved to another organization it is refused."""

import hmac
import struct
from typing import NamedTuple
from uuid import UUID

from consent.errors import Malformed
from consent.ledger import base64url
from consent.ledger.keys import Keyring

_PLACE = struct.Struct(">IQ")
TAG = 8  # bytes: a cursor is no secret and opens nothing, the tag only tells a slip from a place
SPACE = "changes"


class Position(NamedTuple):
    """Behind this leaf of this log; logs are counted from 1, leaves from 0."""

    log_id: int
    leaf_index: int


BEGINNING = Position(0, 0)  # before every leaf of every log


def write(keyring: Keyring, organization_id: UUID, position: Position) -> str:
    """The cursor of a place."""
    return base64url.encode(_PLACE.pack(*position) + _tag(keyring, organization_id, position))


def read(keyring: Keyring, organization_id: UUID, cursor: str, *, field: str = "after") -> Position:
    """The place behind a cursor of this organization; Malformed for every other text."""
    try:
        raw = base64url.decode(cursor)
        position = Position(*_PLACE.unpack(raw[: _PLACE.size]))
    except (ValueError, struct.error):
        raise _refused(field) from None
    if not hmac.compare_digest(raw[_PLACE.size :], _tag(keyring, organization_id, position)):
        raise _refused(field)
    return position


def _tag(keyring: Keyring, organization_id: UUID, position: Position) -> bytes:
    return keyring.message_tag(organization_id, SPACE, f"{position.log_id}|{position.leaf_index}")[:TAG]


def _refused(field: str) -> Malformed:
    return Malformed("This cursor is none of your organization's feed; start again without one.", field=field)
