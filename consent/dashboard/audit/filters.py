"""What of the trail somebody wants to see. It stands in the URL, so a filtered trail can be kept as a link."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from urllib.parse import urlencode
from uuid import UUID

from consent.deadlines.zones import midnight
from consent.ids import oldest_id
from consent.ledger.bodies import SOURCES, Leaf

_TYPE = re.compile(r"[a-z][a-z_]{0,31}(\.[a-z][a-z_]{0,31})?")
FIRST, LAST = UUID(int=0), UUID(int=2**128 - 1)
_REASON = re.compile(r"[a-z][a-z-]{0,31}")
FIELDS = ("since", "until", "source", "type", "reason")


@dataclass(frozen=True, slots=True)
class Filters:
    """Days both included; `type` is a noun, or a noun with its verb; `reason` that of a look. Empty: everything."""

    since: date | None = None
    until: date | None = None
    source: str = ""
    type: str = ""
    reason: str = ""

    def first(self, zone: tzinfo) -> UUID:
        """No entry of these days has a smaller id."""
        return oldest_id(midnight(self.since, zone)) if self.since is not None else FIRST

    def end(self, zone: tzinfo) -> UUID:
        """Every entry of these days has a smaller id."""
        return oldest_id(midnight(self.until + timedelta(days=1), zone)) if self.until is not None else LAST

    def may_match(self, body: bytes) -> bool:
        """False only for an entry that does not match: quicker than reading it, for the many that do not."""
        if self.source and f'"src":"{self.source}"'.encode() not in body:
            return False
        if self.reason and f'"reason":"{self.reason}"'.encode() not in body:
            return False
        return not self.type or f'"type":"{self.type}'.encode() in body

    def match(self, leaf: Leaf) -> bool:
        """Whether the entry is one of those."""
        if self.source and leaf.source != self.source:
            return False
        if self.reason and ("shown" not in leaf.data or leaf.data.get("reason") != self.reason):
            return False
        return not self.type or leaf.type == self.type or leaf.type.partition(".")[0] == self.type

    def said(self) -> dict[str, str]:
        """What was asked for, by the names of the form."""
        asked = {name: getattr(self, name) for name in FIELDS}
        return {name: str(value) for name, value in asked.items() if value}

    def query(self, **more: object) -> str:
        """The same for an address."""
        return urlencode(self.said() | {name: str(value) for name, value in more.items()})


def read(sent: Mapping[str, str]) -> tuple[Filters, frozenset[str]]:
    """What a form or an address asks for, and the fields that say something that cannot be."""
    wrong = set()
    days: dict[str, date | None] = {}
    for name in ("since", "until"):
        try:
            days[name] = date.fromisoformat(sent[name]) if sent.get(name) else None
            if (found := days[name]) is not None and not 1971 <= found.year <= 9000:
                raise ValueError(name)
        except ValueError:
            wrong.add(name)
            days[name] = None
    source, type_, reason = sent.get("source", ""), sent.get("type", "").strip(), sent.get("reason", "")
    if source and source not in SOURCES:
        wrong.add("source")
        source = ""
    if type_ and not _TYPE.fullmatch(type_):
        wrong.add("type")
        type_ = ""
    if reason and not _REASON.fullmatch(reason):
        wrong.add("reason")
        reason = ""
    return Filters(days["since"], days["until"], source, type_, reason), frozenset(wrong)
