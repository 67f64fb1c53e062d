"""Copies of the policies of the platforms the company works with (VSH-16)."""

from consent.privacy_requests.types.base import RECEIVED, Doing, Item, RequestType, Sort
from consent.web.messages import N_

TYPE = RequestType(
    "platform-policy-copy",
    ("platform-policy-copy",),
    Doing.LETTER,
    (RECEIVED, Item("copies-sent", N_("Send the copies"))),
    sort=Sort(
        "platform-policy-copy",
        N_("Copies of the platforms' policies"),
        N_("The policies of the platforms that we work with."),
        proof=False,
    ),
    proof=False,
)
