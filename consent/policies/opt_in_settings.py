"""What organization.toml says of asking people: the wording of a form, and sample texts."""

from collections.abc import Mapping
from dataclasses import dataclass

from consent.policies.findings import nearest
from consent.policies.reading import Table

ASKED_BY_FORM = ("sms", "email", "voice")  # the ways whose address a person can prove to us on a page


@dataclass(frozen=True)
class Sample:
    """A text of this class as it might be sent, per language."""

    message_class: str
    texts: Mapping[str, str]

    def said(self, language: str) -> str:
        """The sample in that language, else in the first it has."""
        return self.texts.get(language) or next(iter(self.texts.values()))


@dataclass(frozen=True)
class Asking:
    """How people are asked: per channel and language the wording of the form's box, and the samples."""

    wording: Mapping[str, Mapping[str, str]]
    samples: tuple[Sample, ...] = ()


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
    )
    table.done()
    return made


def _sample(table: Table, classes: tuple[str, ...]) -> Sample:
    made = Sample(table.text("class"), table.texts("text"))
    if made.message_class and made.message_class not in classes:
        table.wrong("class", f'the program has no class "{made.message_class}"; {nearest(made.message_class, classes)}')
    table.done()
    return made
