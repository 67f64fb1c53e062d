"""Somebody before the page of Valley: what they press, without a browser between."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

from consent import clock
from consent.house import House
from consent.preferences.page import acts, choices, saving, told, undoing, wishes
from consent.subjects import service as subjects
from consent.subjects.addresses import of_person
from tests.support.valley import PERSON, Tenant


def same(message: str) -> str:
    """English."""
    return message


@dataclass
class Somebody:
    """Has proven to have these addresses, by channel, unless they came by a link alone."""

    house: House
    tenant: Tenant
    addresses: Sequence[tuple[str, str]] = (("sms", PERSON), ("voice", PERSON))
    person: uuid.UUID | None = None
    full: bool = True
    marks: "count[int]" = field(default_factory=count)

    def page(self) -> choices.Page:
        """What the page shows now."""
        act = self.house.db.write(lambda tx: self._begin(tx, self._mark()), self.tenant.id)
        return choices.page_of(act.rulebook, act.states, self.person, "en", same, act.now, full=self.full)

    def values(self) -> dict[str, str]:
        """What holds, by the names of the switches."""
        return {one.field: one.value for one in self.page()}

    def save(self, page: choices.Page | None = None, mark: str | None = None, **moved: str) -> saving.Saved:
        """Moves switches (`sms__key="on"`) on the page as it was shown, and saves."""
        shown = page or self.page()
        fields = {name.replace("__", ":").replace("_", "-"): value for name, value in moved.items()}
        wished = wishes.Wishes(
            frozenset(one for one, value in fields.items() if value == "off"),
            frozenset(one for one, value in fields.items() if value == "on"),
            shown.digest,
            mark or self._mark(),
        )
        return self.house.db.write(
            lambda tx: saving.save(self._begin(tx, wished.act), wished, same, full=self.full), self.tenant.id
        )

    def stop(self, scope: str = saving.EVERYTHING, mark: str | None = None) -> str | None:
        """Presses stop; the mark of the act where it wrote anything."""
        act = mark or self._mark()
        wrote = self.house.db.write(lambda tx: saving.stop(self._begin(tx, act), scope, same), self.tenant.id)
        return act if wrote else None

    def undo(self, mark: str) -> bool:
        """Undoes what this mark did."""

        def work(tx: acts.Tx) -> bool:
            act = self._begin(tx, self._mark())
            found = told.of_act(told.newest(tx, self.tenant.id, self._places()), mark, act.now)
            return found is not None and found.can_be_undone and undoing.undo(act, found, same)

        return self.house.db.write(work, self.tenant.id)

    def _mark(self) -> str:
        return f"{next(self.marks):022}"

    def _tagged(self) -> list[subjects.Tagged]:
        return [
            subjects.tagged(self.house.keyring, self.tenant.id, of_person(channel, address))
            for channel, address in self.addresses
        ]

    def _places(self) -> list[tuple[str, int]]:
        return [(one.address.channel, one.tag64) for one in self._tagged()]

    def _begin(self, tx: acts.Tx, mark: str) -> acts.Act:
        now = clock.now()
        in_force = self.house.governing.now(self.tenant.id, now)
        presser = acts.Presser(mark, "en", "203.0.113.9", self.person)
        return acts.begin(tx, self.house.keyring, in_force.log, in_force.rulebook, self._tagged(), presser, now)
