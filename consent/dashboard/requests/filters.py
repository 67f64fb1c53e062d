"""What of the queue is looked at, as it stands in the address of the page: a closed list of names and values. Pure."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from consent.dashboard.requests.risk import Risk
from consent.dashboard.requests.waiting import NEXT
from consent.privacy_requests.rules import OVER

LIST = "/staff/requests"
UNDER_WAY = ("open", "in_progress", "approved")
STATES = (*UNDER_WAY, *OVER)
ME, NOBODY = "me", "nobody"
DUE = tuple(one for one in Risk if one not in (Risk.LAST, Risk.OVER))
_LONGEST = 64


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked at; empty for everything of that sort. Without a state: whatever is not finished.

    `assignee` is "me", "nobody", or the id of a member. `contact` is the contact point that a search found.
    """

    state: str = ""
    request_type: str = ""
    due: str = ""
    assignee: str = ""
    place: str = ""
    contact: str = ""
    next: str = ""

    @property
    def narrow(self) -> bool:
        """Is anything left out that is not finished?"""
        return self != Filters()

    def with_(self, **changed: str) -> "Filters":
        """The same with another value; an empty one takes the filter away."""
        return replace(self, **changed)

    def address(self, **more: str) -> str:
        """Where this view of the queue stands."""
        said = [(name, value) for name, value in ((*self._named(), *more.items())) if value]
        return f"{LIST}?{urlencode(said)}" if said else LIST

    def _named(self) -> tuple[tuple[str, str], ...]:
        return (
            ("state", self.state),
            ("type", self.request_type),
            ("due", self.due),
            ("assignee", self.assignee),
            ("place", self.place),
            ("contact", self.contact),
            ("next", self.next),
        )


def read(asked: Mapping[str, str]) -> tuple[Filters, tuple[str, ...]]:
    """The filters of an address, and the names of those whose value means nothing; such a one is left out."""
    given = {name: asked.get(name, "") for name in ("state", "type", "due", "assignee", "place", "contact", "next")}
    fits = {
        "state": given["state"] in STATES,
        "type": _is_word(given["type"]),
        "due": given["due"] in DUE,
        "assignee": given["assignee"] in (ME, NOBODY) or _is_id(given["assignee"]),
        "place": _is_word(given["place"]),
        "contact": _is_id(given["contact"]),
        "next": given["next"] in NEXT,
    }
    unknown = tuple(name for name, value in given.items() if value and not fits[name])
    kept = {name: "" if name in unknown else value for name, value in given.items()}
    kept["request_type"] = kept.pop("type")
    return Filters(**kept), unknown


def _is_word(value: str) -> bool:
    return len(value) <= _LONGEST and value.isascii() and value.replace("-", "").isalnum()


def _is_id(value: str) -> bool:
    try:
        return str(uuid.UUID(value)) == value
    except ValueError:
        return False
