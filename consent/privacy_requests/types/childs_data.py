"""Data of a child: the use is suspended first, and no exception of a company keeps it (VOX-38, T-55)."""

from consent.privacy_requests.types.base import (
    ANONYMIZE,
    APPROVED,
    DECIDED,
    DO,
    DONE,
    HELD,
    ISOLATE,
    KEEP,
    REFUSE,
    TOLD,
    Doing,
    Item,
    RequestType,
    Sort,
)
from consent.web.messages import N_

TYPE = RequestType(
    "minor-report",
    ("minor-report",),
    Doing.ERASE,
    (
        Item("suspended", N_("Suspend the account and every use at once")),
        Item("age-looked-at", N_("Find out whether it is a child; ask for no more than that needs")),
        HELD,
        DECIDED,
        APPROVED,
        DONE,
        TOLD,
    ),
    outcomes=frozenset((DO, REFUSE, KEEP, ANONYMIZE, ISOLATE)),
    sort=Sort(
        "minor-report",
        N_("A question about a child's data"),
        N_("Tell us that we may hold data of a child. We look at it first of all."),
        proof=False,
        words=N_("What should we know? Leave out whatever you do not want to say."),
    ),
    proof=False,
    by_category=True,
)
