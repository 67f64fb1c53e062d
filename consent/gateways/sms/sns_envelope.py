"""The signed envelope in which Amazon SNS delivers: its string, its certificate, its signature.

Source: Amazon SNS developer guide, "Verifying the signatures of Amazon SNS messages"; AWS's published validator.
"""

import base64
import binascii
import re
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from consent.gateways.sms.base import Unauthenticated

NOTIFICATION, CONFIRM, ENDED = "Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation"
_SIGNED = {
    NOTIFICATION: ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    CONFIRM: ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    ENDED: ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}
_HASHES: dict[str, hashes.HashAlgorithm] = {"1": hashes.SHA1(), "2": hashes.SHA256()}  # noqa: S303  AWS's version 1
_OF_SNS = re.compile(r"https://sns\.[a-z0-9-]{1,32}\.amazonaws\.com(\.cn)?(/[^?#@]*)?(\?[^#]*)?\Z")
LARGEST_CERTIFICATE = 64 * 1024
CERTIFICATES_KEPT = 16


def is_of_sns(url: object) -> bool:
    """Whether this is an https address of SNS itself, without user, port or fragment."""
    return isinstance(url, str) and len(url) < 2000 and _OF_SNS.match(url) is not None


def string_to_sign(envelope: Mapping[str, Any]) -> bytes:
    """Name and value of each signed member that is there, a line each. Raises Unauthenticated."""
    names = _SIGNED.get(envelope.get("Type", "") if isinstance(envelope.get("Type"), str) else "")
    if names is None:
        raise Unauthenticated("This is no SNS message.")
    lines = []
    for name in names:
        value = envelope.get(name)
        if value is None and name == "Subject":
            continue
        if not isinstance(value, str):
            raise Unauthenticated("The SNS message is not complete.")
        lines.append(f"{name}\n{value}\n")
    return "".join(lines).encode("utf-8", "surrogatepass")


def check(envelope: Mapping[str, Any], certificate: x509.Certificate, now: datetime, *, newest_only: bool) -> None:
    """The certificate's key made the signature. Raises Unauthenticated."""
    version = envelope.get("SignatureVersion")
    if version not in ("1", "2") or (newest_only and version != "2"):
        raise Unauthenticated("This version of the SNS signature is not accepted.")
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise Unauthenticated("The SNS certificate is not valid now.")
    key = certificate.public_key()
    given = envelope.get("Signature")
    try:
        if not isinstance(key, rsa.RSAPublicKey) or not isinstance(given, str):
            raise Unauthenticated("The SNS signature does not fit.")
        signature = base64.b64decode(given.encode("ascii"), validate=True)
        key.verify(signature, string_to_sign(envelope), padding.PKCS1v15(), _HASHES[version])
    except (InvalidSignature, binascii.Error, UnicodeError):
        raise Unauthenticated("The SNS signature does not fit.") from None


def sign(envelope: Mapping[str, Any], private_key: str) -> str:
    """The signature SNS would give, version 2, by the private half of a certificate."""
    key = serialization.load_pem_private_key(private_key.encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    signature = key.sign(string_to_sign(envelope), padding.PKCS1v15(), hashes.SHA256())
    return base64.b64encode(signature).decode("ascii")


class Certificates:
    """Certificates by their address, fetched once per process; only from SNS."""

    def __init__(self) -> None:
        self._known: dict[str, x509.Certificate] = {}
        self._lock = threading.Lock()

    def get(self, url: object, fetch: Callable[[str], bytes]) -> x509.Certificate:
        """The certificate at this address. Raises Unauthenticated for an address that is not SNS's."""
        if not isinstance(url, str) or not is_of_sns(url) or "?" in url or not url.endswith(".pem"):
            raise Unauthenticated("The SNS certificate does not lie at SNS.")
        with self._lock:
            known = self._known.get(url)
        if known is not None:
            return known
        try:
            found = x509.load_pem_x509_certificate(fetch(url)[:LARGEST_CERTIFICATE])
        except ValueError:
            raise Unauthenticated("The SNS certificate cannot be read.") from None
        with self._lock:
            while len(self._known) >= CERTIFICATES_KEPT:
                self._known.pop(next(iter(self._known)))
            self._known[url] = found
        return found


CERTIFICATES = Certificates()
