"""The demo of all five organizations: it loads, once, and leaves evidence of what they promise."""

from pathlib import Path

from click.testing import CliRunner

from consent.cli import main
from consent.commands.demo import command as demo
from consent.config import Config
from consent.db import Sql
from consent.house import House
from consent.ledger import jobs as ledger_jobs
from consent.organizations import service as organizations
from consent.review import jobs as review_jobs
from consent.review import service as review
from tests.support.time import Time

_EVENTS = Sql("SELECT count(*) FROM ledger_event WHERE organization_id = :organization_id")
# What nothing stands behind after a run of the seeds, and why. It was all mended: no line may come.
MISSING: dict[str, dict[str, str]] = {
    "1valet": {},
    "smartt": {},
    "valley-smart-homes": {},
    "valtt": {},
    "voxvalley": {},
}


def test_every_seed_loads_once_and_leaves_evidence_of_the_promises(config: Config, time: Time) -> None:
    notes = demo.prepare(config, time.now())
    assert set(notes) == set(MISSING)
    before = events(config)
    sample = notes["valley-smart-homes"]["deletion"]
    told = CliRunner().invoke(main, ["demo", "--prepare-only"])
    assert told.exit_code == 0, told.output
    assert (
        f"/staff/requests/{sample['id']}\n" in told.output and f"the clerk: {sample['reference']}, from" in told.output
    )
    root = Path(__file__).resolve().parents[2]
    for page in ("README.md", "docs/demo.md", "docs/clerks.md", "docs/dashboard.md"):
        assert sample["who"] in (root / page).read_text(encoding="utf-8"), page
    assert demo.prepare(config, time.now()) == notes
    assert events(config) == before
    time.go(minutes=5)
    assert lacking(config, time) == {slug: set(named) for slug, named in MISSING.items()}
    checked = CliRunner().invoke(main, ["ledger", "verify", "--json"])
    assert checked.exit_code == 0, checked.output


def events(config: Config) -> dict[str, int]:
    """How many entries each organization has."""
    house = House.open(config)
    try:
        with house.db.read() as tx:
            tenants = organizations.every(tx)
        found = {}
        for tenant in tenants:
            with house.db.read(tenant.id) as tx:
                row = tx.one(_EVENTS, {"organization_id": tenant.id})
                found[tenant.slug] = int(row[0]) if row is not None else 0
        return found
    finally:
        house.close()


def lacking(config: Config, time: Time) -> dict[str, set[str]]:
    """The commitments of each organization that lack a door, a test or evidence, once all is sealed and counted."""
    house = House.open(config)
    try:
        with house.db.read() as tx:
            tenants = organizations.every(tx)
        found = {}
        for tenant in tenants:
            ledger_jobs.seal_organization(house.db, house.keyring, tenant.id, time.now())
            review_jobs.count_evidence(house.db, tenant.id, time.now())
            with house.db.read(tenant.id) as tx:
                traced = review.trace_of(tx, tenant.id, time.now())
            promises = [one for policy in traced.policies for one in policy.commitments]
            found[tenant.slug] = {one.id for one in promises if one.lacks}
        return found
    finally:
        house.close()
