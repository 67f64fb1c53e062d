"""Whether the raw call of a gateway may hold something to blot out, seen in one pass before any of it is read. Pure.

Nearly every call holds nothing, and reading each field of each costs more than this look. It knows what cannot hold
anything: a value with fewer than three digits, a number of up to twelve, a moment in time, an id. Whatever else a call
holds, `masking` is to read.
"""

import re

# Inside a form: what is no digit, as it came or escaped; letters with accents have no digits among them.
_FORM = rb"(?:[^&=%0-9\\\x80-\xff]|%[27][0-9A-Fa-f]|%3[A-Fa-f]|%40|%5[B-Fb-f]|%0[AaDd]|%[Cc]3%[89ABab][0-9A-Fa-f])"
_FEW = rb"%b*+(?:[0-9]%b*+){0,2}+" % (_FORM, _FORM)
# Twelve digits are no card, and without a word beside them no code and no account.
_NUMBER = rb"(?:%2B|\+)?[0-9]{3,12}+"
_DAY = rb"20[0-9]{2}-[0-9]{2}-[0-9]{2}"
_PAIR = (
    rb"(?:[A-Za-z]*[a-z](?:Sid|Id|ID|UUID)=[0-9A-Za-z\-]*+(?=&|\Z)"
    rb"|%b(?:=(?:%b(?=&|\Z)|%b(?=&|\Z)|%b(?=&|\Z)))?)"
) % (_FEW, _FEW, _NUMBER, _DAY)
# Inside a JSON string: the same, and the escapes that spell no digit and no mark between digits.
_LETTER = rb"""(?:[^"\\0-9\x80-\xff\x00-\x1f]|\\["nrtbf]|\xc3[\x80-\xbf])"""
_TEXT = rb'"%b*+(?:[0-9]%b*+){0,2}+"' % (_LETTER, _LETTER)
# A member that `masking` leaves alone, its value one word.
_ID = (
    rb'"(?:(?:[A-Za-z_\-]*[_\-])?(?:sid|uuid|id)|[A-Za-z_\-]*[a-z0-9](?:Id|ID|Uuid|UUID))"'
    rb'\s*+:\s*+"[^"\\\s\x80-\xff\x00-\x1f]*+"'
)
_TOKEN = (
    rb'[\s{}\[\],:]|%b|%b|"\+?[0-9]{3,12}"|-?[0-9]{1,12}(?=\s*+[,\]}])|true|false|null'
    rb'|"%b[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"'
) % (_ID, _TEXT, _DAY)
_HARMLESS_FORM = re.compile(rb"%b(?:&%b)*+" % (_PAIR, _PAIR))
_HARMLESS_JSON = re.compile(rb"(?:%b)*+" % _TOKEN)


def may_hide(body: bytes) -> bool:
    """Whether a closer look at this form or JSON is worth its while."""
    harmless = _HARMLESS_JSON if body[:1] in (b"{", b"[") else _HARMLESS_FORM
    return harmless.fullmatch(body) is None
