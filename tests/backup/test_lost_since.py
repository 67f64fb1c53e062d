"""What was undone between a backup and a disaster stays undone after the restore."""

from uuid import UUID

from consent.backup.ended import end_again
from consent.db import Sql, Tx
from consent.organizations import service as organizations
from consent.privacy_requests.tasks import people, shredding
from consent.staff import accounts, team
from consent.staff.roles import Role
from consent.timed import retention as timed_retention
from tests.backup.conftest import Site
from tests.backup.test_restore import lived
from tests.retention.support import Shelves
from tests.support import staff, traces
from tests.support.systems import Systems
from tests.support.valley import PERSON, make_key

PLAIN = {"category": "message-text-in-out"} | dict.fromkeys(("jurisdiction", "role", "source", "site", "person"))
CAMPAIGN = Sql(
    "INSERT INTO notice_campaign (organization_id, id, kind, about, state, ways, posted, purposes, collected_for,"
    " wording, per_minute, listed_after, created_at) VALUES (:organization_id, :id, 'version', 'x', 'sending', '[]',"
    " '{}', '[]', '[]', '{}', 10, :id, '2026-11-20T00:00:00Z')"
)

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


def test_what_was_revoked_disabled_or_held_after_the_backup_is_so_again_and_no_notice_goes_twice(site: Site) -> None:
    systems = lived(site)
    house, organization_id = site.open(), site.tenant.id
    leaked = make_key(house, organization_id, site.time.now(), "consents:read", "records:read")
    gone = staff.member(house, organization_id, site.time.now(), Role.OFFICER, "Otto Officer")
    lower = staff.member(house, organization_id, site.time.now(), Role.OFFICER, "Opal Officer")
    shelves = Shelves(systems)
    record = shelves.register(collected_at="2024-11-20T12:00:00-08:00", **PLAIN)
    house.db.write(
        lambda tx: tx.run(CAMPAIGN, {"organization_id": organization_id, "id": UUID(int=5)}), organization_id
    )
    site.seal()
    backup, keys = site.back_up()
    with house.db.read(organization_id) as tx:
        known = organizations.list_keys(tx, organization_id)
    (key_id,) = [UUID(str(one["id"])) for one in known if one["scopes"] == ["consents:read", "records:read"]]
    now, keyring = site.time.now(), house.keyring

    def undo(tx: Tx) -> None:
        organizations.revoke_key(tx, keyring, organization_id, key_id, now)
        team.disable(tx, keyring, organization_id, gone.id, None, now, source="system")
        told = {"account": str(lower.id), "before": "officer", "role": "viewer"}
        accounts.set_role(tx, organization_id, lower.id, Role.VIEWER)
        organizations.record(tx, keyring, organization_id, "staff.role_changed", told, now)

    house.db.write(undo, organization_id)
    hold = shelves.hold(record=record["id"], ground="dispute-resolution", until="2029-06-30")
    assert hold.status_code == 201, hold.get_json()
    site.seal()
    site.destroy()
    assert site.begin(backup, keys).exit_code == 0
    done = site.finish()
    assert done.exit_code == 0, done.output
    assert "1 API keys and 2 accounts of staff ended again, 1 holds placed again" in done.output
    assert "1 notices were being sent" in done.output
    house = site.open()
    assert Systems(site.app().test_client(), site.tenant, leaked).get("records").status_code == 401
    with house.db.read(organization_id) as tx:
        assert accounts.one(tx, keyring, organization_id, gone.id).state == "disabled"
        assert accounts.one(tx, keyring, organization_id, lower.id).role is Role.VIEWER
        assert tx.all(Sql("SELECT 1 FROM staff_sign_in"), {}) == []
    site.time.go(days=60)
    timed_retention.look_again(house)
    timed_retention.dispose(house)
    held = systems_of(site)
    (again,) = held.get("holds").get_json()["holds"]
    assert (again["id"], again["until"], again["record"]) == (hold.get_json()["id"], "2029-06-30", record["id"])
    assert [one["id"] for one in held.get("records").get_json()["records"]] == [record["id"]]
    twice = end_again(house.db, house.keyring, organization_id, site.time.now())
    assert (twice.keys, twice.accounts, twice.holds) == (0, 0, 0)
