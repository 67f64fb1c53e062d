"""Which tests stand for an organization or for the law, and which of them speak of a promise by its id."""

import inspect
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from tests.mutation.mutants import LAW
from tests.support.manifest import TESTS, named, read

POLICY_TESTS = "tests/policies"
DECISIONS = "tests/decisions"
PROMISES = "tests/promises"
_PURE = {Path(POLICY_TESTS).parts, Path(DECISIONS).parts}
OWN = {
    "valley-smart-homes": ("test_vsh", "test_traps", "test_rulebook", "test_rules", "test_terms"),
    "1valet": ("test_1v",),
    "valtt": ("test_val",),
    "voxvalley": ("test_vox",),
    "smartt": ("test_smt",),
    LAW: (
        "test_law",
        "test_due",
        "test_places",
        "test_vsh",
        "test_traps",
        "test_1v",
        "test_val",
        "test_vox",
        "test_smt",
    ),
}


def over_a_house() -> list[str]:
    """Tests of promises at doors, and the files of all others over a house whose names carry the id of a promise."""
    files = {test.partition("::")[0] for tests in read(TESTS).values() for test in tests}
    others = (file for file in files if Path(file).parent.parts[:2] not in _PURE)
    return [PROMISES, *sorted(file for file in others if not file.startswith(PROMISES))]


def at_a_door(item: pytest.Item) -> bool:
    """Whether the test asks at a door of the house, over its database, and not a rule alone."""
    folder = item.path.relative_to(TESTS.parent).parent.parts[:2]
    return folder not in _PURE or item.path.parent.name == Path(DECISIONS).name


def names_a_promise(item: pytest.Item) -> bool:
    """Whether its name, or what it is given, carries the id of some promise."""
    return any(named(item.name)) or str(item.path.relative_to(TESTS.parent)).startswith(PROMISES)


def on_postgresql(item: pytest.Item) -> bool:
    """Whether the other database answers the same test."""
    spec = getattr(item, "callspec", None)
    return spec is not None and spec.params.get("database_url") == "postgresql"


def stands_for(item: pytest.Item, organization: str) -> int:
    """0: a test of its own; 1: one of the answers, of the terms, of the kinds; 2: one over a database; 3: none."""
    name, folder = item.path.stem, item.path.parent.name
    if name.startswith(OWN[organization]):
        return 0
    if folder == "answers" or name in ("test_terms", "test_kinds_data"):
        return 1
    if folder == Path(DECISIONS).name:
        return 2 if organization == "valley-smart-homes" and "sqlite" in item.name else 3
    return 3


def in_order(items: Iterable[pytest.Item], organization: str, identity: str) -> tuple[list[pytest.Item], ...]:
    """Three groups: tests named after the promise, tests that speak of it, and all others that stand for it.

    Those at a door come first of all.
    """
    groups: tuple[list[tuple[int, pytest.Item]], ...] = ([], [], [])
    for item in items:
        if item.path.parent.name != Path(DECISIONS).name and at_a_door(item):
            if _named_after(item, identity) and not on_postgresql(item):
                groups[0].append((-10, item))
            continue
        rank = stands_for(item, organization)
        # A rule of law reaches every organization: whichever test of theirs speaks of it stands for it too.
        speaks = rank < 2 or (organization == LAW and item.path.parent.name == "policies")
        near = _near(item, identity) if speaks else 0
        if rank < 3 or near > 1:
            groups[3 - max(near, 1)].append((rank * 10 - near, item))
    return tuple([item for _, item in sorted(one, key=lambda ranked: ranked[0])] for one in groups)


def _named_after(item: pytest.Item, identity: str) -> bool:
    name = identity.replace("-", "_").casefold()
    return re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![0-9])", item.name.casefold()) is not None or (
        re.search(rf"\b{re.escape(identity)}(?!\w)", item.name) is not None
    )


def _near(item: pytest.Item, identity: str) -> int:
    """How near the test is to the promise: 3 named after it, 2 names it in its text, 1 asks for it by its number."""
    if _named_after(item, identity):
        return 3
    text = _source(item)
    if re.search(rf"\b{re.escape(identity)}(?!\d)", text):
        return 2
    number = re.search(r"^[A-Z0-9]+-(\d+)$", identity)
    if number and re.search(rf"\(\s*{int(number[1])}\s*[,)]", text):
        return 1
    return 0


@cache
def _text(function: object) -> str:
    return inspect.getsource(function)  # type: ignore[arg-type]


def _source(item: pytest.Item) -> str:
    return _text(item.function) if isinstance(item, pytest.Function) else ""
