"""Checks of how people are asked: statements that must be said, the wording of forms, sample texts, a second step."""

from collections.abc import Mapping, Sequence

from consent.policies import lexicon
from consent.policies.answers.statements import Statements, contradicted, keys_of
from consent.policies.check_texts import length
from consent.policies.findings import nearest
from consent.policies.kinds import Promise
from consent.policies.kinds import shapes as s
from consent.policies.kinds.documents import contacts_lacking
from consent.policies.law import LawRule
from consent.policies.organization import OrganizationPack, Program
from consent.policies.reading import Source
from consent.policies.replies import PLACEHOLDER, PLACEHOLDERS, fill

_LONGEST_ASK = 160  # one part of a text: the question is asked of somebody who has not agreed yet
_SAMPLES = 2  # what the campaign forms of carriers' registries ask for at least


def check_asking(
    organization: OrganizationPack, promises: Sequence[Promise], law: Sequence[LawRule], source: Source
) -> None:
    """Note every statement without its words, and every form, sample or question that cannot be shown to people."""
    texting = any("sms" in one.channels for one in organization.programs)
    words = lexicon.shipped().statements
    lawful = [one for one in law if texting and set(keys_of(one)) & set(words)]
    _statements(organization, [*promises, *lawful], law, source)
    for one in contradicted(promises):
        source.wrong(("statements", one.id), f"{one.id} says that nothing is sold, and another commitment sells")
    statements = Statements(organization, [*promises, *lawful])
    for program in organization.programs:
        _samples(program, organization, source)
        _wording(program, organization, statements, source)
        _double(program, organization, source)


def _statements(
    organization: OrganizationPack, promises: Sequence[Promise], law: Sequence[LawRule], source: Source
) -> None:
    words, known = lexicon.shipped(), {key for one in [*promises, *law] for key in keys_of(one)}
    for key in organization.statements:
        if key not in known:
            source.wrong(("statements", key), f'no promise wants "{key}" said; {nearest(key, known)}')
    for promise in promises:
        for key in keys_of(promise):
            texts = organization.statements.get(key)
            if texts is None:
                source.wrong(("statements", key), f"{promise.id} wants this said: write [statements.{key}.text]")
                continue
            _languages(("statements", key, "text"), texts, organization, source)
            for language, text in texts.items():
                lacks = contacts_lacking(s.as_list(promise.parameters.get("contacts")), text)
                if key in words.statements and not words.carries(text, key, language):
                    lacks = [key]
                for one in lacks:
                    source.wrong(("statements", key, "text", language), f'the text lacks "{one}" ({promise.id})')


def _samples(program: Program, organization: OrganizationPack, source: Source) -> None:
    path = ("programs", program.key, "opt_in", "samples")
    if "sms" in program.channels and len(program.asking.samples) < _SAMPLES:
        source.wrong(path, f"a program that texts shows {_SAMPLES} sample texts or more, each with its class")
    words, marketing = lexicon.shipped(), {one.key for one in organization.message_classes if one.marketing}
    for at, sample in enumerate(program.asking.samples):
        here = (*path, at, "text")
        _languages(here, sample.texts, organization, source, is_sent=True)
        for text in sample.texts.values():
            if organization.name not in text:
                source.wrong(here, f'the sample does not name "{organization.name}"')
            if sample.message_class not in marketing and words.offer(text) is not None:
                source.wrong(here, "the sample promotes something, and its class is no promotion")
            if words.links(text) and not program.links:
                source.wrong(here, 'the sample holds a link; such a program says "links = true"')


def _wording(program: Program, organization: OrganizationPack, statements: Statements, source: Source) -> None:
    for channel, texts in program.asking.wording.items():
        path = ("programs", program.key, "opt_in", "wording", channel)
        if program.footing in ("required", "forbidden"):
            source.wrong(path, f'the footing is "{program.footing}", so there is nothing to agree to')
        _languages(path, texts, organization, source)
        for language, text in texts.items():
            said = _filled((*path, language), text, program, language, organization, source)
            if channel == "sms":
                for word in ("STOP", "HELP"):
                    if word not in said:
                        source.wrong((*path, language), f"the wording does not say what {word} does")
            for one in statements.lacking("opt-in-form", channel, language, said):
                source.wrong((*path, language), f'the wording lacks "{one}", which must be said here')


def _double(program: Program, organization: OrganizationPack, source: Source) -> None:
    double, path = program.asking.double, ("programs", program.key, "opt_in", "double")
    if double is None:
        return
    if set(program.asking.wording) != {"sms"}:
        source.wrong(path, 'a text can confirm what the form asks for by text alone: its wording is that of "sms"')
    if not double.words:
        source.wrong((*path, "words"), 'which answer confirms? Write words = ["YES"]')
    _languages((*path, "text"), double.texts, organization, source, is_sent=True)
    for language, text in double.texts.items():
        said = _filled((*path, "text", language), text, program, language, organization, source)
        if not any(one in said for one in double.words):
            source.wrong((*path, "text", language), "the text names none of the answers that confirm")
        if "STOP" not in said:
            source.wrong((*path, "text", language), "the text does not say what STOP does")
        if length(said) is None or (length(said) or 0) > _LONGEST_ASK:
            source.wrong((*path, "text", language), f"the text does not fit into {_LONGEST_ASK} places of a text")


def _languages(
    path: tuple[str | int, ...],
    texts: Mapping[str, str],
    organization: OrganizationPack,
    source: Source,
    *,
    is_sent: bool = False,
) -> None:
    """A text of a page stands in every language of the pages; one that is sent, in those of the organization."""
    pages = organization.page_languages
    for language in organization.languages if is_sent else pages:
        if language not in texts:
            source.wrong(path, f'the text in "{language}" is missing')
    for language in texts:
        if language not in pages:
            source.wrong(path, f'no page is shown in "{language}"; {nearest(language, pages)}')


def _filled(
    path: tuple[str | int, ...], text: str, program: Program, language: str, organization: OrganizationPack,
    source: Source,
) -> str:  # fmt: skip
    for found in PLACEHOLDER.finditer(text):
        if found[1] not in PLACEHOLDERS:
            source.wrong(path, f'there is no placeholder "{found[1]}"; {nearest(found[1], PLACEHOLDERS)}')
    said = fill(text, organization, program, language)
    if organization.name not in said:
        source.wrong(path, f'the text does not name "{organization.name}"')
    return said
