"""How long codes, links and visits hold, and how often one may ask. Pure: no database, no request, no clock."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import phonenumbers

from consent.errors import BadInput
from consent.subjects.addresses import Address, BadAddress, Kind, canonical
from consent.web.messages import N_

PHONE, EMAIL = "phone", "email"
# OWASP ASVS 5.0, 6.5 and 6.6: a code or link that was asked for holds ten minutes, and five tries.
HOLDS_FOR = timedelta(minutes=10)
TRIES = 5
DIGITS = 6
# OWASP ASVS 5.0, 7.3: a visit ends after half an hour without a look, and after four hours whatever happens.
IDLE_FOR = timedelta(minutes=30)
AT_MOST = timedelta(hours=4)
# Asks are counted over an hour (S26, S60): of one address, of a network and the two around it, of an organization.
COUNTED_FOR = timedelta(hours=1)
# Forms that need no code are counted by network, as attempts to sign in are (OWASP ASVS 5.0, 6.3.1).
FORMS_COUNTED_FOR = timedelta(minutes=15)
LONGEST_TYPED = 320
_WITH_HYPHENS = str.maketrans({"(": None, ")": None, " ": "-"})

EMPTY = N_("Enter your phone number or your e-mail address.")
TOO_LONG = N_("This is too long for a phone number or an e-mail address.")
NO_EMAIL = N_("This e-mail address cannot be right. Write it as name@example.com.")
NO_PHONE = N_("This phone number cannot be right. Write it with its area code, as 509-555-0142.")
ABROAD = N_("Codes cannot be sent to phone numbers of this country. Enter an e-mail address instead.")


@dataclass(frozen=True, slots=True)
class Limits:
    """How many asks within COUNTED_FOR are answered: in all, of a group of networks, and of a group for one address.

    Groups stand the widest first: IPv6 /32, /48 and /64, IPv4 /16, /24 and one address. No group has all there is, so
    whoever asks in somebody's name leaves codes for them, and whoever asks for thousands leaves codes for others.
    """

    address: int = 10
    organization: int = 2_000
    of_groups: tuple[int, int, int] = (500, 120, 30)
    of_address: tuple[int, int, int] = (7, 6, 5)
    # Forms that need no code, within FORMS_COUNTED_FOR: of a group, about one address, and of a group about it.
    of_forms: tuple[int, int, int] = (120, 30, 10)
    forms_of_address: int = 12
    forms_of_group: int = 10


class Unreachable(BadInput):
    """No code can be sent to what was typed; the message says what to do instead."""


def reachable(typed: str | None, jurisdictions: Sequence[str]) -> tuple[str, Address]:
    """Kind and address of what somebody typed; Unreachable where no code can go there. None is a text too long.

    Texts go to the North American numbering plan and to the countries the organization works in: numbers elsewhere
    cost their sender much and earn somebody money.
    """
    if typed is None or len(typed) > LONGEST_TYPED:
        raise Unreachable(TOO_LONG, field="contact")
    text = unicodedata.normalize("NFKC", typed).strip()
    if not text:
        raise Unreachable(EMPTY, field="contact")
    try:
        if "@" in text:
            return EMAIL, canonical("email", text)
        address = canonical("sms", text, jurisdictions[0][:2] if jurisdictions else None)
    except BadAddress:
        raise Unreachable(NO_EMAIL if "@" in text else NO_PHONE, field="contact") from None
    if address.kind is not Kind.E164:
        raise Unreachable(NO_PHONE, field="contact")
    if not _texts_reach(address.value, jurisdictions):
        raise Unreachable(ABROAD, field="contact")
    return PHONE, address


def digits_of(typed: str | None) -> str:
    """The digits of a code as people write it, with blanks or full-width; nothing for what cannot be one."""
    text = unicodedata.normalize("NFKC", typed or "")
    kept = "".join(one for one in text if not one.isspace() and one != "-")
    return kept if len(kept) == DIGITS and kept.isascii() and kept.isdigit() else ""


def for_people(number: str) -> str:
    """An E.164 number as people write it: at home with hyphens, as 509-555-0142, from elsewhere with its country.

    A short code stays as it is.
    """
    if not number.startswith("+"):
        return number
    read = phonenumbers.parse(number)
    if read.country_code == 1:
        return phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.NATIONAL).translate(_WITH_HYPHENS)
    return phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def has_expired(expires_at: datetime, now: datetime) -> bool:
    """Whether a code or link of that end holds no more."""
    return now >= expires_at


def free_at(asks: Sequence[datetime], most: int) -> datetime | None:
    """When there is one less than `most` of these asks, the newest first; None where there is now."""
    return asks[most - 1] + COUNTED_FOR if len(asks) >= most else None


def link_is_over(issued_at: datetime, given_up_at: datetime | None, holds: timedelta, now: datetime) -> bool:
    """Whether a link of a message shows nothing any more: too old, or of a time before its address changed hands."""
    return now - issued_at > holds or (given_up_at is not None and issued_at <= given_up_at)


def visit_is_over(began_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Whether a visit that began and was last seen then has ended by itself."""
    return now - seen_at > IDLE_FOR or now - began_at > AT_MOST


def _texts_reach(number: str, jurisdictions: Sequence[str]) -> bool:
    if number.startswith("+1"):
        return number[2:5] != "900"  # a call or text there costs extra
    country = phonenumbers.region_code_for_number(phonenumbers.parse(number))
    return country in {place.partition("-")[0] for place in jurisdictions}
