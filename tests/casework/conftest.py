"""Valley with a request under way, and two people who work on it."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid4

import pytest

from consent.db import Tx
from consent.house import House
from consent.outbox.mail import Mail
from consent.privacy_requests import service
from consent.privacy_requests.casework import Case, Desk, Hand, load, timeline
from consent.subjects import service as subjects
from consent.subjects.addresses import of_person
from tests.support.valley import Tenant

ADDRESS = "jane@person.example"
LETTER = Mail("About your request", "Words.", "<p>Words.</p>")
CLERK, OFFICER = Hand(uuid4(), "Cleo Clerk"), Hand(uuid4(), "Omar Officer")


class Office:
    """Opens requests and runs verbs, each in a transaction of its own."""

    def __init__(self, house: House, tenant: Tenant) -> None:
        self.house, self.tenant = house, tenant

    def desk(self, at: datetime) -> Desk:
        in_force = self.house.governing.at(self.tenant.id, at)
        return Desk(self.house.keyring, in_force.log, in_force.rulebook)

    def open(self, request_type: str, received_at: datetime, address: str = ADDRESS, **more: object) -> UUID:
        desk = self.desk(received_at)
        channel = "email" if "@" in address else "sms"
        tagged = subjects.tagged(self.house.keyring, self.tenant.id, of_person(channel, address))
        asked = service.Asked(request_type, "letter", received_at, **more)  # type: ignore[arg-type]

        def work(tx: Tx) -> UUID:
            contact = subjects.contact(tx, self.house.keyring, self.tenant.id, tagged, received_at)
            return service.open(tx, desk.log, desk.rulebook, contact, asked, received_at).id

        return self.house.db.write(work, self.tenant.id)

    def do(
        self, verb: Callable[..., Case], request_id: UUID, by: Hand, now: datetime, *more: object, **named: object
    ) -> Case:
        desk = self.desk(self.case(request_id).received_at)
        return self.house.db.write(lambda tx: verb(tx, desk, request_id, by, now, *more, **named), self.tenant.id)

    def steps(self, request_id: UUID) -> list[str]:
        with self.house.db.read(self.tenant.id) as tx:
            return [one.kind for one in timeline(tx, self.tenant.id, request_id)]

    def case(self, request_id: UUID) -> Case:
        with self.house.db.read(self.tenant.id) as tx:
            return load(tx, self.tenant.id, request_id)


@pytest.fixture
def office(house: House, valley: Tenant) -> Office:
    """Who works on Valley's requests."""
    return Office(house, valley)
