"""Statements prepared on a connection survive what else happens on it (PostgreSQL)."""

import psycopg
import pytest
import sqlmodel

from consent.db import Database, Sql, Tx
from consent.policies.models import OrganizationSettings
from tests.support.databases import ON_POSTGRESQL

ONE = Sql("SELECT 1")


@ON_POSTGRESQL
def test_a_rollback_after_repeated_work_of_a_session_takes_no_prepared_statement_along(database_url: str) -> None:
    db = Database(database_url, connections=1)
    try:

        def work(tx: Tx) -> None:
            for _ in range(8):  # psycopg would prepare from the sixth time on
                tx.session.exec(sqlmodel.select(OrganizationSettings)).all()
            tx.one(ONE, {})

        db.write(work)
        for _ in range(2):
            with db.read() as tx:  # ends with ROLLBACK, the second time after one
                work(tx)
                assert tx.one(ONE, {}) == (1,)
    finally:
        db.close()


@ON_POSTGRESQL
def test_a_connection_whose_statements_are_gone_prepares_them_again(database_url: str) -> None:
    db = Database(database_url, connections=1)
    try:
        with db.read() as tx:
            tx.one(ONE, {})
        with db.read() as tx:
            tx.connection.exec_driver_sql("DEALLOCATE ALL")
        with pytest.raises(Exception, match="does not exist"), db.read() as tx:
            tx.one(ONE, {})
        with db.read() as tx:
            assert tx.one(ONE, {}) == (1,)
    finally:
        db.close()


@ON_POSTGRESQL
def test_a_value_that_the_database_does_not_take_is_told_as_that_and_the_connection_goes_on(database_url: str) -> None:
    db = Database(database_url, connections=1)
    try:
        with pytest.raises(psycopg.DataError), db.read() as tx:
            tx.one(Sql("SELECT :text"), {"text": "a\0b"})
        with db.read() as tx:
            assert tx.one(ONE, {}) == (1,)
        assert not db.reading.is_open
    finally:
        db.close()
