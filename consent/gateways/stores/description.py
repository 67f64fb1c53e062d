"""The file that describes a database: which tables hold somebody's data, how they are found, what erasing does."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from consent.errors import BadInput

CHANNELS = ("sms", "voice", "email", "post", "push")
PERSON = "person"  # the key column that holds what the organization's systems call somebody
DELETE = "delete"
LARGEST_BATCH = 5_000
_KNOWN = frozenset({"name", "schema", "category", "source", "key", "order", "show", "erase", "correct", "batch"})


@dataclass(frozen=True, slots=True)
class Described:
    """One table. `key` names the column for each channel and for the person; `erase` is None where rows go."""

    name: str
    category: str
    key: Mapping[str, str]
    order: str
    schema: str | None = None
    source: str = ""
    show: tuple[str, ...] = ()
    erase: Mapping[str, Any] | None = None
    correct: Mapping[str, str] = field(default_factory=dict)
    batch: int = 500

    @property
    def columns(self) -> frozenset[str]:
        """Every column it names."""
        return frozenset({*self.key.values(), self.order, *self.show, *(self.erase or {}), *self.correct.values()})


def parse(text: str) -> tuple[Described, ...]:
    """The tables of the file; BadInput that names the table and what is wrong with it."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"The description is no TOML: {error}.", field="description") from None
    tables = said.get("tables")
    if set(said) != {"tables"} or not isinstance(tables, list) or not tables:
        raise BadInput("A description is a list of [[tables]] and nothing else.", field="description")
    return tuple(_table(one, place) for place, one in enumerate(tables, 1))


def _table(said: Mapping[str, Any], place: int) -> Described:
    name = said.get("name")
    at = f"Table {name or place}"
    if unknown := sorted(set(said) - _KNOWN):
        raise _wrong(f"{at}: {', '.join(unknown)} is not known; there are {', '.join(sorted(_KNOWN))}.")
    for one in ("name", "category", "order"):
        if not isinstance(said.get(one), str) or not said[one]:
            raise _wrong(f"{at}: {one} is missing.")
    key, erase = said.get("key"), said.get("erase", DELETE)
    if not _texts(key) or not key or not set(key) <= {*CHANNELS, PERSON}:
        raise _wrong(f'{at}: key names a column for a channel or for "{PERSON}", as {{ sms = "phone" }}.')
    if erase != DELETE and not (isinstance(erase, dict) and erase):
        raise _wrong(f'{at}: erase is "{DELETE}", or the columns and what replaces them, as {{ name = "" }}.')
    if erase != DELETE and said["order"] in erase:
        raise _wrong(f"{at}: the column that orders the rows is not replaced.")
    batch, correct, show = said.get("batch", 500), said.get("correct", {}), said.get("show", [])
    if type(batch) is not int or not 1 <= batch <= LARGEST_BATCH:
        raise _wrong(f"{at}: batch is a number from 1 to {LARGEST_BATCH}.")
    if not _texts(correct):
        raise _wrong(f"{at}: correct names the column of each field.")
    if not isinstance(show, list) or not all(isinstance(one, str) for one in show):
        raise _wrong(f"{at}: show is a list of columns.")
    return Described(
        said["name"], said["category"], key, said["order"], said.get("schema"), str(said.get("source", "")),
        tuple(show), None if erase == DELETE else {one: _value(value) for one, value in erase.items()}, correct, batch,
    )  # fmt: skip


def _value(said: Any) -> Any:
    """TOML knows no nothing: an empty table `{}` stands for NULL."""
    return None if said == {} else said


def _texts(said: object) -> bool:
    return isinstance(said, dict) and all(isinstance(one, str) and one for one in said.values())


def _wrong(text: str) -> BadInput:
    return BadInput(text, field="description")
