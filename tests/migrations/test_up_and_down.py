"""Every revision goes up and down, with data in the tables."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from alembic.script import ScriptDirectory

from consent.app import create_app
from consent.db import Database, Sql, migrations
from consent.house import House
from consent.resources import folder
from tests.migrations import schemas
from tests.support import journey
from tests.support.time import Time
from tests.support.valley import found_tenant, new_data_dir, settings


def test_down_and_up_again_with_data_gives_the_same_schema(
    new_database: Callable[[], str], tmp_path: Path, time: Time
) -> None:
    url = new_database()
    migrations.upgrade(url)
    schema = schemas.read(url)
    live(url, tmp_path / "var", time)
    revisions = [one.revision for one in ScriptDirectory(str(folder("migrations"))).walk_revisions()]
    for below in [*revisions[1:], "base"]:
        migrations.downgrade(url, below)
        assert migrations.current(url) == (None if below == "base" else below)
    assert schemas.read(url) == set()
    migrations.upgrade(url)
    assert schemas.read(url) == schema
    live(url, tmp_path / "again", time)


def test_going_up_twice_changes_nothing(new_database: Callable[[], str]) -> None:
    url = new_database()
    migrations.upgrade(url)
    schema = schemas.read(url)
    migrations.upgrade(url)
    assert schemas.read(url) == schema


def test_an_empty_or_older_database_is_told_from_a_current_one(new_database: Callable[[], str]) -> None:
    url = new_database()
    assert "run: consent db upgrade" in migrations.differences(url)[0]
    migrations.upgrade(url)
    assert migrations.current(url) == migrations.head()


def live(url: str, data_dir: Path, time: Time) -> None:
    """A house is founded there and has a day."""
    house = House.open(settings(new_data_dir(data_dir), url))
    try:
        tenant = found_tenant(house, time.now())
        client = create_app(house).test_client()
        time.at += timedelta(minutes=5)
        journey.live(house, client, tenant, tenant.gateway(client), time.now())
    finally:
        house.db.close()


def test_a_new_file_and_its_log_are_for_the_owners_eyes(tmp_path: Path) -> None:
    file = tmp_path / "consent.sqlite3"
    migrations.upgrade(f"sqlite:///{file}")
    db = Database(f"sqlite:///{file}")
    try:
        db.write(lambda tx: tx.run(Sql("UPDATE alembic_version SET version_num = version_num"), {}))
        made = sorted(tmp_path.glob("consent.sqlite3*"))
        assert f"{file}-wal" in [str(one) for one in made]
        assert {one.stat().st_mode & 0o077 for one in made} == {0}
    finally:
        db.close()
