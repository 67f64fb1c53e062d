"""What ledger tests stand on: one organization, its keys and log, and a way to let things happen."""

import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import SQLModel

from consent.db import Database
from consent.ledger import jobs, keyfiles, keys, models, service
from consent.ledger.service import Entry, Event, Log

NOW = datetime(2026, 11, 21, 9, 0, 0, 123456, tzinfo=UTC)
ORGANIZATION = UUID("0199c0de-0000-7000-8000-000000000001")
ORIGIN = "consent.example/log/acme/1"
TABLES = (
    models.LedgerLog,
    models.LedgerEvent,
    models.LedgerDisclosure,
    models.LedgerPending,
    models.LedgerLeaf,
    models.LedgerTile,
    models.LedgerCheckpoint,
    models.LedgerCheckpointSig,
    models.LedgerAnchor,
    models.StreamHead,
    models.StreamKey,
    models.ErasureJournal,
)


@dataclass
class House:
    """One organization with its ledger, on SQLite."""

    db: Database
    keyring: keys.Keyring
    data_dir: Path
    log: Log
    now: datetime = NOW
    streams: list[UUID] = field(default_factory=lambda: [uuid4() for _ in range(3)])

    @classmethod
    def build(cls, folder: Path, *, with_keys: bool = True) -> "House":
        if with_keys:
            keyfiles.create_root(folder)
            keys.create_organization_keys(folder, ORGANIZATION, ORIGIN, NOW)
        db = Database(f"sqlite:///{folder / 'ledger.db'}")
        tables: Any = [table.__table__ for table in TABLES]  # type: ignore[attr-defined]
        SQLModel.metadata.create_all(db.engine, tables=tables)
        log = db.write(lambda tx: service.open_log(tx, ORGANIZATION, 1, ORIGIN, NOW), ORGANIZATION)
        return cls(db, keys.Keyring(folder), folder, log)

    @classmethod
    def at(cls, folder: Path) -> "House":
        """A house that was built there before."""
        db = Database(f"sqlite:///{folder / 'ledger.db'}")
        house = cls(db, keys.Keyring(folder), folder, Log(ORGANIZATION, 1, ORIGIN))
        heads = house.ask("SELECT stream_id FROM stream_head ORDER BY stream_id")
        house.streams = [UUID(bytes=row[0]) for row in heads]
        newest = house.ask("SELECT max(recorded_at) FROM ledger_event")[0][0]
        house.now = datetime.fromisoformat(newest).replace(tzinfo=UTC)
        return house

    @classmethod
    def over(cls, other: "House") -> "House":
        """The same data folder, opened anew."""
        db = Database(f"sqlite:///{other.data_dir / 'ledger.db'}")
        return cls(db, keys.Keyring(other.data_dir), other.data_dir, other.log, other.now, other.streams)

    def happen(self, count: int = 1, *, stream: int | None = None, **event: Any) -> list[Entry]:
        """So many events, in turn on each stream, a second apart."""
        kept: list[Entry] = []

        def work(tx: Any) -> None:
            for number in range(count):
                chosen = self.streams[number % len(self.streams) if stream is None else stream]
                self.now += timedelta(seconds=1)
                facts = {"address": "+15095550142", "provider_msg_id": f"SM{number}"}
                given = {"type": "message.received", "source": "webhook", "channel": "sms", "facts": facts}
                given |= {"message": "STOP", "data": {"intent": "stop"}} | event
                opened = service.stream(tx, self.keyring, ORGANIZATION, chosen)
                kept.append(service.append(tx, self.log, opened, Event(**given), self.now))

        self.db.write(work, ORGANIZATION)
        return kept

    def seal(self) -> int:
        """Everything that waits is sealed, signed and published."""
        return jobs.seal_organization(self.db, self.keyring, ORGANIZATION, self.now)

    def tamper(self, sql: str, *parameters: object) -> int:
        """A hand on the database file itself, past every guard."""
        with sqlite3.connect(self.data_dir / "ledger.db") as raw:
            for (trigger,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                raw.execute(f'DROP TRIGGER "{trigger}"')
            touched = raw.execute(sql, parameters).rowcount
        raw.close()
        return touched

    def ask(self, sql: str, *parameters: object) -> list[Any]:
        """A look at the database file itself."""
        raw = sqlite3.connect(self.data_dir / "ledger.db")
        rows = raw.execute(sql, parameters).fetchall()
        raw.close()
        return rows
