"""What a parameter may look like. A shape answers with what is wrong, in words, or with nothing."""

import re
from datetime import date, timedelta

from consent.policies.findings import nearest
from consent.policies.kinds.shape import Shape, named, said
from consent.policies.kinds.speech import opening, plain, plain_texts, spoken

# The kinds say `s.plain(…)`: reading aloud belongs with what may be written.
__all__ = [
    "opening",
    "plain",
    "plain_texts",
    "spoken",
]

_WORD = re.compile(r"^[a-z0-9]+(?:[-.][a-z0-9]+)*$")
# ISO 8601 durations, as far as policies and laws use them: whole years, months, weeks, days, hours, minutes.
_PERIOD = re.compile(
    r"P(?=.)(?:\d{1,3}Y)?(?:\d{1,4}M)?(?:\d{1,4}W)?(?:\d{1,5}D)?(?:T(?=.)(?:\d{1,6}H)?(?:\d{1,6}M)?(?:\d{1,6}S)?)?",
    re.ASCII,
)  # no longer than a calendar reaches
_PHONE = re.compile(r"^\+?[0-9][0-9-]{5,18}[0-9]$")
_MAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[a-z]{2,}$")
_COMMITMENT = re.compile(r"^[A-Z0-9]{2,5}(?:-[A-Z]{2,8})?-[0-9]{2,3}$")
_PLACE = re.compile(r"^[A-Z]{2,3}(?:-[A-Z0-9]{1,3}){0,2}$")
_MARK = re.compile(r"^[A-Za-z0-9]+(?:[-.][A-Za-z0-9]+)*$")
_URL = re.compile(r"^https?://[^\s]+\.[a-z]{2,}[^\s]*$")

# Every word that policies and laws use for a way to reach people, and for the places of a notice.
CHANNELS = (
    "sms",
    "mms",
    "automated-text",
    "email",
    "electronic",
    "phone-call",
    "automated-call",
    "voice",
    "messenger-app",
    "chat",
    "post",
    "push",
    "app",
    "web",
    "unspecified",
    "policy-page",
    "policy-page-date",
    "homepage-notice",
    "website-notice",
    "website",
    "other-places",
)


@said("a text")
def text(value: object) -> str | None:
    """Any text."""
    return None if isinstance(value, str) and value.strip() else "must be a text in quotes"


@said("`true` or `false`")
def flag(value: object) -> str | None:
    """True or false."""
    return None if isinstance(value, bool) else "must be true or false, without quotes"


def whole(least: int) -> Shape:
    """A whole number from `least` on."""

    def shape(value: object) -> str | None:
        if isinstance(value, bool) or not isinstance(value, int):
            return "must be a whole number, without quotes"
        return None if value >= least else f"must be at least {least}"

    return Shape(f"a whole number from {least} on", shape)


def word(*choices: str) -> Shape:
    """One small-letter word with hyphens; one of `choices`, where there are any."""

    def shape(value: object) -> str | None:
        if not isinstance(value, str):
            return "must be one word in quotes"
        if choices and value not in choices:
            return f'"{value}" does not fit; {nearest(value, choices)}'
        return None if choices or _WORD.match(value) else f'"{value}" must be small letters, digits and hyphens'

    return Shape(named(choices) if choices else "a word", shape, choices)


def words(*choices: str) -> Shape:
    """A list of such words, not empty, none twice."""
    return listed(word(*choices))


def listed(one: Shape) -> Shape:
    """A list whose every entry has the shape `one`."""

    def shape(value: object) -> str | None:
        if not isinstance(value, list) or not value:
            return "must be a list with at least one entry"
        if len({repr(entry) for entry in value}) != len(value):
            return "names something twice"
        return next((wrong for wrong in map(one, value) if wrong), None)

    return Shape(f"a list; each entry {one.said}", shape, one.choices)


def either(*shapes: Shape) -> Shape:
    """Any one of several shapes; the last one says what is wrong."""

    def shape(value: object) -> str | None:
        wrong: str | None = None
        for one in shapes:
            wrong = one(value)
            if wrong is None:
                return None
        return wrong

    return Shape(", or ".join(one.said for one in shapes), shape, tuple(each for one in shapes for each in one.choices))


@said("a period such as `P90D`")
def period(value: object) -> str | None:
    """A length of time such as P90D or PT5M."""
    if isinstance(value, str) and _PERIOD.fullmatch(value):
        return None
    return "must be a period such as P90D (days), P24M (months), P7Y (years) or PT5M (minutes)"


