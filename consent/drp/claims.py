"""Who the person behind an agent's request is, as the agent says (section 3.04). Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from consent.drp.signed import Message, Refused
from consent.subjects.addresses import Address, BadAddress, Kind, canonical

# Codes are what the protocol's network sends; these names stand in forms of agents in California.
COUNTRIES = {"UNITED STATES": "US", "USA": "US", "CANADA": "CA"}
REGIONS = {"CALIFORNIA": "CA"}
_CODE = re.compile(r"[A-Z]{2}")
LONGEST_NAME, LONGEST_ADDRESS, LONGEST_PART = 200, 320, 100
MOST_RELATIONSHIPS = 20


@dataclass(frozen=True, slots=True)
class Reached:
    """An address of the person; `verified`: the agent says it has made sure of it."""

    kind: str  # email or phone
    address: Address
    verified: bool


@dataclass(frozen=True, slots=True)
class Claims:
    """What the agent says of the person; the address that it has verified comes first."""

    reached: tuple[Reached, ...]
    name: str | None = field(default=None, repr=False)
    place: str | None = None  # ISO 3166, as far as the address tells it
    lines: tuple[str, ...] = field(default=(), repr=False)  # the postal address
    power_of_attorney: bool = False

    @property
    def is_verified(self) -> bool:
        """Whether the agent stands for the address that the request is about."""
        return self.reached[0].verified


def claims_of(message: Message) -> Claims:
    """The claims of a message; refused where none of them is an address at which anybody is known."""
    says = message.says
    email = _reached(message, "email", "email", "email")
    phone = _reached(message, "phone_number", "sms", "phone")
    found = sorted((one for one in (email, phone) if one is not None), key=lambda one: not one.verified)
    if not found:
        raise Refused(400, "Send email or phone_number (E.164): without one nobody can be found or asked.")
    place, lines = _postal(says.get("address"))
    return Claims(
        tuple(found),
        message.text("name", LONGEST_NAME),
        place,
        lines,
        isinstance(says.get("power_of_attorney"), str) and bool(says["power_of_attorney"].strip()),
    )


def words_of(agent: str, right: str, claims: Claims, message: Message) -> str:
    """What stands in the request for whoever works on it: all that the agent said of the person."""
    told = [f"{agent} asks for somebody: {right}."]
    told += [f"Name: {claims.name}"] if claims.name else []
    told += [f"{one.kind.capitalize()}: {one.address.value} ({_sure(one.verified)})" for one in claims.reached]
    if claims.lines:
        told.append(f"Address: {', '.join(claims.lines)} ({_sure(message.says.get('address_verified') is True)})")
    if claims.power_of_attorney:
        told.append("A power of attorney is named.")
    hints = message.says.get("relationships")
    if isinstance(hints, list):
        said = [one[:64] for one in hints[:MOST_RELATIONSHIPS] if isinstance(one, str) and one.isprintable()]
        told += [f"Look also as: {', '.join(said)}"] if said else []
    return "\n".join(told)


def _sure(verified: bool) -> str:
    return "verified by the agent" if verified else "not verified"


def _reached(message: Message, name: str, channel: str, kind: str) -> Reached | None:
    text = message.text(name, LONGEST_ADDRESS)
    if text is None:
        return None
    try:
        address = canonical(channel, text)
    except BadAddress:
        return None
    if address.kind not in (Kind.E164, Kind.EMAIL):
        return None
    return Reached(kind, address, message.says.get(f"{name}_verified") is True)


def _postal(address: Any) -> tuple[str | None, tuple[str, ...]]:
    """Country and region as far as they are known, and the lines of the address (OpenID Connect Core, 5.1.1)."""
    if isinstance(address, str):
        return None, (address[: 3 * LONGEST_PART],) if address.strip() and address.isprintable() else ()
    if not isinstance(address, Mapping):
        return None, ()
    part = {name: _part(address, name) for name in ("street_address", "locality", "region", "postal_code", "country")}
    country, region = _named(part["country"], COUNTRIES), _named(part["region"], REGIONS)
    place = f"{country}-{region}" if country in ("US", "CA") and region else country
    return place, tuple(value for value in (*part.values(), _part(address, "formatted")) if value)


def _part(address: Mapping[str, Any], name: str) -> str:
    value = address.get(name)
    return " ".join(value.split())[:LONGEST_PART] if isinstance(value, str) else ""


def _named(text: str, names: Mapping[str, str]) -> str | None:
    upper = text.upper()
    return names.get(upper) or (upper if _CODE.fullmatch(upper) else None)
