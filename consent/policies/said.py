"""Words of a pack that people read on pages, in one language or in several."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from consent.policies.reading import Table

LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z]{2})?", re.ASCII)
ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Tongues:
    """The languages of a pack: that of its plain texts, and those a table of texts must hold."""

    first: str
    pages: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Named:
    """Something of a pack with a name people read; `said` holds field, then language, then words."""

    said: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)

    def name_in(self, language: str) -> str:
        """Its name in that language, or in the nearest one there is."""
        return self.words_in("name", language)

    def sentence_in(self, language: str) -> str:
        """What it is, in that language or in the nearest one there is."""
        return self.words_in("sentence", language)

    def consequence_in(self, language: str) -> str:
        """What ending it brings, in that language or in the nearest one there is; empty where nothing is said."""
        return self.words_in("consequence", language)

    def words_in(self, about: str, language: str) -> str:
        """The words of one field."""
        texts = self.said.get(about, {})
        return texts[language_among(texts, language)] if texts else getattr(self, about, None) or ""

    def language_of(self, about: str, language: str) -> str:
        """The language those words really are in, for the page to mark them."""
        return language_among(self.said.get(about, {}), language)


def language_among(texts: Iterable[str], language: str) -> str:
    """The one of these languages for a reader of `language`: that one, its wider one, the first one written down."""
    known = tuple(texts)
    wider = language.partition("-")[0]
    return next((one for one in (language, wider, *known) if one in known), ENGLISH)


def read_tongues(root: Table, languages: tuple[str, ...]) -> Tongues:
    """The languages of the pages, `page_languages`; where nothing is said, those of the texts."""
    pages = root.words("page_languages", required=False) or languages
    for one in pages:
        if not LANGUAGE.fullmatch(one):
            root.wrong("page_languages", f'"{one}" is no language; two letters name one, such as fr')
    for one in languages:
        if one not in pages:
            root.wrong("page_languages", f'pages need "{one}" too, which is a language of the organization')
    return Tongues(languages[0] if languages else ENGLISH, pages)


def read_said(table: Table, key: str, tongues: Tongues, *, required: bool = True) -> Mapping[str, str]:
    """A text of the pack's first language, or a table with one for each language; the first language comes first."""
    value = table.data.get(key)
    if not isinstance(value, Mapping):
        text = table.text(key) if required else table.maybe(key)
        return {tongues.first: text} if text is not None else {}
    texts = table.texts(key)
    lacking = [one for one in tongues.pages if one not in texts]
    if lacking:
        table.wrong(key, f'"{key}" is missing in {", ".join(lacking)}; such a table holds every language of the pages')
    for one in texts:
        if one not in tongues.pages:
            table.wrong(key, f'"{key}" is written in "{one}", and page_languages knows no such language')
    return {one: texts[one] for one in dict.fromkeys((tongues.first, *texts)) if one in texts}


def spoken(table: Table, tongues: Tongues, *keys: str, maybe: tuple[str, ...] = ()) -> dict[str, Mapping[str, str]]:
    """The texts of those keys, `maybe` the ones that may be left out."""
    said = {one: read_said(table, one, tongues) for one in keys}
    return said | {one: texts for one in maybe if (texts := read_said(table, one, tongues, required=False))}


def plain(said: Mapping[str, Mapping[str, str]], key: str) -> str:
    """The words of one key in the pack's first language; empty where they are missing."""
    return next(iter(said.get(key, {}).values()), "")
