"""The next version of a policy in the demo: announced, told of by the ways that are promised, and proven by person."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from datetime import time as time_of_day
from typing import Any

from consent import clock
from consent.carrier import failing
from consent.commands.demo.office import Office
from consent.deadlines import zone
from consent.deadlines.zones import local_date
from consent.errors import SetupProblem
from consent.notices import jobs, queries, service
from consent.notices.queries import Campaign
from consent.notices.rules import BY_A_PERSON
from consent.outbox import mailing
from consent.policies import service as policies
from consent.policies.packs import packs_root, read
from consent.policies.version import parse_version
from consent.timed.sending import postman_of


def publish(office: Office, row: Mapping[str, Any]) -> None:
    """The version `after`, with these edits of its wording and its commitments, is announced as the next one."""
    house, pack = office.house, office.in_force.rulebook.organization
    folder = packs_root() / pack.slug / row["policy"] / row["after"]
    text = edited(read(folder / "text.md"), row["text"])
    commitments = edited(read(folder / "commitments.toml"), row["commitments"])
    version = parse_version(row["policy"], row["version"], text, commitments)
    first_day = local_date(office.now, zone(pack.zone)) + timedelta(days=row["begins_in_days"])
    begins = datetime.combine(first_day, time_of_day(), tzinfo=zone(pack.zone))
    house.db.write(
        lambda tx: policies.publish(tx, house.keyring, office.organization_id, version, office.now, begins),
        office.organization_id,
    )


def notify(office: Office, row: Mapping[str, Any]) -> None:
    """The newest notice went from its draft to the last mail; what a person puts up stands there."""
    house, organization_id, by = office.house, office.organization_id, office.member.id
    teller = jobs.Teller(house.db, house.keyring, house.governing, house.config.public_url, failing.against_sending)
    jobs.tell(teller, organization_id, clock.now())
    campaign = _newest(office)
    ways, stated = row["ways"], row.get("collected_for", ())
    house.db.write(
        lambda tx: service.choose(tx, organization_id, campaign.id, ways, stated, clock.now()), organization_id
    )
    jobs.tell(teller, organization_id, clock.now())
    with house.db.read(organization_id) as tx:
        draft = queries.one(tx, organization_id, campaign.id)
        seen = queries.as_seen(draft, queries.counts(tx, organization_id, campaign.id))
    house.db.write(
        lambda tx: service.approve(
            tx, house.keyring, organization_id, campaign.id, by, seen, failing.against_sending, clock.now()
        ),
        organization_id,
    )
    for way in _newest(office).ways.intersection(BY_A_PERSON):
        house.db.write(
            lambda tx, way=way: service.mark_posted(  # type: ignore[misc]
                tx, house.keyring, organization_id, campaign.id, way, by, clock.now()
            ),
            organization_id,
        )
    jobs.tell(teller, organization_id, clock.now())
    postman = postman_of(house)
    while mailing.deliver(postman, organization_id, clock.now):
        pass
    jobs.tell(teller, organization_id, clock.now())


def _newest(office: Office) -> Campaign:
    with office.house.db.read(office.organization_id) as tx:
        return queries.every(tx, office.organization_id)[0]


def edited(text: str, edits: Sequence[Sequence[str]]) -> str:
    """The text with each of these places replaced; SetupProblem where one is not in it."""
    for old, new in edits:
        if old not in text:
            raise SetupProblem(f"A seed changes words of a policy that are not there: {old[:80]}")
        text = text.replace(old, new)
    return text
