"""What a mail asks, by the words that texts are read by. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum

from consent.intake.reading import Letter
from consent.policies.answers.openings import ELSEWHERE, Openings
from consent.sms.rules import Intent, classify
from consent.sms.wording.folding import folded


class Verdict(StrEnum):
    """What a mail was read as."""

    REQUEST = "request"
    UNSUBSCRIBE = "unsubscribe"
    COMPLAINT = "complaint"
    UNKNOWN = "unknown"
    AUTOMATIC = "automatic"


DELETION, COMPLAINT = "deletion", "complaint"
# Said of the company's handling of data; a mail with one of these is a complaint unless it asks for something else.
_COMPLAINS = re.compile(
    r"\b(?:(?:file|make|have|lodge|formal) (?:a |an )?(?:formal )?complaint|complaint about|i complain"
    r"|porter plainte|deposer (?:une )?plainte|(?:ma|une) (?:plainte|reclamation)"
    r"|presentar (?:una )?queja|(?:mi|una) (?:queja|reclamacion))\b"
)


@dataclass(frozen=True, slots=True)
class Read:
    """What it asks: wishes about data, and silence. A mail may ask for both."""

    verdict: Verdict
    wishes: tuple[str, ...] = ()
    stops: bool = False
    language: str | None = None


def triage(letter: Letter, own: frozenset[str]) -> Read:
    """What this letter asks; `own` are the company's own mailboxes, whose mails are somebody else's words."""
    if letter.automatic:
        return Read(Verdict.AUTOMATIC)
    if letter.sender is None or letter.sender.value in own:
        return Read(Verdict.UNKNOWN)
    readings = [classify(one) for one in (letter.subject, letter.own_words) if one.strip()]
    wishes = [DELETION] if any(one.erasure for one in readings) else []
    wishes += [wish for one in readings for wish in one.asks]
    if not wishes and _COMPLAINS.search(folded(f"{letter.subject}\n{letter.own_words}")):
        wishes = [COMPLAINT]
    stops = any(one.intent is Intent.STOP for one in readings)
    language = next((one.language for one in reversed(readings) if one.language), None)
    if wishes:
        verdict = Verdict.COMPLAINT if wishes == [COMPLAINT] else Verdict.REQUEST
    else:
        verdict = Verdict.UNSUBSCRIBE if stops else Verdict.UNKNOWN
    return Read(verdict, tuple(dict.fromkeys(wishes)), stops, language)


def granted(openings: Openings, wish: str) -> str | None:
    """The proper word of this wish where anybody may have it here; who asks from where is found out later."""
    opening = openings.of(wish)
    if opening is None:
        return None
    found = (
        openings.granted(wish, place, role) for place in (ELSEWHERE, *opening.places) for role in (None, *opening.roles)
    )
    return next((one.request_type for one in found if one is not None), None)
