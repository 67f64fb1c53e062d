"""The letter of an incident on its page: everybody's version, and one for each further language of the pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from consent.dashboard.incidents import words
from consent.incidents.letters import said_in
from consent.incidents.queries import Words
from consent.policies.organization import OrganizationPack
from consent.web.i18n import LANGUAGES
from consent.web.messages import N_

FIELDS = {
    "subject_en": N_("Subject in English"),
    "letter_en": N_("Letter in English"),
    "subject_fr": N_("Subject in French"),
    "letter_fr": N_("Letter in French"),
    "subject_es": N_("Subject in Spanish"),
    "letter_es": N_("Letter in Spanish"),
}


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the letter; `suffix` is what the names of its fields end in, `chose` how many wait for it."""

    language: str
    name: str
    suffix: str
    subject: str
    letter: str
    draft: str
    chose: int

    @property
    def written(self) -> bool:
        """Is there a letter that can go?"""
        return bool(self.subject.strip() and self.letter.strip())


def versions(
    said: Words, content: Sequence[str], pack: OrganizationPack, chose: Mapping[str, int]
) -> tuple[Version, ...]:
    """That of everybody first, which is in the organization's own language."""
    first = pack.languages[0] if pack.languages and pack.languages[0] in LANGUAGES else "en"
    made = [Version(first, LANGUAGES[first], "", said.subject, said.letter, words.draft(content, first), 0)]
    for language, name in LANGUAGES.items():
        if language != first:
            subject, letter = said_in(said, language)
            draft = words.draft(content, language)
            made.append(Version(language, name, f"_{language}", subject, letter, draft, chose.get(language, 0)))
    return tuple(made)
