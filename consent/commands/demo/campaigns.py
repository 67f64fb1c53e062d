"""Changes of policies from their draft to the last notice, by a clock that goes on a day with each step.

What staff do on which day stands in `seeds/campaigns/`; everything else is what the timed jobs do by themselves.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as time_of_day
from itertools import count
from pathlib import Path

from consent.carrier import failing
from consent.commands.demo.standing import Standing, standing
from consent.commands.demo.versions import edited
from consent.deadlines import zone
from consent.deadlines.zones import local_date
from consent.house import House
from consent.notices import jobs, service
from consent.notices import queries as notices
from consent.notices.rules import BY_A_PERSON
from consent.organizations import service as organizations
from consent.organizations.service import Tenant
from consent.outbox import jobs as texting
from consent.outbox import mailing
from consent.policies import moving, queries
from consent.policies import service as policies
from consent.policies.governing import FRESH_FOR, Governing
from consent.policies.rulebook import ConsentDraft
from consent.policies.version import parse_version
from consent.preferences import consents
from consent.staff import accounts
from consent.staff.roles import Role
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical
from consent.timed import sending

DAY = timedelta(days=1)
MOST_DAYS = 400  # a plan that is not over by then never is


@dataclass(frozen=True, slots=True)
class Plan:
    """A change of one organization's policy: its words, and on which day staff do what; days count from the first."""

    organization: str
    policy: str
    version: str
    publish_on_day: int
    begins_in_days: int
    approve_after_days: int
    text: Sequence[Sequence[str]]
    commitments: Sequence[Sequence[str]]
    ways: Sequence[str] = ()  # none: those that the house takes by itself
    collected_for: Sequence[str] = ()
    again: Sequence[Mapping[str, str]] = ()  # who says yes again once it is in force


@dataclass(frozen=True, slots=True)
class Day:
    """A day that is over, and how each change stands at its end."""

    number: int
    now: datetime
    stands: Mapping[str, Standing]


def plans(folder: Path) -> list[Plan]:
    """The plans of this folder, each named like the organization whose policy changes, in the order of their days."""
    found = [Plan(one.stem, **tomllib.loads(one.read_text("utf-8"))) for one in sorted(folder.glob("*.toml"))]
    return sorted(found, key=lambda one: (one.publish_on_day, one.organization))


def run(house: House, wanted: Sequence[Plan], begins: datetime) -> Iterator[Day]:
    """One day after the other, until each change is in force and told of; what was done before is not done again.

    Before the first day comes one with the number 0, on which nothing happens: how it stands at the beginning.
    """
    ticks = count(step=int(FRESH_FOR) + 1)
    # Days go by in a moment here, so nothing may be answered by what governed a moment ago.
    house.governing = Governing(house.db, monotonic=lambda: float(next(ticks)))
    with house.db.read() as tx:
        campaigns = [_Campaign(house, one, organizations.find(tx, one.organization)) for one in wanted]
    yield Day(0, begins, {one.plan.organization: one.stands(begins) for one in campaigns})
    for number in range(1, MOST_DAYS + 1):
        now = begins + number * DAY
        for one in campaigns:
            one.live(number, now)
        stands = {one.plan.organization: one.stands(now) for one in campaigns}
        yield Day(number, now, stands)
        if all(one.is_over(stands[one.plan.organization]) for one in campaigns):
            return


