"""The states of a privacy request, and the numbers by which people know it. Pure."""

import base64
import secrets

# A condition on the table: a request of which there is at most one of each type for a person.
UNDER_WAY = "state IN ('open', 'in_progress', 'approved')"
# The states of the Data Rights Protocol, and `approved`, our step between a decision and its doing.
OVER = ("fulfilled", "denied", "revoked", "expired")
# The ways by which a request reaches the company; the clock starts at the door it came in by (T-97).
HOWS = ("mail", "email", "call", "voicemail", "letter", "fax", "chat", "form", "staff", "visit", "other")
LONGEST_WORDS = 4000  # characters of one text
MOST_WORDS = 20_000  # characters that are kept at hand; what comes after stands in the ledger alone
# Crockford's alphabet: no letter is taken for a digit when it is read aloud.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


def new_reference() -> str:
    """What a person asks by: 50 random bits, so that none tells of another."""
    drawn = "".join(secrets.choice(_ALPHABET) for _ in range(10))
    return f"{drawn[:5]}-{drawn[5:]}"


def code_of(tag: bytes) -> str:
    """The code that goes with a reference: 40 bits of a keyed tag, kept nowhere."""
    shown = base64.b32encode(tag[:5]).decode().translate(str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", _ALPHABET))
    return f"{shown[:4]}-{shown[4:]}"


def typed(text: str, groups: tuple[int, int]) -> str:
    """A reference or code as people type it: any case, with or without its hyphen, O for 0."""
    kept = "".join(one for one in text.upper().translate(_READ_AS) if one in _ALPHABET)
    return f"{kept[: groups[0]]}-{kept[groups[0] :]}" if len(kept) == sum(groups) else ""


def joined(before: str, more: str, day: str) -> str:
    """The words so far with those that came on that day; never longer than is kept at hand."""
    both = f"{before}\n\n[{day}]\n{more}" if before else more
    return both if len(both) <= MOST_WORDS else before
