"""What a letter says of the day of our answer: by when it comes, or that it is late. Pure."""

from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from consent.dashboard.requests.letters import catalogue
from consent.deadlines.zones import local_date
from consent.privacy_requests import types
from consent.privacy_requests.answers.words import COMES_LATE, Speaker
from consent.privacy_requests.casework.cases import Case
from consent.web.messages import N_

# No new day is named in a letter that is late: nothing gives one, and the old one is past.
BY = N_("You get our answer by %(due)s.")
UNDATED = N_("You get our answer as soon as we can give it.")
WAITED_FOR = N_(
    "We are late: you should have had our answer by %(due)s. We are sorry, and we go on working on it."
    " You can complain about this: %(complaint)s"
)


class Late(StrEnum):
    """Whether the day of our answer is past when this letter is written, and whether the letter is that answer."""

    NO = ""
    WAITED_FOR = "waited-for"
    ANSWERED = "answered"


def lateness(case: Case, key: str, answer_by: date | None, where: ZoneInfo, now: datetime) -> Late:
    """How late this letter finds the request; `answer_by` is the day that binds, a pause that runs counted in."""
    if answer_by is None:
        return Late.NO
    kind = types.of(case.request_type)
    if key in catalogue.TELLS and not catalogue.too_early(key, case.state, in_words=kind.in_words):
        return Late.ANSWERED if local_date(case.closed_at or now, where) > answer_by else Late.NO
    return Late.WAITED_FOR if case.under_way and local_date(now, where) > answer_by else Late.NO


def sentence(late: Late, answer_by: date | None, complaint: str, speaker: Speaker) -> str:
    """What stands where a letter names the day of our answer."""
    if answer_by is None:
        return speaker.say(UNDATED)
    said = {Late.NO: BY, Late.WAITED_FOR: WAITED_FOR, Late.ANSWERED: COMES_LATE}[late]
    return speaker.say(said) % {"due": speaker.day(answer_by), "complaint": complaint}
