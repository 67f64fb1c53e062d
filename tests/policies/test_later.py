"""`make mutate-policies` itself: what it may let live waits for a door, and every change it makes is one."""

import tomllib

from consent.policies.doors import DOORS
from consent.policies.packs import load_versions
from tests.mutation.later import entries
from tests.mutation.mutants import files, mutants
from tests.policies.house import POLICIES


def test_each_door_that_is_waited_for_is_planned_and_not_built() -> None:
    assert [one for one in entries() if one.door not in DOORS or DOORS[one.door].built] == []


def test_each_entry_names_a_shipped_parameter_and_says_why_nothing_asks_it_yet() -> None:
    packs = sorted(one.parent for one in POLICIES.glob("*/organization.toml"))
    shipped = {
        (one.id, f"{part}.{key}")
        for pack in packs
        for version in load_versions(pack)
        for one in version.commitments
        for part, values in (("parameters", one.parameters), ("decided", one.decided))
        for key in values
    }
    assert [one for one in entries() if (one.commitment, one.parameter) not in shipped] == []
    assert [one for one in entries() if len(one.why.split()) < 4] == []


def test_a_file_written_anew_promises_what_it_promised() -> None:
    shipped = files(POLICIES)
    assert len(shipped) > 20
    assert [one.path for one in shipped if tomllib.loads(one.rewritten()) != tomllib.loads(one.text)] == []


def test_every_commitment_is_deleted_once_and_changed_and_no_two_mutants_share_a_name() -> None:
    shipped = [one for one in files(POLICIES) if one.table == "commitment"]
    made = list(mutants(shipped))
    ids = [block.data["id"] for file in shipped for block in file.blocks]
    assert [one.identity for one in made if not one.where] == ids
    assert {one.identity for one in made if one.where} == set(ids)
    assert len({one.name for one in made}) == len(made)
    before = {one.path: tomllib.loads(one.text) for one in shipped}
    assert [one.name for one in made[::100] if tomllib.loads(one.text) == before[one.path]] == []
