"""The hours in which sales messages may go, and how many of them: what such a rule looks like and how it reads."""

import re

from consent.policies.kinds import forms as f
from consent.policies.kinds import shapes as s
from consent.policies.kinds.base import Parameters
from consent.policies.kinds.shape import Shape, said

# The days of one row, first to last; a day that no row names is closed.
DAYS = ("mon-sun", "mon-sat", "mon-fri", "sat-sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = re.compile(r"^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$")


@said("a time of day such as `09:00`")
def _time(value: object) -> str | None:
    """An hour and minute of the day."""
    return None if isinstance(value, str) and _TIME.match(value) else 'must be a time of day such as "09:00"'


_OPEN = f.table({"days": s.word(*DAYS), "from": _time, "until": _time})


@said(_OPEN.said)
def _row(value: object) -> str | None:
    """Some days with the time they open and the time they close."""
    wrong = _OPEN(value)
    if wrong is None and isinstance(value, dict) and value["from"] >= value["until"]:
        return f"closes at {value['until']}, before it opens at {value['from']}"
    return wrong


window: Shape = s.listed(_row)
frequency: Shape = f.table({"max": s.whole(1), "per": s.period}, {"same_subject": s.flag})
closed_on: Shape = s.word("state-holidays")


def sentence(parameters: Parameters) -> str:
    """The window and the most messages, read aloud."""
    channels = f" by {s.plain(parameters['channel'])}" if "channel" in parameters else ""
    rows = [f"{s.plain([one['days']])} from {one['from']} to {one['until']}" for one in parameters["window"]]
    said = f"Sales messages{channels} go only {' and '.join(rows)}, by the clock of the person"
    if "closed_on" in parameters:
        said += "; not on the public holidays of the state"
    if often := parameters.get("frequency"):
        about = " on the same subject" if often.get("same_subject") else ""
        said += f"; at most {often['max']} within {s.spoken(often['per'])}{about}"
    return said + "."
