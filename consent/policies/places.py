"""Where in the wording each commitment stands: section by section, clause by clause, word by word. Pure."""

from dataclasses import dataclass, replace
from itertools import pairwise

from consent.policies.version import Commitment, PolicyVersionPack
from consent.policies.wording import SEPARATOR, straight
from consent.web.markdown import Clause, clauses


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a clause; `commitments` are those whose anchor these words are, none for the words between."""

    text: str
    commitments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlacedClause:
    """A clause and what it carries; one without commitments was judged to promise nothing.

    A list carries as a whole, with the paragraph that begins it, what any of its points carries; where a commitment
    rests on the heading, every clause under it that carries nothing else carries that.
    """

    pieces: tuple[Piece, ...]
    commitments: tuple[str, ...]
    listed: bool

    @property
    def text(self) -> str:
        """The clause as it reads."""
        return "".join(one.text for one in self.pieces)


@dataclass(frozen=True, slots=True)
class PlacedSection:
    """A section: its heading's path, its clauses, and the commitments that rest on the heading itself."""

    path: tuple[str, ...]
    clauses: tuple[PlacedClause, ...]
    on_heading: tuple[str, ...]

    @property
    def name(self) -> str:
        """The heading as commitments name it."""
        return SEPARATOR.join(self.path)

    @property
    def covered(self) -> int:
        """How many of its clauses carry a commitment."""
        return sum(1 for one in self.clauses if one.commitments)

    @property
    def commitments(self) -> tuple[str, ...]:
        """Every commitment that stands here, in reading order, each once."""
        found = [*self.on_heading, *(each for one in self.clauses for each in one.commitments)]
        return tuple(dict.fromkeys(found))


def placed(version: PolicyVersionPack) -> tuple[PlacedSection, ...]:
    """Every section of the wording with its commitments in place, in the order of the text."""
    grouped: dict[tuple[str, ...], list[Clause]] = {}
    for clause in clauses(version.text):
        for depth in range(1, len(clause.path)):  # a heading that only holds other headings has a place, too
            grouped.setdefault(clause.path[:depth], [])
        grouped.setdefault(clause.path, []).append(clause)
    by_place: dict[str, list[Commitment]] = {}
    for one in version.commitments:
        for heading in (one.clause.heading, *one.clause.also):
            by_place.setdefault(heading, []).append(one)
    return tuple(_section(version, path, mine, by_place) for path, mine in grouped.items())


def section_of(sections: tuple[PlacedSection, ...], identity: str) -> PlacedSection | None:
    """The first section in which that commitment stands."""
    return next((one for one in sections if identity in one.commitments), None)


def _section(
    version: PolicyVersionPack, path: tuple[str, ...], mine: list[Clause], by_place: dict[str, list[Commitment]]
) -> PlacedSection:
    # Words before the first heading stand under the title.
    here = by_place.get(SEPARATOR.join(path) if path else version.title, [])
    marked = [_clause(one, here) for one in mine]
    found = {each for one in marked for each in one.commitments}
    on_heading = tuple(one.id for one in here if one.id not in found)
    made: list[PlacedClause] = []
    for group in _groups(marked):
        carried = tuple(dict.fromkeys(each for one in group for each in one.commitments)) or on_heading
        made += [one if one.commitments else replace(one, commitments=carried) for one in group]
    return PlacedSection(path, tuple(made), on_heading)


def _groups(marked: list[PlacedClause]) -> list[list[PlacedClause]]:
    """A paragraph and the points of the list it begins belong together: they are one statement."""
    groups: list[list[PlacedClause]] = []
    for one in marked:
        if one.listed and groups:
            groups[-1].append(one)
        else:
            groups.append([one])
    return groups


def _clause(clause: Clause, here: list[Commitment]) -> PlacedClause:
    text, said = clause.text, _comparable(clause.text)
    spans = []
    for one in here:
        anchor = _comparable(" ".join(one.clause.anchor.split()))
        at = said.find(anchor) if len(said) == len(text) else -1
        if at >= 0:
            spans.append((at, at + len(anchor), one.id))
    cuts = sorted({0, len(text), *(edge for start, end, _id in spans for edge in (start, end))})
    pieces = [
        Piece(text[start:end], tuple(identity for first, last, identity in spans if first <= start and end <= last))
        for start, end in pairwise(cuts)
    ]
    spans.sort()
    return PlacedClause(
        tuple(pieces), tuple(dict.fromkeys(identity for _start, _end, identity in spans)), clause.listed
    )


def _comparable(text: str) -> str:
    """For finding words whatever their case and quotation marks; as long as the text, letter for letter."""
    return straight(text).lower()
