"""Checks that each code of a clause has its words, in every language of the pages: nobody is shown a code."""

from collections.abc import Sequence

from consent.policies import codes
from consent.policies.organization import OrganizationPack
from consent.policies.reading import Source
from consent.policies.version import PolicyVersionPack


def check_words(
    organization: OrganizationPack, versions: Sequence[tuple[PolicyVersionPack, Source]], source: Source
) -> None:
    """Note each code that pages show, once, with the clause or the recipient that names it."""
    named: dict[str, str] = {}
    for version, _ in versions:
        for commitment in version.commitments:
            for code in codes.spoken(organization, commitment):
                named.setdefault(code, commitment.id)
    for recipient in organization.recipients:
        for code in codes.of_recipient(recipient):
            named.setdefault(code, f"the recipient {recipient.key}")
    pages = ", ".join(organization.page_languages)
    for code, by in named.items():
        if code not in organization.words:
            wrong = f'{by} names "{code}", which pages show, and there are no words for it in {pages}'
            source.wrong(("words", code), wrong)
