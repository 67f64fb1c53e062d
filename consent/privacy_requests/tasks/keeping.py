"""What outlives an erasure: every no, under a keyed tag and without the address. Pure.

A no that went with the person would make them reachable again. What they agreed to, in what language and how often they
wished to hear goes.
"""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from consent.ledger.service import Event
from consent.preferences import numbers
from consent.preferences.rules import NUMBER, Key, Standing, State

WHY = "kept-at-erasure"
_NO = ("withdrawn", "refused")
_OF_A_PERSON = {numbers.SALE: "sale.refused", numbers.USE: "use.limited"}


@dataclass(frozen=True, slots=True)
class Kept:
    """One no as the entry that says it again; it names nobody and no earlier entry."""

    type: str
    purposes: tuple[str, ...] = ()
    data: Mapping[str, object] = field(default_factory=dict)

    def event(self, channel: str) -> Event:
        """The entry, of the instant of the erasure: an older yes that turns up later counts for nothing."""
        return Event(self.type, "system", channel, self.purposes, {"method": WHY, **self.data})


def survivors(state: State, staying: Collection[uuid.UUID] = ()) -> tuple[Kept, ...]:
    """Every no of this address, said again; none where nothing was refused.

    What somebody refused for everything they are known by stays theirs, too, where they are `staying` known elsewhere.
    """
    said: list[Kept] = []
    for key, one in sorted(state.items(), key=lambda at: (at[0][0], str(at[0][1]))):
        again = _said_again(key, one)
        if again is not None and again not in said:
            said.append(again)
        if again is not None and key[0] in _OF_A_PERSON and key[1] in staying:
            said.append(replace(again, data={**again.data, "person": str(key[1])}))
    return tuple(said)


def _said_again(key: Key, one: Standing) -> Kept | None:
    name = key[0]
    if one.state not in _NO:
        return None
    if key == NUMBER or name == numbers.IN_REVIEW:
        return Kept("suppression.set", (), {"sender": one.sender} if one.sender else {})
    if name == numbers.DO_NOT_CALL:
        return Kept("do_not_call.requested")
    if name in (numbers.HOLDER, numbers.REACH):
        return Kept("number.reported", (), {"kind": one.detail})
    if name in _OF_A_PERSON:
        return Kept(_OF_A_PERSON[name], (), {"signal": one.detail} if one.detail else {})
    if name == numbers.PAUSE or name.startswith(f"{numbers.PAUSE}."):
        program = name.partition(".")[2]
        return Kept("pause.set", (program,) if program else (), {"until": one.detail})
    if numbers.of_program(name):
        cited = {"policy": one.policy, "policy_version": one.policy_version}
        return Kept("consent.refused", (name,), {what: said for what, said in cited.items() if said})
    return None
