"""Plivo's request signatures V3 and V2, checked and made.

Source: Plivo's public documentation of signature validation and its published Python library for the order of values.
V3 covers URL, parameters and a nonce. V2 covers the URL without its query and a nonce, not the body.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterable

from consent.gateways.sms import forms
from consent.gateways.sms.base import HttpRequest
from consent.gateways.sms.proofs import LONGEST_HEADER, hmac_base64, same

V3, MAIN_V3, V3_NONCE = "X-Plivo-Signature-V3", "X-Plivo-Signature-Ma-V3", "X-Plivo-Signature-V3-Nonce"
V2, MAIN_V2, V2_NONCE = "X-Plivo-Signature-V2", "X-Plivo-Signature-Ma-V2", "X-Plivo-Signature-V2-Nonce"
NONCES_KEPT = 100_000


def signed_v3(method: str, url: str, body: bytes, nonce: str) -> bytes:
    """What V3 signs: address, sorted query, sorted parameters of the body, nonce."""
    base, _, query = url.partition("?")
    pairs = sorted(forms.read(query.encode("utf-8", "replace")))
    said = "&".join([f"{name}={value}" for name, value in pairs])
    params = "" if method == "GET" else "".join([name + value for name, value in sorted(forms.read(body))])
    if method == "GET":
        text = f"?{said}" if said else ""
    else:
        text = (f"?{said}" if said or params else "") + ("." if said and params else "") + params
    return base.encode("utf-8", "replace") + f"{text}.".encode("latin-1") + nonce.encode("utf-8", "replace")


def signed_v2(url: str, nonce: str) -> bytes:
    """What V2 signs: the address without its query, and the nonce."""
    return (url.partition("?")[0] + nonce).encode("utf-8", "replace")


def is_v3(request: HttpRequest, tokens: Iterable[str]) -> bool:
    """Whether one of the tokens made one of the V3 signatures."""
    return _matches(request, (V3, MAIN_V3), V3_NONCE, tokens, 3)


def is_v2(request: HttpRequest, tokens: Iterable[str]) -> bool:
    """Whether one of the tokens made one of the V2 signatures and the nonce never came with another body."""
    if not _matches(request, (V2, MAIN_V2), V2_NONCE, tokens, 2):
        return False
    return _NONCES.is_first_or_same(request.headers.get(V2_NONCE) or "", request.url, request.body)


def _matches(request: HttpRequest, headers: tuple[str, str], nonce_header: str, tokens: Iterable[str], v: int) -> bool:
    nonce = request.headers.get(nonce_header)
    given = [one for one in map(request.headers.get, headers) if one]
    if not nonce or not given or len(nonce) > LONGEST_HEADER or any(len(one) > LONGEST_HEADER for one in given):
        return False
    method = request.method.upper()
    signed = signed_v3(method, request.url, request.body, nonce) if v == 3 else signed_v2(request.url, nonce)
    wanted = [hmac_base64(token, signed) for token in tokens]
    fitting = [same(one.strip(), each) for header in given for one in header.split(",") for each in wanted]
    return True in fitting


class _Nonces:
    """Which body came with which V2 nonce: another body under a known nonce is not Plivo's. Kept per process."""

    def __init__(self) -> None:
        self._seen: OrderedDict[bytes, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def is_first_or_same(self, nonce: str, url: str, body: bytes) -> bool:
        key = hashlib.sha256(f"{url.partition('?')[0]}\n{nonce}".encode("utf-8", "surrogatepass")).digest()
        content = hashlib.sha256(url.encode("utf-8", "surrogatepass") + b"\n" + body).digest()
        with self._lock:
            known = self._seen.setdefault(key, content)
            while len(self._seen) > NONCES_KEPT:
                self._seen.popitem(last=False)
        return known == content


_NONCES = _Nonces()
