"""What the API of disclosures takes and gives."""

from typing import Any

import marshmallow as ma
from marshmallow import fields as plain

from consent.decisions.verdicts import ReasonOut
from consent.preferences.api import REACHABLE
from consent.web import fields
from consent.web.paging import PageIn

MOST = 10_000
LONGEST = 320
STATES = ("made", "refused", "made-anyway")


def _words(most: int, about: str) -> plain.List[Any]:
    return plain.List(
        fields.ShortText(longest=64), validate=ma.validate.Length(max=most), metadata={"description": about}
    )


class TransferIn(fields.Schema):
    """Data that is to go to somebody, with everything a promise may ask about. What is left out counts against it."""

    recipient = fields.ShortText(longest=64, required=True, metadata={"description": "A key of `recipients`."})
    purpose = fields.ShortText(longest=64, required=True, metadata={"description": "In the words of the policy."})
    categories = plain.List(
        fields.ShortText(longest=64),
        required=True,
        validate=ma.validate.Length(min=1, max=20),
        metadata={"description": "Classes of data, as `data_categories` names them."},
    )
    fields_ = plain.List(
        fields.ShortText(longest=64),
        data_key="fields",
        validate=ma.validate.Length(max=100),
        metadata={"description": "The fields that go; some promises allow certain ones alone."},
    )
    occurred_at = fields.AwareInstant(required=True, metadata={"description": "Now; of what `has_gone`, when."})
    has_gone = fields.YesNo(metadata={"description": "It has gone already: it is recorded whatever the answer."})
    store = fields.YesNo(metadata={"description": "False: explain only, keep nothing.", "default": True})
    conditions = _words(20, "Conditions of the policy that are met in this case, beside those of the contract.")
    ground = fields.ShortText(longest=64)
    instrument = fields.ShortText(longest=200, metadata={"description": "The order or the law that demands it."})
    country = fields.ShortText(longest=2, shortest=2, metadata={"description": "Of the authority that asks."})
    approver = fields.ShortText(longest=200)
    reason = fields.ShortText(longest=1000, lines=True)
    reference = fields.ShortText(longest=200, metadata={"description": "The person's own inquiry, order or ticket."})
    chosen = fields.YesNo(metadata={"description": "The person or the customer chose or connected this recipient."})
    role = fields.ShortText(longest=64, metadata={"description": "What the person is to you, such as resident."})
    building = fields.ShortText(longest=64)
    recipient_building = fields.ShortText(longest=64)
    unit = fields.ShortText(longest=64)
    recipient_unit = fields.ShortText(longest=64)
    identifying = fields.YesNo(metadata={"description": "False: nobody can be told from it.", "default": True})
    owners = fields.WholeNumber(least=0, most=10**9, metadata={"description": "Of how many customers it holds rows."})
    compelled = fields.YesNo()
    location = fields.ShortText(longest=16, metadata={"description": "Where it goes, if not where the register says."})
    transfer_basis = fields.ShortText(longest=64)
    shown = _words(20, "Terms of others that were shown to the person.")


class DisclosureIn(TransferIn):
    """One disclosure: about an address, a person as you call them, or a number of people nobody names."""

    channel = fields.Word(*REACHABLE)
    address = fields.ShortText(longest=LONGEST)
    person = fields.ShortText(longest=200, metadata={"description": "Your id of the person."})
    people = fields.WholeNumber(least=1, most=10**9, metadata={"description": "How many, where none is named."})
    consent = fields.Uuid(metadata={"description": "The entry of a consent that was given for this transfer."})

    @ma.validates_schema
    def whose(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Whom it is about is said in one way."""
        if ("address" in data) != ("channel" in data):
            lacking = "channel" if "address" in data else "address"
            raise ma.ValidationError({lacking: ["An address needs its channel, and a channel its address."]})
        named = "address" in data or "person" in data
        if named and "people" in data:
            raise ma.ValidationError({"people": ["A number stands where nobody is named; leave it out."]})
        if not named and "people" not in data:
            raise ma.ValidationError({"person": ["Say whom it is about: an address, a person, or how many people."]})


class _Texts(plain.Field[list[str]]):
    """Up to 10,000 texts, looked at quickly."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_kwargs: Any) -> list[str]:
        if not isinstance(value, list) or not 0 < len(value) <= MOST:
            raise ma.ValidationError(f"This must be a list of 1 to {MOST:,} texts.")
        for place, one in enumerate(value):
            if not isinstance(one, str) or not 0 < len(one) <= LONGEST:
                raise ma.ValidationError({place: [f"This must be a text of 1 to {LONGEST} characters."]})
        return value


_LISTED = {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": MOST}


class DisclosuresIn(TransferIn):
    """The same data of many people for one recipient: `addresses` of one channel, or `persons`."""

    channel = fields.Word(*REACHABLE)
    addresses = _Texts(metadata=_LISTED)
    persons = _Texts(metadata=_LISTED)

    @ma.validates_schema
    def whose(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Either of the two lists."""
        if ("addresses" in data) == ("persons" in data):
            raise ma.ValidationError({"addresses": ["Give either addresses, with their channel, or persons."]})
        if ("addresses" in data) != ("channel" in data):
            raise ma.ValidationError({"channel": ["Addresses need their channel, and persons none."]})


class AnswerOut(ma.Schema):
    """The answer; `id` and `entry` are null where nothing was stored. `leave_out` names what must not go."""

    id = plain.String(required=True, allow_none=True)
    state = plain.String(required=True, allow_none=True, metadata={"enum": [*STATES, None]})
    entry = plain.String(required=True, allow_none=True)
    answer = plain.String(required=True, metadata={"enum": ["allow", "deny"]})
    reasons = plain.List(plain.Nested(ReasonOut), required=True)
    leave_out = plain.List(plain.String(), required=True)
    goes_without = plain.Boolean(required=True, metadata={"description": "Once those are left out, may the rest go?"})
    policy = plain.String(required=True)
    policy_version = plain.String(required=True)


class AnswersOut(ma.Schema):
    """An answer for each, in their order; `error` stands in the place of one whose address is none."""

    answers = plain.List(plain.Dict(), required=True)


class ListIn(PageIn):
    """Which of them, where to continue, and how many. One of recipient, contact_point and person."""

    recipient = fields.ShortText(longest=64)
    contact_point = fields.Uuid()
    person = fields.Uuid()
    state = fields.Word(*STATES)

    @ma.validates_schema
    def one_of(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """A list is of one of the three."""
        if sum(name in data for name in ("recipient", "contact_point", "person")) > 1:
            raise ma.ValidationError({"recipient": ["Ask for one of recipient, contact_point and person."]})
