"""To whom data went for marketing of their own: answered from what is on record, never by heart (1V-49, T-67)."""

from consent.privacy_requests.types.base import DECIDED, RECEIVED, TOLD, WHO, Doing, Item, RequestType, Sort
from consent.web.messages import N_

TYPE = RequestType(
    "direct-marketing-disclosure",
    ("direct-marketing-disclosure",),
    Doing.LETTER,
    (
        RECEIVED,
        WHO,
        Item("register-read", N_("Read the register of disclosures, and weigh the trackers of site and portal")),
        DECIDED,
        TOLD,
    ),
    sort=Sort(
        "direct-marketing-disclosure",
        N_("Who got my data for their marketing"),
        N_("We tell you to whom your data was given for marketing of their own, if to anybody."),
    ),
)
