"""Turn off the logging of the application (VOX-14)."""

from consent.privacy_requests.types.base import DECIDED, RECEIVED, TOLD, WHO, Doing, Item, RequestType, Sort
from consent.web.messages import N_

TYPE = RequestType(
    "logging-off",
    ("logging-off",),
    Doing.LETTER,
    (RECEIVED, WHO, Item("turned-off", N_("Turn the logging off, and see that it is")), DECIDED, TOLD),
    sort=Sort("logging-off", N_("Turn logging off"), N_("We turn off the logging of your use of the application.")),
)
