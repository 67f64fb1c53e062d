"""The same step for several requests: what would happen to each, and why one is left out. Pure."""

from dataclasses import dataclass
from datetime import date

from consent.privacy_requests.casework import Case, Clock
from consent.web.messages import N_

MOST = 100  # requests in one go
ACTS = {
    "assign": N_("Take charge of them"),
    "acknowledge": N_("Acknowledge them by e-mail"),
    "extend": N_("Extend them"),
}
CHANGED = N_("Somebody changed it meanwhile: open it by itself.")
OVER = N_("It is closed.")
YOURS = N_("You are in charge already.")
ACKNOWLEDGED = N_("Its receipt was acknowledged before.")
NO_MAIL = N_("There is no e-mail address: open it by itself.")
NO_EXTENSION = N_("No law gives an extension here now.")
WILL_ASSIGN = N_("You take charge of it.")
WILL_ACKNOWLEDGE = N_("The person gets the acknowledgement by e-mail.")
WILL_SAY_LATE = N_("It is overdue: the person gets the acknowledgement by e-mail, and it says that we are late.")
NOT_NEEDED = N_("Not needed: no promise or law asks for it here. The person gets it by e-mail all the same.")
WILL_EXTEND = N_("The person gets your reason by e-mail; the date moves to %(day)s.")


@dataclass(frozen=True, slots=True)
class Line:
    """One request of the preview: what will happen to it, or why nothing will; `day` belongs to the sentence."""

    case: Case
    goes: bool
    said: str
    day: date | None = None


def line(act: str, case: Case, times: Clock, version: int, me: object, *, by_mail: bool, late: bool) -> Line:
    """What this step would do to this request; `late`: the day of our answer is past."""
    against = _against(act, case, times, version, me, by_mail=by_mail)
    if against:
        return Line(case, False, against)
    if act == "extend":
        return Line(case, True, WILL_EXTEND, times.may_extend_to)
    if act == "assign":
        return Line(case, True, WILL_ASSIGN)
    if late:
        return Line(case, True, WILL_SAY_LATE)
    return Line(case, True, WILL_ACKNOWLEDGE if case.acknowledge_by is not None else NOT_NEEDED)


def _against(act: str, case: Case, times: Clock, version: int, me: object, *, by_mail: bool) -> str:
    if case.version != version:
        return CHANGED
    if not case.under_way or (act == "acknowledge" and case.state == "approved"):
        return OVER
    if act == "assign":
        return YOURS if case.assigned_to == me else ""
    if act == "acknowledge" and case.acknowledged_at is not None:
        return ACKNOWLEDGED
    if act == "extend" and times.may_extend_to is None:
        return NO_EXTENSION
    return "" if by_mail else NO_MAIL
