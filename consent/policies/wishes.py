"""What a person set besides yes and no, held against one message: a pause, and how often a program may write.

Asked only of what can be refused, and only ever against a message: neither revives anything.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from consent.deadlines import Period
from consent.policies.kinds import Promise
from consent.policies.kinds.speech import spoken
from consent.policies.questions import Question, Reason, Standing
from consent.policies.reasons import proved, rest, told


class Wished(NamedTuple):
    """What the person's settings say against a message, and the first instant at which they say nothing any more."""

    reasons: tuple[Reason, ...]
    free_at: datetime


class Wishes:
    """People's settings at the gate of one (program, class, channel); `heard` are the promises that let them refuse."""

    def __init__(self, heard: Sequence[Promise]) -> None:
        self._paused = rest("paused", heard)

    def against(self, standing: Standing, question: Question) -> Wished | None:
        """Why it has to wait; None where no setting speaks against it."""
        reasons, free = [], question.at
        if standing.paused is not None and question.at < standing.paused.until:
            reasons.append(proved(self._paused, standing.paused.event_id))
            free = standing.paused.until
        chosen = standing.frequency
        if chosen is not None:
            per = Period.parse(chosen.per).elapsed
            at = question.at
            times = sorted(
                one.sent_at for one in standing.sent if one.program == question.program and at - per < one.sent_at <= at
            )
            if len(times) >= chosen.most:
                text = (
                    f"The person wants to hear of this program at most {_times(chosen.most)} within"
                    f" {spoken(chosen.per)}, and {_times(len(times))} it has written."
                )
                reasons.append(proved(told("frequency-chosen", text, ()), chosen.event_id))
                free = max(free, times[len(times) - chosen.most] + per)
        return Wished(tuple(reasons), free) if reasons else None


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
