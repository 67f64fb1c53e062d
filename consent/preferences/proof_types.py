"""Of what kind a file of proof is, told from its content. Pure.

What the sender calls it must agree; a file name is never read, stored or given back. The marks are those of the
formats' own specifications: ISO 32000-2 7.5.2, the PNG specification 5.2, ITU-T T.81 B.1, RIFF/WAVE, ID3v2 and
ISO/IEC 11172-3 frame headers, ISO/IEC 14496-12 4.3, RFC 3533 section 6, RFC 5322 section 2.2.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from consent.errors import BadInput

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_HEADER_LINE = re.compile(rb"(?:[!-9;-~]{1,77}:|[ \t]).{0,997}")
LONGEST_HEADER = 64 * 1024  # bytes of a message's header that are looked at
_M4A = frozenset({b"M4A ", b"M4B ", b"mp41", b"mp42", b"isom", b"iso2", b"iso5", b"iso6", b"3gp4", b"3gp5", b"dash"})


@dataclass(frozen=True, slots=True)
class Kind:
    """A media type that may be kept: the ending of a downloaded copy, and how its content is known."""

    media_type: str
    ending: str
    holds: Callable[[bytes], bool]


def media_type_of(declared: str, content: bytes, *, at: str = "") -> str:
    """The media type of the file; BadInput when it is none that is kept, or not the one it is said to be.

    `at` stands before the names of the fields in errors.
    """
    if not content:
        raise BadInput("The file is empty.", field=f"{at}content")
    plain = declared.partition(";")[0].strip().lower()
    kind = KINDS.get(_ALSO.get(plain, plain))
    if kind is None:
        raise BadInput(f"A proof is one of: {', '.join(KINDS)}.", field=f"{at}type")
    if not kind.holds(content):
        found = next((one.media_type for one in KINDS.values() if one.holds(content)), "of no kind that is kept")
        raise BadInput(f"The file is said to be {kind.media_type}, and its content is {found}.", field=f"{at}type")
    return kind.media_type


def ending_of(media_type: str) -> str:
    """The ending of a downloaded copy."""
    return KINDS[media_type].ending


def _pdf(content: bytes) -> bool:
    return content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]


def _png(content: bytes) -> bool:
    return content.startswith(b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR") and content[-8:-4] == b"IEND"


def _jpeg(content: bytes) -> bool:
    return content.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in content[3:]


def _wav(content: bytes) -> bool:
    return content[:4] == b"RIFF" and content[8:16] == b"WAVEfmt "


def _mp3(content: bytes) -> bool:
    if content[:3] == b"ID3":
        return len(content) > 10 and content[3] < 5
    if len(content) < 4 or content[0] != 0xFF or content[1] & 0xE6 != 0xE2:  # eleven bits of sync, and layer III
        return False
    return content[1] >> 3 & 3 != 1 and content[2] >> 4 != 15 and content[2] >> 2 & 3 != 3


def _m4a(content: bytes) -> bool:
    return content[4:8] == b"ftyp" and content[8:12] in _M4A


def _ogg(content: bytes) -> bool:
    return content.startswith(b"OggS\x00") and len(content) > 27


def _mail(content: bytes) -> bool:
    """A header of a message with a sender and a date, and nothing that only programs read."""
    header = re.split(rb"\r?\n\r?\n", content[:LONGEST_HEADER], maxsplit=1)[0]
    lines = re.split(rb"\r?\n", header)
    names = {line.partition(b":")[0].lower() for line in lines if line[:1] not in b" \t"}
    wellformed = not lines[0].startswith((b" ", b"\t")) and all(_HEADER_LINE.fullmatch(line) for line in lines)
    return wellformed and {b"from", b"date"} <= names and b"\x00" not in content


def _text(content: bytes) -> bool:
    try:
        return not _CONTROL.search(content.decode())
    except UnicodeDecodeError:
        return False


# In the order in which content is named when it is not what was declared: text last, for much is text.
KINDS: dict[str, Kind] = {
    kind.media_type: kind
    for kind in (
        Kind("application/pdf", "pdf", _pdf),
        Kind("image/png", "png", _png),
        Kind("image/jpeg", "jpg", _jpeg),
        Kind("audio/wav", "wav", _wav),
        Kind("audio/mpeg", "mp3", _mp3),
        Kind("audio/mp4", "m4a", _m4a),
        Kind("audio/ogg", "ogg", _ogg),
        Kind("message/rfc822", "eml", _mail),
        Kind("text/plain", "txt", _text),
    )
}
_ALSO = {
    "application/x-pdf": "application/pdf",
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "audio/x-wav": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/vnd.wave": "audio/wav",
    "audio/mp3": "audio/mpeg",
    "audio/x-m4a": "audio/mp4",
    "audio/m4a": "audio/mp4",
    "application/ogg": "audio/ogg",
    "audio/opus": "audio/ogg",
}
