"""A person of Valley at whom an answer is aimed, and a request of theirs that is closed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from consent import clock
from consent.db import Tx
from consent.house import House
from consent.ledger import service as ledger
from consent.privacy_requests.answers import certificates
from consent.privacy_requests.answers.certificate import Authority, Done, Facts, Result
from consent.privacy_requests.answers.certificates import Certificate
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical
from tests.support.valley import PUBLIC_URL, Tenant

ANA = "ana@example.com"
REQUEST = UUID("0199c0de-0000-7000-8000-00000000abcd")


def facts_of(now: datetime, **changes: Any) -> Facts:
    """A deletion of which one class of data stays."""
    done = Done("Billing", "erase", 3, now, "a" * 500)
    given: dict[str, Any] = {
        "request_id": REQUEST,
        "request_type": "deletion",
        "masked": "a…@e…",
        "reference": "ABCDE-12345",
        "received_at": now - timedelta(days=3),
        "closed_at": now,
        "results": (
            Result("messages", "do", done=(done,), backup_until=date(2027, 1, 4)),
            Result("billing", "keep", ground="tax-records", clause="VSH-58", keep_until=date(2033, 12, 31)),
        ),
        "may_appeal": True,
        "authorities": (Authority("The authority", "https://authority.example"),),
    }
    return Facts(**(given | changes))


@dataclass
class Desk:
    """Where answers are made for people of Valley."""

    house: House
    tenant: Tenant

    def contact(self, address: str = ANA, channel: str = "email") -> UUID:
        """The contact point is on record, with something that happened."""
        tagged = subjects.tagged(self.house.keyring, self.tenant.id, canonical(channel, address))

        def work(tx: Tx) -> UUID:
            made = subjects.contact(tx, self.house.keyring, self.tenant.id, tagged, clock.now())
            log = ledger.log_of(tx, self.tenant.id)
            assert log is not None
            ledger.append(tx, log, made.stream, ledger.Event("message.refused", "system", channel), clock.now())
            return made.id

        return self.house.db.write(work, self.tenant.id)

    def certify(self, contact: UUID, *, mail: bool = True, **changes: Any) -> Certificate:
        """The request of this person is closed with a certificate."""
        now = clock.now()
        rulebook = self.house.governing.now(self.tenant.id, now).rulebook

        def work(tx: Tx) -> Certificate:
            log = ledger.log_of(tx, self.tenant.id)
            assert log is not None
            stream = ledger.stream(tx, self.house.keyring, self.tenant.id, contact)
            return certificates.make(
                tx, self.house.keyring, log, stream, rulebook, facts_of(now, **changes), PUBLIC_URL, now,
                mail_to=contact if mail else None,
            )  # fmt: skip

        return self.house.db.write(work, self.tenant.id)
