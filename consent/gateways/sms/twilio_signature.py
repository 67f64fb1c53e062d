"""Twilio's request signatures, checked and made.

Sources: Twilio's public documentation of webhook security; twilio-python's request validator for the order of
repeated values, the port and the shared-key variant.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from consent.gateways.sms import forms
from consent.gateways.sms.forms import Pairs
from consent.gateways.sms.samples import FORM, Call

SIGNATURE = "X-Twilio-Signature"
SIGNATURE_SETTINGS = "X-Twilio-Webhooks-Signature-Settings"

# A base64 SHA-256 has 44 characters; anything much longer is not read at all.
_LONGEST_HEADER = 256


class Keys:
    """The secrets of one account: auth tokens (several while one is replaced) and shared keys by id."""

    __slots__ = ("_shared", "_tokens")

    def __init__(self, tokens: Sequence[str], shared: Mapping[str, str]) -> None:
        self._tokens = tuple(token.encode() for token in tokens)
        self._shared = {key: secret.encode() for key, secret in shared.items()}

    def candidates(self, settings: str | None) -> tuple[tuple[bytes, ...], str]:
        """The secrets to try and the digest to use, as the header says; none when it says nonsense."""
        if settings is None:
            return self._tokens, "sha1"
        said = _settings(settings)
        algorithm = said.get("algorithm", "HMAC_SHA1") if said is not None else None
        if said is not None and algorithm == "HMAC_SHA256" and said.get("key") in self._shared:
            return (self._shared[said["key"]],), "sha256"
        return (self._tokens if algorithm == "HMAC_SHA1" else ()), "sha1"

    def __repr__(self) -> str:
        return f"Keys({len(self._tokens)} tokens, {len(self._shared)} shared)"


def _settings(header: str) -> dict[str, str] | None:
    """`key=…,algorithm=…` as a mapping; None if it is anything else or says something twice."""
    if not isinstance(header, str) or len(header) > _LONGEST_HEADER or not header.isascii():
        return None
    said: dict[str, str] = {}
    for part in header.split(","):
        name, equals, value = part.strip().partition("=")
        if not equals or name in said:
            return None
        said[name] = value
    return said


def is_signed(url: str, params: str, signature: str | None, settings: str | None, keys: Keys) -> bool:
    """Whether one of the keys made this signature over the URL and the parameters (bytes as Latin-1)."""
    if not isinstance(signature, str) or not signature or len(signature) > _LONGEST_HEADER:
        return False
    if not signature.isascii():
        return False
    given = signature.encode("ascii")
    secrets, digest = keys.candidates(settings)
    rest = params.encode("latin-1")
    for variant in _spellings(url):
        signed = variant + rest
        for secret in secrets:
            if hmac.compare_digest(base64.b64encode(hmac.digest(secret, signed, digest)), given):
                return True
    return False


def sorted_params(pairs: Pairs) -> str:
    """Names and values as they are signed: sorted by name, then value, without separators, repeats once."""
    ordered = sorted(pairs)
    parts: list[str] = []
    last: tuple[str, str] | None = None
    for pair in ordered:
        if pair != last:
            parts += pair
            last = pair
    return "".join(parts)


def covers_body(pairs: Iterable[tuple[str, str]], body: bytes) -> bool:
    """Whether the signed URL carries the hash of this very body."""
    expected = hashlib.sha256(body).hexdigest().encode("ascii")
    given = [value for name, value in pairs if name == "bodySHA256"]
    return len(given) == 1 and hmac.compare_digest(given[0].lower().encode("latin-1"), expected)


def sign(url: str, params: Iterable[tuple[str, str]], secret: str, digest: str = "sha1") -> str:
    """The signature Twilio would send: for trying a webhook as the gateway would call it."""
    pairs = [(name.encode().decode("latin-1"), value.encode().decode("latin-1")) for name, value in params]
    signed = url.encode() + sorted_params(pairs).encode("latin-1")
    return base64.b64encode(hmac.digest(secret.encode(), signed, digest)).decode("ascii")


def sign_call(call: Call, secret: str, header: str) -> Call:
    """The call as the provider signs it: over the form, the URL alone, or the URL with the body's hash."""
    url, params = call.url, Pairs()
    if call.method == "POST" and call.body:
        if call.headers.get("Content-Type", "").startswith(FORM):
            params = forms.read(call.body)
        else:
            url += f"{'&' if '?' in url else '?'}bodySHA256={hashlib.sha256(call.body).hexdigest()}"
    signed = url.encode() + sorted_params(params).encode("latin-1")
    signature = base64.b64encode(hmac.digest(secret.encode(), signed, "sha1")).decode("ascii")
    return Call(call.method, url, {**call.headers, header: signature}, call.body)


def _spellings(url: str) -> tuple[bytes, ...]:
    """The URL as called, without its port and with it: Twilio signs either."""
    base, question, query = url.partition("?")
    tail = (question + query).encode("utf-8", "replace")
    return tuple(one + tail for one in _bases(base))


@lru_cache(maxsize=64)
def _bases(base: str) -> tuple[bytes, ...]:
    scheme, _, rest = base.partition("://")
    authority, slash, path = rest.partition("/")
    user, at, host = authority.rpartition("@")
    name, colon, port = host.rpartition(":")
    if not colon or not port.isdigit():
        name, port = host, {"https": "443", "http": "80"}.get(scheme.lower(), "")
    without = f"{scheme}://{user}{at}{name}{slash}{path}"
    spellings = [base, without, f"{scheme}://{user}{at}{name}:{port}{slash}{path}"] if port else [base]
    return tuple(one.encode("utf-8", "replace") for one in dict.fromkeys(spellings))
