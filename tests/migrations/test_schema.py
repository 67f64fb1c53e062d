"""A migrated database has exactly the schema that the models and `consent.db.protection` say."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from alembic.script import ScriptDirectory

from consent.db import migrations
from consent.resources import folder
from tests.migrations import schemas
from tests.support.databases import psycopg_url

NewDatabase = Callable[[], str]
ROOT = Path(__file__).resolve().parents[2]

ON_BOTH = (
    "DROP INDEX ix_job_due",
    "CREATE INDEX ix_planted ON job (created_at)",
    "ALTER TABLE person ADD COLUMN planted INTEGER",
    "CREATE TABLE planted (id INTEGER)",
)
PLANTED = {
    "sqlite": (
        *ON_BOTH,
        "DROP TRIGGER ledger_event_no_update",
        "UPDATE sqlite_master SET sql = replace(sql, 'deny', 'maybe') WHERE name = 'decision'",
        "UPDATE sqlite_master SET sql = replace(sql, 'WITHOUT ROWID', '') WHERE name = 'preference'",
        "UPDATE sqlite_master SET sql = replace(sql, 'VARCHAR(64)', 'VARCHAR(65)') WHERE name = 'job'",
    ),
    "postgresql": (
        *ON_BOTH,
        "DROP TRIGGER ledger_event_no_change ON ledger_event",
        "ALTER TABLE ledger_event DISABLE TRIGGER ledger_event_no_change",
        "ALTER TABLE decision DROP CONSTRAINT ck_decision_answer",
        "ALTER TABLE job ALTER COLUMN kind TYPE varchar(65)",
        "ALTER TABLE job ALTER COLUMN kind DROP NOT NULL",
        "ALTER TABLE person DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE person NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY person_own ON person",
        "CREATE POLICY planted ON person FOR SELECT USING (true)",
        "GRANT UPDATE ON ledger_event TO consent_serving",
        "GRANT SELECT ON person TO PUBLIC",
    ),
}


def test_a_migrated_database_is_what_the_models_say(new_database: NewDatabase) -> None:
    migrated, made = new_database(), new_database()
    migrations.upgrade(migrated)
    schemas.make(made)
    assert schemas.read(migrated) - schemas.read(made) == set()
    assert schemas.read(made) - schemas.read(migrated) == set()
    assert migrations.differences(migrated) == []


def test_each_planted_difference_is_seen(new_database: NewDatabase) -> None:
    url = new_database()
    migrations.upgrade(url)
    before = schemas.read(url)
    for statement in PLANTED[url.partition("+")[0].partition(":")[0]]:
        with _spoiled(url, statement) as after:
            assert after != before, statement
    assert schemas.read(url) == before


class _spoiled:
    """The facts of the database while `statement` holds; taken back afterwards."""

    def __init__(self, url: str, statement: str) -> None:
        self._url, self._statement = url, statement

    def __enter__(self) -> schemas.Facts:
        if self._url.startswith("sqlite"):
            self._copy = Path(self._url.removeprefix("sqlite:///") + ".spoiled")
            self._copy.write_bytes(Path(self._url.removeprefix("sqlite:///")).read_bytes())
            raw = sqlite3.connect(self._copy, isolation_level=None)
            raw.execute("PRAGMA writable_schema=ON")
            raw.execute(self._statement)
            raw.close()
            return schemas.read(f"sqlite:///{self._copy}")
        self._connection = psycopg.connect(psycopg_url(self._url))
        self._connection.execute(self._statement.encode())
        return schemas.read_with(self._connection)

    def __exit__(self, *_: object) -> None:
        if self._url.startswith("sqlite"):
            self._copy.unlink()
        else:
            self._connection.rollback()
            self._connection.close()


def test_there_is_one_head_and_the_file_beside_it_says_which() -> None:
    script = ScriptDirectory(str(folder("migrations")))
    assert script.get_heads() == [migrations.head()]
    assert (ROOT / "migrations" / ".head").read_text().strip() == migrations.head()


def test_revisions_are_numbered_in_order() -> None:
    names = sorted(path.name for path in (ROOT / "migrations" / "versions").glob("*.py"))
    script = ScriptDirectory(str(folder("migrations")))
    walked = [revision.revision for revision in script.walk_revisions()][::-1]
    assert [name.partition("_")[0] for name in names] == walked
    assert walked == [f"{number:04}" for number in range(1, len(walked) + 1)]


# The spool of a machine and the preview of an import are files apart from the database, made and thrown away by one
# release. A restore lets the rows of all organizations in at once, and puts row security back where it was.
FILES_OF_THEIR_OWN = (
    ROOT / "consent/db/spool.py",
    ROOT / "consent/imports/preview.py",
    ROOT / "consent/imports/record_preview.py",
    ROOT / "consent/backup/postgresql.py",
)


@pytest.mark.parametrize("word", ["create_all", "CREATE TABLE", "ALTER TABLE"])
def test_no_schema_changes_outside_the_revisions(word: str) -> None:
    files = [path for path in (ROOT / "consent").rglob("*.py") if path not in FILES_OF_THEIR_OWN]
    assert [path for path in files if word in path.read_text("utf-8")] == []


def test_migrations_import_nothing_of_ours() -> None:
    for path in (ROOT / "migrations" / "versions").glob("*.py"):
        text = path.read_text("utf-8")
        assert "consent" not in [
            line.split()[1].partition(".")[0] for line in text.splitlines() if line.startswith(("import ", "from "))
        ]
