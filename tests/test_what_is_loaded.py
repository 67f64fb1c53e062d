"""A web process holds in memory what it serves with, and nothing else."""

import subprocess
import sys

NOT_NEEDED = ("alembic", "requests", "sqlalchemy.dialects.postgresql")


def test_a_web_process_loads_no_migrations_and_no_client_before_they_are_asked_for() -> None:
    code = f"import sys, consent.serving; print([name for name in {NOT_NEEDED!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
