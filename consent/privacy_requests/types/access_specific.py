"""See what is held: every piece of it, with its source, purpose and recipients."""

from consent.privacy_requests.types.base import APPROVED, DECIDED, HELD, RECEIVED, WHO, Doing, Item, RequestType, Sort
from consent.web.messages import N_

TYPE = RequestType(
    "access-specific",
    ("specific-pieces", "access", "view", "access-account"),
    Doing.ANSWER,
    (
        RECEIVED,
        WHO,
        HELD,
        Item("others-redacted", N_("Leave out what is about other people, and what is never disclosed")),
        DECIDED,
        APPROVED,
        Item("answer-offered", N_("Offer the answer behind a fresh code")),
    ),
    sort=Sort(
        "access", N_("See my data"), N_("We tell you what we hold about you and give you a copy."), expected=True
    ),
    by_category=True,
)
