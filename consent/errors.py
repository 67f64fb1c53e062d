"""What can go wrong, in words for the reader; each error knows its HTTP status and its problem type.

No message repeats an address, a name or a text: errors are logged and shown.
"""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar


class Filled(str):
    """An English sentence whose places are filled; a page says it in its own language by `message` and `values`."""

    message: str
    values: Mapping[str, object]

    def __new__(cls, message: str, **values: object) -> "Filled":
        """The sentence; a date stands in it with its weekday, several words with commas between them."""
        made = super().__new__(cls, message % {name: _plain(one) for name, one in values.items()})
        made.message, made.values = message, values
        return made


class ConsentError(Exception):
    """Something was asked that cannot be done; `detail` says what to do about it."""

    status: ClassVar[int] = 500
    slug: ClassVar[str] = "internal-error"
    title: ClassVar[str] = "Something went wrong on our side"

    def __init__(self, detail: str, *, field: str | None = None, **facts: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.field = field
        self.facts = facts


class BadInput(ConsentError):
    """A value is missing, malformed or impossible; `field` names it."""

    status, slug, title = 422, "invalid-input", "The request holds a value that cannot be used"


class Malformed(ConsentError):
    """The request cannot be read at all."""

    status, slug, title = 400, "malformed-request", "The request cannot be read"


class NotFound(ConsentError):
    """There is no such thing here, or it belongs to somebody else: the two look alike."""

    status, slug, title = 404, "not-found", "There is nothing here"


class Conflict(ConsentError):
    """The request contradicts what is already recorded."""

    status, slug, title = 409, "conflict", "The request contradicts what is recorded"


class Unauthorized(ConsentError):
    """Nobody we know: no key, or one that does not open this door."""

    status, slug, title = 401, "unauthorized", "A valid key is needed"


class Forbidden(ConsentError):
    """Known, but not allowed to do this."""

    status, slug, title = 403, "forbidden", "This key may not do that"


class TooLarge(ConsentError):
    """The request is larger than this route reads."""

    status, slug, title = 413, "too-large", "The request is too large"


class UnsupportedMedia(ConsentError):
    """The body is of a type this route does not read."""

    status, slug, title = 415, "unsupported-media-type", "The body has the wrong type"


class Unavailable(ConsentError):
    """We cannot be sure right now; trying again later is safe."""

    status, slug, title = 503, "unavailable", "The service cannot answer safely right now"

    def __init__(self, detail: str, *, retry_after: int = 5, **facts: object) -> None:
        super().__init__(detail)
        self.facts = facts
        self.retry_after = retry_after


class SetupProblem(ConsentError):
    """A setting, key or file is missing or wrong; the operator reads this at start or in a command."""

    slug, title = "setup-problem", "The service is not set up rightly"


def _plain(value: object) -> str:
    if isinstance(value, tuple | list):
        return ", ".join(map(_plain, value))
    return f"{value:%A} {value.isoformat()}" if isinstance(value, date) else str(value)
