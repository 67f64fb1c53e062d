"""Parameters that no test can notice yet: the door that will ask them is not built (tests/mutation/later.toml)."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("later.toml")


@dataclass(frozen=True)
class Later:
    """One parameter whose door comes later, and why nothing asks it before."""

    commitment: str
    parameter: str
    door: str
    why: str


def entries(file: Path = FILE) -> tuple[Later, ...]:
    """Every entry of the list."""
    return tuple(Later(**one) for one in tomllib.loads(file.read_text("utf-8")).get("later", []))