@dataclass(slots=True)
class _Campaign:
    """The change of one organization, and what its staff do about it."""

    house: House
    plan: Plan
    tenant: Tenant
    published_on: int | None = None

    def live(self, number: int, now: datetime) -> None:
        """The day of this organization goes by."""
        if self.version() is None and number >= self.plan.publish_on_day and not self._another_is_announced(now):
            self._publish(now)
        if self.version() is not None and self.published_on is None:
            self.published_on = number
        self._jobs(now)
        is_time = self.published_on is not None and number >= self.published_on + self.plan.approve_after_days
        if is_time and self._approve(now):
            self._jobs(now)
        if self.plan.again and self._says_yes_again(now):
            for one in self.plan.again:
                self._again(one, now)

    def stands(self, now: datetime) -> Standing:
        """How it stands."""
        return standing(self.house, self.tenant.id, self.plan.policy, self.plan.version, now)

    def is_over(self, stands: Standing) -> bool:
        """Is nothing left to be done or waited for?"""
        return stands.in_force and stands.state == "done" and stands.again >= len(self.plan.again)

    def version(self) -> queries.Version | None:
        """The version, once it is published."""
        with self.house.db.read(self.tenant.id) as tx:
            known = queries.published(tx, self.tenant.id)
        return next((one for one in known if (one.policy, one.version) == (self.plan.policy, self.plan.version)), None)

    def _another_is_announced(self, now: datetime) -> bool:
        announced = self.house.governing.now(self.tenant.id, now).announced
        return any(one.policy == self.plan.policy for one in announced)

    def _publish(self, now: datetime) -> None:
        """The newest version, with these edits of its wording and its commitments, is followed by the next one."""
        house, plan, there = self.house, self.plan, self.tenant.id
        with house.db.read(there) as tx:
            newest = [one for one in queries.published(tx, there) if one.policy == plan.policy][-1]
            text, commitments = queries.sources(tx, there, newest.id)
        pack = parse_version(plan.policy, plan.version, edited(text, plan.text), edited(commitments, plan.commitments))
        where = zone(self.tenant.zone)
        begins = datetime.combine(local_date(now, where) + plan.begins_in_days * DAY, time_of_day(), where)
        house.db.write(lambda tx: policies.publish(tx, house.keyring, there, pack, now, begins), there)

    def _approve(self, now: datetime) -> bool:
        """A draft goes the planned ways, and what a person puts up stands there; False where there is none."""
        house, plan, there = self.house, self.plan, self.tenant.id
        draft = self.notice()
        if draft is None or draft.state != "draft":
            return False
        with house.db.read(there) as tx:
            by = next(one.id for one in accounts.every(tx, house.keyring, there) if one.role is Role.OFFICER)
        if plan.ways:
            house.db.write(lambda tx: service.choose(tx, there, draft.id, plan.ways, plan.collected_for, now), there)
            self._tell(now)
        with house.db.read(there) as tx:
            listed = notices.one(tx, there, draft.id)
            seen = notices.as_seen(listed, notices.counts(tx, there, draft.id))
        house.db.write(
            lambda tx: service.approve(tx, house.keyring, there, draft.id, by, seen, failing.against_sending, now),
            there,
        )
        for way in sorted(listed.ways.intersection(BY_A_PERSON)):
            house.db.write(
                lambda tx, way=way: service.mark_posted(tx, house.keyring, there, draft.id, way, by, now),  # type: ignore[misc]
                there,
            )
        return True

    def notice(self) -> notices.Campaign | None:
        """The notice of the version, once there is a draft of it."""
        version = self.version()
        with self.house.db.read(self.tenant.id) as tx:
            known = notices.every(tx, self.tenant.id)
        return next((one for one in known if version is not None and one.version_id == version.id), None)

    def _says_yes_again(self, now: datetime) -> bool:
        stands = self.stands(now)
        return stands.in_force and not stands.again

    def _again(self, row: Mapping[str, str], now: datetime) -> None:
        """Somebody says yes again on the page of their choices, to the version in force."""
        house, there, in_force = self.house, self.tenant.id, self.house.governing.now(self.tenant.id, now)
        draft = ConsentDraft(
            row["program"], "email", row["address"], "given", now, "preference page", row["wording"], "en", row["ip"]
        )
        consents.check(in_force.rulebook, draft, now)
        tagged = subjects.tagged(house.keyring, there, canonical("email", row["address"]))
        said = consents.Said(draft, tagged, row["reference"])
        house.db.write(
            lambda tx: consents.record(tx, house.keyring, in_force.log, in_force.rulebook, said, "page", now), there
        )

    def _tell(self, now: datetime) -> None:
        jobs.tell(self._teller(), self.tenant.id, now)

    def _teller(self) -> jobs.Teller:
        house = self.house
        return jobs.Teller(house.db, house.keyring, house.governing, house.config.public_url, failing.against_sending)

    def _jobs(self, now: datetime) -> None:
        """What the timed jobs of notices, of the outbox and of versions do in a day, at this instant of it."""
        house, there = self.house, self.tenant.id
        self._tell(now)
        postman, carrier = sending.postman_of(house, lambda: now), sending.carrier_of(house)
        while mailing.deliver(postman, there, lambda: now) or texting.deliver(carrier, there, lambda: now):
            pass
        self._tell(now)
        jobs.look_back(self._teller(), there, now)
        house.db.write(lambda tx: moving.move_on(tx, house.keyring, there, now), there)
