"""The table of doors: complete, and honest about what exists."""

from importlib import import_module

import pytest

from consent.policies.doors import DOORS
from consent.policies.kinds import KINDS


@pytest.mark.parametrize("name", KINDS)
def test_every_door_a_kind_names_is_in_the_table_as_what_it_is(name: str) -> None:
    kind = KINDS[name]
    assert {one: DOORS[one].built for one in kind.doors} == dict.fromkeys(kind.doors, True)
    assert {one: DOORS[one].built for one in kind.planned} == dict.fromkeys(kind.planned, False)


@pytest.mark.parametrize("name", [name for name, door in DOORS.items() if door.built])
def test_what_is_marked_as_built_exists(name: str) -> None:
    module, _, member = DOORS[name].where.partition(":")
    assert callable(getattr(import_module(module), member))


def test_no_door_stands_there_that_nothing_asks() -> None:
    asked = {one for kind in KINDS.values() for one in (*kind.doors, *kind.planned)}
    assert asked == set(DOORS)
    assert all(door.title and not door.title.endswith(".") for door in DOORS.values())
