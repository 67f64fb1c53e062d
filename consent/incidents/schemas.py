"""What is sent about an incident."""

from dataclasses import fields as fields_of
from datetime import datetime
from typing import Any
from uuid import UUID

import marshmallow as ma
from marshmallow import fields as plain

from consent.incidents import rules
from consent.incidents.queries import Words
from consent.web import fields
from consent.web.fields import parse_instant
from consent.web.paging import PageIn

MOST_AT_ONCE = 500  # people in one call
WORDS = tuple(one.name for one in fields_of(Words))


class FactsIn(fields.Schema):
    """What becomes known, bit by bit; what is left out stays as it is."""

    occurred_at = fields.AwareInstant(allow_none=True)
    believed_at = fields.AwareInstant(allow_none=True, metadata={"description": "When it was reasonably believed."})
    confirmed_at = fields.AwareInstant(allow_none=True)
    people_notified_at = fields.AwareInstant(allow_none=True)
    authorities_told_at = fields.AwareInstant(
        allow_none=True, metadata={"description": "When the police or another authority that comes first was told."}
    )
    law_requires = plain.Boolean(
        truthy={True}, falsy={False}, allow_none=True, metadata={"description": "Does a law ask for a notice?"}
    )
    places = plain.List(
        fields.ShortText(longest=10),
        validate=ma.validate.Length(max=100),
        metadata={"description": "Where the people live, ISO 3166-2."},
    )
    delay_ground = fields.ShortText(longest=64, shortest=0)
    delay_body = fields.ShortText(longest=200, shortest=0)
    delay_review_on = fields.Day(allow_none=True)
    disclosed_at = fields.AwareInstant(allow_none=True)
    feasible_before = plain.Boolean(truthy={True}, falsy={False}, allow_none=True)
    forbidden = plain.Boolean(truthy={True}, falsy={False}, metadata={"description": "Does the law forbid telling?"})
    ban_lifted_at = fields.AwareInstant(allow_none=True)
    what = fields.ShortText(longest=10_000, lines=True, metadata={"description": "What happened, in words."})
    assessment = fields.ShortText(longest=10_000, lines=True, metadata={"description": "Why a law does or does not."})
    subject = fields.ShortText(
        longest=200, metadata={"description": "Of the letter to the people, for whoever chose none of its languages."}
    )
    letter = fields.ShortText(longest=20_000, lines=True)
    subject_en = fields.ShortText(longest=200, shortest=0, metadata={"description": "For whoever chose English."})
    letter_en = fields.ShortText(longest=20_000, shortest=0, lines=True)
    subject_fr = fields.ShortText(longest=200, shortest=0, metadata={"description": "For whoever chose French."})
    letter_fr = fields.ShortText(longest=20_000, shortest=0, lines=True)
    subject_es = fields.ShortText(longest=200, shortest=0, metadata={"description": "For whoever chose Spanish."})
    letter_es = fields.ShortText(longest=20_000, shortest=0, lines=True)


class IncidentIn(FactsIn):
    """An incident as it begins."""

    kind = fields.Word(*rules.KINDS, required=True)
    title = fields.ShortText(longest=200, required=True)
    detected_at = fields.AwareInstant(required=True)


class ChangeIn(FactsIn):
    """A change of an incident that is open."""

    title = fields.ShortText(longest=200)
    detected_at = fields.AwareInstant()
    version = plain.Integer(strict=True, validate=ma.validate.Range(min=1), metadata={"description": "As read last."})


class PersonIn(fields.Schema):
    """Somebody whose data it is."""

    channel = fields.Word("sms", "email", "voice", required=True)
    address = fields.ShortText(longest=320, required=True)


class PeopleIn(fields.Schema):
    """People by their addresses; addresses nobody knows here are answered by their places in the list."""

    people = plain.List(plain.Nested(PersonIn), required=True, validate=ma.validate.Length(min=1, max=MOST_AT_ONCE))


class PeopleFoundIn(fields.Schema):
    """By what the people are found: what is left out is any, and at least one of them is there."""

    program = fields.ShortText(
        longest=64, metadata={"description": "Who agreed to it, refused or withdrew, whatever they said later."}
    )
    category = fields.ShortText(longest=64, metadata={"description": "Of whom a record of this class is held."})
    store = fields.ShortText(longest=64)
    site = fields.ShortText(longest=100, metadata={"description": "The building or service of a record."})
    place = fields.Place(metadata={"description": "Where a record's rules are looked up, ISO 3166-2."})
    since = fields.AwareInstant(metadata={"description": "Said or collected from then on."})
    until = fields.AwareInstant(metadata={"description": "Said or collected before then."})
    everybody = plain.Boolean(truthy={True}, falsy={False}, metadata={"description": "Everybody who is known here."})


class PeoplePutIn(PeopleFoundIn):
    """The same, and how many of them were counted before: only as many are put on the list."""

    seen = plain.Integer(
        strict=True,
        required=True,
        validate=ma.validate.Range(min=0),
        metadata={"description": "`found.all` of the lookup."},
    )


class DutyIn(fields.Schema):
    """A duty that was done."""

    duty = fields.ShortText(longest=120, required=True, metadata={"description": "As `duties` names it."})
    how = fields.ShortText(longest=4000, lines=True, required=True)


class ReportIn(fields.Schema):
    """The closing report."""

    report = fields.ShortText(longest=20_000, lines=True, required=True)


class ListIn(PageIn):
    """Which of them, where to continue, and how many."""

    state = fields.Word("open", "closed", load_default="open")


def parted(data: dict[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
    """What was sent: the words, and everything else."""
    words = {name: data.pop(name) for name in WORDS if name in data}
    if "places" in data:
        data["places"] = tuple(data["places"])
    return words, data


def place(at: str, identity: str) -> tuple[datetime, UUID]:
    """Where a list of incidents goes on, from the words of its cursor."""
    return parse_instant(at), UUID(identity)
