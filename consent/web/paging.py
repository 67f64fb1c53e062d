"""Where a list goes on, as a text that its next page is asked with: it opens nothing, so it is not signed."""

import base64
from collections.abc import Callable
from typing import Any, TypeVar

import marshmallow as ma
from flask import Response

from consent.errors import Malformed
from consent.web import fields
from consent.web.bodies import json_response

T = TypeVar("T")


class PageIn(fields.Schema):
    """Where to continue, and how many."""

    cursor = fields.ShortText(longest=200)
    limit = fields.QueryNumber(least=1, most=200, load_default=50)


def cursor(*place: object) -> str:
    """The cursor of a place: the words that say where it is."""
    return base64.urlsafe_b64encode(" ".join(str(one) for one in place).encode()).decode().rstrip("=")


def page(name: str, found: list[dict[str, Any]], then: str | None) -> Response:
    """The answer of a list: what was found, and the cursor of the next page where there is one."""
    return json_response({name: found} | ({"next": then} if then is not None else {}))


def place_of(text: str, read: Callable[..., T]) -> T:
    """What `read` makes of the words of a cursor; Malformed for every text that is none."""
    try:
        words = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().split(" ")
        place = read(*words)
        if cursor(*words) != text:  # the decoder skips foreign letters
            raise ValueError(text)
    except (ValueError, TypeError, ma.ValidationError):
        raise Malformed("This cursor was not made here; start again without one.", field="cursor") from None
    return place
