"""Put right what is wrong, everywhere it is held, and keep it right (1V-44, VSH-46)."""

from consent.privacy_requests.types.base import (
    APPROVED,
    DECIDED,
    DONE,
    RECEIVED,
    TOLD,
    WHO,
    Doing,
    Item,
    RequestType,
    Sort,
)
from consent.web.messages import N_

TYPE = RequestType(
    "correction",
    ("correction",),
    Doing.CORRECT,
    (
        RECEIVED,
        WHO,
        Item("change-written-down", N_("Write down what stands there and what should stand there")),
        Item("emergency-location", N_("Have a changed address reach the location for emergency calls")),
        Item("import-protected", N_("Keep the next import from bringing the old value back, and tell who sends it")),
        DECIDED,
        APPROVED,
        DONE,
        TOLD,
    ),
    sort=Sort(
        "correction",
        N_("Correct my data"),
        N_("We put right what is wrong."),
        words=N_("What is wrong, and what should stand there?"),
        expected=True,
    ),
    by_category=True,
)
