"""Make the list of a campaign: everybody on record, in batches, each with what they get or why they are left out."""

import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from consent.db import Database, Sql, Tx
from consent.notices import audience, service
from consent.notices.audience import Somebody
from consent.notices.queries import Campaign
from consent.notices.rules import LeftOut, Told, decide
from consent.notices.wording import LANGUAGES

# What one contact point gets, by the campaign's own rule; None where it is none of the matter.
Decide = Callable[[Somebody], Told | LeftOut | None]

INSERT = Sql(
    "INSERT INTO notice_recipient"
    " (organization_id, campaign_id, contact_point_id, state, part, reason, promise, language)"
    " VALUES (:organization_id, :campaign_id, :contact_point_id, :state, :part, :reason, :promise, :language)"
)
# Of two who list at once the second finds the place moved on, and writes nothing.
_REACHED = Sql(
    "UPDATE notice_campaign SET listed_after = :reached"
    " WHERE organization_id = :organization_id AND id = :id AND state = 'listing' AND listed_after = :after"
)
_LISTED = Sql(
    "UPDATE notice_campaign SET state = 'draft', listed_at = :now"
    " WHERE organization_id = :organization_id AND id = :id AND state = 'listing' AND listed_after = :after"
)


@dataclass(frozen=True, slots=True)
class Plan:
    """How the people of a campaign are found: the programs whose standing counts, and what each of them gets."""

    programs: Collection[str]
    decide: Decide
    writes: bool  # is there any mail at all in it?
    languages: Collection[str]
    usual: str


def make(db: Database, organization_id: uuid.UUID, campaign: Campaign, plan: Plan, now: datetime) -> int:
    """The list is whole and the campaign a draft; what a kill left half made is gone on with. Returns how many."""
    with db.read(organization_id) as tx:
        others = audience.elsewhere(tx, organization_id) if plan.writes else audience.NO_OTHERS
    after, listed = campaign.listed_after, 0
    while True:
        with db.read(organization_id) as tx:
            found = audience.batch(tx, organization_id, after, plan.programs, others) if plan.writes else []
        if not found:
            place = {"organization_id": organization_id, "id": campaign.id, "after": after, "now": now}
            db.write(lambda tx, at=place: tx.run(_LISTED, at), organization_id)  # type: ignore[misc]
            return listed
        rows = _rows(organization_id, campaign.id, plan, found)
        if not db.write(
            lambda tx, made=rows, seen=after, to=found[-1].id: _keep(tx, organization_id, campaign.id, made, seen, to),  # type: ignore[misc]
            organization_id,
        ):
            return listed
        after, listed = found[-1].id, listed + len(rows)


def plan_of(
    tx: Tx, organization_id: uuid.UUID, campaign: Campaign, now: datetime, question: Callable[[Campaign], Plan]
) -> Plan | None:
    """How to find its people; None for a campaign whose version changes nothing any more."""
    if campaign.version_id is None:
        return question(campaign)
    found = service.case_of(tx, organization_id, campaign, now)
    if found is None:
        return None
    _, case = found
    usual = case.rulebook.organization.languages[0]
    settings = [one for part in ("new_purpose", "change", "additional") if (one := case.settings.mail(part))]
    programs = {one.program for one in settings}
    return Plan(programs, lambda one: decide(case, one.known, now), bool(case.mailing), _LANGUAGES, usual)


_LANGUAGES = frozenset(LANGUAGES)


def _rows(
    organization_id: uuid.UUID, campaign_id: uuid.UUID, plan: Plan, found: Sequence[Somebody]
) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for one in found:
        answer = plan.decide(one)
        if answer is None:
            continue
        part, reason = (answer.part, "") if isinstance(answer, Told) else ("", answer.reason)
        rows.append({
            "organization_id": organization_id, "campaign_id": campaign_id, "contact_point_id": one.id,
            "state": "listed" if part else "left_out", "part": part, "reason": reason, "promise": answer.promise,
            "language": one.language if one.language in plan.languages else plan.usual,
        })  # fmt: skip
    return rows


def _keep(
    tx: Tx, organization_id: uuid.UUID, campaign_id: uuid.UUID, rows: list[dict[str, object]], after: uuid.UUID,
    reached: uuid.UUID,
) -> bool:  # fmt: skip
    place = {"organization_id": organization_id, "id": campaign_id, "after": after, "reached": reached}
    if tx.run(_REACHED, place) != 1:
        return False
    tx.many(INSERT, rows)
    return True
