"""Which tests stand behind which commitment: shipped with the program, made from the names of the tests.

A test says by its name which promises it tests: `test_vsh_26_…`, `test_1v_27_…`. `make manifest` writes the file
anew, and a test fails when it is not what the tests say.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("manifest.json")


@cache
def tests() -> Mapping[str, tuple[str, ...]]:
    """The tests of each commitment, by its id."""
    found: dict[str, list[str]] = json.loads(FILE.read_text("utf-8"))
    return {identity: tuple(names) for identity, names in found.items()}
