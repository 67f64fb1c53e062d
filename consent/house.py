"""What all doors and timed jobs of one process share: the database, the keys, what governs, the spool."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from consent.config import Config
from consent.db import Database
from consent.db.locks import FileLock
from consent.db.spool import Spool
from consent.gateways.sms import load
from consent.gateways.sms.base import Gateway
from consent.ledger.keys import Keyring
from consent.numbers.reassigned import Query
from consent.policies.frames import Frames
from consent.policies.governing import Governing
from consent.sms.doors import Doors
from consent.sms.intake import Intake
from consent.sms.spooling import Spooling


@dataclass(slots=True)
class House:
    """What all doors and jobs of one process share."""

    config: Config
    db: Database
    keyring: Keyring
    governing: Governing
    spooling: Spooling
    server_lock: FileLock | None = None
    frames: Frames = field(init=False)
    ask_reassigned: Query | None = None  # how a database of reassigned numbers is asked, where the operator has a way

    def __post_init__(self) -> None:
        self.frames = Frames(self.db, self.governing)

    @staticmethod
    def open(config: Config, *, finishing: bool = False) -> "House":
        """The house with its database connected and its keys in memory; `finishing` a restore, nobody else writes."""
        db = Database(config.database_url, connections=config.database_connections, finishing=finishing)
        keyring, governing = Keyring(config.data_dir), Governing(db)
        doors = Doors(db, keyring, lambda name, settings: load(name, settings, env=config.environment))
        spool = Spool(config.data_dir / "spool", keyring.spool_key())
        return House(
            config,
            db,
            keyring,
            governing,
            Spooling(spool, doors, Intake(db, keyring, governing, config.public_url), keyring),
        )

    def close(self) -> None:
        """No connection and no file is held."""
        self.spooling.spool.close()
        self.db.close()

    def load_gateway(self, name: str, settings: Mapping[str, Any]) -> Gateway:
        """A gateway account that may be used in this environment."""
        return load(name, settings, env=self.config.environment)
