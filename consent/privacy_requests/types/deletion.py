"""Delete what is held and need not be kept: an outcome for each class of data, and a certificate at the end."""

from consent.privacy_requests.types.base import (
    ANONYMIZE,
    APPROVED,
    DECIDED,
    DEFER,
    DO,
    DONE,
    HELD,
    ISOLATE,
    KEEP,
    RECEIVED,
    REFUSE,
    WHO,
    Doing,
    Item,
    RequestType,
    Sort,
)
from consent.web.messages import N_

TYPE = RequestType(
    "deletion",
    ("deletion",),
    Doing.ERASE,
    (
        RECEIVED,
        WHO,
        HELD,
        Item("not-a-cancellation", N_("Make sure they know: this neither ends a service nor stops a payment")),
        DECIDED,
        APPROVED,
        DONE,
        Item("certified", N_("Tell them how it ended")),
    ),
    outcomes=frozenset((DO, REFUSE, DEFER, KEEP, ANONYMIZE, ISOLATE)),
    sort=Sort(
        "deletion", N_("Delete my data"), N_("We delete what we hold about you and need not keep."), expected=True
    ),
    by_category=True,
)
