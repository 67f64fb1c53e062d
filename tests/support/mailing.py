"""An organization's mail in tests: an account at a server of the tests, mails that wait, a worker that sends them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from consent import clock
from consent.db import Sql, Tx
from consent.house import House
from consent.ledger import service as ledger
from consent.ledger.bodies import parse
from consent.organizations import service as organizations
from consent.outbox import mail, mailing, queries
from consent.outbox.mail import Mail
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical
from consent.timed import sending
from tests.support.mail_server import HOST, Server
from tests.support.valley import Tenant

ANA = "Ana@example.com"
NEWS = Mail("News of the house", "What is new\n", "<p>What is new</p>")


def add_account(house: House, tenant: Tenant, server: Server, now: datetime, **more: Any) -> None:
    """Mail of this organization leaves by this server."""
    settings = {"host": HOST, "port": server.port, "security": "none", "from_address": "news@valley.example"} | more

    def work(tx: Tx) -> None:
        organizations.create_account(
            tx,
            house.keyring,
            tenant.id,
            gateway="smtp",
            can_send=True,
            name="smtp",
            settings=settings,
            numbers={},
            now=now,
        )

    house.db.write(work, tenant.id)


@dataclass
class Post:
    """What waits for one organization, and what became of it."""

    house: House
    tenant: Tenant

    def write(
        self, to: str = ANA, words: Mail = NEWS, *, known: bool = True, kind: str = "mail.news", **more: Any
    ) -> UUID:
        """A mail waits; to an address on record, or to one that nobody knows."""
        house, now = self.house, clock.now()
        address = canonical("email", to)
        place = subjects.tagged(house.keyring, self.tenant.id, address)

        def work(tx: Tx) -> UUID:
            key, contact_id = house.keyring.challenge_key(self.tenant.id), None
            if known:
                contact = subjects.contact(tx, house.keyring, self.tenant.id, place, now)
                key, contact_id = contact.stream.key, contact.id
                log = ledger.log_of(tx, self.tenant.id)
                if contact.is_new and log is not None:  # nobody is on record without anything that happened
                    ledger.append(tx, log, contact.stream, ledger.Event("message.refused", "system", "email"), now)
            return mail.write(
                tx,
                house.keyring,
                self.tenant.id,
                key,
                address,
                words,
                now,
                kind=kind,
                contact_point_id=contact_id,
                **more,
            )

        return house.db.write(work, self.tenant.id)

    def deliver(self) -> None:
        """Everything due was tried."""
        postman = sending.postman_of(self.house)
        while mailing.deliver(postman, self.tenant.id, clock.now):
            pass

    def stands(self, job: UUID) -> tuple[str, str | None]:
        """How a job stands, with its last error."""
        names = ("waiting", "sent", "expired", "refused", "dead", "cancelled")
        with self.house.db.read(self.tenant.id) as tx:
            found = {one["id"]: one for one in queries.jobs(tx, self.tenant.id, names)}
        return str(found[str(job)]["outcome"]), found[str(job)]["last_error"]

    def events(self, type: str) -> list[dict[str, Any]]:
        """The data of the ledger's events of this type."""
        with self.house.db.read(self.tenant.id) as tx:
            rows = tx.all(Sql("SELECT body FROM ledger_event WHERE organization_id = :org"), {"org": self.tenant.id})
        leaves = [parse(bytes(row[0])) for row in rows]
        return [dict(one.data) for one in leaves if one.type == type]
