"""The totals of use, which the portal shows for nothing: no request for log files (SMT-39)."""

from consent.privacy_requests.types.base import DECIDED, TOLD, WHO, Doing, Item, RequestType, Sort
from consent.web.messages import N_

TYPE = RequestType(
    "usage-total",
    ("usage-total",),
    Doing.LETTER,
    (WHO, Item("portal-shown", N_("Show where the portal tells it")), DECIDED, TOLD),
    sort=Sort("usage-total", N_("See how much was used"), N_("The totals of your use of the service.")),
)
