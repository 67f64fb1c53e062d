"""What may be put back where."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from consent.backup import rules

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HERE, ELSEWHERE = "5e0f36e4", "0f00ba12"


def refused(backup: dict[str, Any] | None = None, keys: dict[str, Any] | None = None, **more: Any) -> str:
    """Why a good backup with these changes may not be put back."""
    told = {"taken_at": (NOW - timedelta(hours=2)).isoformat(), "installation": HERE, "revision": "0002"}
    data = told | {"database": "sqlite", "organizations": [{"id": "a"}, {"id": "b"}]} | (backup or {})
    place: dict[str, Any] = {"installation": HERE, "here": ["a"], "revisions": ["0002", "0001"], "kind": "sqlite"}
    return rules.why_not(data, told | (keys or {}), now=NOW, **(place | more))


def at(**ago: float) -> dict[str, str]:
    """Taken so long ago."""
    return {"taken_at": (NOW - timedelta(**ago)).isoformat()}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, ""),
        ({"backup": {"revision": "0001"}}, ""),
        ({"keys": at(hours=1)}, ""),
        ({"here": ()}, ""),
        ({"backup": at(days=90)}, ""),  # its keys are newer: what was erased since stays closed
        ({"backup": at(minutes=-4), "keys": at(minutes=-4)}, ""),
        ({"backup": at(minutes=-6), "keys": at(minutes=-6)}, "yet to come"),
        ({"backup": {"installation": ELSEWHERE}}, "another installation"),
        ({"keys": {"installation": ELSEWHERE}}, "another installation"),
        ({"installation": ELSEWHERE}, "another installation"),
        ({"here": ["c"]}, "none of the organizations"),
        ({"backup": {"revision": "0003"}}, "newer release"),
        ({"kind": "postgresql"}, "of sqlite, but"),
        ({"keys": at(hours=3)}, "older than the backup"),
        ({"backup": at(days=36), "keys": at(days=35)}, "should have been destroyed"),
        ({"backup": at(days=36), "keys": at(days=34, hours=23)}, ""),
    ],
)
def test_a_backup_is_put_back_where_it_belongs_or_a_sentence_says_why_not(given: dict[str, Any], says: str) -> None:
    said = refused(**given)
    assert (says in said and said.endswith(".")) if says else said == ""


def test_a_keys_file_is_over_after_thirty_five_days_and_no_other_file_ever() -> None:
    made = rules.name_of(NOW, rules.KEYS, "consent")
    assert rules.made_at(made) == NOW and rules.stem_of(rules.name_of(NOW, rules.BACKUP)) == "consent"
    assert rules.stem_of("before-the-move.backup") == "before-the-move"
    assert not rules.is_over(made, NOW + timedelta(days=35, seconds=-1))
    assert rules.is_over(made, NOW + timedelta(days=35))
    assert not rules.is_over("somebody-elses.keys", NOW + timedelta(days=400))


def test_a_manifest_that_lacks_something_or_holds_it_in_another_form_is_not_complete() -> None:
    whole: dict[str, Any] = at(hours=1) | {"installation": HERE, "revision": "0002", "database": "sqlite"}
    whole |= {"organizations": [{"id": "a", "slug": "b"}], "parts": {"x": {"bytes": 1, "sha256": "00"}}}
    assert rules.is_complete(whole, rules.BACKUP)
    assert rules.is_complete({name: one for name, one in whole.items() if name != "organizations"}, rules.KEYS)
    for name in whole:
        assert not rules.is_complete({each: one for each, one in whole.items() if each != name}, rules.BACKUP), name
        for wrong in (None, 5, ["a"], {"x": None}):
            assert not rules.is_complete(whole | {name: wrong}, rules.BACKUP), (name, wrong)
    assert not rules.is_complete(whole | {"taken_at": "2026-11-21T17:00:00"}, rules.BACKUP)
