"""What organization.toml says of asking people: the wording of a form, sample texts, a yes asked for by text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from consent.policies.findings import nearest
from consent.policies.kinds import shapes as s
from consent.policies.reading import Table

ASKED_BY_FORM = ("sms", "email", "voice")  # the ways whose address a person can prove to us on a page
_WORD = re.compile(r"[^\W\d_]{1,12}")


@dataclass(frozen=True)
class Sample:
    """A text of this class as it might be sent, per language."""

    message_class: str
    texts: Mapping[str, str]

    def said(self, language: str) -> str:
        """The sample in that language, else in the first it has."""
        return self.texts.get(language) or next(iter(self.texts.values()))


@dataclass(frozen=True)
class Double:
    """A text asks the person to confirm by one of `words`; the question is open for `within` (ISO 8601)."""

    within: str
    words: tuple[str, ...]
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Asking:
    """How people are asked: per channel and language the wording of the form's box, the samples, the second step."""

    wording: Mapping[str, Mapping[str, str]]
    samples: tuple[Sample, ...] = ()
    double: Double | None = None  # none: a code typed on the page shows whose the number is


NOT_ASKED = Asking({})


def read_asking(table: Table, channels: tuple[str, ...], classes: tuple[str, ...]) -> Asking:
    """How a program asks; without the table nobody is asked on a page."""
    wording = table.table("wording", required=False)
    for channel in wording.data:
        if channel not in channels or channel not in ASKED_BY_FORM:
            possible = [one for one in channels if one in ASKED_BY_FORM]
            wording.wrong(channel, f'a form cannot ask for "{channel}" here; {nearest(channel, possible)}')
    made = Asking(
        {channel: wording.texts(channel) for channel in wording.data},
        tuple(_sample(one, classes) for one in table.tables("samples", required=False)),
        _double(table.table("double")) if "double" in table.data else None,
    )
    table.done()
    return made


def _sample(table: Table, classes: tuple[str, ...]) -> Sample:
    made = Sample(table.text("class"), table.texts("text"))
    if made.message_class and made.message_class not in classes:
        table.wrong("class", f'the program has no class "{made.message_class}"; {nearest(made.message_class, classes)}')
    table.done()
    return made


def _double(table: Table) -> Double:
    made = Double(table.text("within"), table.words("words"), table.texts("text"))
    if made.within and (wrong := s.period(made.within)):
        table.wrong("within", f'"within" {wrong}')
    for one in made.words:
        if not _WORD.fullmatch(one):
            table.wrong("words", f'"{one}" is no answer: one word of up to 12 letters is')
    table.done()
    return made
