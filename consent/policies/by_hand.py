"""Consents that somebody of the staff enters for a person: how they can have been given, and where none is taken. Pure.

Nobody on staff makes a consent: what is entered was given by the person on paper, in a call or in a mail of theirs, and
that is kept. Where a program waits for a word of the person themselves, nobody enters one for them.
"""

from consent.policies.organization import OrganizationPack
from consent.policies.programs import Program
from consent.policies.questions import Missing
from consent.web.messages import N_

METHODS = {
    "paper": N_("On a form that they signed"),
    "voice": N_("In a call that was recorded"),
    "email": N_("In an e-mail of theirs"),
}
SELF = N_("This program asks the person to confirm by a message of their own. Nobody can do that for them.")


def programs(organization: OrganizationPack, channel: str) -> tuple[Program, ...]:
    """What people are asked about on this channel, and may have answered outside of our pages."""
    return tuple(
        one
        for one in organization.programs
        if channel in one.channels and one.footing not in ("required", "forbidden") and one.asking.double is None
    )


def against(organization: OrganizationPack, program: str, method: str) -> Missing | None:
    """Why this is not taken from the hand of the staff; None where it is, with what proves it."""
    if method not in METHODS:
        return Missing("method", None, None, "Say how the person gave it: on paper, in a call or in a mail.")
    known = organization.program(program)
    if known is not None and known.asking.double is not None:
        return Missing("program", None, None, SELF)
    return None
