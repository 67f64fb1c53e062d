"""A file of commitments (or rules of law) as a head and blocks; one block is written anew, all else stays as it is."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

_BARE = re.compile(r"^[A-Za-z0-9_-]+$")


@dataclass(frozen=True)
class Block:
    """One `[[commitment]]` or `[[rule]]`: where it stands in the file, and what it says."""

    start: int
    end: int
    data: dict[str, Any]


@dataclass(frozen=True)
class File:
    """A TOML file made of such blocks."""

    path: str  # under the folder of packs
    text: str
    table: str
    blocks: tuple[Block, ...]

    @classmethod
    def read(cls, root: Path, path: Path) -> "File":
        """The file, block by block."""
        text = path.read_text("utf-8")
        table = "rule" if path.parent.name == "law" else "commitment"
        starts = [found.start() for found in re.finditer(rf"^\[\[{table}\]\]", text, re.MULTILINE)]
        blocks = []
        for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
            (data,) = tomllib.loads(text[start:end])[table]
            blocks.append(Block(start, end, data))
        return cls(str(path.relative_to(root)), text, table, tuple(blocks))

    def with_block(self, number: int, data: Mapping[str, Any] | None) -> str:
        """The text with that block saying something else, or gone."""
        block = self.blocks[number]
        said = "" if data is None else written(self.table, data)
        return self.text[: block.start] + said + self.text[block.end :]

    def rewritten(self) -> str:
        """The same promises, every block written anew: what no test may take for a change."""
        head = self.text[: self.blocks[0].start]
        return head + "".join(written(self.table, one.data) for one in self.blocks)


def written(table: str, data: Mapping[str, Any]) -> str:
    """One block as TOML; tables within tables are written inline."""
    plain = {key: value for key, value in data.items() if not isinstance(value, dict)}
    lines = [f"[[{table}]]", *(f"{_key(key)} = {_value(value)}" for key, value in plain.items())]
    for key, value in data.items():
        if isinstance(value, dict):
            lines += ["", f"[{table}.{_key(key)}]", *(f"{_key(one)} = {_value(said)}" for one, said in value.items())]
    return "\n".join([*lines, "", ""])


def _key(key: str) -> str:
    return key if _BARE.match(key) else _value(key)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'
    return str(value)
