"""Nothing personal reaches a log line: numbers, addresses, keys, tokens and cookies are masked in any text.

Rather too much than too little: a harmless run of digits may be masked, a phone number may not pass. Every
pattern is linear: each repetition is bounded or cannot overlap the next.
"""

import re
from collections.abc import Mapping
from typing import Any

MASK = "[masked]"

_SEPARATOR = r"[\s().\-\u2010-\u2015\u2212/]"
_NORTH_AMERICAN = rf"(?:1{_SEPARATOR})?\(?\d{{3}}\)?{_SEPARATOR}{{1,2}}\d{{3}}{_SEPARATOR}\d{{4}}"

_LOCAL_PART = r"[^\s@<>\"'=&,;:()\[\]]"

PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # whole header lines, however they were quoted
    (
        re.compile(
            r"(?i)\b((?:proxy-)?authorization|(?:set-)?cookie|x-[a-z-]{0,40}signature|x-api-key)"
            r"(['\"]?\s{0,4}[:=,]\s{0,4})[^\r\n]+"
        ),
        r"\1\2" + MASK,
    ),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{4,}"), r"\1 " + MASK),
    (re.compile(r"(?i)\b(token|code|secret|password|passcode|signature|sig|key)=[^\s&;\"']+"), r"\1=" + MASK),
    (re.compile(r"\bck_[A-Za-z0-9_-]{4,}"), "ck_" + MASK),
    (re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_.-]+"), MASK),  # a JSON web token
    (re.compile(r"\?[^\s?\"'=]{1,64}=[^\s\"']*"), "?" + MASK),  # a query, whatever stands before it
    # each run of letters is tried once, from its beginning, and never given back: no text is read twice
    (re.compile(rf"(?<!{_LOCAL_PART}){_LOCAL_PART}++@[^\s@<>\"'&,;()\[\]]{{1,255}}"), MASK),
    # international form, in clear or percent-encoded
    (re.compile(rf"(?:\+|\uff0b|%2[Bb]){_SEPARATOR}{{0,2}}\d(?:{_SEPARATOR}{{0,2}}\d){{5,18}}"), MASK),
    # ten digits as they are written in North America, with or without the leading 1
    (re.compile(rf"(?<![\w-]){_NORTH_AMERICAN}(?![\w-])"), MASK),
    # a bare run long enough to be a number with its country code
    (re.compile(r"(?<![0-9A-Za-z.-])\d{10,15}(?![0-9A-Za-z])"), MASK),
)

# Under these names nothing is worth the risk: the value goes as a whole.
PRIVATE_NAMES = frozenset({
    "address", "addresses", "api_key", "authorization", "body", "cookie", "cookies", "email", "form",
    "headers", "ip", "message_text", "msg_text", "name", "params", "parameters", "password", "phone",
    "phone_number", "query", "query_string", "recipient", "secret", "sender", "set-cookie", "signature",
    "text", "token", "url",
})  # fmt: skip


def mask(text: str) -> str:
    """The text without phone numbers, mail addresses, keys, tokens or cookies."""
    text = text.replace("%40", "@")
    for pattern, instead in PATTERNS:
        text = pattern.sub(instead, text)
    return text


def mask_value(name: str, value: Any) -> Any:
    """A log value made safe, however deep it goes; keys are masked like texts."""
    if name.lower() in PRIVATE_NAMES:
        return MASK
    if isinstance(value, bool | int | float) or value is None:
        return value
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return MASK  # raw bytes are bodies or keys; neither belongs here
    if isinstance(value, Mapping):
        return {mask(str(key)): mask_value(str(key), below) for key, below in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [mask_value("", below) for below in value]
    return mask(str(value))
