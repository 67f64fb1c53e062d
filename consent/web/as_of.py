"""An instant that somebody names to a command or the API: what stood then is asked for, not what stands now."""

from datetime import datetime

import click
import marshmallow as ma

from consent.errors import BadInput
from consent.web.fields import parse_instant

LATER = "What will stand later is not known: give a time that lies before now."

option = click.option(
    "--as-of", "as_of", metavar="TIME", help="Tell what stood then, such as 2026-11-20T09:00:00-08:00."
)


def instant(said: str | None, field: str) -> datetime | None:
    """The instant in a text, None where nothing was said; BadInput for what is no time."""
    try:
        return parse_instant(said) if said else None
    except ma.ValidationError as error:
        raise BadInput(str(error.messages[0]), field=field) from None


def past(said: str | datetime | None, now: datetime, field: str) -> datetime | None:
    """The same; BadInput for one that is still to come."""
    at = said if isinstance(said, datetime) else instant(said, field)
    if at is not None and at > now:
        raise BadInput(LATER, field=field)
    return at
