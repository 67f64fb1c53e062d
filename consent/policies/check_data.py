"""Contradictions between what is said of data, its recipients, its time and its requests, before they do harm."""

from collections.abc import Iterator, Sequence

from consent.policies.answers.groups import Groups
from consent.policies.answers.holdings import Held
from consent.policies.answers.limits import Limit, limits_of
from consent.policies.answers.sharing import Sharing, Transfer
from consent.policies.findings import nearest
from consent.policies.kinds import KINDS, Promise
from consent.policies.kinds import shapes as s
from consent.policies.law import LawRule
from consent.policies.organization import OrganizationPack
from consent.policies.reading import Source
from consent.policies.version import Commitment, PolicyVersionPack

_NO_CLASS = frozenset({"non-identifying-only"})  # a trait of data, whatever its class

Where = tuple[str | int, ...]
Problem = tuple[Where, str]


def check_data(
    organization: OrganizationPack, versions: Sequence[tuple[PolicyVersionPack, Source]], law: Sequence[LawRule]
) -> None:
    """Note in each version's source what its promises about data contradict, leave out or name without declaring."""
    sound = {
        one.id: one
        for version, _ in versions
        for one in version.commitments
        if one.kind in KINDS and KINDS[one.kind].can_be_asked(one.parameters, one.decided)
    }
    promises: list[Promise] = [*sound.values(), *(one for one in law if one.kind in KINDS)]
    examined = _Examined(organization, promises)
    for version, source in versions:
        for commitment in version.commitments:
            if commitment.id in sound:
                for where, message in examined.problems(commitment):
                    source.wrong((*commitment.path, *where), f"{commitment.id}: {message}")


