"""The texts a program answers with, their placeholders filled in once."""

import re
from collections.abc import Sequence

from consent.policies.organization import OrganizationPack, Program

PLACEHOLDER = re.compile(r"\{\{\s*([a-z_]*)\s*\}\}")
PLACEHOLDERS = ("organization", "program", "email", "phone", "urgent_phone", "frequency", "website")


class Replies:
    """Every answer of every text program, ready to be sent."""

    def __init__(self, organization: OrganizationPack, programs: Sequence[Program]) -> None:
        self._language = organization.languages[0]
        self._default = programs[0].key if programs else None
        self._texts = {
            (program.key, kind, language): fill(text, organization, program, language)
            for program in programs
            for kind, texts in program.replies.items()
            for language, text in texts.items()
        }
        question = organization.stop.question
        self._question = {
            language: fill(text, organization, programs[0], language)
            for language, text in (question.texts.items() if question is not None and programs else ())
        }
        self._wordings = {
            (program.key, language): fill(text, organization, program, language)
            for program in programs
            for language, text in program.keyword_wording.items()
        }

    def __bool__(self) -> bool:
        """Whether there is a program that texts, and so somebody who answers."""
        return bool(self._texts)

    def text(self, kind: str, program: str | None, language: str | None) -> str:
        """The answer in that language, else in the organization's first."""
        key = program or self._default or ""
        found = self._texts.get((key, kind, language or self._language))
        return found if found is not None else self._texts[key, kind, self._language]

    def question(self, language: str | None) -> str | None:
        """The confirmation of a STOP that asks what was meant, in that language, else in the organization's first."""
        return self._question.get(language or self._language, self._question.get(self._language))

    def keyword_wording(self, program: str, language: str | None) -> tuple[str, str]:
        """The wording that START agrees to, with the language it is in."""
        if language is not None and (program, language) in self._wordings:
            return self._wordings[program, language], language
        return self._wordings[program, self._language], self._language


def fill(text: str, organization: OrganizationPack, program: Program, language: str) -> str:
    """`text` with its placeholders replaced; an unknown one stays, and the check refuses it."""
    values = {
        "organization": organization.name,
        "program": program.name_in(language),
        "email": organization.email,
        "phone": organization.phone,
        "urgent_phone": organization.urgent_phone or organization.phone,
        "frequency": program.frequency.get(language, ""),
        "website": organization.website or "",
    }
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)
