"""Checks of the texts a program answers with: what they must say, and that they fit into texts."""

import re
from collections.abc import Sequence

from consent.policies import lexicon
from consent.policies.answers.stopping import category
from consent.policies.findings import nearest
from consent.policies.kinds import Promise, refusing
from consent.policies.kinds.documents import contacts_lacking, statements_lacking
from consent.policies.organization import REPLIES, OrganizationPack, Program
from consent.policies.reading import Source
from consent.policies.replies import PLACEHOLDER, PLACEHOLDERS, fill

# The basic characters of GSM 03.38; those of the extension table take two places.
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_EXTENDED = frozenset("^{}\\[~]|€")
# Two parts of a text joined (153 each); the confirmation of a stop fits into one (gateways' registration forms).
_LONGEST = {"stop": 160, "already": 160}
_LONG = 306
# Where the policy's disclosures are to be shown, by the answer that is shown there.
_PLACES = {"help": "help-reply", "start": "opt-in-confirmation", "keyword_wording": "opt-in-form"}
_ANSWER = re.compile(r"[1-9]", re.ASCII)
_WORDS = {"help": ("STOP",), "start": ("STOP", "HELP"), "how_to_opt_in": ("STOP",)}


def check_texts(organization: OrganizationPack, promises: Sequence[Promise], source: Source) -> None:
    """Note every answer that is missing, too long, in the wrong alphabet or lacks what it must say."""
    for program in organization.programs:
        if "sms" not in program.channels:
            continue
        path = ("programs", program.key)
        for kind in REPLIES:
            if kind not in program.replies:
                source.wrong((*path, "replies", kind), f'a program that texts needs the answer "{kind}"')
        if not program.keyword_wording:
            source.wrong((*path, "keyword_wording"), "a program that texts needs the wording START agrees to")
        if not program.senders:
            source.wrong((*path, "senders"), "a program that texts names the senders it uses")
        for kind, texts in program.replies.items():
            for language, text in texts.items():
                _text((*path, "replies", kind, language), kind, text, program, language, organization, source)
                _says((*path, "replies", kind, language), kind, text, program, language, organization, promises, source)
        for language, text in program.keyword_wording.items():
            here = (*path, "keyword_wording", language)
            _text(here, "keyword_wording", text, program, language, organization, source)
            _says(here, "keyword_wording", text, program, language, organization, promises, source)


def check_question(organization: OrganizationPack, source: Source) -> None:
    """Note what keeps the question of a STOP's confirmation from being one that 47 CFR 64.1200(a)(12) allows."""
    question, path = organization.stop.question, ("stop", "question")
    if question is None:
        return
    programs = [one for one in organization.programs if "sms" in one.channels]
    known = sorted({category(one) for one in programs})
    for word, named in question.answers.items():
        if not _ANSWER.fullmatch(word):  # a digit is no keyword of any gateway, in any language
            source.wrong((*path, "answers", word), f'"{word}" is no answer: one digit from 1 to 9 is')
        if named not in known:
            wrong = f'no program that texts is of the category "{named}"; {nearest(named, known)}'
            source.wrong((*path, "answers", word), wrong)
    if len(set(question.answers.values())) < max(2, len(question.answers)):
        source.wrong((*path, "answers"), "a question needs two answers or more, each for a category of its own")
    if set(question.texts) != set(organization.languages):
        wanted = ", ".join(organization.languages)
        source.wrong((*path, "text"), f"texts are needed in exactly these languages: {wanted}")
    for language, text in question.texts.items():
        here = (*path, "text", language)
        if not programs:
            continue
        _text(here, "stop", text, programs[0], language, organization, source)
        _says(here, "stop", text, programs[0], language, organization, (), source)
        said = fill(text, organization, programs[0], language)
        for word in question.answers:
            if not re.search(rf"(?<![\w.-]){re.escape(word)}(?![\w-])", said):
                source.wrong(here, f'the text does not say what the answer "{word}" does')
        words = lexicon.shipped()
        if words.offer(said) is not None or words.links(said):
            source.wrong(here, "the confirmation of a STOP promotes nothing and holds no link")


def length(text: str) -> int | None:
    """How many places of the GSM alphabet the text takes; None when it holds other characters."""
    if not set(text) <= _GSM | _GSM_EXTENDED:
        return None
    return sum(2 if one in _GSM_EXTENDED else 1 for one in text)


def _text(
    path: tuple[str, ...], kind: str, text: str, program: Program, language: str, organization: OrganizationPack,
    source: Source,
) -> None:  # fmt: skip
    for found in PLACEHOLDER.finditer(text):
        if found[1] not in PLACEHOLDERS:
            wrong = f'there is no placeholder "{found[1]}"; {nearest(found[1], PLACEHOLDERS)}'
            source.wrong(path, wrong)
            return
    places = length(fill(text, organization, program, language))
    most = _LONGEST.get(kind, _LONG)
    if places is None:
        source.wrong(path, "the text holds a character outside the GSM alphabet; plain letters make it shorter")
    elif places > most:
        source.wrong(path, f"the text takes {places} places, and {most} is the most here")


def _says(
    path: tuple[str, ...], kind: str, text: str, program: Program, language: str, organization: OrganizationPack,
    promises: Sequence[Promise], source: Source,
) -> None:  # fmt: skip
    said = fill(text, organization, program, language)
    if organization.name not in said:
        source.wrong(path, f'the text does not name "{organization.name}"')
    for word in _WORDS.get(kind, ()):
        if word not in said:
            source.wrong(path, f"the text does not say what {word} does")
    place = _PLACES.get(kind)
    for promise in promises:
        lacking = statements_lacking(promise, place, "sms", language, said) if place else []
        if kind == "help" and refusing.answers_help(promise, "sms"):
            lacking += contacts_lacking(promise.parameters.get("contacts", []), said)
        for one in lacking:
            source.wrong(path, f'the text lacks "{one}", which {promise.id} demands here')
