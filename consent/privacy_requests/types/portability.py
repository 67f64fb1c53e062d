"""Take the data along: what the person gave or caused, as files that programs read (VAL-19)."""

from consent.privacy_requests.types.base import APPROVED, DECIDED, HELD, RECEIVED, WHO, Doing, Item, RequestType, Sort
from consent.web.messages import N_

TYPE = RequestType(
    "portability",
    ("portability",),
    Doing.ANSWER,
    (RECEIVED, WHO, HELD, DECIDED, APPROVED, Item("answer-offered", N_("Offer the files behind a fresh code"))),
    sort=Sort(
        "portability", N_("Take my data with me"), N_("You get your data as a file that other programs can read.")
    ),
    by_category=True,
)
