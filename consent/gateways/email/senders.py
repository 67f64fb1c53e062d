"""Who mails are from: the settings that every way out has in common."""

import unicodedata
from collections.abc import Mapping
from typing import Any

import idna
from marshmallow import ValidationError, fields, validate

from consent.gateways.email.base import Sender
from consent.gateways.sms.settings import GatewaySettings

# RFC 5321, section 4.5.3.1.1: 64 octets before the @. A plus sign and a token of 52 go behind the name.
LONGEST_NAME_BEFORE_TOKEN = 11


def _address(value: str) -> None:
    name, at, domain = value.rpartition("@")
    if not at or not name or not name.isascii() or len(name) > 64 or any(c in ' "(),:;<>[\\]@' for c in name):
        raise ValidationError("An address such as news@mail.example is needed here.")
    if not name.isprintable() or "." not in domain or _as_ascii(domain) is None:
        raise ValidationError("The domain of the address is not a valid domain name.")


def _returning(value: str) -> None:
    _address(value)
    name = value.rpartition("@")[0]
    if len(name) > LONGEST_NAME_BEFORE_TOKEN or "+" in name:
        raise ValidationError(f"The name before the @ has at most {LONGEST_NAME_BEFORE_TOKEN} characters and no plus.")


def _shown(value: str) -> None:
    if any(unicodedata.category(c) in ("Cc", "Zl", "Zp", "Cs") for c in value):
        raise ValidationError("A name has no line breaks and no control characters.")


class SenderSettings(GatewaySettings):
    """From whom, to whom one answers, and where what cannot be delivered comes back."""

    from_address = fields.String(required=True, validate=_address)
    from_name = fields.String(load_default="", validate=[validate.Length(max=100), _shown])
    reply_to = fields.String(validate=_address)
    returns_to = fields.String(validate=_returning)


def sender_of(settings: Mapping[str, Any]) -> Sender:
    """The sender that these checked settings describe; domains as A-labels (RFC 5891)."""
    reply_to, returns_to = settings.get("reply_to"), settings.get("returns_to")
    return Sender(
        ascii_domain(settings["from_address"]),
        settings["from_name"],
        ascii_domain(reply_to) if reply_to else None,
        ascii_domain(returns_to) if returns_to else None,
    )


def ascii_domain(address: str) -> str:
    """The same address with its domain as mail servers look it up."""
    name, _, domain = address.rpartition("@")
    return f"{name}@{_as_ascii(domain) or domain}"


def _as_ascii(domain: str) -> str | None:
    try:
        return idna.encode(domain, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        return None
