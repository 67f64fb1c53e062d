"""A system nobody but a person can reach: every task becomes something to do, confirmed with a name and words."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from consent.errors import BadInput
from consent.gateways.stores.base import Awaited, Check, Item, Outcome, Resume, StoreFailed, Subject

LANGUAGES = ("en", "fr", "es")
LONGEST = 2000


class ManualStore:
    """Somebody does it by hand, as the instruction says."""

    def __init__(self, name: str, settings: Mapping[str, Any]) -> None:
        self.name, self.categories = name, tuple(settings["categories"])
        self.instruction: Mapping[str, str] = instruction_of(settings)

    def find(self, subject: Subject, categories: tuple[str, ...]) -> Iterator[Item]:
        """StoreFailed: what it holds, somebody has to look up."""
        raise StoreFailed("by-hand", for_good=True)

    def erase(self, subject: Subject, category: str, resume: Resume) -> Outcome:
        """Somebody has to do it."""
        return Awaited(resume.token, by_hand=True)

    def correct(self, subject: Subject, category: str, changes: Mapping[str, str], resume: Resume) -> Outcome:
        """Somebody has to do it."""
        return Awaited(resume.token, by_hand=True)

    def dispose(self, references: Sequence[str], category: str, method: str, resume: Resume) -> Outcome:
        """Somebody has to do it."""
        return Awaited(resume.token, by_hand=True)

    def check(self) -> Check:
        """Nothing is called: what people are told."""
        return Check(True, tuple(f"{one}: {text}" for one, text in self.instruction.items()))


def instruction_of(settings: Mapping[str, Any]) -> dict[str, str]:
    """What people are told, in each language; BadInput where one is missing or too long."""
    said = settings.get("instruction")
    texts = said if isinstance(said, dict) else {}
    for language in LANGUAGES:
        text = texts.get(language)
        if not isinstance(text, str) or not text.strip() or len(text) > LONGEST:
            raise BadInput(
                f"A store by hand needs instruction.{language}: what somebody has to do there, in at most {LONGEST}"
                " characters.",
                field="instruction",
            )
    return {language: texts[language].strip() for language in LANGUAGES}
