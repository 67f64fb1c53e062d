"""Signed inbound webhooks in Twilio's form, built before the clock runs."""

import hmac
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha1
from urllib.parse import urlencode

ACCOUNT = "AC" + "0" * 32


def signature(secret: bytes, url: str, pairs: Iterable[tuple[str, str]]) -> str:
    """X-Twilio-Signature: HMAC-SHA1 of the URL and the sorted form fields (Twilio: Validating Requests)."""
    said = url + "".join(name + value for name, value in sorted(pairs))
    return b64encode(hmac.digest(secret, said.encode(), sha1)).decode()


def inbound(secret: bytes, public_url: str, host: str, sender: str, sid: str, text: str, to: str) -> bytes:
    """One whole HTTP request: an inbound message as Twilio posts it, with the fields it usually carries."""
    pairs = [
        ("ToCountry", "US"),
        ("ToState", "WA"),
        ("SmsMessageSid", sid),
        ("NumMedia", "0"),
        ("ToCity", "YAKIMA"),
        ("FromZip", "98901"),
        ("SmsSid", sid),
        ("FromState", "WA"),
        ("SmsStatus", "received"),
        ("FromCity", "YAKIMA"),
        ("Body", text),
        ("FromCountry", "US"),
        ("To", to),
        ("ToZip", "98901"),
        ("NumSegments", "1"),
        ("MessageSid", sid),
        ("AccountSid", ACCOUNT),
        ("From", sender),
        ("ApiVersion", "2010-04-01"),
    ]
    path = "/" + public_url.split("/", 3)[3]
    return post(
        path,
        host,
        urlencode(pairs).encode(),
        "application/x-www-form-urlencoded; charset=UTF-8",
        {"X-Twilio-Signature": signature(secret, public_url, pairs), "User-Agent": "TwilioProxy/1.1"},
    )


def get(path: str, host: str, headers: dict[str, str]) -> bytes:
    """An HTTP/1.1 GET, ready to be sent."""
    extra = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: */*\r\n{extra}\r\n".encode()


def post(path: str, host: str, body: bytes, content_type: str, headers: dict[str, str]) -> bytes:
    """An HTTP/1.1 POST, ready to be sent."""
    extra = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nAccept: */*\r\nContent-Type: {content_type}\r\n"
        f"Content-Length: {len(body)}\r\n{extra}\r\n"
    )
    return head.encode() + body
