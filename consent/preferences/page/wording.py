"""The exact text beside each switch: what it is, what it sends, how often, and what switching it on agrees to. Pure.

What stands here is what is stored as agreed to: the page shows these lines and no others.
"""

from collections.abc import Callable, Sequence

from consent.policies.answers.features import Ending
from consent.policies.organization import Feature, OrganizationPack, Program
from consent.web.messages import N_

Say = Callable[[str], str]

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


def of_program(organization: OrganizationPack, program: Program, channel: str, language: str, say: Say) -> list[str]:
    """The lines beside the switch of a program, the name first."""
    classes = {one.key: one.name for one in organization.message_classes}
    lines = [program.name, program.sentence]
    named = [classes[one] for one in program.message_classes if one in classes]
    lines.append(say(SENDS) % {"what": ", ".join(named)})
    often = program.frequency.get(language) or next(iter(program.frequency.values()), "")
    return [*lines, often] if often else lines


def agreeing(organization: OrganizationPack, channel: str, say: Say) -> str:
    """What switching a program on agrees to."""
    return say(AGREE.get(channel, AGREE_ANY)) % {"organization": organization.name}


def of_feature(feature: Feature, ending: Ending | None, companion: str | None, say: Say) -> list[str]:
    """The lines beside the switch of a feature, with what follows from ending it."""
    lines = [feature.name, feature.sentence]
    if companion is not None:
        lines.append(say(BESIDES) % {"title": companion})
    if ending is not None and ending.consequence:
        lines.append(say(ENDING) % {"what": ending.consequence})
    return lines


def allowing(organization: OrganizationPack, say: Say) -> str:
    """What switching a feature on agrees to."""
    return say(ALLOW) % {"organization": organization.name}


def joined(texts: Sequence[Sequence[str]]) -> str:
    """The wording of one entry: the texts of its switches in the order of the page, a blank line between them."""
    return "\n\n".join("\n".join(lines) for lines in texts)
