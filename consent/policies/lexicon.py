"""Words that say what a text is: offers, links, statements; read once from policies/words/content.toml."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from consent.errors import SetupProblem
from consent.resources import folder

LANGUAGES = ("en", "es", "fr")


class Found(NamedTuple):
    """Some words of a text, as they were found."""

    words: str
    language: str


class Lexicon:
    """The words of one file, ready to be looked for."""

    def __init__(self, told: Mapping[str, object]) -> None:
        offers: list[dict[str, object]] = told["offer"]  # type: ignore[assignment]
        links: dict[str, object] = told["links"]  # type: ignore[assignment]
        self._offers = tuple(
            (
                str(one["language"]),
                str(one["hint"]),
                re.compile("|".join(_texts(one["words"]))),
            )
            for one in offers
        )
        self._link, self._link_hints = re.compile(str(links["pattern"])), _texts(links["hints"])
        self._shorteners = tuple(_texts(links["shorteners"]))
        self.statements: Mapping[str, Mapping[str, tuple[str, ...]]] = {
            name: {language: tuple(words) for language, words in spelled.items()}
            for name, spelled in told["statements"].items()  # type: ignore[attr-defined]
        }

    def offer(self, text: str) -> Found | None:
        """The first words that make the text promotion, however it is labelled."""
        said = plain(text)
        for language, hint, words in self._offers:
            if hint in said and (found := words.search(said)) is not None:
                return Found(found[0], language)
        return None

    def links(self, text: str) -> list[str]:
        """The links in the text, in small letters."""
        said = text.lower()
        return self._link.findall(said) if any(one in said for one in self._link_hints) else []

    def shortened(self, link: str) -> bool:
        """Does the link lead through a shortener that anybody may use?"""
        host = link.partition("://")[2] or link
        host = re.split(r"[/:?#]", host, maxsplit=1)[0].removeprefix("www.")
        return host in self._shorteners

    def carries(self, text: str, statement: str, language: str) -> bool:
        """Does the text, in this language, make the statement?"""
        said = plain(text)
        return any(plain(words) in said for words in self.statements[statement].get(language, (statement,)))


def plain(text: str) -> str:
    """Small letters without accents, so that words are found however they are typed."""
    said = text.lower()
    if said.isascii():
        return said
    return "".join(one for one in unicodedata.normalize("NFKD", said) if not unicodedata.combining(one))


@lru_cache(maxsize=1)
def shipped() -> Lexicon:
    """The words that came with the program."""
    file = folder("policies") / "words" / "content.toml"
    try:
        return Lexicon(tomllib.loads(file.read_text("utf-8")))
    except (OSError, KeyError, TypeError, ValueError, re.error) as error:
        wrong = f"policies/words/content.toml cannot be read ({type(error).__name__}); install the program again."
        raise SetupProblem(wrong) from None


def _texts(value: object) -> list[str]:
    if not isinstance(value, list):
        raise TypeError("a list of texts is needed")
    return [str(one) for one in value]
