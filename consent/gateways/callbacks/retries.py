"""When a webhook is tried again, and when it is given up. Pure: chance is an argument.

The delays are those the Standard Webhooks specification recommends; together they are a little more than three days.
"""

from datetime import datetime, timedelta
from enum import StrEnum

DELAYS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),  # and again after as long, should three days not be over
)
GIVEN_UP_AFTER = timedelta(days=3)
SPREAD = 0.2  # a delay is longer or shorter by up to this part, so that what failed together comes back apart
LONGEST_ASKED = timedelta(hours=24)  # of what a Retry-After asks for
ASKS_TO_WAIT = (429, 503)


class Verdict(StrEnum):
    """What an answer says about a delivery."""

    DELIVERED = "delivered"
    FAILED = "failed"
    GONE = "gone"  # 410: nobody wants these any more


def verdict(status: int) -> Verdict:
    """Any 2xx is a delivery; a redirect is none, for it is never followed."""
    if 200 <= status < 300:
        return Verdict.DELIVERED
    return Verdict.GONE if status == 410 else Verdict.FAILED


def next_try(failures: int, now: datetime, chance: float, status: int | None, asked: float | None) -> datetime:
    """When to try again after so many failures in a row; `chance` lies between 0 and 1."""
    delay = DELAYS[min(failures, len(DELAYS)) - 1] * (1 + SPREAD * (2 * chance - 1))
    if asked is not None and status in ASKS_TO_WAIT:
        delay = max(delay, min(timedelta(seconds=asked), LONGEST_ASKED))
    return now + delay


def is_given_up(failing_since: datetime, now: datetime) -> bool:
    """Whether it has failed for so long that it is switched off."""
    return now - failing_since >= GIVEN_UP_AFTER
