"""Each of the 99 traps has a test that carries its number."""

import ast

from tests.support.manifest import TESTS, named

TRAPS = {f"T-{number:02d}" for number in range(1, 100)}


def carried() -> set[str]:
    found = set()
    for file in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found.update(one for one in named(node.name) if one in TRAPS)
    return found


def test_every_trap_is_tested() -> None:
    assert sorted(TRAPS - carried()) == []
