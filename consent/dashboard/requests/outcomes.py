"""What was decided for each class of data, as staff see it and as a letter says it."""

from dataclasses import dataclass, field

from consent.dashboard.requests import naming
from consent.db import Tx
from consent.privacy_requests.answers.certificate_text import GOES_LAST
from consent.privacy_requests.answers.words import Speaker
from consent.privacy_requests.casework import outcomes as recorded
from consent.privacy_requests.casework.cases import Case
from consent.privacy_requests.casework.outcomes import WHOLE, Outcome
from consent.web.messages import N_

WHOLE_NAME = N_("The request as a whole")
DAYS = (
    (N_("until %(day)s"), "keep_until"),
    (N_("looked at again on %(day)s"), "recheck_on"),
    (N_("gone from backups by %(day)s"), "backup_until"),
)


@dataclass(frozen=True, slots=True)
class Decided:
    """The outcome of one class of data as it stands; `words` is what the person is told besides."""

    outcome: Outcome
    state: str
    words: str = field(default="", repr=False)


def of(tx: Tx, case: Case, key: bytes | None) -> tuple[Decided, ...]:
    """What was decided, by class of data; the words are gone with the person."""
    return tuple(
        Decided(
            one.outcome, one.state, recorded.words(key, case.organization_id, case.id, one) if key is not None else ""
        )
        for one in recorded.of(tx, case.organization_id, case.id)
    )


def category_name(category: str, speaker: Speaker) -> str:
    """A class of data as people call it, or the request as a whole."""
    if category == WHOLE:
        return speaker.say(WHOLE_NAME)
    return speaker.category(category).text


def reason(one: Outcome, speaker: Speaker) -> str:
    """Why it is not simply done, and the days that belong to it; empty where there is nothing to say."""
    said = [naming.ground_name(one.ground, speaker.say)] if one.ground else []
    for text, name in DAYS:
        day = getattr(one, name)
        if day is not None:
            said.append(speaker.say(text) % {"day": speaker.day(day)})
    return ", ".join(said)


def sentence(one: Decided, case: Case, speaker: Speaker, *, last: bool = False) -> str:
    """One line of a letter: the class of data, what becomes of it, why and until when.

    `last`: it is still there and goes once the person is told, as the certificate says too.
    """
    what = speaker.outcome(one.outcome.what, case.request_type, waits=last)
    why = reason(one.outcome, speaker)
    colon = "\u00a0: " if speaker.language == "fr" else ": "
    said = f"{category_name(one.outcome.category, speaker)}{colon}{what}{f' ({why})' if why else ''}."
    return " ".join(each for each in (said, speaker.say(GOES_LAST) if last else "", one.words) if each)
