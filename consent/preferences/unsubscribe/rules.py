"""When many opt-outs are the work of a machine. Pure: what is not in a burst is a person's no, and both hold."""

import ipaddress
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

ONE_CLICK, FORM = "one-click", "form"
ONE_MAIL, ONE_NETWORK = "one-mail", "one-network"


class Press(NamedTuple):
    """A press on an unsubscribe: of whom, when, how, in which mail and from which network, both as keyed tags."""

    id: uuid.UUID
    contact_point_id: uuid.UUID
    happened_at: datetime
    how: str
    mail_tag: bytes | None
    network_tag: bytes | None


class Limit(NamedTuple):
    """From how many people within how long opt-outs are a burst."""

    people: int
    within: timedelta


class Figures(NamedTuple):
    """What counts as a burst, and how long people are asked about theirs."""

    one_mail: Limit
    one_network: Limit
    grace: timedelta

    @property
    def longest(self) -> timedelta:
        """How far back a press may matter."""
        return max(self.one_mail.within, self.one_network.within)


class Burst(NamedTuple):
    """Why a press is taken for a machine's, and how many people were switched off with it."""

    why: str
    people: int


class Shape(NamedTuple):
    """A press as it can be told from others: how, by which mail (its program, reference and second), from where."""

    how: str
    program: str | None
    reference: str | None
    issued_at: datetime
    network: str | None


def is_repeat(pressed: Shape, undone: Shape | None) -> bool:
    """Is this what a machine did before, once more, although the person has taken it back since?

    Doubt is the person's: only what a mail program sends by itself (RFC 8058), by the very same mail and from the same
    neighbourhood, is a repeat. A press on our page, another mail, another network or an unknown one ends the mails.
    """
    known = pressed.reference is not None and pressed.network is not None
    return known and pressed.how == ONE_CLICK and pressed == undone


def bursts(presses: Iterable[Press], figures: Figures) -> dict[uuid.UUID, Burst]:
    """The presses that belong to a burst, by their ids. A mail says more than a network and is named first."""
    told = sorted(presses, key=lambda one: one.happened_at)
    pressed = [one for one in told if one.how != ONE_CLICK]
    found = _among(pressed, ONE_NETWORK, figures.one_network, lambda one: one.network_tag)
    return found | _among(told, ONE_MAIL, figures.one_mail, lambda one: one.mail_tag)


def _among(
    told: Iterable[Press], why: str, limit: Limit, tag_of: Callable[[Press], bytes | None]
) -> dict[uuid.UUID, Burst]:
    """Every press of a stretch as long as `limit.within` in which enough different people were switched off."""
    together: dict[bytes, list[Press]] = {}
    for one in told:
        tag = tag_of(one)
        if tag is not None:
            together.setdefault(tag, []).append(one)
    found: dict[uuid.UUID, Burst] = {}
    for same in together.values():
        first = 0
        for last, newest in enumerate(same):
            while newest.happened_at - same[first].happened_at > limit.within:
                first += 1
            people = len({one.contact_point_id for one in same[first : last + 1]})
            if people < limit.people:
                continue
            for one in same[first : last + 1]:
                found[one.id] = Burst(why, max(people, found[one.id].people if one.id in found else 0))
    return found


def network_of(address: str | None) -> str | None:
    """The neighbourhood of an address: what one company's machines share (IPv4 /24, IPv6 /48)."""
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return None
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 48), strict=False))
