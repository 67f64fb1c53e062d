"""What the names in a commitment say, in a line each, from glossary.toml: kinds share most of their parameters."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files

_READ: dict[str, dict[str, str]] = tomllib.loads(files(__package__).joinpath("glossary.toml").read_text("utf-8"))

PARAMETERS: Mapping[str, str] = _READ["parameters"]
DECIDED: Mapping[str, str] = _READ["decided"]
MODES: Mapping[str, str] = _READ["modes"]
VERBS: Mapping[str, str] = _READ["verbs"]
EVIDENCE: Mapping[str, str] = _READ["evidence"]


def parameter_says(kind: str, name: str) -> str:
    """What this parameter of this kind says."""
    return PARAMETERS.get(f"{kind}.{name}") or PARAMETERS[name]


def decided_says(kind: str, name: str) -> str:
    """What this settled value of this kind says."""
    return DECIDED.get(f"{kind}.{name}") or DECIDED[name]
