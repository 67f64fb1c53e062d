"""What the company is for which data: its controller, or the processor of somebody who decides about it."""

from collections.abc import Sequence
from typing import NamedTuple

from consent.policies.answers.reasons import of_kind
from consent.policies.kinds import Promise
from consent.policies.kinds import shapes as s
from consent.policies.organization import OrganizationPack

CONTROLLER, PROCESSOR = "controller", "processor"


class RoleFor(NamedTuple):
    """The role for one class of data at one service, and the promise that gives it; none where all say nothing.

    `decides` is who decides about data that the company only processes, by the word of the promise.
    """

    category: str
    service: str
    role: str
    rests_on: str | None
    decides: str | None


class Roles:
    """The promises about who decides, ready to be asked."""

    def __init__(self, organization: OrganizationPack, promises: Sequence[Promise]) -> None:
        stated = of_kind(promises, "role-allocation")
        self._categories = organization.data_categories
        self._roles = {words: (role, one) for one in stated for words, role in one.parameters.get("roles", {}).items()}
        self._deciding = tuple(one for one in stated if "controller" in one.parameters)

    def of(self, category: str) -> RoleFor | None:
        """The role for this class of data; None for one that the settings do not name."""
        return next((one for one in self.every() if one.category == category), None)

    def every(self) -> tuple[RoleFor, ...]:
        """The role for each class of data. Whoever says nothing decides, and bears what a controller bears."""
        return tuple(self._for(one.key, one.service, one.whose) for one in self._categories)

    def acknowledging(self) -> tuple[Promise, ...]:
        """The promises by which a customer says, when it is taken on, that it decides about its own users' data."""
        return self._deciding

    def duties(self) -> tuple[str, ...]:
        """What such a customer is to do, by the words of the promises."""
        return tuple(dict.fromkeys(each for one in self._deciding for each in s.as_list(one.parameters.get("duties"))))

    def _for(self, category: str, service: str, whose: str | None) -> RoleFor:
        role, promise = self._roles.get(whose or "", (CONTROLLER, None))
        decides = [str(one.parameters["controller"]) for one in self._deciding]
        by = decides[0] if role == PROCESSOR and decides else None
        return RoleFor(category, service, role, promise.id if promise is not None else None, by)
