"""A request that came by letter, telephone, fax or in person, as whoever took it types it in. Pure.

The clock starts when it came through the door, by the calendar of the organization, and not when somebody types it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from marshmallow import ValidationError

from consent.policies.answers.openings import ELSEWHERE, Asks
from consent.privacy_requests.forms import CHOOSE, LONGEST_CONTACT, TOO_LONG, lines
from consent.privacy_requests.rules import HOWS, LONGEST_WORDS
from consent.subjects.addresses import Address, BadAddress, Kind, canonical
from consent.web.fields import parse_instant
from consent.web.i18n import ENGLISH, LANGUAGES
from consent.web.messages import N_

NO_ADDRESS = N_("Enter a telephone number with country code, or an e-mail address.")
NO_DAY = N_("Enter the day on which it arrived.")
NO_TIME = N_("Enter a time as 14:30, or leave it empty.")
FUTURE = N_("It cannot have arrived in the future, by the clock of the organization.")
NO_NAME = N_("Enter the name of whoever asks for them, or choose that they ask themselves.")
LONGEST_NAME = 200
# By what somebody acts for another; whether it holds is checked on the page of the request.
AUTHORITIES = {
    "": N_("They ask themselves"),
    "agent": N_("A person or company with their written permission"),
    "power-of-attorney": N_("Somebody with a power of attorney"),
    "parent": N_("A parent or guardian"),
    "lawyer": N_("A lawyer"),
    "estate": N_("Whoever settles the estate"),
}
WAYS = {
    "letter": N_("Letter"),
    "call": N_("Telephone call"),
    "voicemail": N_("Voicemail"),
    "visit": N_("At the counter"),
    "email": N_("E-mail"),
    "mail": N_("Other mail, such as a sales inbox"),
    "fax": N_("Fax"),
    "chat": N_("Chat"),
    "form": N_("Form"),
    "staff": N_("Told to a colleague"),
    "other": N_("Some other way"),
}
FIELDS = (
    "how", "arrived_on", "arrived_at", "address", "language", "place", "role", "ground", "words", "authority",
    "asked_by",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entered:
    """What was typed in, read; `asked_by` names who asks for the person, and by what."""

    how: str
    received_at: datetime
    address: Address = field(repr=False)
    place: str | None
    role: str | None
    ground: str | None
    words: str | None = field(repr=False)
    authority: str = ""
    asked_by: str | None = field(default=None, repr=False)
    language: str = ENGLISH


def read(
    sent: Mapping[str, str], asks: Asks, zone: ZoneInfo, region: str | None, now: datetime
) -> tuple[Entered | None, dict[str, str]]:
    """What was entered; None with what is wrong, by field."""
    wrong: dict[str, str] = {}
    received_at = _arrived(sent, zone, now, wrong)
    address = _address(sent.get("address", ""), region, wrong)
    if sent.get("how") not in HOWS:
        wrong["how"] = CHOOSE
    language = sent.get("language", "") or ENGLISH
    if language not in LANGUAGES:
        wrong["language"] = CHOOSE
    chosen = {
        name: _chosen(name, sent, offered, wrong)
        for name, offered in (("place", asks.places), ("role", asks.roles), ("ground", asks.grounds))
    }
    words = lines(sent.get("words", ""))
    if len(words) > LONGEST_WORDS:
        wrong["words"] = TOO_LONG
    authority, asked_by = sent.get("authority", ""), lines(sent.get("asked_by", ""))
    if authority not in AUTHORITIES:
        wrong["authority"] = CHOOSE
    elif bool(authority) != bool(asked_by) or len(asked_by) > LONGEST_NAME:
        wrong["asked_by"] = NO_NAME
    if wrong or received_at is None or address is None:
        return None, {name: wrong[name] for name in FIELDS if name in wrong}
    return Entered(sent["how"], received_at, address, chosen["place"], chosen["role"], chosen["ground"],
                   words or None, authority, asked_by or None, language), {}  # fmt: skip


def _arrived(sent: Mapping[str, str], zone: ZoneInfo, now: datetime, wrong: dict[str, str]) -> datetime | None:
    """When it came through the door; where nobody noted the time the day counts from its beginning."""
    day, moment = None, time(0)
    try:
        day = date.fromisoformat(sent.get("arrived_on", ""))
    except ValueError:
        wrong["arrived_on"] = NO_DAY
    try:
        moment = time.fromisoformat(sent["arrived_at"]) if sent.get("arrived_at") else moment
    except ValueError:
        wrong["arrived_at"] = NO_TIME
    if day is None or "arrived_at" in wrong:
        return None
    arrived = datetime.combine(day, moment.replace(tzinfo=None), zone)
    try:
        parse_instant(arrived.isoformat())  # the years that the API reads, and no others
    except ValidationError:
        wrong["arrived_on"] = NO_DAY
        return None
    if arrived > now:
        wrong["arrived_on"] = FUTURE
        return None
    return arrived


def _address(text: str, region: str | None, wrong: dict[str, str]) -> Address | None:
    address = None
    if len(text) <= LONGEST_CONTACT:
        try:
            address = canonical("email" if "@" in text else "sms", text.strip(), region)
        except BadAddress:
            address = None
    if address is None or address.kind not in (Kind.E164, Kind.EMAIL):
        wrong["address"] = NO_ADDRESS
        return None
    return address


def _chosen(name: str, sent: Mapping[str, str], offered: tuple[str, ...], wrong: dict[str, str]) -> str | None:
    """The choice where the answer depends on it; nobody knows where they live is a choice, too."""
    if not offered:
        return None
    more = {"place": ELSEWHERE, "role": ""}.get(name)
    if sent.get(name) not in (*offered, *((more,) if more is not None else ())):
        wrong[name] = CHOOSE
        return None
    return sent[name] or None
