"""Which schema this program needs. Apart from `migrations`: a web process asks this and never loads alembic."""

from consent.db.database import Database
from consent.db.sql import Sql
from consent.errors import SetupProblem
from consent.resources import folder

_REVISION = Sql("SELECT version_num FROM alembic_version")


def head() -> str:
    """The revision this program needs."""
    try:
        return (folder("migrations") / ".head").read_text(encoding="ascii").strip()
    except OSError:
        raise SetupProblem("The migrations are missing from this installation.") from None


def check(db: Database) -> None:
    """The database has the schema of this program; SetupProblem otherwise."""
    try:
        with db.read(single=True) as tx:
            row = tx.one(_REVISION, {})
    except Exception as error:
        cause = error.__cause__ or error
        if "no such table" in str(cause) or getattr(cause, "sqlstate", None) == "42P01":  # undefined table
            raise SetupProblem("The database is empty. Run: consent db upgrade") from None
        raise
    if row is None or row[0] != head():
        raise SetupProblem("The database is not at this program's schema. Run: consent db upgrade")
