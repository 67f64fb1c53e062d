"""Sensitive data serves only what was asked for: it holds at once."""

from consent.privacy_requests.types.base import Doing, Item, RequestType, Sort
from consent.web.messages import N_

TYPE = RequestType(
    "limit-sensitive-data",
    ("limit-sensitive-data",),
    Doing.SETTING,
    (
        Item("recorded", N_("See that it holds")),
        Item("users-told", N_("Tell everybody who uses the data for more than what was asked for")),
    ),
    sort=Sort(
        "limit-sensitive-data",
        N_("Limit the use of my sensitive data"),
        N_("Sensitive data serves only what you asked for. It holds at once."),
        proof=False,
    ),
    proof=False,
)
