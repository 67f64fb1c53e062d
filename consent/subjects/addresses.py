"""One spelling for every address, so that the same person is found again. Pure: no database, no network.

`canonical` is for addresses that people and systems hand us: it refuses what cannot be right.
`as_received` is for the sender of a message that reached us: it never fails, since a STOP always counts.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NoReturn

import idna
import phonenumbers

from consent.errors import BadInput

TELEPHONE = frozenset({"sms", "voice"})


class Kind(StrEnum):
    """What sort of address it is: only E.164 numbers and e-mail addresses reach a person."""

    E164 = "e164"
    SHORT_CODE = "short_code"
    SENDER_NAME = "sender_name"
    EMAIL = "email"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Address:
    """An address on a channel: `value` is the spelling it is found by, `deliver_to` the one to send to."""

    channel: str
    value: str = field(repr=False)
    kind: Kind
    deliver_to: str = field(default="", repr=False)

    @property
    def masked(self) -> str:
        """Enough to recognise one's own address, too little to use somebody else's."""
        return masked(self.channel, self.value)


class BadAddress(BadInput):
    """The address cannot be right; the message says why and never repeats it."""

    slug, title = "bad-address", "The address cannot be used"

    def __init__(self, detail: str) -> None:
        super().__init__(detail, field="address")


def canonical(channel: str, raw: str, region: str | None = None) -> Address:
    """The address in its one spelling; `region` (ISO 3166-1) is assumed for numbers without country code."""
    if channel in TELEPHONE:
        return _telephone(channel, raw, region)
    if channel == "email":
        return _email(raw)
    if channel == "chat":
        return _handle(raw)
    value = " ".join(unicodedata.normalize("NFC", raw).split())
    if not value or len(value) > 512 or not value.isprintable():
        _refuse("An address needs between 1 and 512 printable characters.")
    return Address(channel, value, Kind.OTHER, value)


def of_person(channel: str, raw: str) -> Address:
    """The address at which a person is reached. A local number without its area code looks like a short code:
    taken for one, it would be a number of its own, which no STOP ever reaches."""
    address = canonical(channel, raw)
    if address.kind in (Kind.SHORT_CODE, Kind.SENDER_NAME):
        _refuse("A person has a whole telephone number; give it with country code, as +15095550142.")
    return address


def as_received(channel: str, raw: str) -> Address:
    """The sender of something that reached us; a number that cannot be right keeps the gateway's spelling."""
    try:
        return canonical(channel, raw)
    except BadAddress:
        value = "".join(c for c in raw if c.isprintable()).strip()[:512]
        return Address(channel, value, Kind.OTHER, value)


def masked(channel: str, value: str) -> str:
    """`•••• 0142` or `a•••@example.com`; short codes and sender names belong to companies and are shown."""
    if channel == "email":
        local, _, domain = value.rpartition("@")
        return f"{local[0] if len(local) > 2 else ''}•••@{domain}"
    if channel in TELEPHONE:
        return f"•••• {value[-4:]}" if len(value) > 7 and value[-4:].isdigit() else value
    return "••••"


def _handle(raw: str) -> Address:
    """A name or number in a messenger is the messenger's own: its case and spelling are kept as they are."""
    value = unicodedata.normalize("NFC", raw).strip()
    if not 1 <= len(value) <= 128 or not value.isprintable():
        _refuse("A messenger's address has between 1 and 128 printable characters.")
    return Address("chat", value, Kind.OTHER, value)


def _telephone(channel: str, raw: str, region: str | None) -> Address:
    # phonenumbers takes 50 µs and more; what gateways and our own systems send is already canonical.
    digits = raw[1:]
    if raw[:1] == "+" and digits.isascii() and digits.isdigit() and 8 <= len(digits) <= 15 and raw[1] != "0":
        if digits[0] == "1" and not (len(digits) == 11 and digits[1] > "1" and digits[4] > "1"):
            _refuse(NOT_NANP)
        return Address(channel, raw, Kind.E164, raw)
    text = unicodedata.normalize("NFKC", raw).strip()
    if not text or len(text) > 64 or not text.isprintable():
        _refuse("A telephone number needs between 3 and 64 printable characters.")
    if text.isascii() and text.isdigit() and 3 <= len(text) <= 7:
        return Address(channel, text, Kind.SHORT_CODE, text)
    if _is_sender_name(text):
        return Address(channel, text, Kind.SENDER_NAME, text)
    return _parsed(channel, text, region)


# North American Numbering Plan: ten digits, area code and exchange begin with 2 to 9.
NOT_NANP = "A number that begins with +1 has ten more digits; its area code and exchange begin with 2 to 9."


def _parsed(channel: str, text: str, region: str | None) -> Address:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        _refuse("This is no telephone number; give it with country code, as +15095550142.")
    if number.extension:
        _refuse("A number with an extension cannot be reached by itself; leave the extension out.")
    if not phonenumbers.is_possible_number(number):
        _refuse("The number has too many or too few digits for its country.")
    value = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if number.country_code == 1 and not (value[2] > "1" and value[5] > "1"):
        _refuse(NOT_NANP)
    return Address(channel, value, Kind.E164, value)


def _is_sender_name(text: str) -> bool:
    """3GPP TS 23.040: a sender's name has up to 11 characters, one of them a letter; nobody can answer it."""
    if len(text) > 11 or not text.isascii() or text[0] == "+":
        return False
    return any(c.isalpha() for c in text) and all(c.isalnum() or c in " -&._" for c in text)


# Labels of letters, digits and single hyphens (RFC 5890 section 2.3.1) are their own A-labels; working that out takes
# longer than everything else about an address. Two hyphens might be an A-label, which has to be looked at.
_PLAIN = re.compile(r"(?:[a-z0-9](?:-?[a-z0-9]){0,62}\.)*[a-z0-9](?:-?[a-z0-9]){0,62}", re.ASCII)
_LONGEST_LABEL = 63


def _email(raw: str) -> Address:
    """RFC 5321 and RFC 6532: the local part up to 64 octets, the domain as A-labels (RFC 5891)."""
    text = unicodedata.normalize("NFC", raw).strip()
    local, at, domain = text.rpartition("@")
    if not at or not local or not domain:
        _refuse("An e-mail address has a name, an @ and a domain, as name@example.com.")
    if len(local.encode("utf-8", "replace")) > 64 or len(domain) > 253:
        _refuse("The name or the domain of the e-mail address is too long.")
    # Quoted names exist on paper only, and blanks and control characters open doors in mail headers.
    if not local.isprintable() or any(c in ' "(),:;<>@[\\]' or c.isspace() for c in local):
        _refuse("The name before the @ holds a character that cannot stand there.")
    ascii_domain = domain.lower()
    if not _PLAIN.fullmatch(ascii_domain) or max(map(len, ascii_domain.split("."))) > _LONGEST_LABEL:
        try:
            ascii_domain = idna.encode(domain, uts46=True).decode("ascii").lower()
        except (idna.IDNAError, UnicodeError):
            _refuse("The domain after the @ is not a valid domain name.")
    if "." not in ascii_domain:
        _refuse("The domain after the @ has no dot.")
    # Mailboxes that differ only in case exist in theory; people write theirs in any case.
    return Address("email", f"{local.lower()}@{ascii_domain}", Kind.EMAIL, f"{local}@{ascii_domain}")


def _refuse(why: str) -> NoReturn:
    # `from None`: the cause's text would repeat the address.
    raise BadAddress(why) from None
