"""What a gateway brought, byte for byte, as it may be kept beside the text: an entry can then be held against it. Pure.

Headers are not kept: their signatures prove nothing to somebody who has no secret, and some hold one.
"""

from base64 import b64encode
from collections.abc import Sequence
from urllib.parse import urlsplit

from consent.gateways.sms.base import HttpRequest, Received
from consent.policies import masking

# What some gateways send along in the address to prove that they call (gateways.md): never kept.
SECRETS = frozenset({"secret", "sig", "signature"})
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
BINARY = "data:application/octet-stream;base64,"


def pieces(called: HttpRequest, received: Received) -> Sequence[str | None]:
    """For each event what the call said of it: all of it, or the part that is about this one.

    None where a call told of several without parts of their own: what is about others is not kept with anybody.
    """
    if received.pieces:
        return received.pieces
    if len(received.events) == 1:
        return (_whole(called),)
    return (None,) * len(received.events)


def masked(piece: str) -> str:
    """The same with card numbers, security codes and bank accounts blotted out, still a form or JSON (VSH-51)."""
    return masking.mask_bytes_for_evidence(piece.encode(), JSON if piece[:1] in "{[" else FORM).decode()


def _whole(called: HttpRequest) -> str:
    if not called.body:  # sent as the query of the address
        pairs = urlsplit(called.url).query.split("&")
        return "&".join(one for one in pairs if one.partition("=")[0].lower() not in SECRETS)
    try:
        return called.body.decode()
    except UnicodeDecodeError:
        return BINARY + b64encode(called.body).decode()
