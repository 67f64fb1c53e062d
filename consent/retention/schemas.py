"""What the API of records and holds reads."""

from typing import Any

import marshmallow as ma
from marshmallow import fields as plain

from consent.web import fields
from consent.web.paging import PageIn

MOST = 10_000


class RecordIn(fields.Schema):
    """A thing that is kept anywhere: what it is, where it lies, when and for what it was collected."""

    category = fields.ShortText(longest=64, required=True, metadata={"description": "As the policy names it."})
    store = fields.ShortText(longest=64, required=True, metadata={"description": "A store's name, or own."})
    reference = fields.ShortText(
        longest=200, required=True, metadata={"description": "The store's own key of it; no address, no number."}
    )
    collected_at = fields.AwareInstant(required=True)
    purpose = fields.ShortText(longest=200, required=True, metadata={"description": "As it was told to the person."})
    person = fields.ShortText(longest=200, metadata={"description": "Whom your systems mean, if anybody."})
    role = fields.ShortText(longest=64, metadata={"description": "Who the person is to the company, such as tenant."})
    jurisdiction = fields.Place(metadata={"description": "Of a building it is the building's, not the person's."})
    site = fields.ShortText(longest=100, metadata={"description": "The building or service it belongs to."})
    use = fields.ShortText(
        longest=64, metadata={"description": "What it serves for, where that decides how it counts."}
    )
    source = fields.ShortText(longest=64, metadata={"description": "Whence it came."})


class _Records(plain.List[Any]):
    """Up to 10,000 of them; a fault names the place in the list."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, list) and not 0 < len(value) <= MOST:
            raise ma.ValidationError(f"A batch has 1 to {MOST:,} records; send more as NDJSON, without limit.")
        found: list[Any] = super()._deserialize(value, attr, data, **kwargs)
        return found


class RecordsIn(fields.Schema):
    """Many records at once: all are registered, or none."""

    records = _Records(plain.Nested(RecordIn), required=True, metadata={"minItems": 1, "maxItems": MOST})


class EventIn(fields.Schema):
    """What happened to a record."""

    event = fields.ShortText(
        longest=64, required=True, metadata={"description": "vacated, withdrawn, service-ended, account-ended …"}
    )
    happened_at = fields.AwareInstant(required=True, metadata={"description": "When; at most two years ahead."})


class PersonEventIn(EventIn):
    """What happened to a person: it reaches all that is held of them, now and later."""

    person = fields.ShortText(longest=200, required=True)
    site = fields.ShortText(longest=100, metadata={"description": "At this building or with this service alone."})


class ListIn(PageIn):
    """Which records are wanted."""

    category = fields.ShortText(longest=64)
    store = fields.ShortText(longest=64)
    state = fields.Word("running", "waiting", "unlimited", "unsettled", "kept-by-law", "going", "isolated")


class DueIn(ListIn):
    """What goes by which day."""

    until = fields.Day(metadata={"description": "That day included; today if left out."})


class HeldQueryIn(fields.Schema):
    """Which records a hold reaches; what is left out is any, and something must be named."""

    category = fields.ShortText(longest=64)
    store = fields.ShortText(longest=64)
    jurisdiction = fields.Place()
    site = fields.ShortText(longest=100)
    purpose = fields.ShortText(longest=200)
    collected_from = fields.AwareInstant()
    collected_until = fields.AwareInstant(metadata={"description": "That instant not included."})


class HoldIn(fields.Schema):
    """A ground on which records stay longer; exactly one of record, person and query."""

    kind = fields.Word("legal", "request", "incident", required=True)
    ground = fields.ShortText(longest=64, required=True, metadata={"description": "As the policy or law names it."})
    reason = fields.ShortText(longest=500, required=True, lines=True)
    owner = fields.ShortText(longest=100, required=True, metadata={"description": "Who looks at it again."})
    since = fields.AwareInstant(metadata={"description": "Now if left out."})
    until = fields.Day(metadata={"description": "The last day it holds."})
    record = fields.Uuid()
    person = fields.ShortText(longest=200)
    query = plain.Nested(HeldQueryIn)


class ReasonIn(fields.Schema):
    """Why."""

    reason = fields.ShortText(longest=500, required=True, lines=True)


class RenewalIn(ReasonIn):
    """Why it still holds, and until when where that changes."""

    until = fields.Day()


class HoldsIn(PageIn):
    """Which holds are wanted."""

    state = fields.Word("open", "all", load_default="open")
