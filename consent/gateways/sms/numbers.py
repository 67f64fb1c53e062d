"""Numbers as gateways write them, made E.164 where that is safe."""

import re

from consent.gateways.sms.base import Bearer

# US and Canadian toll-free numbers. Their network itself answers STOP, and no other word, whoever the provider is.
TOLL_FREE = re.compile(r"\+1(800|833|844|855|866|877|888)\d{7}", re.ASCII)
TOLL_FREE_WORDS = frozenset({"stop"})
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


def confirmed_at(number: str, answers_itself: frozenset[str]) -> frozenset[str]:
    """The words that are confirmed without us on this number, whose gateway is set up to confirm."""
    return TOLL_FREE_WORDS if TOLL_FREE.fullmatch(number) else answers_itself
