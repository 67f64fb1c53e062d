"""Every mutant of the shipped packs and of the law: what is changed, in which file, and what the file then says."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from consent.deadlines import Convention, DateKind
from consent.policies.kinds import KINDS
from consent.policies.kinds.shapes import Shape
from tests.mutation.blocks import File
from tests.mutation.values import others

LAW = "law"
_TIME = re.compile(r"^(PT?\d|\d{4}-)")
# A rule of law whose kind is asked at one of these doors lets a message go or holds it back.
GATES = {"api.consents", "api.decisions", "api.features", "outbox.dispatch", "webhooks.sms"}


@dataclass(frozen=True)
class Mutant:
    """One change. `where` is the parameter ("decided.periods"), empty where the whole promise is deleted."""

    organization: str
    identity: str
    where: str
    change: str
    file: File = field(repr=False)
    number: int
    data: dict[str, Any] | None = field(repr=False)

    @property
    def path(self) -> str:
        """The file, under the folder of packs."""
        return self.file.path

    @property
    def text(self) -> str:
        """What the file then says."""
        return self.file.with_block(self.number, self.data)

    @property
    def name(self) -> str:
        """How the mutant is called in the table and by --only."""
        # One rule of law stands several times under its id, for other places or other years.
        entry = f"#{self.number}" if self.organization == LAW else ""
        return " ".join(part for part in (self.identity, entry, self.where, self.change) if part)


def files(root: Path) -> list[File]:
    """Every file of promises: each policy of each organization, its companions, and the law."""
    packs = sorted(root.glob("*/*/*/commitments.toml"))
    return [File.read(root, one) for one in [*packs, *sorted((root / LAW).glob("*.toml"))] if one.stat().st_size]


def mutants(everything: Iterable[File]) -> Iterator[Mutant]:
    """Every mutant of these files, in their order."""
    everything = list(everything)
    whole = _vocabulary(everything)
    for file in everything:
        organization = file.path.partition("/")[0]
        # A company's own words come first: a change that its pack could really hold.
        own = _vocabulary(one for one in everything if one.path.partition("/")[0] == organization)
        vocabulary = {key: [*own.get(key, []), *words] for key, words in whole.items()}
        for number, block in enumerate(file.blocks):
            law = organization == LAW
            if law and not _counts(block.data):
                continue
            identity = block.data["id"]
            yield Mutant(organization, identity, "", "is deleted", file, number, None)
            for where, change, data in _changed(block.data, vocabulary, law):
                yield Mutant(organization, identity, where, change, file, number, data)


def _counts(rule: dict[str, Any]) -> bool:
    """Does this rule of law count time, or stand at a gate?"""
    return "clock" in rule or _gate(rule)


def _gate(promise: dict[str, Any]) -> bool:
    return bool(GATES & set(KINDS[promise["kind"]].doors))


def _is_time(value: Any) -> bool:
    return isinstance(value, date) or (isinstance(value, str) and _TIME.match(value) is not None)


def _changed(data: dict[str, Any], vocabulary: dict[str, list[str]], law: bool) -> Iterator[tuple[str, str, Any]]:
    kind = KINDS[data["kind"]]
    gate = _gate(data)
    shapes = {
        "parameters": {**kind.required, **kind.optional},
        "decided": kind.decides,
        "clock": {"convention": _one_of(Convention), "kind": _one_of(DateKind)},
    }
    for part in shapes:
        for key, value in data.get(part, {}).items():
            if law and part == "parameters" and not gate and not _is_time(value):
                continue
            shape = shapes[part].get(key)
            words = list(dict.fromkeys([*vocabulary.get(key, []), *(_choices(shape) if shape else [])]))
            for change, new in others(value, words, lambda new, shape=shape: shape is None or shape(new) is None):
                yield f"{part}.{key}", change, _with(data, part, key, new)
    if law:
        for key in ("jurisdictions", "in_force_from", "in_force_until"):
            if key in data:
                for change, new in others(data[key], ("US-NV", "CA", "US"), lambda new: True):
                    yield key, change, {**data, key: new}


def _with(data: dict[str, Any], part: str, key: str, new: Any) -> dict[str, Any]:
    return {**data, part: {**data[part], key: new}}


def _vocabulary(everything: Iterable[File]) -> dict[str, list[str]]:
    """For each key the words that any shipped promise says under it."""
    found: dict[str, dict[str, None]] = {}
    for file in everything:
        for block in file.blocks:
            for part in ("parameters", "decided", "clock"):
                for key, value in block.data.get(part, {}).items():
                    for word in _words(value):
                        found.setdefault(key, {})[word] = None
    return {key: list(words) for key, words in found.items()}


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _words(one)
    elif isinstance(value, list):
        for one in value:
            yield from _words(one)
    elif isinstance(value, str) and not _TIME.match(value):
        yield value


@cache
def _choices(shape: Shape) -> tuple[str, ...]:
    """The words a shape is closed over."""
    found: dict[str, None] = {}
    for cell in getattr(shape, "__closure__", None) or ():
        value = cell.cell_contents
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, str):
                found[one] = None
            elif callable(one):
                found.update(dict.fromkeys(_choices(one)))
    return tuple(found)


def _one_of(words: Iterable[str]) -> Shape:
    known = tuple(words)
    return lambda value: None if value in known else "is not known"
