"""In which language whoever had an address before is told: theirs, where it is known whose word it was."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from consent.incidents import former
from consent.preferences.facts import Fact, fact_of

START = datetime(2026, 11, 1, tzinfo=UTC)
LISTED = START + timedelta(days=5)
SAID: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "fr": ("language.chosen", {"language": "fr"}),
    "es": ("language.chosen", {"language": "es"}),
    "yes": ("consent.given", {}),
    "gone": ("number.reported", {"kind": "reassigned"}),
    "ported": ("number.reported", {"kind": "ported"}),
    "theirs": ("number.reported", {"kind": "confirmed"}),
    "code": ("number.reported", {"kind": "reached"}),
    "asked-yes": ("number.queried", {"answer": "yes", "consent_date": "2026-10-01"}),
    "asked-no": ("number.queried", {"answer": "no", "consent_date": "2026-10-01"}),
}


def facts(words: Sequence[str]) -> Iterator[Fact]:
    """One after the other, an hour apart; behind "listed" they were put on the list."""
    hours = count(1)
    at = START
    for one in words:
        if one == "listed":
            at = LISTED
            continue
        type, data = SAID[one]
        hour = next(hours)
        found = fact_of(type, data, ("texts",), at + timedelta(hours=hour), UUID(int=hour), "staff", "sms")
        assert found is not None
        yield found


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("fr gone", "fr"),
        ("fr es gone", "es"),
        ("fr gone es", "fr"),
        ("gone es", None),
        ("yes gone es", None),
        ("fr gone gone asked-yes es", "fr"),
        ("fr asked-yes es", "fr"),
        ("fr asked-no es gone", "es"),
        ("fr ported es gone", "es"),
        ("fr gone theirs es gone", "es"),
        ("fr gone es theirs gone", "es"),
        ("fr gone code es gone", None),  # two had it one after the other
        ("fr gone yes gone", None),
        ("gone es gone", None),
        ("fr gone listed es gone", "fr"),  # who had it later is not meant
        ("", None),
    ],
)
def test_the_language_is_theirs_or_nobodys(words: str, language: str | None) -> None:
    told = list(facts(words.split()))
    assert former.language(told, LISTED) == language
    assert former.language(reversed(told), LISTED) == language
