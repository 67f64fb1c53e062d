"""A copy of the technical documentation (VOX-11)."""

from consent.privacy_requests.types.base import RECEIVED, Doing, Item, RequestType, Sort
from consent.web.messages import N_

TYPE = RequestType(
    "technical-documentation-copy",
    ("technical-documentation-copy",),
    Doing.LETTER,
    (RECEIVED, Item("copies-sent", N_("Send the copies"))),
    sort=Sort(
        "technical-documentation-copy",
        N_("A copy of the technical documentation"),
        N_("How the service handles your data, in detail."),
        proof=False,
    ),
    proof=False,
)
