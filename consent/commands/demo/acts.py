"""What the staff of a demo organization did: who looks after what, what was looked at and why, what was disposed of."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from consent import clock
from consent.commands.demo import carriers, versions
from consent.commands.demo.office import Office
from consent.dashboard.contacts import service as watching
from consent.deadlines import zone
from consent.deadlines.zones import local_date
from consent.errors import SetupProblem
from consent.house import House
from consent.policies.staff_settings import ADDRESSES
from consent.retention import disposing, jobs
from consent.staff import accounts, looking, unmasking
from consent.staff.doors import Member
from consent.staff.looking import Wanted
from consent.staff.roles import Role
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical
from consent.timed.retention import runner


def plant(house: House, organization_id: uuid.UUID, rows: Sequence[Mapping[str, Any]], now: datetime) -> int:
    """Every act of the seed was done, in its order."""
    with house.db.read(organization_id) as tx:
        staff = {one.role.value: one for one in accounts.every(tx, house.keyring, organization_id)}
    in_force = house.governing.now(organization_id, now)
    for row in rows:
        one = staff[row.get("by", Role.OFFICER)]
        member = Member(organization_id, one.id, one.name, one.role, one.language)
        _ACTS[row["act"]](Office(house, member, in_force, now), row)
    return len(rows)


def _watch(office: Office, row: Mapping[str, Any]) -> None:
    """Whoever acts looks there from now on, so often."""
    house, member = office.house, office.member
    today = local_date(office.now, zone(office.in_force.rulebook.organization.zone))
    for place in office.places(row["place"]):
        days = min(row["every_days"], place.most_days)
        house.db.write(
            lambda tx, place=place, days=days: watching.watch(  # type: ignore[misc]
                tx, house.keyring, member, place, member.id, days, today, office.now
            ),
            office.organization_id,
        )


def _check(office: Office, row: Mapping[str, Any]) -> None:
    """Somebody looked there, with the evidence in words."""
    house = office.house
    for place in office.places(row["place"]):
        house.db.write(
            lambda tx, place=place: watching.check(  # type: ignore[misc]
                tx, house.keyring, office.member, place, office.now, row["note"]
            ),
            office.organization_id,
        )


def _unmask(office: Office, row: Mapping[str, Any]) -> None:
    """Somebody saw an address in full, and said why."""
    house, organization_id = office.house, office.organization_id
    channel = "email" if "@" in row["address"] else "sms"
    tagged = subjects.tagged(house.keyring, organization_id, canonical(channel, row["address"]))
    with house.db.read(organization_id) as tx:
        contact = subjects.find(tx, organization_id, tagged)
    if contact is None:
        raise SetupProblem("A seed looks at an address that is not on record.")
    log, member, now = office.in_force.log, office.member, office.now
    wanted = Wanted(ADDRESSES, contact, row["reason"], ticket_open=False)
    look = looking.ask(house.db, house.keyring, log, office.in_force.rulebook, member, wanted, now)
    house.db.write(
        lambda tx: unmasking.unmask(tx, house.keyring, log, member, contact, look, row["why"], now), organization_id
    )


def _dispose(office: Office, _row: Mapping[str, Any]) -> None:
    """What is due is gone, as `retention run` does it."""
    house, organization_id = office.house, office.organization_id
    jobs.look_again(house.db, house.keyring, house.governing, organization_id, clock.now())
    disposing.run(runner(house), organization_id, clock.now)
    jobs.notice_missed(house.db, house.keyring, house.governing, organization_id, clock.now())


_ACTS: dict[str, Callable[[Office, Mapping[str, Any]], None]] = {
    "watch": _watch,
    "check": _check,
    "unmask": _unmask,
    "dispose": _dispose,
    "publish": versions.publish,
    "notify": versions.notify,
    "carrier-notice": carriers.ask,
    "carrier-said": carriers.say,
    "carrier-entry": carriers.enter,
    "carrier-certificate": carriers.certify,
}
