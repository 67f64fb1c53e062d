"""Which words of promises reach which class of data."""

from collections.abc import Iterable, Sequence

from consent.policies.answers.reasons import of_kind
from consent.policies.kinds import Promise
from consent.policies.organization import OrganizationPack


class Groups:
    """Which words a promise may use for a class of data: its own key, its group, the service it is of, or all of it."""

    def __init__(self, organization: OrganizationPack, promises: Sequence[Promise]) -> None:
        self.services = {one.key: one.service for one in organization.data_categories}
        self._groups = {one.key: one.groups for one in organization.data_categories}
        self.declared = {
            category
            for one in of_kind(promises, "data-category-collected")
            for category in one.parameters["data_categories"]
        }
        self._meant: dict[str, tuple[str, ...]] = {}
        for one in self.classes():
            for word in self.of(one):
                self._meant[word] = (*self._meant.get(word, ()), one)

    def of(self, data: str) -> frozenset[str]:
        """Every word that reaches this class of data."""
        service = self.services.get(data)
        return frozenset((data, *self._groups[data], service, f"{service}-data", "all") if service else (data, "all"))

    def meant(self, word: str) -> tuple[str, ...]:
        """The classes of data that a word stands for: one by its name, all of a group or of a service."""
        return self._meant.get(word, (word,))

    def reaches(self, named: Iterable[str], data: str) -> bool:
        """Does a promise about `named` speak of this class of data?"""
        return not self.of(data).isdisjoint(named)

    def classes(self) -> tuple[str, ...]:
        """Every class of data in the inventory, by its name."""
        return tuple(sorted({*self.declared, *self.services}))

    def known(self, data: str) -> bool:
        """Is it in the inventory: declared by a commitment, or listed by the operator?"""
        words = (self.declared, self.services, self.services.values(), *self._groups.values())
        return any(data in each for each in words)
