"""The exact text beside each switch: what it is, what it sends, how often, and what switching it on agrees to. Pure.

What stands here is what is stored as agreed to: the page shows these lines and no others.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from consent.policies.organization import Feature, OrganizationPack, Program
from consent.policies.replies import fill
from consent.policies.said import Named, language_among
from consent.web.messages import N_

Say = Callable[[str], str]
BETWEEN = "\n\n"  # the texts of two switches that one entry holds

SENDS = N_("It sends: %(what)s.")
ENDING = N_("If you switch it off: %(what)s")
BESIDES = N_("A second document is agreed to with it: %(title)s.")
# What somebody agrees to, by channel; the number or address itself stands at the top of the page, never in here.
AGREE = {
    "sms": N_(
        "By switching this on I agree to get these texts from %(organization)s at this number, also such as a machine"
        " sends by itself. Message and data rates may apply. It is no condition of buying anything. Reply STOP to end"
        " them, HELP for help."
    ),
    "voice": N_(
        "By switching this on I agree to get these calls from %(organization)s at this number, also such as a machine"
        " makes or speaks. It is no condition of buying anything."
    ),
    "email": N_(
        "By switching this on I agree to get this e-mail from %(organization)s at this address. I can switch it off"
        " again at any time."
    ),
}
AGREE_ANY = N_(
    "By switching this on I agree to get these messages from %(organization)s. I can switch it off at any time."
)
ALLOW = N_("By switching this on I allow it to %(organization)s. I can switch it off again at any time.")


class Line(NamedTuple):
    """One line beside a switch, and the language it is in."""

    text: str
    language: str


def of_program(organization: OrganizationPack, program: Program, language: str, say: Say) -> tuple[Line, ...]:
    """The lines beside the switch of a program, the name first."""
    named = [one for one in organization.message_classes if one.key in program.message_classes]
    sends = say(SENDS) % {"what": ", ".join(one.name_in(language) for one in named)}
    lines = [*_described(program, language), Line(sends, language)]
    spoken = language_among(program.frequency, language)
    return (*lines, Line(program.frequency[spoken], spoken)) if program.frequency else tuple(lines)


def agreeing(organization: OrganizationPack, program: Program, channel: str, language: str, say: Say) -> Line:
    """What switching a program on agrees to: the pack's own words where it has some for this channel."""
    own = program.asking.wording.get(channel)
    if own:
        spoken = language_among(own, language)
        return Line(fill(own[spoken], organization, program, spoken), spoken)
    return Line(say(AGREE.get(channel, AGREE_ANY)) % {"organization": organization.name}, language)


def of_feature(feature: Feature, companion: str | None, language: str, say: Say) -> tuple[Line, ...]:
    """The lines beside the switch of a feature, with what follows from ending it."""
    lines = _described(feature, language)
    if companion is not None:
        lines.append(Line(say(BESIDES) % {"title": companion}, language))
    if consequence := feature.consequence_in(language):
        lines.append(Line(say(ENDING) % {"what": consequence}, feature.language_of("consequence", language)))
    return tuple(lines)


def allowing(organization: OrganizationPack, language: str, say: Say) -> Line:
    """What switching a feature on agrees to."""
    return Line(say(ALLOW) % {"organization": organization.name}, language)


def joined(texts: Sequence[Sequence[Line]]) -> str:
    """The wording of one entry: the texts of its switches in the order of the page, a blank line between them."""
    return BETWEEN.join("\n".join(line.text for line in lines) for lines in texts)


def _described(one: Named, language: str) -> list[Line]:
    return [
        Line(one.name_in(language), one.language_of("name", language)),
        Line(one.sentence_in(language), one.language_of("sentence", language)),
    ]
