"""The figures of bursts, read once from policies/words/scanners.toml."""

import tomllib
from datetime import timedelta
from functools import lru_cache
from typing import Any

from consent.deadlines import Period
from consent.errors import BadInput, SetupProblem
from consent.preferences.unsubscribe.rules import Figures, Limit
from consent.resources import folder

FILE = "policies/words/scanners.toml"


@lru_cache(maxsize=1)
def shipped() -> Figures:
    """The figures that came with the program."""
    try:
        return read((folder("policies") / "words" / "scanners.toml").read_text("utf-8"))
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise SetupProblem(f"{FILE} cannot be read ({type(error).__name__}); install the program again.") from None


def read(text: str) -> Figures:
    """The figures of such a file; ValueError, KeyError or TypeError where it is none."""
    told = tomllib.loads(text)
    return Figures(_limit(told["one_mail"]), _limit(told["one_network"]), _length(told["grace"]["period"]))


def _limit(table: dict[str, Any]) -> Limit:
    people = table["people"]
    if not isinstance(people, int) or people < 2:
        raise ValueError("one person is no burst")
    return Limit(people, _length(table["within"]))


def _length(text: str) -> timedelta:
    try:
        return Period.parse(text).elapsed
    except BadInput as error:
        raise ValueError(error.detail) from None
