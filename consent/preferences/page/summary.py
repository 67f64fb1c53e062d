"""What happened, in words: each change of one act, and how what holds came about. Pure."""

import uuid
from collections.abc import Sequence
from typing import NamedTuple

from consent.ledger.bodies import Leaf
from consent.policies.organization import OrganizationPack
from consent.preferences.page.wording import Line, Say
from consent.web.messages import N_

CHANNELS = {
    "sms": N_("Text messages"),
    "voice": N_("Calls"),
    "email": N_("E-mail"),
    "chat": N_("Chat"),
    "post": N_("Letters"),
    "push": N_("Messages in the app"),
    "web": N_("Website"),
}
EVERYTHING = N_("Everything that can be refused is off")
MARKETING = N_("All marketing is off")
SWITCHED_OFF = N_("Switched off")
SWITCHED_ON = N_("Switched on")
BACK = N_("As it was before")
NO_CALLS = N_("No calls or messages to sell")
PAUSED = N_("Paused")
PAUSE_ENDED = N_("The pause is over")
LANGUAGE = N_("Language chosen")
OFTEN = N_("How often chosen")
NO_SALE = N_("Your data is neither sold nor shared for advertising")
SALE_AGAIN = N_("Your data may be sold or shared again")
LESS_USE = N_("Sensitive data serves only what you asked for")
USE_AGAIN = N_("The limit on sensitive data is taken back")
OTHER = N_("Noted")
# How it came about, by the method that the ledger holds; another method stands as it was recorded.
HOW = {
    "preference page": N_("on this page"),
    "web-form": N_("on a form on the web"),
    "keyword": N_("by a word in a text message"),
    "sentence": N_("by what a text message said"),
    "gateway": N_("by a word in a text message"),
    "revocation": N_("by a message to the company"),
    "paper": N_("on paper"),
    "voice": N_("in a call"),
    "staff": N_("told to the staff"),
    "global-privacy-control": N_("by the signal of your browser"),
}
HOW_OTHER = N_("as recorded: %(method)s")


class Change(NamedTuple):
    """One line of the summary: what, on which channel, of which programs; `receipt` is the entry that proves it."""

    what: str
    channel: str
    names: tuple[Line, ...]
    receipt: uuid.UUID | None


def changes(organization: OrganizationPack, leaves: Sequence[Leaf], language: str) -> list[Change]:
    """What an act changed, one line for each entry."""
    return [
        Change(
            what_of(one),
            CHANNELS.get(one.channel, ""),
            tuple(name_of(organization, key, language) for key in one.purposes),
            one.id if one.type.startswith("consent.") else None,
        )
        for one in leaves
    ]


def what_of(leaf: Leaf) -> str:
    """What this entry did, as a message to translate."""
    if leaf.type == "consent.withdrawn" and leaf.data.get("scope") == "channel":
        return EVERYTHING
    if leaf.type == "consent.withdrawn" and leaf.data.get("reach") == "all-marketing":
        return MARKETING
    known = {
        "consent.withdrawn": SWITCHED_OFF,
        "consent.refused": SWITCHED_OFF,
        "consent.given": SWITCHED_ON,
        "consent.renewed": BACK,
        "do_not_call.requested": NO_CALLS,
        "pause.set": PAUSED,
        "pause.ended": PAUSE_ENDED,
        "language.chosen": LANGUAGE,
        "frequency.chosen": OFTEN,
        "frequency.ended": OFTEN,
        "sale.refused": NO_SALE,
        "sale.permitted": SALE_AGAIN,
        "use.limited": LESS_USE,
        "use.permitted": USE_AGAIN,
    }
    return known.get(leaf.type, OTHER)


def how_of(method: object, say: Say) -> str:
    """How it came about, in words; empty where nothing is known."""
    if not isinstance(method, str) or not method:
        return ""
    return say(HOW[method]) if method in HOW else say(HOW_OTHER) % {"method": method}


def name_of(organization: OrganizationPack, key: str, language: str) -> Line:
    """The name of a program or feature; its key where the company has it no more."""
    one = organization.program(key) or organization.feature(key)
    return Line(key, language) if one is None else Line(one.name_in(language), one.language_of("name", language))
