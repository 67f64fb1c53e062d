"""Form bodies read once, byte for byte, so that a signature is checked on exactly what was sent.

Strings here hold one byte per character (Latin-1): sorting and joining them is sorting and joining the bytes.
Only `text_of` turns a value into text, after the signature has been found right.
"""

from consent.errors import Malformed

Pairs = list[tuple[str, str]]

# More fields than any gateway sends; the rest of the work grows with their number.
MOST_FIELDS = 1000

_HEX = "0123456789abcdefABCDEF"
_BYTES = {a + b: chr(int(a + b, 16)) for a in _HEX for b in _HEX}


def read(raw: bytes) -> Pairs:
    """Name and value of each field in the order sent, blanks kept, percent and plus decoded to bytes."""
    pairs: Pairs = []
    for part in raw.decode("latin-1").replace("+", " ").split("&"):
        if part:
            name, _, value = part.partition("=")
            if "%" in part:
                name, value = _unquoted(name), _unquoted(value)
            pairs.append((name, value))
    return pairs


def _unquoted(text: str) -> str:
    """The bytes meant; what is no percent escape stays as it is, and `check` finds it later."""
    first, *rest = text.split("%")
    decoded = [first]
    for part in rest:
        byte = _BYTES.get(part[:2])
        decoded.append(byte + part[2:] if byte is not None else "%" + part)
    return "".join(decoded)


def check(raw: bytes, pairs: Pairs) -> None:
    """The form is well made. Asked only of forms whose sender is proved."""
    if len(pairs) > MOST_FIELDS:
        raise Malformed(f"A form has at most {MOST_FIELDS} fields.")
    if b"%" in raw and any(part[:2].decode("latin-1") not in _BYTES for part in raw.split(b"%")[1:]):
        raise Malformed("A percent sign in the form is not followed by two hexadecimal digits.")


def text_of(value: str) -> str:
    """The text that the bytes spell in UTF-8."""
    if value.isascii():
        return value
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("A field of the form is not UTF-8.") from None
