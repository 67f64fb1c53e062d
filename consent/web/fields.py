"""What the API accepts: marshmallow fields that refuse what they do not understand.

marshmallow reads "5" as 5 and "yes" as true; these fields do not: the OpenAPI document promises types.
"""

import ipaddress
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, NamedTuple, Self
from uuid import UUID

import marshmallow as ma
from marshmallow import fields

Data = Mapping[str, Any] | None

CHANNELS = ("sms", "email", "voice", "chat", "post", "push", "web", "none")

# RFC 3339 section 5.6; a leap second has no place in a Python time and is refused with the rest
_RFC3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(\.\d{1,9})?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)", re.ASCII
)
_CANONICAL_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_CONTROL_IN_LINES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")

# The same rules for the readers of the OpenAPI document.
PRINTABLE = r"^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$"
PRINTABLE_LINES = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$"


def is_printable(text: str) -> bool:
    """Whether a text has no control characters, no ends of lines and no halves of characters."""
    return _CONTROL.search(text) is None


class Schema(ma.Schema):
    """A body or a query: unknown names are refused."""

    class Meta:
        unknown = ma.RAISE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._readers = _readers(self)

    def _deserialize(
        self,
        data: Any,
        *,
        error_store: Any,
        many: bool = False,
        partial: Any = None,
        unknown: Any = ma.RAISE,
        index: int | None = None,
    ) -> Any:
        """As in marshmallow, in a third of the time where nothing is wrong; what is wrong marshmallow itself says.

        `_deserialize` is a private name of marshmallow; a test holds that it is still asked, and that both read alike.
        """
        if not many and partial is None and unknown == ma.RAISE and type(data) is dict and self._readers is not None:
            read = _read(self._readers, data)
            if read is not None:
                return read
        return super()._deserialize(
            data, error_store=error_store, many=many, partial=partial, unknown=unknown, index=index
        )

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        """Itself, for nobody changes one; flask-smorest copies what it keeps of a door at each decorator."""
        return self


class _Reader(NamedTuple):
    """How one member is read: under which name it comes and goes, and by what."""

    sent_as: str
    name: str
    read: Callable[..., Any]
    missing: Callable[..., Any] | None  # asked where it is left out, unless it may be


def _readers(schema: ma.Schema) -> list[_Reader] | None:
    """What `_read` goes by; None for a schema whose members are read or placed in ways of their own."""
    found = []
    for name, field in schema.load_fields.items():
        kind = type(field)
        as_usual = kind.deserialize is fields.Field.deserialize and kind._validate is fields.Field._validate
        if not as_usual or field.attribute is not None or "." in name:
            return None
        plain = not (field.validators or field.pre_load or field.post_load)
        missing = field.deserialize if field.required or field.load_default is not ma.missing else None
        sent_as = name if field.data_key is None else field.data_key
        found.append(_Reader(sent_as, name, field._deserialize if plain else field.deserialize, missing))
    return found if schema.dict_class is dict else None


def _read(readers: list[_Reader], data: dict[str, Any]) -> dict[str, Any] | None:
    """The members as marshmallow reads them; None where there is anything to complain about, or a null."""
    read: dict[str, Any] = {}
    left = len(data)
    try:
        for sent_as, name, reader, missing in readers:
            value = data.get(sent_as, ma.missing)
            if value is not ma.missing:
                left -= 1
                if value is None:
                    return None
                read[name] = reader(value, sent_as, data)
            elif missing is not None:
                read[name] = missing(value, sent_as, data)
    except ma.ValidationError:
        return None
    return read if not left else None


class NothingIn(Schema):
    """An empty object: there is nothing to say."""


