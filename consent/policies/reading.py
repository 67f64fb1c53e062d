"""Reads a TOML table key by key and gathers every mistake with its line, instead of stopping at the first."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any

from consent.policies.findings import BadPack, Finding, nearest
from consent.policies.lines import Path, line_of, lines_of

LONGEST_LINE = 20_000
NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,62}[a-z0-9])?", re.ASCII)  # of organizations, policies and versions


class Source:
    """One TOML text: its tables and the mistakes found so far, each with its line."""

    def __init__(self, text: str, file: str) -> None:
        self.file, self._text = file, text
        self.findings: list[Finding] = []
        for at, one in enumerate(text.splitlines(), 1):
            if len(one) > LONGEST_LINE:  # no clause needs it, and some would be read for hours
                said = f"This line has {len(one)} characters; the longest that is read has {LONGEST_LINE}"
                raise BadPack([Finding(file, at, "-", said)])
        try:
            self.data: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            line = _line_in(str(error))
            raise BadPack([Finding(file, line, "-", f"This is not TOML: {error}")]) from None
        except (ValueError, RecursionError):  # a number of thousands of digits, brackets by the thousand
            raise BadPack([Finding(file, 1, "-", "This is not TOML that can be read: too deep or too long")]) from None

    def wrong(self, path: Path, message: str) -> None:
        """Note a mistake at `path`."""
        key = ".".join(str(part) for part in path if not isinstance(part, int)) or "-"
        self.findings.append(Finding(self.file, line_of(self._lines, path), key, message))

    @cached_property
    def _lines(self) -> dict[Path, int]:
        """Looked for when something is wrong: it takes as long as the reading, and most packs are in order."""
        return lines_of(self._text)

    def refuse_if_wrong(self) -> None:
        """Raise when anything was noted."""
        if self.findings:
            raise BadPack(self.findings)

    @property
    def root(self) -> "Table":
        """The outermost table."""
        return Table(self, (), self.data)


class Table:
    """One table being read; `done` refuses the keys nobody asked for."""

    def __init__(self, source: Source, path: Path, data: Mapping[str, Any]) -> None:
        self.source, self.path, self.data = source, path, data
        self.asked: set[str] = set()

    def wrong(self, key: str, message: str) -> None:
        """Note a mistake at one key of this table."""
        self.source.wrong((*self.path, key), message)

    def _get(self, key: str, kind: type, named: str, required: bool) -> Any:
        self.asked.add(key)
        value = self.data.get(key)
        if value is None:
            if required:
                self.wrong(key, f'"{key}" is missing; it must be {named}')
            return None
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.wrong(key, f'"{key}" must be {named}')
            return None
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """A text; required unless a default is given."""
        value = self._get(key, str, "a text in quotes", default is None)
        if value is not None and not value.strip():
            self.wrong(key, f'"{key}" is empty')
        return str(value) if value is not None else (default or "")

    def maybe(self, key: str) -> str | None:
        """A text or nothing."""
        value = self._get(key, str, "a text in quotes", False)
        return str(value) if value is not None else None

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self._get(key, bool, "true or false", False)
        return default if value is None else bool(value)

    def day(self, key: str) -> date | None:
        """A calendar date, written without quotes or as text."""
        value = self.data.get(key)
        self.asked.add(key)
        if isinstance(value, str):
            try:
                return date.fromisoformat(value)
            except ValueError:
                value = None
        elif value is None:
            return None
        if not isinstance(value, date) or isinstance(value, datetime):
            self.wrong(key, f'"{key}" must be a date such as 2025-01-02')
            return None
        return value

    def words(self, key: str, *, required: bool = True) -> tuple[str, ...]:
        """A list of texts, none of them twice."""
        value = self._get(key, list, 'a list of texts such as ["sms"]', required)
        if value is None:
            return ()
        if not all(isinstance(one, str) and one for one in value):
            self.wrong(key, f'"{key}" must hold texts only')
            return ()
        if len(set(value)) != len(value):
            self.wrong(key, f'"{key}" names something twice')
        return tuple(value)

    def texts(self, key: str, *, required: bool = True) -> dict[str, str]:
        """A table of texts, for instance one per language."""
        inner = self.table(key, required=required)
        return {name: inner.text(name) for name in inner.data}

    def table(self, key: str, *, required: bool = True) -> "Table":
        """A table inside this one; empty when it is missing."""
        value = self._get(key, dict, "a table", required)
        return Table(self.source, (*self.path, key), value or {})

    def tables(self, key: str, *, required: bool = True) -> list["Table"]:
        """The entries of an array of tables."""
        value = self._get(key, list, f"a list of tables written as [[{key}]]", required) or []
        if not all(isinstance(one, dict) for one in value):
            self.wrong(key, f'"{key}" must be a list of tables written as [[{key}]]')
            return []
        return [Table(self.source, (*self.path, key, index), one) for index, one in enumerate(value)]

    def named(self, key: str, *, required: bool = True) -> list[tuple[str, "Table"]]:
        """The tables of a table, each with its name."""
        outer = self.table(key, required=required)
        return [(name, outer.table(name)) for name in outer.data]

    def done(self) -> None:
        """Every key that nobody asked for is a mistake."""
        for key in self.data:
            if key not in self.asked:
                self.wrong(key, f'"{key}" is not known here; {nearest(key, self.asked)}')


def _line_in(message: str) -> int:
    """The line that tomllib names in its message."""
    _, _, after = message.rpartition("line ")
    digits = after.split(",")[0].split(")")[0].strip()
    return int(digits) if digits.isdigit() else 1
