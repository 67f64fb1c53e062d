"""What a telephone carrier of the demo did about call records: notice, registers, last year's certificate."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from consent.carrier import failing, letters, queries, service
from consent.commands.demo.office import Office
from consent.deadlines import zone
from consent.deadlines.zones import local_date
from consent.errors import SetupProblem
from consent.incidents.service import Desk
from consent.notices import carriers, jobs
from consent.notices import queries as notices
from consent.notices import service as campaigns
from consent.outbox import mailing
from consent.policies.answers.silence import Outage
from consent.policies.rulebook import ConsentDraft
from consent.preferences import consents
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical
from consent.timed.sending import postman_of

_NOBODY = UUID(int=0)


def ask(office: Office, row: Mapping[str, Any]) -> None:
    """The notice that silence may rest on went out so many days ago: by mail, and by letter but for the last few."""
    house, organization_id, rulebook = office.house, office.organization_id, office.in_force.rulebook
    then = office.now - timedelta(days=row["days_ago"])
    made = house.db.write(
        lambda tx: carriers.open_for(tx, organization_id, rulebook, row["use"], then), organization_id
    )
    teller = jobs.Teller(house.db, house.keyring, house.governing, house.config.public_url, failing.against_sending)
    jobs.tell(teller, organization_id, then)
    with house.db.read(organization_id) as tx:
        seen = notices.as_seen(notices.one(tx, organization_id, made), notices.counts(tx, organization_id, made))
    house.db.write(
        lambda tx: campaigns.approve(
            tx, house.keyring, organization_id, made, office.member.id, seen, failing.against_sending, then
        ),
        organization_id,
    )
    jobs.tell(teller, organization_id, then)
    while mailing.deliver(postman_of(house), organization_id, lambda: then):
        pass
    jobs.tell(teller, organization_id, then)
    with house.db.read(organization_id) as tx:
        current = queries.rounds(tx, organization_id)[0]
        people = [one.contact_point_id for one in queries.unreached(tx, organization_id, current, _NOBODY)]
    told = people[: max(len(people) - row.get("letters_left", 0), 0)]
    house.db.write(
        lambda tx: letters.sent(tx, _desk(office), told, _day(office, row["days_ago"]), then), organization_id
    )


def say(office: Office, row: Mapping[str, Any]) -> None:
    """Somebody said this of a use of their call records, on that day of last year, on the page of their choices."""
    house, organization_id, then = office.house, office.organization_id, _noon(office, _happened(office, row))
    draft = ConsentDraft(
        row["use"], "email", row["address"], row["state"], then, "preference page", row.get("wording"), "en", row["ip"],
        granted_by=row.get("granted_by"),
    )  # fmt: skip
    consents.check(office.in_force.rulebook, draft, then)
    said = consents.Said(
        draft, subjects.tagged(house.keyring, organization_id, canonical("email", row["address"])), row["person"]
    )
    house.db.write(
        lambda tx: consents.record(
            tx, house.keyring, office.in_force.log, office.in_force.rulebook, said, "page", then
        ),
        organization_id,
    )


def enter(office: Office, row: Mapping[str, Any]) -> None:
    """Something is in a register, with how it ended where it did; of a failure also the days on which it lasted."""
    house, desk, organization_id = office.house, _desk(office), office.organization_id
    happened, broken = _happened(office, row), row.get("broken")
    since = Outage(_day(office, broken["from_days_ago"]), None) if broken else None
    made = house.db.write(
        lambda tx: service.enter(tx, desk, row["kind"], happened, row["words"], _noon(office, happened), since),
        organization_id,
    )
    if broken:
        mended = _day(office, broken["until_days_ago"])
        lasted = Outage(_day(office, broken["from_days_ago"]), mended)
        house.db.write(lambda tx: service.lasted(tx, desk, made, lasted, _noon(office, mended)), organization_id)
    if "closed" in row:
        closed = _happened(office, row["closed"])
        house.db.write(
            lambda tx: service.close(tx, desk, made, closed, row["closed"]["end"], _noon(office, closed)),
            organization_id,
        )


def certify(office: Office, row: Mapping[str, Any]) -> None:
    """Last year's certificate was filed on its usual day, or today where that is still to come."""
    today = _day(office, 0)
    filed_on = min(date.fromisoformat(f"{today.year}-{row['filed_on']}"), today)
    office.house.db.write(
        lambda tx: service.file_certificate(tx, _desk(office), today.year - 1, filed_on, row["words"], office.now),
        office.organization_id,
    )


def _desk(office: Office) -> Desk:
    if not office.in_force.rulebook.carrier.on:
        raise SetupProblem("A seed keeps the registers of a telephone carrier for an organization that is none.")
    return Desk(office.house.keyring, office.in_force, str(office.member.id), "staff")


def _happened(office: Office, row: Mapping[str, Any]) -> date:
    """So many days ago, or on that day of last year."""
    if "last_year_on" in row:
        return date.fromisoformat(f"{_day(office, 0).year - 1}-{row['last_year_on']}")
    return _day(office, row["days_ago"])


def _day(office: Office, days_ago: int) -> date:
    return local_date(office.now - timedelta(days=days_ago), zone(office.in_force.rulebook.organization.zone))


def _noon(office: Office, day: date) -> datetime:
    """When somebody entered what happened on that day; never after the making of the demo."""
    return min(datetime.combine(day, time(12), zone(office.in_force.rulebook.organization.zone)), office.now)