class ShortText(fields.String):
    """Text in NFC on one line (or several, when said), between two lengths, without control characters."""

    def __init__(self, *, longest: int, shortest: int = 1, lines: bool = False, **kwargs: Any) -> None:
        described = {
            "minLength": shortest,
            "maxLength": longest,
            "pattern": PRINTABLE_LINES if lines else PRINTABLE,
        }
        kwargs["metadata"] = described | dict(kwargs.get("metadata") or {})
        super().__init__(**kwargs)
        self.longest, self.shortest = longest, shortest
        self.forbidden = _CONTROL_IN_LINES if lines else _CONTROL

    def _deserialize(self, value: Any, attr: str | None, data: Data, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise ma.ValidationError("This must be text.")
        # Lengths are those that were sent: NFC may lengthen a text, and the schema promised a length.
        if not self.shortest <= len(value) <= self.longest:
            raise ma.ValidationError(f"This must be {self.shortest} to {self.longest} characters long.")
        if self.forbidden.search(value):
            raise ma.ValidationError("This must hold no control characters.")
        return value if value.isascii() else unicodedata.normalize("NFC", value)


class IpAddress(ShortText):
    """An IPv4 or IPv6 address."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(longest=45, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Data, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return str(ipaddress.ip_address(text))
        except ValueError:
            raise ma.ValidationError("This must be an IPv4 or IPv6 address.") from None


class AwareInstant(fields.AwareDateTime):
    """An RFC 3339 time with an offset between 1970 and 2199; it becomes aware UTC and is written with Z."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default_timezone=None, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Data, **kwargs: Any) -> datetime:
        if not isinstance(value, str):
            raise ma.ValidationError("This must be text: a time like 2026-05-03T09:30:00-07:00.")
        return parse_instant(value)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else rfc3339(value)


def parse_instant(value: str) -> datetime:
    """The aware UTC instant of an RFC 3339 text; a ValidationError says what is wrong with it."""
    found = _RFC3339.fullmatch(value) if len(value) <= 40 else None
    if found is None:
        raise ma.ValidationError("This must be a time with its offset, like 2026-05-03T09:30:00-07:00.")
    year, month, day, hour, minute, second = map(int, found.groups()[:6])
    fraction, offset = found[7] or "", found[8].upper()
    try:
        if not 1970 <= year <= 2199:
            raise ValueError
        datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        zone = "+00:00" if offset == "Z" else offset
        return datetime.fromisoformat(f"{value[:10]}T{value[11:19]}.{fraction[1:7].ljust(6, '0')}{zone}").astimezone(
            UTC
        )
    except ValueError:
        raise ma.ValidationError("There is no such time; years 1970 to 2199 are read.") from None


def rfc3339(value: datetime) -> str:
    """An aware instant as RFC 3339 text in UTC."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


class Day(fields.Date):
    """A calendar date such as 2026-05-03, of the years 1900 to 2199."""

    def _deserialize(self, value: Any, attr: str | None, data: Data, **kwargs: Any) -> date:
        try:
            if not isinstance(value, str) or len(value) != 10 or value[4] != "-" or value[7] != "-":
                raise ValueError  # fromisoformat reads weeks, too
            day = date.fromisoformat(value)
            if not 1900 <= day.year <= 2199:
                raise ValueError
        except ValueError:
            raise ma.ValidationError("This must be a date like 2026-05-03, of the years 1900 to 2199.") from None
        return day


class Place(fields.String):
    """A country or a part of one, ISO 3166-2, such as CA, US-WA or US-NY-NYC."""

    PATTERN = r"^[A-Z]{2}(-[A-Z0-9]{1,3}){0,2}$"

    def __init__(self, **kwargs: Any) -> None:
        kwargs["metadata"] = {"pattern": self.PATTERN} | dict(kwargs.get("metadata") or {})
        super().__init__(**kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Data, **kwargs: Any) -> str:
        if not isinstance(value, str) or not re.match(self.PATTERN, value, re.ASCII) or value.endswith("\n"):
            raise ma.ValidationError("This must be a place like CA, US-WA or US-NY-NYC (ISO 3166-2).")
        return value


class Uuid(fields.UUID):
    """A UUID in its usual form of 36 characters, nothing else that Python would take for one."""

    def _deserialize(self, value: Any, attr: str | None, data: Data, **kwargs: Any) -> UUID:
        if not isinstance(value, str) or not _CANONICAL_UUID.fullmatch(value):
            raise ma.ValidationError("This must be a UUID like 0199f3a2-7c1e-7d3a-9b1f-3c5d7e9f1a2b.")
        return UUID(value)


class WholeNumber(fields.Integer):
    """A JSON integer between two bounds; text, fractions and true are refused."""

    def __init__(self, *, least: int, most: int, **kwargs: Any) -> None:
        kwargs["metadata"] = {"minimum": least, "maximum": most} | dict(kwargs.get("metadata") or {})
        super().__init__(strict=True, **kwargs)
        self.least, self.most = least, most

    def _deserialize(self, value: Any, attr: str | None, data: Data, **kwargs: Any) -> int:
        if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
            value = int(value)  # JSON Schema counts 5.0 among the integers
        if isinstance(value, bool) or not isinstance(value, int):
            raise ma.ValidationError("This must be a whole number.")
        if not self.least <= value <= self.most:
            raise ma.ValidationError(f"This must be between {self.least} and {self.most}.")
        return value


class QueryNumber(WholeNumber):
    """A whole number in a query, where everything is text."""

    def _deserialize(self, value: Any, attr: str | None, data: Data, **kwargs: Any) -> int:
        if not isinstance(value, str) or not re.fullmatch(r"-?\d{1,15}", value, re.ASCII):
            raise ma.ValidationError("This must be a whole number.")
        return super()._deserialize(int(value), attr, data, **kwargs)


class YesNo(fields.Boolean):
    """JSON true or false, nothing that resembles them."""

    def _deserialize(self, value: Any, attr: str | None, data: Data, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise ma.ValidationError("This must be true or false.")
        return value


class Word(fields.String):
    """One of a fixed list of words."""

    def __init__(self, *words: str, **kwargs: Any) -> None:
        kwargs["metadata"] = {"enum": list(words)} | dict(kwargs.get("metadata") or {})
        super().__init__(**kwargs)
        self.words = words

    def _deserialize(self, value: Any, attr: str | None, data: Data, **kwargs: Any) -> str:
        if not isinstance(value, str) or value not in self.words:
            raise ma.ValidationError(f"This must be one of: {', '.join(self.words)}.")
        return value


class Channel(Word):
    """The way a message reaches somebody; sms stands for SMS and MMS."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(*CHANNELS, **kwargs)


class WordOf(fields.Enum[StrEnum]):
    """A member of an enum, written as its value."""

    def __init__(self, enum: type[StrEnum], **kwargs: Any) -> None:
        super().__init__(enum, by_value=fields.String, **kwargs)


class PlainObject(fields.Dict):
    """A small JSON object with text keys, for what is stored as it came."""

    def __init__(self, *, most: int = 50, **kwargs: Any) -> None:
        kwargs["metadata"] = {"maxProperties": most, "type": "object"} | dict(kwargs.get("metadata") or {})
        super().__init__(keys=fields.String(), **kwargs)
        self.most = most

    def _deserialize(self, value: Any, attr: str | None, data: Data, **kwargs: Any) -> Any:
        if not isinstance(value, dict):
            raise ma.ValidationError("This must be an object.")
        if len(value) > self.most:
            raise ma.ValidationError(f"This may hold at most {self.most} members.")
        return super()._deserialize(value, attr, data, **kwargs)  # type: ignore[no-untyped-call]
