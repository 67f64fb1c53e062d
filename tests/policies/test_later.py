"""What `make mutate-policies` may let live: parameters of promises whose door is really still to be built."""

from consent.policies.doors import DOORS
from consent.policies.packs import load_versions
from tests.mutation.later import entries
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
