"""What a revocation means: which channels, who has to confirm it, whether it is done. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from consent.errors import BadInput
from consent.ledger.bodies import CLOCK_SKEW
from consent.policies.organization import OrganizationPack

EVERYTHING = "everything"
HOWS = ("mail", "email", "call", "voicemail", "letter", "chat", "form", "staff", "visit", "other")
# What is left for a person when a text speaks of more than texts, or says that we have the wrong number.
OTHER_CHANNELS, WHOSE_NUMBER = "person:other-channels", "person:whose-number"
TASKS = {"everything": OTHER_CHANNELS, "wrong-number": WHOSE_NUMBER}
NAMES = {
    OTHER_CHANNELS: "A person ends what the other channels send",
    WHOSE_NUMBER: "A person finds out whose number it is",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A no as it was entered: `channels` is empty where it speaks of everything this address can be reached by."""

    address: str
    channels: tuple[str, ...]
    received_at: datetime
    how: str
    entered_by: str
    programs: tuple[str, ...] = ()
    words: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """Somebody who could still send: its id, its name, and who confirms for it (gateway, system or person)."""

    id: str
    name: str
    how: str


def channels_of(draft: Draft) -> tuple[str, ...]:
    """The channels that are closed: those it names, or all that this sort of address has."""
    if draft.channels:
        return tuple(dict.fromkeys(draft.channels))
    return ("email",) if "@" in draft.address else ("sms", "voice")


def check(organization: OrganizationPack, draft: Draft, now: datetime) -> None:
    """It can be entered; BadInput names the field otherwise."""
    if draft.received_at > now + CLOCK_SKEW:
        raise BadInput("It cannot have arrived in the future; check the clock and the offset.", field="received_at")
    known = {one.key: one.channels for one in organization.programs}
    for program in draft.programs:
        if program not in known:
            raise BadInput("There is no program of this name; leave it out to end everything.", field="programs")
        if not set(channels_of(draft)) & set(known[program]):
            raise BadInput("This program does not use any of these channels.", field="programs")


def programs_on(organization: OrganizationPack, channel: str, named: Sequence[str]) -> tuple[str, ...]:
    """The programs that end on this channel, sorted."""
    return tuple(
        sorted(one.key for one in organization.programs if channel in one.channels and (not named or one.key in named))
    )


def systems(organization: OrganizationPack, channels: Iterable[str]) -> tuple[Sender, ...]:
    """The systems outside this service that send on one of these channels."""
    wanted = set(channels)
    return tuple(
        Sender(f"system:{one.id}", one.name, "system")
        for one in organization.sender_systems
        if wanted & set(one.channels)
    )


def tasks(kind: str) -> tuple[Sender, ...]:
    """What a person has to do before it is closed."""
    return (Sender(TASKS[kind], NAMES[TASKS[kind]], "person"),) if kind in TASKS else ()
