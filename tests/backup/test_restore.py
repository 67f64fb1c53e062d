"""What a restore refuses, and what it makes of a log that is not the one that was published."""

import io
import json
import zipfile
import zlib
from pathlib import Path
from uuid import UUID

from consent.backup import opt_outs
from consent.backup.again import refuse_again
from consent.db import Sql, migrations
from consent.db.locks import hold_server_lock
from consent.ledger import jobs as ledger_jobs
from consent.ledger import notes, queries
from consent.ledger.notes import Checkpoint
from consent.ledger.outside import OutsideFolder
from consent.privacy_requests.tasks import people, shredding
from tests.backup.conftest import Site
from tests.support.databases import ON_SQLITE
from tests.support.systems import Systems
from tests.support.valley import PERSON

COUNT = Sql("SELECT count(*) FROM ledger_event WHERE organization_id = :id")


def lived(site: Site) -> Systems:
    """Somebody agreed and wrote; everything is sealed."""
    client = site.app().test_client()
    systems = Systems(client, site.tenant)
    systems.consent()
    assert site.tenant.gateway(client).text("when do you open").status_code == 200
    site.seal()
    return systems


def logs_of(site: Site) -> list[queries.LogRow]:
    """The logs of the organization."""
    with site.open().db.read(site.tenant.id) as tx:
        return queries.logs(tx, site.tenant.id)


