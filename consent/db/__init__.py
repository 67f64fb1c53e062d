"""The databases: one file of SQLite, or PostgreSQL; the same words for both."""

from consent.db.database import Database
from consent.db.parts import Part
from consent.db.sql import Rows, Sql
from consent.db.transaction import Tx

__all__ = ["Database", "Part", "Rows", "Sql", "Tx"]
