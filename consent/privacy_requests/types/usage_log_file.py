"""Log files of a company's use of the service, in order: nothing is made ready before it may be (SMT-40 to 44)."""

from consent.privacy_requests.types.base import RECEIVED, WHO, Doing, Item, RequestType, Sort
from consent.web.messages import N_

TYPE = RequestType(
    "usage-log-file",
    ("usage-log-file",),
    Doing.ANSWER,
    (
        RECEIVED,
        WHO,
        Item("eligibility", N_("See whether this person may ask, and on which of the grounds"), facts=True),
        Item("authority", N_("Find them among the authorised people on file"), facts=True),
        Item("fee", N_("Tell the fee of the rate card; none for a person's own data"), facts=True),
        Item("payment", N_("Note the payment"), facts=True),
        Item("tabulation", N_("Tabulate the months that the day of receipt fixed"), facts=True),
        Item("isolation-check", N_("See that no other customer's rows are in it"), facts=True),
        Item("release", N_("Look at the authority once more, and release it"), facts=True, last=True),
    ),
    sort=Sort("usage-log-file", N_("Get usage log files"), N_("Records of the use of your company's service.")),
    in_order=True,
)
