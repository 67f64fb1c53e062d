"""Further shapes: places, nested tables and the few mixed values that the kinds about data and requests use."""

import re
from collections.abc import Mapping

from consent.policies.findings import nearest
from consent.policies.kinds import shapes as s
from consent.policies.kinds.shape import Shape, said

_PLACE = re.compile(r"^[A-Z]{2}(?:-[A-Z0-9]{1,3}){0,2}$")
_FROM = s.word()

BASES = ("calendar-day", "business-day", "calendar-month", "elapsed")

basis: Shape = s.word(*BASES)
ids: Shape = s.either(s.commitment_id, s.listed(s.commitment_id))
ids_or_words: Shape = s.either(s.commitment_id, s.word_or_words, s.listed(s.either(s.commitment_id, s.word())))


@said("a place such as `CA` (Canada), `US-CA` (California) or `US-NY-NYC` (New York City)")
def place(value: object) -> str | None:
    """A country, a state or a city: CA, US-CA, US-NY-NYC."""
    if isinstance(value, str) and _PLACE.match(value):
        return None
    return "must be a place such as CA (Canada), US-CA (California) or US-NY-NYC (New York City)"


# What the places of policies are called in a sentence; others are said by their code.
_CALLED = {
    "CA": "Canada", "US": "the United States", "US-CA": "California", "US-NY-NYC": "New York City", "EEA": "the EEA",
    "EU": "the European Union", "GB": "the United Kingdom", "CA-QC": "Quebec",
}  # fmt: skip


def where(value: object) -> str:
    """The places read aloud."""
    return s.plain([_CALLED.get(one, one) for one in s.as_list(value)])


jurisdictions: Shape = s.either(s.word("any"), s.listed(place))


@said("a word such as `email`, or an address that begins with `https://`")
def reached(value: object) -> str | None:
    """A word such as email, or the address of a page."""
    if isinstance(value, str) and value.startswith("https://"):
        return None
    return s.word()(value)


ways: Shape = s.either(s.word("unset"), s.listed(reached))


def table(required: Mapping[str, Shape], optional: Mapping[str, Shape] | None = None) -> Shape:
    """A table with exactly these keys."""
    known = {**required, **(optional or {})}

    def shape(value: object) -> str | None:
        if not isinstance(value, dict):
            return f"must be a table with {s.plain(sorted(required))}"
        for key in required:
            if key not in value:
                return f'misses "{key}"'
        for key, one in value.items():
            if key not in known:
                return f'does not know "{key}"; {nearest(key, known)}'
            if wrong := known[key](one):
                return f'"{key}" {wrong}'
        return None

    return Shape(_keys(required, optional or {}), shape)


def _keys(required: Mapping[str, Shape], optional: Mapping[str, Shape]) -> str:
    needed = ", ".join(f"`{key}` ({one.said})" for key, one in required.items())
    more = ", ".join(f"`{key}` ({one.said})" for key, one in optional.items())
    return f"a table with {needed}{' and, if wanted, ' + more if more else ''}"


def by_word(one: Shape) -> Shape:
    """A table whose keys are words and whose values have the shape `one`."""

    def shape(value: object) -> str | None:
        if not isinstance(value, dict) or not value:
            return "must be a table with at least one entry"
        for key, entry in value.items():
            if wrong := s.word()(key) or one(entry):
                return f'"{key}" {wrong}'
        return None

    return Shape(f"a table; for each word {one.said}", shape)


# How long a class of data stays, from which event, and what is to happen then.
kept: Shape = by_word(
    table(
        {"for": s.period_or("unlimited"), "from": _FROM},
        {"edition": s.text, "basis": basis, "then": s.word(), "until": s.word(), "jurisdictions": jurisdictions},
    )
)

# What settles an answer that the wording promises without a number.
ANSWER: dict[str, Shape] = {
    "deadline": s.period_or("at-once"),
    "deadline_basis": basis,
    "staff_deadline": s.period,
    "extended": s.word("as-law"),
    "acknowledge_within": s.period,
    "acknowledge_within_basis": basis,
    "verification": s.words(),
    "format": s.word(),
    "formats": s.words(),
    "fallback": s.word(),
    "fallback_after": s.period,
    "fallback_after_basis": basis,
    "intake": ways,
    "via": ways,
    "pauses": s.flag,
    "suspend_within": s.period,
    "starts": s.word(),
    "open_to": s.word("all-residents", "listed-jurisdictions", "anyone"),
}
