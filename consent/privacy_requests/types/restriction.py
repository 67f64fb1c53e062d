"""Keep the data and do nothing else with it."""

from consent.privacy_requests.types.base import DECIDED, RECEIVED, TOLD, WHO, Doing, Item, RequestType, Sort
from consent.web.messages import N_

TYPE = RequestType(
    "restriction",
    ("restriction",),
    Doing.LETTER,
    (
        RECEIVED,
        WHO,
        Item("use-halted", N_("Halt the use in every system, and write down what goes on by law")),
        DECIDED,
        TOLD,
    ),
    sort=Sort(
        "restriction", N_("Put the use of my data on hold"), N_("We keep your data and do nothing else with it.")
    ),
)
