"""`consent policies trace --missing`: what still stands behind nothing, for whoever wants to sleep."""

import json

import pytest
from click.testing import CliRunner, Result

from consent import clock
from consent.cli import main
from consent.house import House
from consent.ledger import jobs as ledger_jobs
from consent.review import jobs
from tests.support.databases import ON_SQLITE
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import Tenant


@ON_SQLITE
def test_missing_names_each_promise_with_what_it_lacks_until_something_real_happened(
    house: House, systems: Systems, time: Time, valley: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONSENT_DATA_DIR", str(house.config.data_dir))
    monkeypatch.setenv("CONSENT_DATABASE_URL", house.config.database_url)

    def lacking(*words: str) -> dict[str, list[str]]:
        done = CliRunner().invoke(main, ["policies", "trace", *words, "--missing", "--json"])
        assert done.exit_code == (1 if "lacks" in done.stdout else 0)
        return {one["commitment"]: one["lacks"] for one in json.loads(done.stdout)}

    assert "evidence" in lacking()["VSH-17"]
    systems.consent()
    ledger_jobs.seal_organization(house.db, house.keyring, valley.id, clock.now())
    assert jobs.count_evidence(house.db, valley.id, clock.now()) > 0
    assert "VSH-17" not in lacking(valley.slug)
    done: Result = CliRunner().invoke(main, ["policies", "trace", valley.slug, "--missing"])
    assert (done.exit_code, "commitments lack something" in done.output) == (1, True)
    assert f"{valley.slug} VSH-59 (deletion-exception): no evidence" in done.output
    nobody = CliRunner().invoke(main, ["policies", "trace"])
    assert (nobody.exit_code, "--missing" in nobody.output) == (1, True)
