"""The notices of one organization as tests follow them, from the draft to the last mail."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from uuid import UUID

from consent.carrier import failing
from consent.db import Sql, Tx
from consent.gateways.email.file import recent
from consent.house import House
from consent.ledger.bodies import Leaf, parse
from consent.notices import jobs, queries, refresh, service
from consent.notices.queries import Campaign
from consent.policies import queries as versions
from consent.policies import service as policies
from consent.policies.organization import OrganizationPack, parse_organization
from consent.subjects import service as subjects
from consent.timed import sending
from tests.support.organizations import POLICIES, SMARTT, Five, consent_to
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import PUBLIC_URL

ANA, BEN, HAL, IVY = (f"{name}@customer.example" for name in ("ana", "ben", "hal", "ivy"))


class Desk:
    """The campaigns of one organization, and what became of them."""

    def __init__(self, house: House, systems: Systems, time: Time) -> None:
        self.house, self.systems, self.time, self.id = house, systems, time, systems.tenant.id
        self.teller = jobs.Teller(house.db, house.keyring, house.governing, PUBLIC_URL, failing.against_sending)

    def say(self, program: str, address: str, state: str = "given", **more: object) -> None:
        """Somebody said this of a program."""
        channel = "email" if "@" in address else "sms"
        at = "2026-11-20T18:15:00Z" if state == "given" else "2026-11-20T19:15:00Z"
        answer = self.systems.post(
            "consents", consent_to(program, channel, address, state=state, occurred_at=at, **more)
        )
        assert answer.status_code == 201, answer.get_data(as_text=True)

    def tell(self) -> None:
        """The job of notices has run, and no mail has left."""
        jobs.tell(self.teller, self.id, self.time.now())

    def run(self) -> None:
        """The timed jobs have run, mails too."""
        self.tell()
        sending.post(self.house)
        self.tell()
        jobs.look_back(self.teller, self.id, self.time.now())

    def cancel(self, notice: UUID) -> None:
        """Nothing more of this one goes out."""
        now, keyring = self.time.now(), self.house.keyring
        self.house.db.write(lambda tx: service.cancel(tx, keyring, self.id, notice, now), self.id)

    def campaign(self) -> Campaign:
        """The newest campaign."""
        with self.house.db.read(self.id) as tx:
            return queries.every(tx, self.id)[0]

    def choose(self, ways: Iterable[str], collected_for: Iterable[str] = ()) -> None:
        """The newest campaign goes these ways."""
        at, now = self.campaign().id, self.time.now()
        self.house.db.write(lambda tx: service.choose(tx, self.id, at, tuple(ways), tuple(collected_for), now), self.id)

    def approve(self) -> None:
        """The newest campaign goes out."""
        self._approve(self.campaign(), self.time.now())

    def _approve(self, at: Campaign, now: datetime) -> None:
        def work(tx: Tx) -> None:
            seen = queries.as_seen(at, queries.counts(tx, self.id, at.id))
            service.approve(tx, self.house.keyring, self.id, at.id, UUID(int=7), seen, failing.against_sending, now)

        self.house.db.write(work, self.id)

    def people(self, state: str) -> dict[str, tuple[str, str, str]]:
        """Part, reason and promise of those in this state, by address."""
        with self.house.db.read(self.id) as tx:
            found = queries.people(tx, self.id, self.campaign().id, state)
            known = subjects.addresses(tx, self.house.keyring, self.id, [one.contact_point_id for one in found])
        return {known[one.contact_point_id]: (one.part, one.reason, one.promise) for one in found}

    def mails(self) -> list[tuple[str, str]]:
        """To whom mails went, and their subjects."""
        kept = recent(self.house.config.data_dir / "dev-mails.jsonl")
        return [(one["recipient"], one["subject"]) for one in kept]

    def leaves(self, prefix: str) -> list[Leaf]:
        """The ledger's entries whose type begins so."""
        with self.house.db.read(self.id) as tx:
            rows = tx.all(
                Sql("SELECT body FROM ledger_event WHERE organization_id = :o ORDER BY event_id"), {"o": self.id}
            )
        return [one for row in rows if (one := parse(bytes(row[0]))).type.startswith(prefix)]

    def begins(self) -> datetime:
        """When the newest version begins."""
        with self.house.db.read(self.id) as tx:
            return max(one.effective_at for one in versions.published(tx, self.id))


def asking(house: House, five: Five, time: Time) -> tuple[Desk, OrganizationPack, date]:
    """Smartt, whose newsletter consents last two years; two people, one of whom withdrew; and the last day of both."""
    at = Desk(house, five[SMARTT], time)
    source = (POLICIES / SMARTT / "organization.toml").read_text("utf-8")
    lasting = source.replace(
        "[programs.newsletter.receipt]\n", '[programs.newsletter.receipt]\nvalidity_duration = "P24M"\n'
    )
    organization = parse_organization(lasting)
    house.db.write(lambda tx: policies.apply_organization(tx, house.keyring, at.id, organization, time.now()), at.id)
    ((program, period),) = refresh.running_out(organization)
    at.say(program.key, ANA)
    at.say(program.key, BEN)
    at.say(program.key, BEN, "withdrawn")
    return at, organization, refresh.last_day(organization, datetime(2026, 11, 20, 18, 15, tzinfo=UTC), period)


def ask(at: Desk, organization: OrganizationPack, until: date) -> UUID | None:
    """The draft that asks everybody whose newsletter ends by that day."""
    now = at.time.now()
    return at.house.db.write(lambda tx: refresh.open_for(tx, at.id, organization, "newsletter", until, now), at.id)
