"""Reads from the names of tests which promises they test; `python -m tests.support.manifest` writes the manifest."""

import ast
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from consent.policies.packs import load_versions, packs_root
from consent.review.manifest import FILE

TESTS = Path(__file__).resolve().parents[1]
_ID = re.compile(r"(?<![a-z0-9])([a-z0-9]{1,5})_(?:([a-z]{2,4})_)?(\d{2,3})(?![0-9a-z])")


def commitments() -> frozenset[str]:
    """Every commitment of the shipped packs."""
    packs = sorted(one.parent for one in packs_root().glob("*/organization.toml"))
    return frozenset(one.id for pack in packs for version in load_versions(pack) for one in version.commitments)


def read(folder: Path = TESTS, known: Iterable[str] | None = None) -> dict[str, list[str]]:
    """For each commitment the tests whose names carry its id, file by file."""
    ids = frozenset(known) if known is not None else commitments()
    found: dict[str, list[str]] = {}
    for file in sorted(folder.rglob("test_*.py")):
        for name in _tests_in(file):
            for identity in dict.fromkeys(named(name)):
                if identity in ids:
                    found.setdefault(identity, []).append(f"{file.relative_to(folder.parent)}::{name}")
    return dict(sorted(found.items()))


def named(test: str) -> Iterator[str]:
    """The ids in the name of a test: `test_1v_27_and_1v_28_…` tests 1V-27 and 1V-28."""
    for match in _ID.finditer(test.removeprefix("test")):
        yield "-".join(part for part in match.groups() if part).upper()


def _tests_in(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node.name


def text() -> str:
    """The manifest as the file holds it."""
    return json.dumps(read(), indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8")
