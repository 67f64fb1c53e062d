"""Which schema this program needs. Apart from `migrations`: a web process asks this and never loads alembic."""

from consent.errors import SetupProblem
from consent.resources import folder


def head() -> str:
    """The revision this program needs."""
    try:
        return (folder("migrations") / ".head").read_text(encoding="ascii").strip()
    except OSError:
        raise SetupProblem("The migrations are missing from this installation.") from None
