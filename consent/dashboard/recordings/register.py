"""Every line whose calls are recorded, and how rarely it may be reviewed. Pure."""

from datetime import datetime

from consent.dashboard.contacts.register import MOST_DAYS, RECORDING, Place, review_days
from consent.policies.rulebook import Rulebook


def places(rulebook: Rulebook, now: datetime) -> list[Place]:
    """Each line that is on (VSH-48, SMT-11 to SMT-13); one that is off needs nobody to look at it."""
    recording = rulebook.recording
    spoken = [rulebook.promise(one) for one in recording.rests_on]
    settled = [one.decided["review_every"] for one in spoken if one is not None and "review_every" in one.decided]
    most = min((review_days(str(one), rulebook, now) for one in settled), default=MOST_DAYS)
    return [Place(RECORDING, one.key, recording.rests_on, most) for one in recording.lines.values() if one.on]
