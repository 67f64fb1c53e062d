"""What a gateway brought, byte for byte, as it may be kept beside the text: an entry can then be held against it. Pure.

Headers are not kept: their signatures prove nothing to somebody who has no secret, and some hold one.
"""

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from consent.gateways.sms.base import HttpRequest, Received
from consent.policies import calls, masking

# What some gateways send along in the address to prove that they call (gateways.md): never kept.
SECRETS = frozenset({"secret", "sig", "signature"})
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
BINARY = "data:application/octet-stream;base64,"


@dataclass(frozen=True, slots=True)
class Piece:
    """What a call said of one event, in its own bytes, and of which type it said it was."""

    body: bytes = field(repr=False)
    kind: str = FORM


def pieces(called: HttpRequest, received: Received) -> Sequence[Piece | None]:
    """For each event what the call said of it: all of it, or the part that is about this one.

    None where a call told of several without parts of their own: what is about others is not kept with anybody.
    """
    if received.pieces:
        return [Piece(one.encode(), JSON) for one in received.pieces]
    if len(received.events) == 1:
        return (_whole(called),)
    return (None,) * len(received.events)


def kept(piece: Piece) -> str:
    """As it came; bytes that are no text are spelled in base64."""
    try:
        return piece.body.decode()
    except UnicodeDecodeError:
        return BINARY + b64encode(piece.body).decode()


def may_hide(piece: Piece) -> bool:
    """Whether something in it may have to be blotted out: a look that costs little, and nearly always says no."""
    return piece.kind.lower().partition(";")[0].strip() not in (FORM, JSON) or calls.may_hide(piece.body)


def masked(piece: Piece) -> str:
    """The same with card numbers, security codes and bank accounts blotted out, still a form or JSON (VSH-51).

    What reads as JSON is masked as JSON, whatever it says it is: most gateways' JSON is read without asking its type,
    and some take whatever else comes for a form.
    """
    if _is_json(piece.body):
        return kept(Piece(masking.mask_bytes_for_evidence(piece.body, JSON)))
    body = masking.mask_bytes_for_evidence(piece.body, FORM)
    if not piece.kind.lower().startswith(FORM):
        body = masking.mask_bytes_for_evidence(body, piece.kind)
    return kept(Piece(body))


def _is_json(body: bytes) -> bool:
    if body.lstrip()[:1] not in (b"{", b"["):
        return False
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True


def _whole(called: HttpRequest) -> Piece:
    if not called.body:  # sent as the query of the address
        pairs = urlsplit(called.url).query.split("&")
        query = "&".join(one for one in pairs if one.partition("=")[0].lower() not in SECRETS)
        return Piece(query.encode("utf-8", "replace"))
    return Piece(called.body, called.headers.get("Content-Type") or FORM)
