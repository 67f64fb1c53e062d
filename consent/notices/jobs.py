"""What the clock calls: published versions get their campaigns, lists are made, approved notices go out and end."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from consent.db import Database, Tx
from consent.ledger.keys import Keyring
from consent.notices import carriers, cases, dates, listing, pausing, queries, refresh, returned, sending, service
from consent.notices.queries import Campaign
from consent.notices.rules import BY_A_PERSON
from consent.notices.sending import Sender
from consent.policies import queries as versions
from consent.policies.governing import Governing

LOOKS_BACK = timedelta(days=30)  # a version published longer ago than this was told of in another way


# Organizations with the versions that the last look asked about, and those beside them, when nothing was to be told.
NeedsNone = dict[uuid.UUID, tuple[tuple[uuid.UUID, ...], tuple[tuple[uuid.UUID, datetime], ...]]]


@dataclass(frozen=True, slots=True)
class Teller:
    """What telling people needs."""

    db: Database
    keyring: Keyring
    governing: Governing
    public_url: str
    bar: pausing.Bar
    needs_none: NeedsNone = field(default_factory=dict)


def tell(teller: Teller, organization_id: uuid.UUID, now: datetime) -> None:
    """Whatever is to be done for the notices of this organization now was done; each step where the last one ended."""
    announce(teller, organization_id, now)
    dates.guard(teller.db, teller.keyring, organization_id, now)
    with teller.db.read(organization_id) as tx:
        open_campaigns, cancelled = queries.unfinished(tx, organization_id, now), queries.unsettled(tx, organization_id)
    for campaign in cancelled:
        sending.settle(_sender(teller, organization_id, now), campaign, now)
    for campaign in open_campaigns:
        go_on(teller, organization_id, campaign, now)
    dates.guard(teller.db, teller.keyring, organization_id, now)


def announce(teller: Teller, organization_id: uuid.UUID, now: datetime) -> list[uuid.UUID]:
    """Every version published lately has its campaign; returns the new ones."""
    with teller.db.read(organization_id) as tx:
        found = cases.untold(tx, organization_id, now - LOOKS_BACK, now)
        if not found:
            return []
        # Whether a version changes anything hangs on the versions beside it, and on nothing else.
        stand = tuple(found), tuple((one.id, one.effective_at) for one in versions.published(tx, organization_id))
        if teller.needs_none.get(organization_id) == stand:
            return []
        found = [one for one in found if service.needs_telling(tx, organization_id, one)]
    if not found:
        teller.needs_none[organization_id] = stand
    made = [
        teller.db.write(lambda tx, one=one: service.open_version(tx, organization_id, one, now), organization_id)  # type: ignore[misc]
        for one in found
    ]
    return [one for one in made if one is not None]


def go_on(teller: Teller, organization_id: uuid.UUID, campaign: Campaign, now: datetime) -> None:
    """The campaign is one step further: listed, sent on at its pace, settled, ended; or it stands still."""
    sender, rulebook = _sender(teller, organization_id, now), teller.governing.now(organization_id, now).rulebook
    with teller.db.read(organization_id) as tx:
        replaced = (
            campaign.version_id is not None and cases.version_of(tx, organization_id, campaign.version_id).replaced
        )
        asked = carriers.planner(rulebook) if carriers.is_one(campaign) else refresh.planner(sender.organization, now)
        plan = None if replaced else listing.plan_of(tx, organization_id, campaign, now, asked)
    if plan is None:
        teller.db.write(
            lambda tx: service.cancel(tx, teller.keyring, organization_id, campaign.id, now), organization_id
        )
        return
    if campaign.state == "listing":
        listing.make(teller.db, organization_id, campaign, plan, now)
        campaign = _again(teller, organization_id, campaign)
    if campaign.state == "draft" and not plan.writes and _by_hand_done(campaign):
        teller.db.write(lambda tx: _page_only(tx, teller, organization_id, campaign, now), organization_id)
        return
    if campaign.state != "sending":
        return
    sending.settle(sender, campaign, now)
    with teller.db.read(organization_id) as tx:
        barred = sender.barred(tx, campaign)
    if barred is not None:
        teller.db.write(lambda tx: pausing.hold_up(tx, organization_id, campaign.id, now), organization_id)
        return
    returned.go_on(sender, campaign, plan, now)
    sending.go_on(sender, campaign, plan, now)
    _end_if_over(sender, campaign, now)


def look_back(teller: Teller, organization_id: uuid.UUID, now: datetime) -> None:
    """Mails of ended campaigns that came back since are marked; one goes on where another mailbox is known."""
    sender = _sender(teller, organization_id, now)
    with teller.db.read(organization_id) as tx:
        lately = [one for one in queries.every(tx, organization_id)
                  if one.approved_at is not None and now - (one.finished_at or now) < sending.BOUNCES_FOR]  # fmt: skip
    for campaign in lately:
        sending.come_back(sender, campaign, now)
        returned.reopen(sender, campaign)


def _page_only(tx: Tx, teller: Teller, organization_id: uuid.UUID, campaign: Campaign, now: datetime) -> None:
    """Nothing but a page was promised: that it stands there is all the proof, and no mail is invented (T-92)."""
    if campaign.version_id is None:
        return
    version = cases.version_of(tx, organization_id, campaign.version_id)
    data = {
        "places": sorted(campaign.ways) or ["policy-page"],
        "since": version.announced_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    service.record(tx, teller.keyring, organization_id, campaign, "notice.shown", data, now)
    service.end(tx, teller.keyring, organization_id, campaign, "done", now)


def _by_hand_done(campaign: Campaign) -> bool:
    return all(way in campaign.posted for way in campaign.ways if way in BY_A_PERSON)


def _end_if_over(sender: Sender, campaign: Campaign, now: datetime) -> None:
    with sender.db.read(sender.organization_id) as tx:
        left = {one.state for one in queries.counts(tx, sender.organization_id, campaign.id)} & {"listed", "waiting"}
    if not left and _by_hand_done(campaign):
        sender.db.write(
            lambda tx: service.end(tx, sender.keyring, sender.organization_id, campaign, "done", now),
            sender.organization_id,
        )


def _again(teller: Teller, organization_id: uuid.UUID, campaign: Campaign) -> Campaign:
    with teller.db.read(organization_id) as tx:
        return queries.one(tx, organization_id, campaign.id)


def _sender(teller: Teller, organization_id: uuid.UUID, now: datetime) -> Sender:
    rulebook = teller.governing.now(organization_id, now).rulebook
    answer_by = partial(rulebook.carrier.counts_from, letter=False)

    def barred(tx: Tx, campaign: Campaign) -> str | None:
        return teller.bar(tx, organization_id, campaign, rulebook)

    return Sender(
        teller.db, teller.keyring, organization_id, rulebook.organization, teller.public_url, answer_by, barred
    )
