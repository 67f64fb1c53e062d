"""What can only be kept apart: under a rulebook that promises nothing else, until no backup holds it."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from consent import clock
from consent.house import House
from consent.policies.governing import InForce
from consent.policies.rulebook import Rulebook, compile_rulebook
from consent.retention import disposing, jobs
from consent.retention.disposing import Runner
from tests.retention.shelf import Shelf
from tests.retention.support import OLD, ONTARIO, Shelves, disposed
from tests.support.time import Time
from tests.support.valley import Tenant


class Apart:
    """Governs as the shipped pack does, but for 1V-26, which promises isolation alone and settles that much."""

    def __init__(self, house: House, settled: dict[str, Any]) -> None:
        self.house, self.settled = house, settled

    def now(self, organization_id: UUID, now: datetime) -> InForce:
        """The rules of that moment."""
        in_force = self.house.governing.now(organization_id, now)
        return replace(in_force, rulebook=self.made(in_force.rulebook, now))

    def made(self, today: Rulebook, now: datetime) -> Rulebook:
        """With that promise changed."""
        changed = [
            replace(
                version,
                commitments=tuple(
                    replace(
                        one,
                        parameters={**one.parameters, "outcomes": [disposing.batches.ISOLATED]},
                        decided=self.settled,
                    )
                    if one.id == "1V-26"
                    else one
                    for one in version.commitments
                ),
                commitments_sha256=repr(self.settled).encode().ljust(32)[:32],
            )
            for version in today.versions
        ]
        return compile_rulebook(today.organization, changed, today.law, now)


def test_1v_26_what_is_kept_apart_goes_for_good_when_no_backup_holds_it_and_a_hold_keeps_it_longer(
    house: House, valet: Tenant, shelves: Shelves, shelf: Shelf, runner: Runner, time: Time
) -> None:
    said = {"category": "identifiers", "jurisdiction": ONTARIO, "store": "shelf"}
    kept, gone = shelves.register(**said), shelves.register(**said)
    shelves.happened("account-ended", OLD)
    governing: Any = Apart(house, {})
    apart, run = replace(runner, governing=governing), lambda: disposing.run(apart, valet.id, clock.now)
    assert run().disposed == 2
    for one in (kept, gone):  # no backup period is settled: it stays on the list, apart, and nobody says that it went
        assert (shelves.read(one)["state"], shelves.read(one)["dispose_on"]) == ("isolated", None)
    assert [one["backups_gone_by"] for one in disposed(house, valet)] == [""]
    governing.settled = {"backup_rotation": "P90D"}
    jobs.look_again(house.db, house.keyring, governing, valet.id, clock.now())
    assert [shelves.read(one)["dispose_on"] for one in (kept, gone)] == ["2027-02-19"] * 2
    assert run().disposed == 0
    assert shelves.hold(record=kept["id"]).status_code == 201
    time.go(days=91)
    assert run().disposed == 1
    assert [line[2] for line in shelf.lines()] == ["isolated-pending-deletion", "deleted"]
    assert shelves.left() == [kept["reference"]]
    time.go(days=135)  # the last day of the hold is over
    assert run().disposed == 1
    assert shelves.left() == []
