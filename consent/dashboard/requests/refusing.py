"""Why something was refused, in the language of the page: the message of the error, and what fills its places."""

from collections.abc import Callable, Mapping
from datetime import date

from consent.dashboard.requests import naming, speaking
from consent.errors import ConsentError, Filled
from consent.web.i18n import in_words
from consent.web.messages import Said


def wrong(error: ConsentError, otherwise: str = "") -> dict[str, str]:
    """What the form shows: the refusal at its field, or at `otherwise` where it belongs to none."""
    return {error.field or otherwise: said(error)}


def said(error: ConsentError) -> str:
    """The refusal as staff read it; in English, and marked so, where nobody has translated it."""
    detail = error.detail
    if not isinstance(detail, Filled):
        return detail
    return Said(naming.said(detail.message) % {name: _word(name, one) for name, one in detail.values.items()})


def _word(name: str, value: object) -> str:
    if isinstance(value, tuple | list):
        return ", ".join(_word(name, one) for one in value) or naming.said(naming.NONE)
    if isinstance(value, date):
        return in_words(value)
    return _NAMES.get(name, naming.said)(str(value))


def _category(key: str) -> str:
    return naming.category_name(key, speaking.for_staff())


# Our own words, by the place of the message in which they stand; anything else is a message by itself.
_NAMES: Mapping[str, Callable[[str], str]] = {
    "ground": naming.ground_name,
    "grounds": naming.ground_name,
    "category": _category,
    "categories": _category,
    "state": naming.state_name,
}
