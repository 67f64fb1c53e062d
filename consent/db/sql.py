"""SQL text prepared once per database, for the hot paths."""

import re
from collections.abc import Mapping

_NAMED = re.compile(r"(?<!:):([a-z_][a-z0-9_]*)")


class Sql:
    """A statement with `:name` parameters, ready for both drivers; `postgresql` gives it another text there."""

    __slots__ = ("inserts", "postgresql", "sqlite")

    def __init__(self, text: str, *, postgresql: str | None = None) -> None:
        self.sqlite = text
        self.inserts = text.startswith("INSERT ")
        self.postgresql = _NAMED.sub(r"%(\1)s", (postgresql or text).replace("%", "%%"))

    def __repr__(self) -> str:
        return f"Sql({' '.join(self.sqlite.split())[:60]}…)"


class Rows:
    """An INSERT for any number of rows in one statement; prepared once for each number.

    A row is a tuple of its values in the order of `columns`: naming forty parameters costs more than storing them.
    """

    __slots__ = ("_made", "_suffix", "_table", "columns", "single")

    def __init__(self, table: str, columns: tuple[str, ...], suffix: str = "") -> None:
        self._table, self.columns, self._suffix = table, columns, suffix
        self._made: dict[int, Sql] = {}
        self.single = self.sql(1)

    def sql(self, count: int) -> Sql:
        """The statement for `count` rows, one after the other."""
        made = self._made.get(count)
        if made is None:
            head = f"INSERT INTO {self._table} ({', '.join(self.columns)}) VALUES"
            row = f"({', '.join('?' * len(self.columns))})"
            text = f"{head} {', '.join([row] * count)} {self._suffix}"
            made = self._made[count] = Sql(text)
            made.postgresql = made.postgresql.replace("?", "%s")
        return made

    def row(self, values: Mapping[str, object]) -> tuple[object, ...]:
        """The row of these values by name; names that the table does not have are left out."""
        return tuple(values[name] for name in self.columns)
