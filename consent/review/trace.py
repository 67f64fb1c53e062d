"""From clause to proof: for each commitment its place in the wording, its rule, doors, tests and evidence. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from consent.policies.doors import DOORS
from consent.policies.kinds import KINDS, sentence
from consent.policies.organization import OrganizationPack
from consent.policies.places import PlacedClause, PlacedSection, placed, section_of
from consent.policies.version import Commitment, PolicyVersionPack, main_version


@dataclass(frozen=True, slots=True)
class DoorTrace:
    """A door that asks the rule, or will."""

    name: str
    title: str
    built: bool


@dataclass(frozen=True, slots=True)
class CommitmentTrace:
    """One promise with everything that stands behind it."""

    id: str
    kind: str
    mode: str
    heading: str
    sentence: str
    question: str | None  # what the wording leaves open, with value and reason, where it does
    value: str | None
    reason: str | None
    doors: tuple[DoorTrace, ...]
    tests: tuple[str, ...]
    evidence: Mapping[str, int]  # code -> how many in the last thirty days; a code that left none has 0

    @property
    def lacks(self) -> tuple[str, ...]:
        """What does not stand behind it: a built door, a test, or a trace that real events left of it."""
        held = {"door": not self.planned, "test": bool(self.tests), "evidence": any(self.evidence.values())}
        return tuple(name for name, there in held.items() if not there)

    @property
    def planned(self) -> bool:
        """Whether no door asks it yet."""
        return not any(one.built for one in self.doors)


@dataclass(frozen=True, slots=True)
class SectionTrace:
    """A section of the wording, clause by clause, with how much of it carries promises."""

    name: str
    anchor: str
    depth: int
    clauses: tuple[PlacedClause, ...]
    covered: int
    commitments: tuple[CommitmentTrace, ...]


@dataclass(frozen=True, slots=True)
class PolicyTrace:
    """One version of a policy."""

    policy: str
    version: str
    title: str
    sections: tuple[SectionTrace, ...]
    commitments: tuple[CommitmentTrace, ...]

    @property
    def clauses(self) -> int:
        """How many clauses the wording has."""
        return sum(len(one.clauses) for one in self.sections)

    @property
    def covered(self) -> int:
        """How many of them carry a promise."""
        return sum(one.covered for one in self.sections)


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything an organization promises in the versions in force."""

    organization: str
    policies: tuple[PolicyTrace, ...]


def trace(
    organization: OrganizationPack,
    versions: Sequence[PolicyVersionPack],
    tests: Mapping[str, tuple[str, ...]],
    evidence: Mapping[str, Mapping[str, int]],
) -> Trace:
    """The trace of these versions, the main one first."""
    main = main_version(versions)
    ordered = sorted(versions, key=lambda one: (one is not main, -len(one.commitments), one.policy))
    return Trace(organization.name, tuple(_policy(one, tests, evidence) for one in ordered))


def _policy(
    version: PolicyVersionPack, tests: Mapping[str, tuple[str, ...]], evidence: Mapping[str, Mapping[str, int]]
) -> PolicyTrace:
    sections = placed(version)
    traced = {
        one.id: _commitment(one, sections, tests.get(one.id, ()), evidence.get(one.id, {}))
        for one in version.commitments
    }
    return PolicyTrace(
        version.policy,
        version.version,
        version.title,
        tuple(_section(number, one, traced, sections) for number, one in enumerate(sections)),
        tuple(traced.values()),
    )


def _section(
    number: int,
    section: PlacedSection,
    traced: Mapping[str, CommitmentTrace],
    sections: tuple[PlacedSection, ...],
) -> SectionTrace:
    # A promise that is said in several sections is told in full where it stands first.
    mine = [one for one in section.commitments if section_of(sections, one) is section]
    return SectionTrace(
        section.path[-1] if section.path else "",
        f"section-{number}",
        len(section.path),
        section.clauses,
        section.covered,
        tuple(traced[one] for one in mine),
    )


def _commitment(
    one: Commitment, sections: tuple[PlacedSection, ...], tests: tuple[str, ...], counted: Mapping[str, int]
) -> CommitmentTrace:
    kind = KINDS.get(one.kind)
    doors = (*kind.doors, *kind.planned) if kind is not None else ()
    found = section_of(sections, one.id)
    return CommitmentTrace(
        one.id,
        one.kind,
        one.mode,
        found.name if found is not None else one.clause.heading,
        sentence(one) if kind is not None else one.kind,
        one.open.question if one.open is not None else None,
        one.open.value if one.open is not None else None,
        one.open.reason if one.open is not None else None,
        tuple(DoorTrace(name, DOORS[name].title, DOORS[name].built) for name in doors),
        tests,
        {code: counted.get(code, 0) for code in one.evidence},
    )
