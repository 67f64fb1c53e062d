"""Numbers as gateways write them, made E.164 where that is safe."""

from consent.gateways.sms.base import Bearer

# A prefix of the address names the bearer on accounts that carry more than SMS.
BEARERS: dict[str, Bearer] = {"rcs": "rcs", "sms": "sms", "whatsapp": "whatsapp"}


def as_e164(raw: str) -> str:
    """The number with its `+`; short codes (3 to 7 digits) and names of letters stay as they are."""
    if raw[:1] == "+" and raw[1:].isdigit() and raw.isascii():
        return raw
    number = raw.strip()
    digits = number.removeprefix("+")
    if digits.isascii() and digits.isdigit() and 8 <= len(digits) <= 15:
        return "+" + digits
    return number


def split_bearer(raw: str) -> tuple[Bearer, str]:
    """What carried the message, and the bare address: `rcs:+1509…` is a text of +1509…"""
    if ":" not in raw:
        return "sms", raw
    prefix, _, address = raw.partition(":")
    return BEARERS.get(prefix.strip().lower(), "other"), address
