"""The page of all kinds, made from their registry: `python -m consent.policies.kinds_page > docs/kinds.md`."""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType

from consent.policies.doors import DOORS
from consent.policies.kinds import FAMILIES, KINDS, Kind, sentence
from consent.policies.kinds.glossary import EVIDENCE, MODES, VERBS, decided_says, parameter_says
from consent.policies.kinds.settling import conditions
from consent.policies.packs import load_organization, load_versions, packs_root
from consent.policies.version import Commitment

_LONG = 26  # lines: of several commitments of a kind, one that fits on a screen is shown

_OPENING = """# The kinds of commitments

The {count} things a policy can promise. A commitment names one of them and gives its parameters; what the kind means is
programmed once. How a pack is written: [policy-packs.md](policy-packs.md). This page is made from the program:
`make docs`.

`Code` stands for exactly these letters. *A word* is any word of your own in small letters, digits and hyphens. A
parameter that is not in the table of its kind is refused. Values under `decided` settle what the wording leaves open;
with them stands `[commitment.open]`."""

_WORDS = """## Modes, verbs, evidence

A commitment says what it makes the service do (`mode`, `verbs`) and what is left as proof (`evidence`)."""

_PLACES = """## Doors

A door is a place where a promise decides something. What is planned decides nothing yet; `check` reads it all the
same."""


@dataclass(frozen=True)
class Example:
    """A commitment of a pack that came with the program, as it is written there."""

    organization: str
    commitment: Commitment
    toml: str


def page() -> str:
    """docs/kinds.md."""
    examples = shipped()
    parts = [
        _OPENING.format(count=len(KINDS)),
        "\n".join(_index()),
        _WORDS,
        "\n".join([*_said("mode", MODES), "", *_said("verb", VERBS), "", *_said("evidence", EVIDENCE)]),
        _PLACES,
        "\n".join(_doors()),
    ]
    for family in FAMILIES:
        parts.append(f"## {_title(family)}")
        parts += ["\n\n".join(_kind(kind, examples.get(kind.name, []))) for kind in family.ALL]
    return "\n\n".join(parts) + "\n"


def shipped() -> dict[str, list[Example]]:
    """The commitments of the packs that came with the program, by kind."""
    found: dict[str, list[Example]] = {}
    for place in sorted(one.parent for one in packs_root().glob("*/organization.toml")):
        name = load_organization(place).name
        for version in load_versions(place):
            written = _written(version.commitments_toml)
            for commitment in version.commitments:
                one = Example(name, commitment, written[commitment.id])
                found.setdefault(commitment.kind, []).append(one)
    return found


def _written(toml: str) -> dict[str, str]:
    """The lines of each commitment, without the remarks that belong to the next one."""
    found = {}
    for block in re.split(r"(?m)^(?=\[\[commitment\]\])", toml)[1:]:
        lines = block.rstrip().splitlines()
        while lines and (not lines[-1] or lines[-1].startswith("#")):
            lines.pop()
        identity = next(line for line in lines if line.startswith("id = "))
        found[identity.split('"')[1]] = "\n".join(lines)
    return found


def chosen(examples: Iterable[Example]) -> Example:
    """The one that shows most: something settled, many parameters, and still short."""

    def shows(one: Example) -> tuple[bool, bool, int]:
        made = one.commitment
        return one.toml.count("\n") < _LONG, bool(made.decided), len(made.parameters) + len(made.decided)

    return max(examples, key=shows)


def _title(family: ModuleType) -> str:
    about = re.sub(r"^(?:Kinds|The kind) about ", "", (family.__doc__ or "").splitlines()[0])
    return about.split(":")[0].rstrip(".").capitalize()


def _index() -> Iterator[str]:
    yield "| kind | what it says |"
    yield "| --- | --- |"
    for family in FAMILIES:
        for kind in family.ALL:
            yield f"| [{kind.name}](#{kind.name}) | {kind.meaning} |"


def _said(what: str, words: Mapping[str, str]) -> Iterator[str]:
    yield f"| {what} | |"
    yield "| --- | --- |"
    yield from (f"| `{word}` | {says} |" for word, says in words.items())


def _doors() -> Iterator[str]:
    yield "| door | | |"
    yield "| --- | --- | --- |"
    yield from (f"| `{name}` | {one.title} | {'built' if one.built else 'planned'} |" for name, one in DOORS.items())


def _kind(kind: Kind, examples: list[Example]) -> Iterator[str]:
    yield f"### {kind.name}"
    yield kind.meaning
    yield "\n".join(_parameters(kind))
    for group in kind.one_of:
        yield f"At least one of {', '.join(f'`{one}`' for one in group)} must stand."
    seen = [one.commitment.parameters for one in examples]
    if settled := conditions(kind, seen):
        yield "Must be settled under `decided`:\n\n" + "\n".join(f"- {one}" for one in settled)
    if kind.decides:
        yield "\n".join(_settled(kind))
    yield "\n".join(_asked(kind))
    if examples:
        best = chosen(examples)
        where = f"{best.organization}, {best.commitment.id}"
        yield f"Example ({where}): *{sentence(best.commitment)}*"
        yield f"```toml\n{best.toml}\n```"


def _parameters(kind: Kind) -> Iterator[str]:
    yield "| parameter | | what it says | what it may be |"
    yield "| --- | --- | --- | --- |"
    for need, shapes in (("required", kind.required), ("optional", kind.optional)):
        for key, shape in shapes.items():
            yield f"| `{key}` | {need} | {parameter_says(kind.name, key)} | {shape.said} |"


def _settled(kind: Kind) -> Iterator[str]:
    yield "| `decided` | what it says | what it may be |"
    yield "| --- | --- | --- |"
    for key, shape in kind.decides.items():
        yield f"| `{key}` | {decided_says(kind.name, key)} | {shape.said} |"


def _asked(kind: Kind) -> Iterator[str]:
    if kind.doors:
        yield f"- Asked at: {', '.join(f'`{one}`' for one in kind.doors)}"
    if kind.planned:
        yield f"- Planned: {', '.join(f'`{one}`' for one in kind.planned)}"
    yield f"- Evidence: {', '.join(f'`{one}`' for one in kind.evidence)}"


if __name__ == "__main__":
    sys.stdout.write(page())
