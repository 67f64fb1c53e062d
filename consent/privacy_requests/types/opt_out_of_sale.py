"""No sale, no sharing for advertising: it holds at once, and whoever got the data since is told."""

from consent.privacy_requests.types.base import Doing, Item, RequestType, Sort
from consent.web.messages import N_

TYPE = RequestType(
    "opt-out-of-sale",
    ("opt-out-of-sale",),
    Doing.SETTING,
    (
        Item("recorded", N_("See that it holds")),
        Item("recipients-told", N_("Tell everybody who got the data after the request")),
    ),
    sort=Sort(
        "opt-out-of-sale",
        N_("Do not sell or share my data"),
        N_("Your data is neither sold nor shared for advertising. It holds at once."),
        proof=False,
        expected=True,
    ),
    proof=False,
)
