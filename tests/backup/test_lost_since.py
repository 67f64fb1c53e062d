"""What was undone between a backup and a disaster stays undone after the restore."""

from uuid import UUID

from consent.db import Sql
from consent.privacy_requests.tasks import people, shredding
from tests.backup.conftest import Site
from tests.backup.test_restore import lived
from tests.support import traces
from tests.support.systems import Systems
from tests.support.valley import PERSON

FACTS = Sql(
    "SELECT count(*) FROM ledger_disclosure d JOIN ledger_event e ON e.organization_id = d.organization_id"
    " AND e.event_id = d.event_id WHERE e.organization_id = :organization_id AND e.stream_id = :stream_id"
)


def test_newer_keys_open_an_older_backup_and_whom_they_cannot_open_any_more_is_erased_again(site: Site) -> None:
    systems = lived(site)
    gone, other = UUID(systems.lookup()), "+15095550144"
    systems.consent(address=other, person="customer-77")
    assert site.tenant.gateway(site.app().test_client()).text("STOP", sid="SM" + "e" * 32).status_code == 200
    assert not systems.may()
    site.seal()
    backup, _older = site.back_up("older")
    for contact in (gone, UUID(systems.lookup(other))):
        erase(site, contact)
    site.seal()
    site.time.go(seconds=5)
    _newer, keys = site.back_up("newer")
    site.destroy()
    assert site.begin(backup, keys).exit_code == 0
    done = site.finish()
    assert done.exit_code == 0 and "3 erased again" in done.output, done.output
    house = site.open()
    for address in (PERSON, other):
        wanted = traces.sought(house.keyring, site.tenant.id, {"sms": address}, ("customer-77",))
        found = {one.partition(":")[0] for one in traces.find(house, site.tenant.id, wanted) if "sqlite" not in one}
        kept = {"contact_point.tag", "contact_point.tag64", "preference.tag64"} if address == PERSON else set()
        assert found == kept
    with house.db.read(site.tenant.id) as tx:
        facts = tx.one(FACTS, {"organization_id": site.tenant.id, "stream_id": gone})
    assert facts == (0,)
    assert not systems_of(site).may()  # the STOP outlives it
    assert shredding.again_after_restore(site.shredder(), site.tenant.id, site.time.now()) == 0


def erase(site: Site, contact: UUID) -> None:
    """Nothing of them is left here."""
    house = site.open()
    with house.db.read(site.tenant.id) as tx:
        person = people.of_contact(tx, house.keyring, site.tenant.id, contact)
    assert person is not None
    shredding.erase_all(site.shredder(), person, UUID(int=7), site.time.now())


def systems_of(site: Site) -> Systems:
    """Valley's own systems at this house."""
    return Systems(site.app().test_client(), site.tenant)


def test_without_the_journal_of_erasures_nothing_is_finished_unless_somebody_says_that_it_is_lost(site: Site) -> None:
    systems = lived(site)
    systems.consent(address="+15095550144")
    backup, keys = site.back_up()
    erase(site, UUID(systems.lookup()))
    erase(site, UUID(systems.lookup("+15095550144")))
    site.seal()
    site.destroy()
    journal = site.config.data_dir / "outside" / str(site.tenant.id) / "erasures"
    kept = site.folder / "erasures"
    journal.rename(kept)
    assert site.begin(backup, keys).exit_code == 0
    refused = site.finish()
    assert refused.exit_code == 1 and "lacks 2 of its files" in refused.output, refused.output
    one = next(kept.glob("*/*.json"))
    (journal / one.parent.name).mkdir(parents=True)
    one.rename(journal / one.parent.name / one.name)
    assert "lacks 1 of its files" in site.finish().output
    done = site.finish("--outside-lost", "the disk is gone")
    assert done.exit_code == 0, done.output
    assert "1 erasures are not in the journal outside" in done.output and "1 erased again" in done.output
