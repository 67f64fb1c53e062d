"""How far each policy reaches: which surface, service or building it covers, and what governs where it does not."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from consent.policies.elsewhere import Elsewhere
from consent.policies.kinds import shapes as s
from consent.policies.organization import OrganizationPack
from consent.policies.version import Commitment, PolicyVersionPack, main_version

# A promise may name portals together (`portals` in the kinds' vocabulary); each single one is then among them. Nothing
# but a word of the settings' own form is a place: names of people and addresses, told as one, must not be kept.
_TOGETHER = ("portals", "other-portals")
_ONE_PORTAL = re.compile(r"[a-z0-9]{1,24}(?:-[a-z0-9]{1,24}){0,3}-portals?", re.ASCII)


class Area(NamedTuple):
    """A surface or service that a policy covers, with what the settings run there."""

    place: str
    policy: str
    version: str
    commitment: str
    programs: tuple[str, ...]
    features: tuple[str, ...]
    data: tuple[str, ...]


class Reach(NamedTuple):
    """How far one policy reaches by one of its promises; without `areas` it draws no line of its own."""

    policy: str
    version: str
    title: str
    commitment: str
    persons: tuple[str, ...]
    areas: tuple[Area, ...]


class Beside(NamedTuple):
    """A document that stands beside a policy; `version` is the one in force, None while none is published."""

    policy: str
    title: str
    version: str | None
    named_by: tuple[str, ...]
    features: tuple[str, ...]  # agreed to together with it


class Covering(NamedTuple):
    """The answer about one place; `outside` says who governs there, where that is written down."""

    covered: bool
    policies: tuple[tuple[str, str, str], ...]  # policy, version and the promise that covers it
    outside: Elsewhere | None = None
    ground: str | None = None  # the promise that draws the line


class Scope:
    """The promises about reach, ready to be asked."""

    def __init__(self, organization: OrganizationPack, versions: Sequence[PolicyVersionPack]) -> None:
        self._organization = organization
        self._versions = tuple(versions)
        self._promises = [(version, one) for version in versions for one in version.commitments if one.kind == "scope"]
        self._elsewhere = {one.key: one for one in organization.elsewhere}

    @property
    def elsewhere(self) -> tuple[Elsewhere, ...]:
        """Where others govern, as the settings list it."""
        return tuple(self._elsewhere.values())

    def reaches(self) -> tuple[Reach, ...]:
        """Each promise about reach, in the order of the policies."""
        return tuple(
            Reach(
                version.policy,
                version.version,
                version.title,
                one.id,
                tuple(s.as_list(one.parameters.get("persons"))),
                tuple(self._area(version, one, place) for place in s.as_list(one.parameters.get("surfaces"))),
            )
            for version, one in self._promises
        )

    def beside(self) -> tuple[Beside, ...]:
        """Each document that a policy or a feature leans on, with its version in force (T-29)."""
        named: dict[str, list[str]] = {}
        for version in self._versions:
            for one in version.commitments:
                for key in ("companion_documents", "companion_document"):
                    for document in s.as_list(one.parameters.get(key)):
                        named.setdefault(document, []).append(one.id)
        for feature in self._organization.features:
            if feature.companion is not None:
                named.setdefault(feature.companion, [])
        published = {one.policy: one for one in self._versions}
        return tuple(self._beside(document, ids, published.get(document)) for document, ids in named.items())

    def covering(self, place: str) -> Covering:
        """Is this surface, service or building covered, by which policy, and who governs there if it is not?

        Once one policy of a company names surfaces, what none names is outside; while none does, everything is covered.
        """
        outside = self._elsewhere.get(place)
        drawn = [(version, one) for version, one in self._promises if "surfaces" in one.parameters]
        ground = next((one.id for _, one in self._promises), None)
        if outside is not None:
            return Covering(False, (), outside, ground)
        naming = [
            (version.policy, version.version, one.id)
            for version, one in drawn
            if any(is_of(named, place) for named in s.as_list(one.parameters["surfaces"]))
        ]
        if naming or drawn:
            return Covering(bool(naming), tuple(naming), None, naming[0][2] if naming else drawn[0][1].id)
        everything = self._promises or self._headers()
        return Covering(
            True, tuple((version.policy, version.version, one.id) for version, one in everything), None, ground
        )

    def _headers(self) -> list[tuple[PolicyVersionPack, Commitment]]:
        """By what the main policy is known: it holds everywhere while no promise says how far it reaches."""
        main = main_version(self._versions)
        return [(main, one) for one in main.commitments if one.kind == "policy-metadata"]

    def _area(self, version: PolicyVersionPack, promise: Commitment, place: str) -> Area:
        pack = self._organization
        return Area(
            place,
            version.policy,
            version.version,
            promise.id,
            tuple(one.key for one in pack.programs if one.service == place),
            tuple(one.key for one in pack.features if one.service == place),
            tuple(one.key for one in pack.data_categories if one.service == place),
        )

    def _beside(self, document: str, ids: list[str], found: PolicyVersionPack | None) -> Beside:
        features = tuple(one.key for one in self._organization.features if one.companion == document)
        title, version = (found.title, found.version) if found is not None else (document, None)
        return Beside(document, title, version, tuple(dict.fromkeys(ids)), features)


def is_of(named: str, place: str) -> bool:
    """Is the place the one a promise names? Everything goes by its own name, but for portals named together."""
    return named == place or (named in _TOGETHER and _ONE_PORTAL.fullmatch(place) is not None)
