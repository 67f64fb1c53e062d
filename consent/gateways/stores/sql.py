"""A database described by a file. Every value is bound; every name comes from the catalogue of that database itself.

One call erases one batch of one table and says how far it came, so that a run that was cut off goes on from there.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from consent.gateways.stores.base import Action, Check, Item, Outcome, Partly, Receipt, Resume, StoreFailed, Subject
from consent.gateways.stores.description import PERSON, Described, parse
from consent.gateways.stores.webhook import Wires

SECONDS = 10  # to connect
AT_ONCE = 500  # rows that are in memory while somebody's are read
_BEFORE = ("", "+1", "+1 ", "+1-", "+1.", "1", "1 ", "1-", "1.")  # a number of North America
# By what a table may be ordered, and how the last of a batch is read again from its text.
_KINDS: Mapping[str, Callable[[str], Any]] = {
    "int": int, "str": str, "UUID": UUID, "Decimal": Decimal,
    "datetime": datetime.fromisoformat, "date": date.fromisoformat,
}  # fmt: skip


class SqlStore:
    """The tables of the description, in the database whose URL stands in a setting of this service."""

    def __init__(self, name: str, settings: Mapping[str, Any], wires: Wires) -> None:
        self.name = name
        self._tables = parse(str(settings["description"]))
        self.categories = tuple(dict.fromkeys(one.category for one in self._tables))
        self._setting, self._wires = str(settings["url_setting"]), wires

    def find(self, subject: Subject, categories: tuple[str, ...]) -> Iterator[Item]:
        """Every row that is theirs, with the columns that may be shown."""
        with self._connected() as connection:
            for described in self._tables:
                if described.category in categories:
                    yield from self._rows(connection, described, subject)

    def erase(self, subject: Subject, category: str, resume: Resume) -> Outcome:
        """One batch is deleted or replaced; a receipt once no table of the category has any more."""
        with self._connected() as connection:
            return self._walk(connection, subject, category, Action.ERASE, {}, resume)

    def correct(self, subject: Subject, category: str, changes: Mapping[str, str], resume: Resume) -> Outcome:
        """The fields that the description names say what `changes` says, in every row that is theirs."""
        with self._connected() as connection:
            return self._walk(connection, subject, category, Action.CORRECT, changes, resume)

    def dispose(self, references: Sequence[str], category: str, method: str, resume: Resume) -> Outcome:
        """The rows under these keys, `table/key` as `find` names them, are gone or replaced as the file says.

        The receipt counts the rows that were there; one that had gone before is no fault. StoreFailed with the keys
        that no table of the file can have, and then nothing was done.
        """
        tables = [one for one in self._tables if one.category == category]
        if not tables:
            raise StoreFailed("no-such-category", for_good=True)
        count = 0
        with self._connected() as connection:
            found = [(described, _catalogued(connection, described)) for described in tables]
            keys = [_keys(table, described, references) for described, table in found]
            if strange := set(references).difference(*keys):
                raise StoreFailed("no-such-reference", for_good=True, references=strange)
            for (described, table), mine in zip(found, keys, strict=True):
                if mine:
                    with connection.begin():
                        count += _dispose(connection, table, described, list(mine.values()), method)
        proof = f"sql/{len(tables)} tables, {count} rows of {len(references)} references"
        return Receipt(self.name, category, "dispose", count, self._wires.clock(), proof)

    def check(self) -> Check:
        """Whether the database is there and has what the description names; nothing is read but its catalogue."""
        lines, fine = [], True
        with self._connected() as connection:
            for described in self._tables:
                try:
                    table = _catalogued(connection, described)
                    lines.append(f"{described.name}: {len(table.columns)} columns, for {described.category}")
                except StoreFailed as failed:
                    fine = False
                    lines.append(f"{described.name}: {failed.code}")
        return Check(fine, tuple(lines))

    def _walk(
        self,
        connection: sa.Connection,
        subject: Subject,
        category: str,
        action: Action,
        changes: Mapping[str, str],
        resume: Resume,
    ) -> Outcome:
        tables = [one for one in self._tables if one.category == category]
        at, after, count = _position(resume.token)
        while at < len(tables):
            table = _catalogued(connection, tables[at])
            values = _values(tables[at], action, changes)
            with connection.begin():
                last, touched = _batch(connection, table, tables[at], subject, after, values)
            count += touched
            if last is not None:
                return Partly(f"{at}|{count}|{type(last).__name__}|{last}", touched)
            at, after = at + 1, None
        return Receipt(self.name, category, action, count, self._wires.clock(), f"sql/{len(tables)} tables")

    def _rows(self, connection: sa.Connection, described: Described, subject: Subject) -> Iterator[Item]:
        table = _catalogued(connection, described)
        chosen = [table.c[described.order], *(table.c[one] for one in described.show)]
        theirs = _theirs(table, described, subject)
        if theirs is None:
            return
        reading = connection.execution_options(yield_per=AT_ONCE)
        for row in reading.execute(sa.select(*chosen).where(theirs).order_by(chosen[0])):
            fields = {
                name: str(value) for name, value in zip(described.show, row[1:], strict=True) if value is not None
            }
            yield Item(described.category, described.source, f"{described.name}/{row[0]}", fields)

    @contextmanager
    def _connected(self) -> Iterator[sa.Connection]:
        url = self._wires.environment.get(self._setting)
        if not url:
            raise StoreFailed("no-url")
        connect_args = {"timeout" if url.startswith("sqlite") else "connect_timeout": SECONDS}
        try:
            engine = sa.create_engine(url, poolclass=NullPool, connect_args=connect_args, hide_parameters=True)
            with engine.connect() as connection:
                yield connection
        except sa.exc.SQLAlchemyError as error:
            raise StoreFailed(f"database-{type(error).__name__}"[:64]) from None


def _batch(
    connection: sa.Connection,
    table: sa.Table,
    described: Described,
    subject: Subject,
    after: object,
    values: Mapping[str, Any] | None,
) -> tuple[Any, int]:
    """The last row that was touched, None when none was left, and how many rows it were.

    What is changed is theirs by its keys, never by its place in the order alone: the order need not be unique.
    """
    theirs = _theirs(table, described, subject)
    if theirs is None or values == {}:
        return None, 0
    change = sa.delete(table) if values is None else sa.update(table).values({table.c[n]: v for n, v in values.items()})
    order = table.c[described.order]
    wanted = sa.select(order).where(theirs, order.is_not(None)).order_by(order).limit(described.batch)
    if after is not None and values is not None:  # what is deleted is not found again
        wanted = wanted.where(order > after)
    ids = [row[0] for row in connection.execute(wanted)]
    if not ids:
        return None, connection.execute(change.where(theirs, order.is_(None))).rowcount
    if type(ids[-1]).__name__ not in _KINDS:
        raise StoreFailed("order-type", for_good=True)
    touched = connection.execute(change.where(theirs, order.in_(ids))).rowcount
    if not touched:
        raise StoreFailed("nothing-changed", for_good=True)  # a rule of that database kept the rows as they are
    return ids[-1], touched


def _keys(table: sa.Table, described: Described, references: Sequence[str]) -> dict[str, Any]:
    """Those of the references that can name a row of this table, each with the value of its key."""
    before, kind = f"{described.name}/", table.c[described.order].type
    named = {one: _key(kind, one.removeprefix(before)) for one in references if one.startswith(before)}
    return {one: key for one, key in named.items() if key is not None}


def _key(kind: sa.types.TypeEngine[Any], text: str) -> Any:
    """What a column of this kind holds where `find` says `text`; None where it can hold no such thing."""
    try:
        named = kind.python_type.__name__
    except NotImplementedError:
        named = "str"
    try:
        key = _KINDS.get(named, str)(text)
    except (ValueError, ArithmeticError):
        return None
    if not text.isascii() and named != "str":  # digits of other scripts are none of any database's
        return None
    if isinstance(key, int):
        return key if -(2**63) <= key < 2**63 else None
    return None if "\0" in text else key


def _dispose(connection: sa.Connection, table: sa.Table, described: Described, keys: Sequence[Any], method: str) -> int:
    """How many rows went: deleted where that is asked, else replaced as the file says."""
    if method != "deleted" and described.erase is None:
        raise StoreFailed(method[:64], for_good=True)  # the file does not say what takes the place of a row
    mine = table.c[described.order].in_(keys)
    if method == "deleted" and described.erase is None:
        return connection.execute(sa.delete(table).where(mine)).rowcount
    return connection.execute(sa.update(table).values(dict(described.erase or {})).where(mine)).rowcount


def _values(described: Described, action: Action, changes: Mapping[str, str]) -> Mapping[str, Any] | None:
    """What the columns become; None where the rows go."""
    if action is Action.CORRECT:
        return {described.correct[name]: value for name, value in changes.items() if name in described.correct}
    return described.erase


def _theirs(table: sa.Table, described: Described, subject: Subject) -> sa.ColumnElement[bool] | None:
    """The condition under which a row is theirs; None where no key of the table fits anything known of them."""
    either: list[sa.ColumnElement[bool]] = []
    for name, column in described.key.items():
        values = subject.person_refs if name == PERSON else _spellings(name, subject)
        if not values:
            continue
        own = table.c[column]
        either.append(sa.func.lower(own).in_(values) if name == "email" else own.in_(values))
    return sa.or_(*either) if either else None


def _spellings(channel: str, subject: Subject) -> tuple[str, ...]:
    """Every way in which their addresses of this channel may stand in a column."""
    found = [one.value for one in subject.addresses if one.channel == channel]
    if channel == "email":
        return tuple(one.lower() for one in found)
    return tuple(form for one in found for form in _numbers(one))


def _numbers(number: str) -> tuple[str, ...]:
    digits = number.removeprefix("+")
    if not (number.startswith("+1") and len(digits) == 11 and digits.isdigit()):
        return (number, digits, f"00{digits}")
    a, b, c = digits[1:4], digits[4:7], digits[7:]
    local = (f"{a}{b}{c}", f"{a}-{b}-{c}", f"({a}) {b}-{c}", f"({a}){b}-{c}", f"{a}.{b}.{c}", f"{a} {b} {c}",
             f"{a} {b}-{c}")  # fmt: skip
    return tuple(f"{before}{one}" for before in _BEFORE for one in local)


def _catalogued(connection: sa.Connection, described: Described) -> sa.Table:
    """The table as its own database describes it; StoreFailed where it lacks what the file names."""
    try:
        table = sa.Table(described.name, sa.MetaData(), schema=described.schema, autoload_with=connection)
    except sa.exc.NoSuchTableError:
        raise StoreFailed("no-such-table", for_good=True) from None
    finally:
        connection.rollback()
    if missing := sorted(described.columns - set(table.columns.keys())):
        raise StoreFailed(f"no-such-column {missing[0]}"[:64], for_good=True)
    return table


def _position(token: str) -> tuple[int, Any, int]:
    if not token:
        return 0, None, 0
    at, count, kind, last = token.split("|", 3)
    return int(at), _KINDS[kind](last), int(count)