@said("a table of periods by class of data")
def periods(value: object) -> str | None:
    """A table of periods, one per class of data; the length may have no end."""
    if not isinstance(value, dict) or not value:
        return "must be a table of periods, one for each class of data"
    return next(
        (
            f'"{key}" {wrong}'
            for key, one in value.items()
            if (wrong := period_or("unlimited")(one.get("for") if isinstance(one, dict) else one))
        ),
        None,
    )


def period_or(*others: str) -> Shape:
    """A period, or one of these words."""
    return either(word(*others), period)


@said("a date such as `2025-01-02`")
def day(value: object) -> str | None:
    """A calendar date."""
    if isinstance(value, date):
        return None
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return "must be a date such as 2025-01-02"
    return None


@said("an e-mail address")
def mail(value: object) -> str | None:
    """An e-mail address."""
    return None if isinstance(value, str) and _MAIL.match(value) else "must be an e-mail address"


@said("a phone number in quotes")
def phone(value: object) -> str | None:
    """A phone number."""
    return None if isinstance(value, str) and _PHONE.match(value) else "must be a phone number in quotes"


@said("the id of a commitment")
def commitment_id(value: object) -> str | None:
    """The id of a commitment."""
    return None if isinstance(value, str) and _COMMITMENT.match(value) else "must be a commitment's id such as VSH-20"


def table(one: Shape, *keys: str) -> Shape:
    """A table of words, each with a value of the shape `one`; only of `keys`, where there are any."""

    def shape(value: object) -> str | None:
        if not isinstance(value, dict) or not value:
            return "must be a table with at least one entry"
        named = word(*keys)
        return next(
            (
                f'"{key}" {wrong}'
                for key, entry in value.items()
                if (wrong := (named(key) if keys else None) or one(entry))
            ),
            None,
        )

    return Shape(f"a table; for each {named(keys) if keys else 'word'} {one.said}", shape)


@said("a place such as `CA`, `US-CA` or `US-NY-NYC`")
def place(value: object) -> str | None:
    """A jurisdiction: ISO 3166 with its parts, such as CA, US-CA or US-NY-NYC, or a union such as EEA."""
    if isinstance(value, str) and _PLACE.match(value):
        return None
    return "must be a jurisdiction such as CA, US-CA or US-NY-NYC"


@said("a word that may hold the id of a commitment, such as `start-clock-1V-28`")
def mark(value: object) -> str | None:
    """A word that may hold the id of a commitment, such as start-clock-1V-28."""
    return None if isinstance(value, str) and _MARK.match(value) else "must be one word of letters, digits and hyphens"


@said("the address of a page")
def url(value: object) -> str | None:
    """The address of a page."""
    return None if isinstance(value, str) and _URL.match(value) else "must be an address such as https://example.com/a"


def some(*choices: str) -> Shape:
    """One word or a list of words; of `choices`, where there are any."""
    return one_or_more(word(*choices))


def one_or_more(one: Shape) -> Shape:
    """A single value of the shape `one`, or a list of such values."""

    def shape(value: object) -> str | None:
        return listed(one)(value) if isinstance(value, list) else one(value)

    return Shape(f"{one.said}, or a list of such", shape, one.choices)


contacts: Shape = listed(either(mail, phone))
channels: Shape = Shape(
    "a [word for a channel](policy-packs.md#channels), or a list of such", some(*CHANNELS), CHANNELS
)
places: Shape = one_or_more(place)
basis: Shape = word("calendar-day", "business-day", "calendar-month", "elapsed")
word_or_words: Shape = some()
exceptions: Shape = either(word("none"), listed(either(commitment_id, word())))


def as_list(value: object) -> list[str]:
    """A word or a list of words, as a list."""
    if value is None:
        return []
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


_DAYS = {"Y": 365, "M": 30, "W": 7, "D": 1}


def shorter(one: str, other: str) -> bool:
    """Is the first period surely the shorter? Whole days are compared; "unlimited" is never shorter."""
    if one == "unlimited":
        return False
    return other == "unlimited" or _days(one) < _days(other)


def elapsed(value: str) -> timedelta:
    """The period as a length of time, to be counted from an instant."""
    hours = {unit: int(count) for count, unit in re.findall(r"(\d+)([HMS])", value.partition("T")[2])}
    clock = timedelta(hours=hours.get("H", 0), minutes=hours.get("M", 0), seconds=hours.get("S", 0))
    return timedelta(days=_days(value)) + clock


def _days(value: str) -> int:
    date_part = value.removeprefix("P").partition("T")[0]
    return sum(int(count) * _DAYS[unit] for count, unit in re.findall(r"(\d+)([YMWD])", date_part))