class _Examined:
    """All promises side by side, to be asked what is wrong with one of them."""

    def __init__(self, organization: OrganizationPack, promises: Sequence[Promise]) -> None:
        self.promises = promises
        self.groups = Groups(organization, promises)
        self.sharing = Sharing(organization, promises)
        self.reached = _NO_CLASS.union(*(self.groups.of(one) for one in self.groups.classes()))

    def problems(self, one: Commitment) -> Iterator[Problem]:
        """Everything wrong with this commitment beside the others."""
        yield from self._without_period(one)
        yield from self._too_short(one)
        yield from self._undeclared(one)
        yield from self._about_nothing(one)
        yield from self._collected_though_banned(one)
        yield from self._allowed_though_banned(one)
        yield from self._outside_closed_list(one)
        yield from _fee_too_early(one)

    def _limits(self, category: str) -> list[Limit]:
        return limits_of(self.promises, self.groups, Held(category))

    def _without_period(self, one: Commitment) -> Iterator[Problem]:
        """Silence is no permission: what is collected has a period, by its clause or settled."""
        if one.kind != "data-category-collected" or one.decided.get("storage"):
            return
        for category in one.parameters["data_categories"]:
            if not any(not limit.at_least for limit in self._limits(category)):
                yield (
                    ("parameters", "data_categories"),
                    f'"{category}" is collected, but nothing says how long it stays; settle a period for it',
                )

    def _too_short(self, one: Commitment) -> Iterator[Problem]:
        """No period settled outside the retention clauses, which are checked elsewhere, is shorter than a minimum."""
        if one.kind == "request-scope" and s.shorter(str(one.decided.get("keep_for", "unlimited")), _window(one)):
            wrong = f"kept for {one.decided['keep_for']}, but a request reaches back {_window(one)}"
            yield ("decided", "keep_for"), wrong
        if one.kind == "retention-limit":
            return
        categories = [*one.decided.get("periods", {}), *s.as_list(one.parameters.get("data_categories"))]
        for category in dict.fromkeys(categories):
            limits = self._limits(category)
            mine = [limit for limit in limits if limit.promise is one]
            for floor in (limit for limit in limits if limit.at_least):
                if any(s.shorter(limit.period, floor.period) for limit in mine):
                    key = ("periods", category) if category in one.decided.get("periods", {}) else ("retention",)
                    wrong = f'"{category}" goes after {mine[0].period}, but {floor.promise.id} keeps it {floor.period}'
                    yield ("decided", *key), wrong

    def _undeclared(self, one: Commitment) -> Iterator[Problem]:
        """A period is settled only for data that the inventory holds."""
        if one.kind == "deletion-exception":
            return
        known = {*self.groups.declared, *self.groups.services}
        for category in one.decided.get("periods", {}):
            if category not in known and category != "backups":
                wrong = f'"{category}" is declared nowhere as a class of data; {nearest(category, known)}'
                yield ("decided", "periods", category), wrong

    def _about_nothing(self, one: Commitment) -> Iterator[Problem]:
        """A word that stands for no class of data would bind nobody. Of a cookie the data are the parts of a visit."""
        if one.kind == "cookie":
            return
        for word in s.as_list(one.parameters.get("data")):
            if word not in self.reached:
                wrong = (
                    f'"{word}" stands for none of the data_categories; name it among the groups of those that are meant'
                )
                yield ("parameters", "data"), wrong

    def _collected_though_banned(self, one: Commitment) -> Iterator[Problem]:
        if one.kind != "data-category-collected":
            return
        for category in one.parameters["data_categories"]:
            for other in self.promises:
                banned = other.kind == "content-not-collected" and category in s.as_list(other.parameters.get("banned"))
                if banned and "subject" not in other.parameters:
                    wrong = f'"{category}" is collected here and never collected by {other.id}'
                    yield ("parameters", "data_categories"), wrong
            if category in s.as_list(one.decided.get("never_stored")):
                yield ("decided", "never_stored"), f'"{category}" is collected and never stored at once'

    def _allowed_though_banned(self, one: Commitment) -> Iterator[Problem]:
        if one.kind != "share-allowed-recipient":
            return
        stated = one.parameters
        key = "purposes" if "purposes" in stated else "purpose"
        for purpose in s.as_list(stated.get(key)):
            if purpose in s.as_list(stated.get("banned_purpose")):
                yield ("parameters", key), f'"{purpose}" is allowed and banned in the same commitment'
            for recipient in stated["recipients"]:
                for data in s.as_list(stated.get("data")) or ["personal-data"]:
                    for ban in self.promises:
                        asked = Transfer(data, recipient, purpose, identifying=False, owners=1)
                        if ban.kind == "share-ban" and self.sharing.hits(ban, asked):
                            wrong = f'"{recipient}" may get data for "{purpose}" here, which {ban.id} bans'
                            yield ("parameters", key), wrong

    def _outside_closed_list(self, one: Commitment) -> Iterator[Problem]:
        """Where a list of grounds is closed, no other ground and no other clause lengthens the time."""
        if one.kind == "deletion-exception":
            for ground in one.decided.get("periods", {}):
                if ground not in one.parameters["exceptions"]:
                    wrong = f'"{ground}" is none of the grounds of this clause; {nearest(ground, _grounds(one))}'
                    yield ("decided", "periods", ground), wrong
        if one.kind == "retention-exception" and not one.parameters.get("closed_list"):
            for category in one.decided.get("periods", {}):
                for other in self.promises:
                    closed = s.as_list(other.parameters.get("exceptions")) if other.kind == "retention-limit" else []
                    about = closed and self.groups.reaches(s.as_list(other.parameters["data"]), category)
                    if about and one.id not in closed:
                        wrong = f'{other.id} lets "{category}" stay longer on the grounds of {closed[0]} only'
                        yield ("decided", "periods", category), wrong
        for named in s.as_list(one.parameters.get("exceptions")) if one.kind == "retention-limit" else []:
            meant = next((each for each in self.promises if each.id == named), None)
            if meant is not None and meant.kind != "retention-exception":
                yield ("parameters", "exceptions"), f"{named} is no list of grounds for keeping data longer"


def _window(one: Promise) -> str:
    return str(one.parameters.get("window", "P0D"))


def _grounds(one: Promise) -> list[str]:
    return s.as_list(one.parameters.get("exceptions"))


def _fee_too_early(one: Commitment) -> Iterator[Problem]:
    """Nobody pays for a request that is then refused."""
    if one.kind != "request-fee":
        return
    if one.decided.get("charged") == "before-eligibility":
        yield ("decided", "charged"), "the fee is charged before it is known whether the request is granted at all"
    if "eligibility" in s.as_list(one.parameters.get("due_before")):
        yield ("parameters", "due_before"), "the fee is due before eligibility, so a refusal would have been paid for"
