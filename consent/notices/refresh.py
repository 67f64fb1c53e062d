"""Consents that run out: who is asked, once, whether to go on; implied ones need a yes before their last day (CASL)."""

import uuid
from collections.abc import Callable, Collection
from datetime import date, datetime

from consent.db import Tx
from consent.deadlines import Period, zone
from consent.deadlines.zones import local_date
from consent.notices import service
from consent.notices.audience import Somebody
from consent.notices.listing import Plan
from consent.notices.queries import Campaign
from consent.notices.rules import EMAIL, LeftOut, Told
from consent.notices.wording import LANGUAGES, REFRESH
from consent.policies.notice_settings import NoticeMail
from consent.policies.organization import OrganizationPack, Program


def lasting(program: Program) -> Period | None:
    """How long a consent to this program lasts by its receipt; None where it has no end, or none is asked for."""
    stated = str(program.receipt.get("validity_duration", "unlimited"))
    return None if stated == "unlimited" or EMAIL not in program.channels else Period.parse(stated)


def running_out(organization: OrganizationPack) -> list[tuple[Program, Period]]:
    """The programs by mail whose consents have an end."""
    return [(one, period) for one in organization.programs if (period := lasting(one)) is not None]


def last_day(organization: OrganizationPack, given_at: datetime, period: Period) -> date:
    """The last day on which a consent of that instant counts."""
    return period.after(local_date(given_at, zone(organization.zone)))


def open_for(
    tx: Tx, organization_id: uuid.UUID, organization: OrganizationPack, program: str, until: date, now: datetime
) -> uuid.UUID | None:
    """A draft that asks everybody whose consent to this program ends by that day; None where it exists."""
    about = f"refresh:{program}/{until.isoformat()}"
    return service.open_refresh(tx, organization_id, about, (program,), organization.notices.per_minute, now)


def planner(organization: OrganizationPack, now: datetime) -> Callable[[Campaign], Plan]:
    """Who is asked in such a campaign: those whose yes still counts and ends by its day."""

    def plan(campaign: Campaign) -> Plan:
        programs: Collection[str] = campaign.collected_for
        until = date.fromisoformat(campaign.about.rpartition("/")[2])

        def decide(one: Somebody) -> Told | LeftOut | None:
            return _asked(organization, one, programs, until, now)

        return Plan(programs, decide, True, frozenset(LANGUAGES), organization.languages[0])

    return plan


def _asked(
    organization: OrganizationPack, one: Somebody, programs: Collection[str], until: date, now: datetime
) -> Told | LeftOut | None:
    if one.known.channel != EMAIL:
        return None
    today = local_date(now, zone(organization.zone))
    for key in programs:
        program = organization.program(key)
        period = lasting(program) if program is not None else None
        standing = one.known.standings.get(key)
        if program is None or period is None or standing is None or not standing.consents:
            continue
        newest = max(standing.consents, key=lambda fact: fact.occurred_at)
        if newest.state != "given" or one.known.stopped:
            return LeftOut(f"consent-{newest.state}" if newest.state != "given" else "suppressed")
        ends = last_day(organization, newest.occurred_at, period)
        if ends < today:
            return LeftOut("consent-expired")
        if ends <= until:
            return Told(REFRESH, "", NoticeMail(key, program.message_classes[0]))
    return None
