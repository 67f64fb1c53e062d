"""Against a refusal: somebody else looks at it anew, and says how to reach the authority where it stays."""

from consent.privacy_requests.types.base import DECIDED, RECEIVED, Doing, Item, RequestType, Sort
from consent.web.messages import N_

TYPE = RequestType(
    "appeal",
    ("appeal",),
    Doing.LETTER,
    (
        RECEIVED,
        Item("another-person", N_("Give it to somebody who did not decide the first time")),
        Item("looked-at-anew", N_("Look at the request, its grounds and what the person says now")),
        DECIDED,
        Item("authority-named", N_("Tell them the outcome, and how to reach the authority of their place")),
    ),
    sort=Sort(
        "appeal",
        N_("Appeal against an answer"),
        N_("Somebody else looks at your request once more."),
        proof=False,
        words=N_("With which request do you disagree, and why? Its number helps."),
    ),
    proof=False,
)
