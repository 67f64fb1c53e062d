"""The law as dated data: each rule knows from when until when it binds, where it was read and when that was checked."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from consent.deadlines.clocks import Clock
from consent.policies.findings import nearest
from consent.policies.jurisdictions import any_holds
from consent.policies.law_clock import read_clock
from consent.policies.reading import Source, Table

TAGS = ("V", "S", "M")  # verified in the source, verified in a secondary source, from memory
# What a company does for its customers, where a law binds only those who do it (47 CFR 64.2003(o), for one).
SERVICES = ("telecommunications", "interconnected-voip", "internet-access", "building-access", "online-store", "other")


@dataclass(frozen=True)
class LawRule:
    """One rule of law. Without `in_force_from` it is pending: known, dated nowhere, binding nobody."""

    id: str
    title: str
    kind: str
    jurisdictions: tuple[str, ...]
    in_force_from: date | None
    in_force_until: date | None
    cite: str
    source: str
    checked_on: date
    tag: str
    parameters: Mapping[str, Any]
    note: str = ""
    clock: Clock | None = None
    decided: Mapping[str, Any] = field(default_factory=dict)
    path: tuple[str | int, ...] = ()
    sha256: bytes = b""
    services: tuple[str, ...] = ()  # whose law it is; everybody's where none is named

    def binds(self, day: date, jurisdictions: Iterable[str]) -> bool:
        """Is it in force on `day` for somebody in one of these places? "US" reaches "US-WA", "EU" reaches "FR"."""
        return self.is_in_force(day) and any(any_holds(self.jurisdictions, place) for place in jurisdictions)

    def is_for(self, services: Iterable[str]) -> bool:
        """Does it bind a company of these services? One that names none is bound by everything."""
        own = set(services)
        return not self.services or not own or not own.isdisjoint(self.services)

    def is_in_force(self, day: date) -> bool:
        """Is it in force on `day`, wherever?"""
        if self.in_force_from is None or day < self.in_force_from:
            return False
        return self.in_force_until is None or day < self.in_force_until

    @property
    def of_hours(self) -> bool:
        """Does it say in which hours sales messages go? Such a rule binds by where the person may be."""
        return self.kind == "deadline" and "window" in self.parameters


def parse_law(text: str, file: str = "law.toml") -> tuple[LawRule, ...]:
    """The rules written in `text`, in their order; refused with every mistake of form found."""
    source = Source(text, file)
    root = source.root
    regime = root.text("regime")
    digest = hashlib.sha256(text.encode()).digest()
    rules = tuple(_rule(table, digest) for table in root.tables("rule"))
    root.done()
    spans: dict[str, list[LawRule]] = {}
    for one in rules:
        for other in spans.setdefault(one.id, []):
            if _overlap(one, other):
                places = ", ".join(place for place in one.jurisdictions if place in other.jurisdictions)
                source.wrong(
                    (*one.path, "in_force_from"),
                    f'two entries of "{one.id}" in {regime} are in force at once in {places}',
                )
        spans[one.id].append(one)
    source.refuse_if_wrong()
    return rules


def _rule(table: Table, digest: bytes) -> LawRule:
    made = LawRule(
        id=table.text("id"),
        title=table.text("title"),
        kind=table.text("kind"),
        jurisdictions=table.words("jurisdictions"),
        in_force_from=table.day("in_force_from"),
        in_force_until=table.day("in_force_until"),
        cite=table.text("cite"),
        source=table.text("source"),
        checked_on=table.day("checked_on") or date.min,
        tag=table.text("tag"),
        note=table.text("note", ""),
        parameters=table.table("parameters").data,
        clock=_clock(table),
        path=table.path,
        sha256=digest,
        services=read_services(table),
    )
    table.done()
    if made.tag and made.tag not in TAGS:
        table.wrong("tag", f'"{made.tag}" is not a tag; {nearest(made.tag, TAGS)}')
    if made.checked_on == date.min:
        table.wrong("checked_on", '"checked_on" is missing; it is the day somebody last read the source')
    if made.in_force_from and made.in_force_until and made.in_force_until <= made.in_force_from:
        table.wrong("in_force_until", "the rule ends before it begins")
    return made


def read_services(table: Table) -> tuple[str, ...]:
    """The services a rule or an organization names; a word that is none of them is a finding."""
    named = table.words("services") if "services" in table.data else ()
    for one in named:
        if one not in SERVICES:
            table.wrong("services", f'"{one}" is no service; {nearest(one, SERVICES)}')
    return named


def _clock(table: Table) -> Clock | None:
    inner = table.table("clock", required=False)
    return read_clock(inner) if "clock" in table.data else None


def _overlap(one: LawRule, other: LawRule) -> bool:
    """Are both in force on some day in the same place? One id stands for many places, each with its own dates."""
    if not set(one.jurisdictions) & set(other.jurisdictions):
        return False
    if one.in_force_from is None or other.in_force_from is None:
        return False
    return one.in_force_from < (other.in_force_until or date.max) and other.in_force_from < (
        one.in_force_until or date.max
    )
