"""Reads the question "what does this text ask for?": every key checked, each mistake named with its way out."""

import re
from collections.abc import Mapping
from typing import Any

from consent.errors import BadInput
from consent.sms.rules import classify

KEYS = ("text", "lang")
LONGEST = 200  # characters of a key that an error repeats
MOST = 1_000_000  # characters of a text; a phone sends 1,600
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})([-_][A-Za-z0-9]{2,8}){0,3}")


def answer(asked: object) -> dict[str, Any]:
    """The intent and why, as one JSON object; refused with the field at fault. The text is never repeated."""
    if not isinstance(asked, Mapping):
        raise BadInput('a question is one JSON object, such as {"text": "STOP"}')
    for key in asked:
        if key not in KEYS:
            named = str(key)[:LONGEST]
            raise BadInput(f'"{named}" is not known here; write "text" and, if you like, "lang"', field=named)
    text, lang = asked.get("text"), asked.get("lang")
    if text is None:
        raise BadInput('"text" is missing; it must be the whole message', field="text")
    if not isinstance(text, str):
        raise BadInput('"text" must be the whole message, as a text', field="text")
    if len(text) > MOST:
        raise BadInput(f'"text" is longer than {MOST:,} characters', field="text")
    found = classify(text, None if lang is None else _language(lang))
    return {"intent": str(found.intent), "why": found.why}


def _language(lang: object) -> str:
    """The language of a tag such as fr-CA."""
    found = _LANGUAGE.fullmatch(lang) if isinstance(lang, str) else None
    if found is None:
        raise BadInput('"lang" must be a language such as en, es or fr', field="lang")
    return found.group(1).lower()