def _with_another_byte(whole: bytes, part: zipfile.ZipInfo) -> bytes:
    """The same file with one byte of a part changed, in its middle or behind, so that it says something else.

    A few bits of packed data say the same either way: from how far back a row of zeros is copied, for one.
    """
    # The data of a part stand behind its local header of 30 bytes, its name and what ZIP64 adds.
    start = part.header_offset + 30 + len(part.filename) + whole[part.header_offset + 28]
    for at in range(start + part.compress_size // 2, start + part.compress_size):
        changed = bytearray(whole)
        changed[at] ^= 0x10
        try:
            with zipfile.ZipFile(io.BytesIO(changed)) as archive:
                archive.read(part.filename)
        except (zipfile.BadZipFile, zlib.error):
            return bytes(changed)
    raise AssertionError("Whatever is changed says the same.")


@ON_SQLITE
def test_one_changed_byte_of_any_part_is_named_and_nothing_is_put_back(site: Site) -> None:
    lived(site)
    backup, keys = site.back_up()
    site.destroy()
    database = Path(site.config.database_url.removeprefix("sqlite:///"))
    for whole, other in ((backup, keys), (keys, backup)):
        with zipfile.ZipFile(whole) as archive:
            parts = archive.infolist()
        for part in parts:
            damaged = site.folder / f"damaged{whole.suffix}"
            damaged.write_bytes(_with_another_byte(whole.read_bytes(), part))
            answer = site.begin(*((damaged, other) if whole is backup else (other, damaged)))
            assert answer.exit_code == 1 and part.filename in answer.output, (part.filename, answer.output)
            assert not database.exists() and not list(database.parent.glob(".consent*"))
    half = site.folder / "half.backup"
    half.write_bytes(backup.read_bytes()[:-100])
    assert "no backup file of ours" in site.begin(half, keys).output
    assert "no backup file that this program" in site.begin(keys, keys).output
    assert "There is no file" in site.begin(site.folder / "none.backup", keys).output
    assert site.begin(backup, keys).exit_code == 0


def test_nothing_is_replaced_and_nobody_is_disturbed(site: Site) -> None:
    lived(site)
    backup, keys = site.back_up()
    answer = site.begin(backup, keys)
    assert answer.exit_code == 1
    assert "holds a database" in answer.output or "Somebody uses this database" in answer.output
    site.close()
    answer = site.begin(backup, keys)
    assert answer.exit_code == 1 and "nothing is replaced" in answer.output
    assert site.finish().exit_code == 1
    assert Systems(site.app().test_client(), site.tenant).may()
    site.destroy()
    assert site.begin(backup, keys).exit_code == 0
    assert site.begin(backup, keys).exit_code == 1
    site.close()
    assert site.finish().exit_code == 0
    assert [log.log_id for log in logs_of(site)] == [1]  # nothing came after the backup: the log goes on
    assert Systems(site.app().test_client(), site.tenant).consent()
    site.seal()
    assert site.run("ledger", "verify").exit_code == 0


@ON_SQLITE
def test_a_server_on_the_place_of_the_database_and_a_backup_that_is_there_are_refused(site: Site) -> None:
    lived(site)
    backup, keys = site.back_up()
    again = site.run("backup", str(backup), "--keys", str(site.folder / "keys"))
    assert again.exit_code == 1 and "exists already" in again.output
    for place in (site.folder, site.folder / "nowhere"):
        assert site.run("backup", str(site.folder / "two.backup"), "--keys", str(place)).exit_code == 1
    assert not (site.folder / "two.backup").exists()
    assert oct(backup.stat().st_mode & 0o777) == oct(keys.stat().st_mode & 0o777) == "0o600"
    site.destroy()
    lock = hold_server_lock(Path(site.config.database_url.removeprefix("sqlite:///")))
    assert "Another server already serves" in site.begin(backup, keys).output
    lock.close()
    old = site.folder / "keys" / "consent-20261001T000000Z.keys"
    old.write_bytes(b"an old copy")
    assert site.begin(backup, keys).exit_code == 0
    site.close()
    assert site.finish().exit_code == 0
    site.time.go(seconds=2)
    told = json.loads(site.run("backup", str(site.folder), "--keys", str(site.folder / "keys"), "--json").stdout)
    assert told["destroyed"] == [str(old)] and not old.exists()


@ON_SQLITE
def test_without_the_newest_checkpoint_nothing_is_believed_and_one_from_a_mailbox_is_enough(site: Site) -> None:
    systems = lived(site)
    backup, keys = site.back_up()
    systems.consent(address="+15095550177")
    site.seal()
    outside = site.config.data_dir / "outside"
    newest = OutsideFolder(site.config.data_dir, site.tenant.id, 1).latest()
    assert newest is not None
    site.destroy()
    outside.rename(site.folder / "outside")
    assert site.begin(backup, keys).exit_code == 0
    refused = site.finish()
    assert refused.exit_code == 1 and "--outside-lost" in refused.output
    assert [log.closed_at for log in logs_of(site)] == [None]
    held = site.folder / "mailbox.note"
    held.write_text(newest)
    finished = site.finish("--held", str(held))
    assert finished.exit_code == 0, finished.output
    assert "lacks what was published last" in finished.output
    old, new = logs_of(site)
    assert old.closed_at is not None and new.origin.endswith("/valley-smart-homes/2")
    (site.folder / "outside" / str(site.tenant.id) / "1" / "latest").unlink()
    assert site.run("ledger", "verify", "--held", str(held)).exit_code == 0  # the next log says that it was lost
    signers = site.open().keyring.log_signers(site.tenant.id, old.origin, site.time.now())
    claimed = queries.checkpoint_of(newest)
    for size, root in ((claimed.size, b"y" * 32), (claimed.size + 1, claimed.root), (1, b"y" * 32)):
        held.write_text(notes.sign(Checkpoint(old.origin, size, root).text, signers))
        forged = site.run("ledger", "verify", "--held", str(held))
        assert forged.exit_code == 1 and "V8" in forged.output, size


@ON_SQLITE
def test_a_log_that_contradicts_what_was_published_is_closed_and_a_lost_folder_opens_a_new_one(site: Site) -> None:
    lived(site)
    backup, keys = site.back_up()
    house, tenant = site.open(), site.tenant.id
    with house.db.read(tenant) as tx:
        (log,) = queries.logs(tx, tenant)
        size = queries.size(tx, tenant, 1)
    other = Checkpoint(log.origin, size, b"x" * 32)
    note = notes.sign(other.text, house.keyring.log_signers(tenant, log.origin, site.time.now()))
    for file in (site.config.data_dir / "outside" / str(tenant) / "1").glob("*/*.note"):
        file.unlink()
    (site.config.data_dir / "outside" / str(tenant) / "1" / "latest").write_text(note)
    site.destroy()
    assert site.begin(backup, keys).exit_code == 0
    finished = site.finish()
    assert "contradicts what was published" in finished.output
    assert finished.exit_code == 0, finished.output
    assert [one.closed_at is None for one in logs_of(site)] == [False, True]
    backup, keys = site.back_up("two")
    for file in (site.config.data_dir / "outside").glob("**/latest"):
        file.unlink()
    for file in (site.config.data_dir / "outside").glob("**/*.note"):
        file.unlink()
    site.destroy()
    assert site.begin(backup, keys).exit_code == 0
    finished = site.finish("--outside-lost", "the disk of the copies burnt too")
    assert finished.exit_code == 0, finished.output
    assert [one.log_id for one in logs_of(site)] == [1, 2, 3]
    with site.open().db.read(tenant) as tx:
        body = tx.one(
            Sql(
                "SELECT e.body FROM ledger_leaf l JOIN ledger_event e ON e.event_id = l.event_id"
                " AND e.organization_id = l.organization_id WHERE l.log_id = 3 AND l.leaf_index = 0"
                " AND l.organization_id = :id"
            ),
            {"id": tenant},
        )
    assert body is not None and b"the disk of the copies burnt too" in body[0] and b"log.opened" in body[0]


def test_a_part_that_was_erased_is_erased_again_and_what_waited_is_not_sent_twice(site: Site) -> None:
    systems = lived(site)
    house, tenant = site.open(), site.tenant.id
    assert site.tenant.gateway(systems.client).text("HELP", sid="SM" + "a" * 32).status_code == 200
    backup, keys = site.back_up()
    with house.db.read(tenant) as tx:
        person = people.of_contact(tx, house.keyring, tenant, UUID(systems.lookup()))
    assert person is not None
    assert shredding.erase_part(site.shredder(), person, "messages", "texts", site.time.now()).count > 0
    assert "when do you open" not in str(systems.history())
    site.seal()
    site.destroy()
    assert site.begin(backup, keys).exit_code == 0
    finished = site.finish()
    assert finished.exit_code == 0, finished.output
    systems = Systems(site.app().test_client(), site.tenant)
    assert "when do you open" not in str(systems.history())
    assert systems.may()  # nothing else of them went
    waiting = json.loads(site.run("jobs", "list", "--organization", site.tenant.slug, "--json").stdout)
    assert waiting and {one["outcome"] for one in waiting} == {"dead"}


@ON_SQLITE
def test_every_no_is_outside_once_and_saying_it_again_finds_nothing(site: Site) -> None:
    lived(site)
    twilio = site.tenant.gateway(site.app().test_client())
    assert twilio.text("STOP", sid="SM" + "e" * 32).status_code == 200
    site.seal()
    site.seal()
    house = site.open()
    (journal,) = opt_outs.journals(house.keyring, site.tenant.id)
    said = list(journal.read())
    assert [one.type for one in said].count("consent.withdrawn") == 1
    raw = journal.path.read_bytes()
    assert PERSON.encode() not in raw and said[0].tag not in raw and b"stop" not in raw.lower()
    journal.path.write_bytes(raw + b"17 half a li")  # the machine went down while it was written
    assert list(journal.read()) == said
    site.seal()
    assert twilio.text("STOP", sender="+15095550188", sid="SM" + "d" * 32).status_code == 200
    site.seal()
    assert len(list(journal.read())) == len(said) + 1
    whole = journal.path.read_bytes()
    for number in (1, 2):
        assert twilio.text("STOP", sender=f"+1509555019{number}", sid="SM" + str(number) * 32).status_code == 200
    site.seal()
    after = list(journal.read())
    assert len(after) == len(said) + 3
    cut = journal.path.read_bytes()[len(whole) :].splitlines(keepends=True)
    journal.path.write_bytes(whole + b"".join(cut[:-1]))  # the machine went down between the lines of one call
    site.seal()
    assert {one.event_id for one in journal.read()} == {one.event_id for one in after}
    with house.db.read(site.tenant.id) as tx:
        before = tx.one(COUNT, {"id": site.tenant.id})
    assert refuse_again(house.db, house.keyring, site.tenant.id, site.time.now()) == 0
    ledger_jobs.seal_organization(house.db, house.keyring, site.tenant.id, site.time.now())
    with house.db.read(site.tenant.id) as tx:
        assert tx.one(COUNT, {"id": site.tenant.id}) == before


def test_an_upgrade_backs_up_first_and_that_backup_is_brought_to_the_newest_schema(site: Site) -> None:
    lived(site)
    site.close()
    earlier = migrations.revisions()[1]
    migrations.downgrade(site.config.migration_url, earlier)
    upgraded = site.run("db", "upgrade")
    assert upgraded.exit_code == 0, upgraded.output
    (backup,) = (site.config.data_dir / "backups").iterdir()
    (keys,) = (site.config.data_dir / "backups-keys").iterdir()
    assert backup.name in upgraded.output and keys.name in upgraded.output
    assert "What was there" not in site.run("db", "upgrade").output
    site.destroy()
    begun = site.begin(backup, keys)
    assert begun.exit_code == 0, begun.output
    finished = site.finish()
    assert finished.exit_code == 0, finished.output
    assert Systems(site.app().test_client(), site.tenant).may()
