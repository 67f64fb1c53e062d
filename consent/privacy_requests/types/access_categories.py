"""Know of what sorts the data is that is held, whence it comes, for what and to whom it goes; no single piece."""

from consent.privacy_requests.types.base import APPROVED, DECIDED, HELD, RECEIVED, TOLD, WHO, Doing, RequestType

TYPE = RequestType(
    "access-categories",
    ("categories",),
    Doing.ANSWER,
    (RECEIVED, WHO, HELD, DECIDED, APPROVED, TOLD),
    by_category=True,
)
