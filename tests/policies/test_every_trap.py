"""Each of the 99 traps has a test that carries its number, or a later door that will test it."""

import ast
import importlib
from pathlib import Path

from tests.support.manifest import TESTS, named

TRAPS = {f"T-{number:02d}" for number in range(1, 100)}


def carried() -> set[str]:
    found = set()
    for file in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found.update(one for one in named(node.name) if one in TRAPS)
    return found


def later() -> dict[str, str]:
    """What the files of tests leave to doors that are still to be built."""
    found: dict[str, str] = {}
    for file in sorted(Path(__file__).parent.glob("test_*.py")):
        module = importlib.import_module(f"tests.policies.{file.stem}")
        left = getattr(module, "LATER", {})
        if isinstance(left, dict):
            found |= left
    return found


def test_every_trap_is_tested_or_left_to_a_door_still_to_come() -> None:
    assert sorted(TRAPS - carried() - set(later())) == []


def test_what_is_left_to_a_later_door_says_which() -> None:
    assert all(trap in TRAPS and door for trap, door in later().items())
