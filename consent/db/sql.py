"""SQL text prepared once per database, for the hot paths."""

import re

_NAMED = re.compile(r"(?<!:):([a-z_][a-z0-9_]*)")


class Sql:
    """A statement with `:name` parameters, ready for both drivers; `postgresql` gives it another text there."""

    __slots__ = ("postgresql", "sqlite")

    def __init__(self, text: str, *, postgresql: str | None = None) -> None:
        self.sqlite = text
        self.postgresql = _NAMED.sub(r"%(\1)s", (postgresql or text).replace("%", "%%"))

    def __repr__(self) -> str:
        return f"Sql({' '.join(self.sqlite.split())[:60]}…)"
