"""This house erasing, and somebody who has lived in it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa

from consent.gateways.callbacks.calls import Answer
from consent.gateways.callbacks.targets import Target
from consent.gateways.stores.webhook import Wires
from consent.house import House
from consent.privacy_requests.tasks.shredding import Shredder
from consent.timed.requests import every_table
from tests.support.time import Time
from tests.support.valley import PUBLIC_URL

CRM = sa.Table(
    "crm_customer",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("phone", sa.String(40)),
    sa.Column("email", sa.String(80)),
    sa.Column("customer_no", sa.String(40)),
    sa.Column("full name", sa.String(80)),
)
SETTING = "CONSENT_STORE_CRM_URL"


@pytest.fixture
def shredder(house: House) -> Shredder:
    """This house, erasing."""
    return Shredder(house.db, house.keyring, house.config.data_dir, every_table, house.spooling.spool)


@dataclass
class Peer:
    """Somebody's system behind a webhook: it answers what it is told to, and keeps what it was asked."""

    answers: list[Answer] = field(default_factory=list)
    asked: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def ask(self, _target: Target, headers: object, body: bytes) -> Answer:
        """The next answer; 202 when none is left."""
        self.asked.append((dict(headers), body))  # type: ignore[call-overload]
        return self.answers.pop(0) if self.answers else Answer(202)


@pytest.fixture
def peer() -> Peer:
    """A system that takes tasks."""
    return Peer()


@pytest.fixture
def crm(database_url: str, tmp_path: Path) -> Iterator[sa.Engine]:
    """A customer database of the organization, of the same kind as ours and apart from it."""
    lite = database_url.startswith("sqlite")
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'crm.db'}" if lite else database_url)
    CRM.metadata.create_all(engine)
    yield engine
    CRM.metadata.drop_all(engine)
    engine.dispose()


@pytest.fixture
def wires(peer: Peer, crm: sa.Engine, time: Time) -> Wires:
    """How stores reach out in tests: to the peer, and to the customer database."""
    url = crm.url.render_as_string(hide_password=False)
    return Wires(peer.ask, time.now, PUBLIC_URL, {SETTING: url})
