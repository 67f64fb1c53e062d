"""A database's schema as comparable facts, and the same schema made from the models alone."""

import re
import sqlite3
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlmodel import SQLModel

from consent import tables  # noqa: F401  (the complete metadata)
from consent.db import protection
from consent.db.engine import SERVING_ROLE
from tests.support.databases import psycopg_url

Facts = set[tuple[str, ...]]
TABLES = SQLModel.metadata.sorted_tables

_POSTGRESQL = {
    "column": "SELECT table_name, column_name, ordinal_position::text, data_type,"
    " coalesce(character_maximum_length::text, ''), is_nullable, coalesce(column_default, '')"
    " FROM information_schema.columns WHERE table_schema = 'public'",
    "constraint": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
    "index": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "trigger": "SELECT tgrelid::regclass::text, tgname, tgenabled::text, pg_get_triggerdef(oid) FROM pg_trigger"
    " WHERE NOT tgisinternal",
    "policy": "SELECT tablename, policyname, permissive, cmd, roles::text, coalesce(qual, ''),"
    " coalesce(with_check, '') FROM pg_policies WHERE schemaname = 'public'",
    "row security": "SELECT relname, relrowsecurity::text, relforcerowsecurity::text FROM pg_class"
    " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'",
    "grant": "SELECT table_name, grantee, privilege_type FROM information_schema.role_table_grants"
    " WHERE table_schema = 'public' AND grantee IN ('PUBLIC', %s)",
    "function": "SELECT proname, prosrc, prosecdef::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
}


def read(url: str) -> Facts:
    """Tables, columns, keys, CHECKs, indexes, triggers; on PostgreSQL row security and grants too."""
    if url.startswith("sqlite"):
        return {fact for fact in _read_sqlite(url) if "alembic_version" not in fact}
    with psycopg.connect(psycopg_url(url)) as connection:
        return read_with(connection)


def make(url: str) -> None:
    """The schema that the models and `consent.db.protection` say, in an empty database."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    SQLModel.metadata.create_all(engine)
    with engine.begin() as connection:
        run = connection.exec_driver_sql
        if url.startswith("sqlite"):
            for table in TABLES:
                for statement in protection.sqlite_triggers(table).values():
                    run(statement)
            return
        run(
            f"CREATE FUNCTION {protection.REFUSE}() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION '%% is append-only', TG_TABLE_NAME; END $$"
        )
        for table in TABLES:
            policies = protection.postgresql_policies(table)
            if policies:
                run(f"ALTER TABLE {table.name} ENABLE ROW LEVEL SECURITY")
                run(f"ALTER TABLE {table.name} FORCE ROW LEVEL SECURITY")
            for statement in (*policies.values(), *protection.postgresql_triggers(table).values()):
                run(statement)
            run(protection.postgresql_grant(table))


def read_with(connection: psycopg.Connection[Any]) -> Facts:
    """The facts of a PostgreSQL database as this connection sees them."""
    facts = {
        (kind, *map(str, row))
        for kind, question in _POSTGRESQL.items()
        for row in connection.execute(question.encode(), (SERVING_ROLE,) if "%s" in question else None)
    }
    return {fact for fact in facts if "alembic_version" not in fact}


def _read_sqlite(url: str) -> Facts:
    raw = sqlite3.connect(url.removeprefix("sqlite:///"))
    facts: Facts = set()
    for kind, table, name, statement in raw.execute("SELECT type, tbl_name, name, sql FROM sqlite_master"):
        if kind != "table":
            facts.add((kind, table, name, " ".join((statement or "").split())))
            continue
        for place, column in enumerate(raw.execute(f'PRAGMA table_info("{name}")')):
            facts.add(("column", table, *map(str, column), str(place)))
        facts |= {("clause", table, clause) for clause in _clauses(statement)}
    raw.close()
    return facts


def _clauses(statement: str) -> list[str]:
    """What stands between the commas of a CREATE TABLE, and what follows it."""
    head, _, rest = " ".join(statement.split()).partition("(")
    body, _, tail = rest.rpartition(")")
    depth, begun, clauses = 0, 0, []
    for at, character in enumerate(body):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth == 0:
            clauses.append(body[begun:at])
            begun = at + 1
    clauses.append(body[begun:])
    return [_plain(one) for one in (head, *clauses, tail)]


def _plain(text: str) -> str:
    return re.sub(r"\s*([(),])\s*", r"\1", text.replace('"', "").strip())
