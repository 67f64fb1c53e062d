"""Against a use of the data: it stops, or the person is told why it may go on."""

from consent.privacy_requests.types.base import DECIDED, RECEIVED, TOLD, Doing, Item, RequestType, Sort
from consent.web.messages import N_

TYPE = RequestType(
    "objection",
    ("objection",),
    Doing.LETTER,
    (RECEIVED, Item("weighed", N_("Weigh it; against marketing it always holds")), DECIDED, TOLD),
    sort=Sort(
        "objection",
        N_("Object to the use of my data"),
        N_("We stop that use, or tell you why we may go on."),
        proof=False,
        words=N_("To what do you object, and why?"),
    ),
    proof=False,
)
