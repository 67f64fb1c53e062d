"""SQL text prepared once per database, for the hot paths."""

import re
from collections.abc import Mapping, Sequence

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
    """An INSERT for any number of rows in one statement; prepared once for each number."""

    __slots__ = ("_made", "_suffix", "_table", "columns", "single")

    def __init__(self, table: str, columns: tuple[str, ...], suffix: str = "") -> None:
        self._table, self.columns, self._suffix = table, columns, suffix
        self._made: dict[int, Sql] = {}
        self.single = Sql(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(f':{name}' for name in columns)}) {suffix}"  # noqa: S608 - fixed names
        )

    def sql(self, count: int) -> Sql:
        """The statement for `count` rows, its parameters numbered by row: `:name_0`, `:name_1` …"""
        made = self._made.get(count)
        if made is None:
            rows = [f"({', '.join(f':{name}_{row}' for name in self.columns)})" for row in range(count)]
            head = f"INSERT INTO {self._table} ({', '.join(self.columns)}) VALUES {', '.join(rows)}"  # noqa: S608 - fixed names
            made = self._made[count] = Sql(f"{head} {self._suffix}")
        return made

    def parameters(self, rows: Sequence[Mapping[str, object]]) -> dict[str, object]:
        """The parameters of all rows; names that the table does not have are left out."""
        return {f"{name}_{number}": row[name] for number, row in enumerate(rows) for name in self.columns}
