"""What the page of a program says, in one language. Pure: it asks the rulebook and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from consent.policies.answers.ages import Minimum
from consent.policies.opt_in_settings import Double
from consent.policies.organization import Program
from consent.policies.replies import fill
from consent.policies.rulebook import ConsentDraft, Rulebook
from consent.web.messages import N_

METHOD = "web-form"
FORBIDDEN = N_("This is never sent, so there is nothing to agree to.")
REQUIRED = N_(
    "This belongs to the service itself. It is sent without being asked for, so there is nothing to agree to."
)
BANNED = N_("Promotion never goes out this way, so there is nothing to agree to.")
OPT_OUT = N_("This is sent until you refuse it. You can refuse it at any time on the preference page.")
ELSEWHERE = N_("There is no form for this here. Ask the organization to sign you up.")
_SOMETIME = datetime(2000, 1, 1, tzinfo=UTC)  # any instant: what may be agreed to is asked, not when


@dataclass(frozen=True, slots=True)
class Said:
    """A text and the language it is in."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One box: the channel, and the wording that is agreed to by ticking it."""

    channel: str
    wording: Said


@dataclass(frozen=True, slots=True)
class Sample:
    """A text as it might be sent, with the name of its class."""

    name: str
    said: Said


@dataclass(frozen=True, slots=True)
class View:
    """Everything the page of one program shows; `nothing` says why there is no box, where there is none."""

    key: str
    name: str
    sentence: str
    channels: tuple[str, ...]
    frequency: Said | None
    classes: tuple[str, ...]
    samples: tuple[Sample, ...]
    replies: Mapping[str, str]
    numbers: tuple[str, ...]
    choices: tuple[Choice, ...]
    nothing: str | None
    least_age: Minimum
    double: Double | None


def view_of(rulebook: Rulebook, program: Program, language: str) -> View:
    """The program's page in that language, else in the pack's own."""
    organization = rulebook.organization
    names = {one.key: one.name_in(language) for one in organization.message_classes}
    texts = "sms" in program.channels and bool(program.replies)
    choices, nothing = _choices(rulebook, program, language)
    return View(
        program.key,
        program.name_in(language),
        program.sentence_in(language),
        program.channels,
        _frequency(program, language),
        tuple(names[one] for one in program.message_classes if one in names),
        tuple(
            Sample(names.get(one.message_class, ""), _in_language(one.texts, language))
            for one in program.asking.samples
        ),
        {kind: rulebook.reply(kind, program.key, language) for kind in ("stop", "help")} if texts else {},
        tuple(one.number for one in organization.senders if one.id in program.senders and one.channel == "sms"),
        choices,
        nothing,
        rulebook.ages.minimum("opt-in"),
        program.asking.double if choices else None,
    )


def wording_of(rulebook: Rulebook, program: Program, channel: str, language: str) -> Said | None:
    """The wording beside the box of this channel, in that language or else the pack's first; None where none stands."""
    texts = program.asking.wording.get(channel)
    if not texts:
        return None
    found = _in_language(texts, language)
    return Said(fill(found.text, rulebook.organization, program, found.language), found.language)


def _choices(rulebook: Rulebook, program: Program, language: str) -> tuple[tuple[Choice, ...], str | None]:
    if program.footing == "forbidden":
        return (), FORBIDDEN
    if program.footing == "required":
        return (), REQUIRED
    possible, banned = [], False
    for channel in program.channels:
        wording = wording_of(rulebook, program, channel, language)
        if not may_be_agreed_to(rulebook, program, channel):
            banned = True
        elif wording is not None:
            possible.append(Choice(channel, wording))
    if possible:
        return tuple(possible), None
    if banned:
        return (), BANNED
    return (), OPT_OUT if program.footing == "opt-out" else ELSEWHERE


def may_be_agreed_to(rulebook: Rulebook, program: Program, channel: str) -> bool:
    """Whether anything stands against a consent to this, whoever gives it."""
    draft = ConsentDraft(program.key, channel, "-", "given", _SOMETIME, METHOD, "-", "en", ip_absent_reason="-")
    return not any(one.field in ("program", "channel") for one in rulebook.consent_findings(draft))


def _frequency(program: Program, language: str) -> Said | None:
    return _in_language(program.frequency, language) if program.frequency else None


def _in_language(texts: Mapping[str, str], language: str) -> Said:
    if language in texts:
        return Said(texts[language], language)
    first = next(iter(texts))
    return Said(texts[first], first)
