"""A question or a complaint: a person reads it and answers."""

from consent.privacy_requests.types.base import DECIDED, RECEIVED, TOLD, Doing, Item, RequestType, Sort
from consent.web.messages import N_

TYPE = RequestType(
    "complaint",
    ("complaint",),
    Doing.LETTER,
    (RECEIVED, Item("looked-into", N_("Look into it")), DECIDED, TOLD),
    sort=Sort(
        "complaint",
        N_("Ask a question or complain"),
        N_("Anything else about your data. A person reads it."),
        proof=False,
        words=N_("What is it about?"),
    ),
    proof=False,
)
