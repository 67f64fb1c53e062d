"""One policy version: its wording and what that wording promises."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from consent.policies.findings import nearest
from consent.policies.reading import NAME, Source, Table

MODES = ("enforce", "schedule", "record", "disclose")
VERBS = (
    "BLOCK",
    "ALLOW",
    "RECORD",
    "COMPUTE",
    "TASK",
    "ROUTE",
    "PURGE",
    "HOLD",
    "REFUSE",
    "SHOW",
    "SEND",
    "EXPORT",
)
EVIDENCE = (
    "E-CONSENT",
    "E-SEND",
    "E-SUPP",
    "E-REQ",
    "E-DISP",
    "E-VER",
    "E-NOTICE",
    "E-CFG",
    "E-SHARE",
    "E-SHOWN",
    "E-ACC",
    "E-BREACH",
)

_TAKEN = ("trace", "changes")  # pages beside the versions


@dataclass(frozen=True)
class Clause:
    """Where in the wording a commitment stands: the heading, a few words under it, and further headings that say so."""

    heading: str
    anchor: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class OpenPoint:
    """What the wording leaves open, the value the operator chose, and why."""

    question: str
    value: str
    reason: str


@dataclass(frozen=True)
class Commitment:
    """One promise: its kind says how it is kept, its parameters say how much, `decided` settles what was left open."""

    id: str
    kind: str
    mode: str
    verbs: tuple[str, ...]
    evidence: tuple[str, ...]
    clause: Clause
    parameters: Mapping[str, Any]
    decided: Mapping[str, Any]
    open: OpenPoint | None
    path: tuple[str | int, ...] = ()


@dataclass(frozen=True)
class Declared:
    """What the company says of a new version: is the change material, why, and which announced version it replaces."""

    material: bool
    reason: str
    replaces: str | None


@dataclass(frozen=True)
class PolicyVersionPack:
    """A version of a policy as its folder holds it; the hashes are of the exact bytes."""

    policy: str
    version: str
    title: str
    last_updated: date
    text: str = field(repr=False)
    text_sha256: bytes
    commitments: tuple[Commitment, ...] = field(repr=False)
    commitments_toml: str = field(repr=False)
    commitments_sha256: bytes
    change: Declared | None = None
    translations: Mapping[str, str] = field(default_factory=dict, repr=False)  # language -> wording, for convenience

    def commitment(self, identity: str) -> Commitment | None:
        """The commitment of that id."""
        return next((one for one in self.commitments if one.id == identity), None)


def main_version(versions: Sequence[PolicyVersionPack]) -> PolicyVersionPack:
    """The version that the others accompany: whose promises govern messages, else the one that promises most."""
    governing = [one for one in versions if any(each.kind == "messaging-scope" for each in one.commitments)]
    return max(governing or versions, key=lambda one: len(one.commitments))


def parse_version(
    policy: str,
    version: str,
    text: str,
    commitments_toml: str,
    file: str = "commitments.toml",
    translations: Mapping[str, str] | None = None,
) -> PolicyVersionPack:
    """The version made of that wording and those commitments; refused with every mistake of form found.

    The wording binds; translations say the same for readers of other languages.
    """
    source = Source(commitments_toml, file)
    for named, name in (("policy", policy), ("version", version)):
        if not NAME.fullmatch(name) or name in _TAKEN:
            shown = name.encode("ascii", "backslashreplace").decode()
            wrong = f'the folder "{shown}" cannot be the name of a {named}; small letters, digits, hyphens and dots can'
            source.wrong((), wrong)
    root = source.root
    commitments = tuple(_commitment(table) for table in root.tables("commitment"))
    seen: set[str] = set()
    for one in commitments:
        if one.id in seen:
            source.wrong((*one.path, "id"), f'"{one.id}" is used twice; every commitment has an id of its own')
        seen.add(one.id)
    change = _declared(root.table("change")) if "change" in root.data else None
    root.done()
    header = next((one for one in commitments if one.kind == "policy-metadata"), None)
    title, updated = _header(source, header)
    source.refuse_if_wrong()
    return PolicyVersionPack(
        policy,
        version,
        title,
        updated,
        text,
        hashlib.sha256(text.encode()).digest(),
        commitments,
        commitments_toml,
        hashlib.sha256(commitments_toml.encode()).digest(),
        change,
        dict(translations or {}),
    )


def _declared(table: Table) -> Declared:
    if "material" not in table.data:
        table.wrong("material", '"material" is missing; write true or false')
    made = Declared(table.flag("material", True), table.text("reason"), table.maybe("replaces"))
    table.done()
    return made


def _header(source: Source, header: Commitment | None) -> tuple[str, date]:
    if header is None:
        source.wrong((), 'a commitment of kind "policy-metadata" is missing: it names title and date of the version')
        return "", date.min
    table = Table(source, (*header.path, "parameters"), header.parameters)
    title, updated = table.text("title"), table.day("last_updated")
    if updated is None:
        table.wrong("last_updated", '"last_updated" is missing; it is the date printed on the wording')
    return title, updated or date.min


def _commitment(table: Table) -> Commitment:
    clause = table.table("clause")
    opened = table.table("open", required=False)
    made = Commitment(
        id=table.text("id"),
        kind=table.text("kind"),
        mode=table.text("mode"),
        verbs=table.words("verbs"),
        evidence=table.words("evidence"),
        clause=Clause(clause.text("heading"), clause.text("anchor"), clause.words("also", required=False)),
        parameters=table.table("parameters").data,
        decided=table.table("decided", required=False).data,
        open=_open_point(opened) if "open" in table.data else None,
        path=table.path,
    )
    clause.done()
    table.done()
    for key, known, values in (
        ("mode", MODES, (made.mode,)),
        ("verbs", VERBS, made.verbs),
        ("evidence", EVIDENCE, made.evidence),
    ):
        for value in values:
            if value and value not in known:
                table.wrong(key, f'"{value}" is not known here; {nearest(value, known)}')
    return made


def _open_point(table: Table) -> OpenPoint:
    made = OpenPoint(table.text("question"), table.text("value"), table.text("reason"))
    table.done()
    return made
