"""What does not depend on who looks is made once for each rulebook and language, and never mixed up."""

import gc
import uuid
from datetime import timedelta
from typing import Any

from consent.policies.rulebook import Rulebook, compile_rulebook
from consent.preferences.models import NOBODY
from consent.preferences.page import offered, tuning
from consent.preferences.page.choices import Page, page_of
from consent.preferences.rules import Standing
from tests.policies.house import NOW, valley


class Speaker:
    """Marks what is said, and counts."""

    def __init__(self, mark: str) -> None:
        self.mark, self.said = mark, 0

    def __call__(self, message: str) -> str:
        self.said += 1
        return self.mark + message


def look(rulebook: Rulebook, language: str, say: Speaker) -> Page:
    return page_of(rulebook, {"sms": {}, "voice": {}}, None, language, say, NOW, full=True)


def test_the_words_are_made_once_for_each_language() -> None:
    rulebook = Rulebook(*_parts())
    english, french = Speaker(""), Speaker("fr ")
    first = look(rulebook, "en", english)
    made = english.said
    assert made > 0
    again = look(rulebook, "en", english)
    assert (english.said, again) == (made, first)
    translated = look(rulebook, "fr", french)
    assert french.said == made
    assert [one.agreeing.text for one in translated] != [one.agreeing.text for one in first]
    texts = [one.agreeing.text for group in first.groups for one in group.choices]
    assert len(set(texts)) > 1  # each channel and program has its own


def test_what_was_made_is_forgotten_with_its_rulebook() -> None:
    gc.collect()
    before, rulebook = len(offered._MADE), Rulebook(*_parts())
    look(rulebook, "en", Speaker(""))
    assert len(offered._MADE) == before + 1
    del rulebook
    gc.collect()
    assert len(offered._MADE) == before


def _parts() -> tuple[Any, ...]:
    made = compile_rulebook(*valley(), NOW)
    return made.organization, made.versions, made.law, made.content_hash


def test_what_is_set_by_nobody_is_worked_out_once_a_day() -> None:
    rulebook, states = Rulebook(*_parts()), {"sms": {}, "voice": {}}
    first = tuning.shown(rulebook, states, "en", NOW)
    assert tuning.shown(rulebook, states, "en", NOW + timedelta(minutes=1)) is first
    assert tuning.shown(rulebook, states, "fr", NOW).language == "fr"
    assert not tuning.shown(rulebook, {"email": {}}, "en", NOW).by_telephone
    later = tuning.shown(rulebook, states, "en", NOW + timedelta(days=1))
    assert later.first_day - first.first_day == timedelta(days=1)
    paused = {
        ("*pause", NOBODY): Standing("withdrawn", NOW, uuid.UUID(int=1), "", "", "", False, "2027-01-01T00:00:00Z")
    }
    assert tuning.shown(rulebook, {"sms": paused}, "en", NOW).paused_until
