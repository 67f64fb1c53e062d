"""The verbs of a campaign before it is sent: opened for a version, its ways and words chosen, approved, cancelled."""

import json
import uuid
from collections.abc import Collection, Mapping
from datetime import datetime

from consent.db import Sql, Tx
from consent.errors import BadInput, Conflict
from consent.ids import new_id
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.notices import cases, queries, wording
from consent.notices.pausing import Bar
from consent.notices.queries import Campaign
from consent.notices.rules import BY_A_PERSON, Case, are_enough, whole_ways
from consent.notices.wording import LANGUAGES, Words
from consent.outbox import service as outbox
from consent.policies import service as policies
from consent.web.messages import N_

_INSERT = Sql(
    "INSERT INTO notice_campaign (organization_id, id, kind, about, version_id, state, ways, posted, purposes,"
    " collected_for, wording, per_minute, listed_after, created_at)"
    " VALUES (:organization_id, :id, :kind, :about, :version_id, 'listing', :ways, '{}', :purposes, :collected_for,"
    " :wording, :per_minute, :nobody, :now) ON CONFLICT (organization_id, about) DO NOTHING"
)
_WAYS = Sql(
    "UPDATE notice_campaign SET ways = :ways, collected_for = :collected_for, state = 'listing',"
    " listed_after = :nobody, listed_at = NULL"
    " WHERE organization_id = :organization_id AND id = :id AND state IN ('listing', 'draft')"
)
_FORGET_LIST = Sql(
    "DELETE FROM notice_recipient WHERE organization_id = :organization_id AND campaign_id = :id"
    " AND state IN ('listed', 'left_out')"
)
_WORDING = Sql("UPDATE notice_campaign SET wording = :wording WHERE organization_id = :organization_id AND id = :id")
_POSTED = Sql("UPDATE notice_campaign SET posted = :posted WHERE organization_id = :organization_id AND id = :id")
_APPROVE = Sql(
    "UPDATE notice_campaign SET state = 'sending', approved_at = :now, approved_by = :by"
    " WHERE organization_id = :organization_id AND id = :id AND state = 'draft'"
)
_END = Sql(
    "UPDATE notice_campaign SET state = :state, finished_at = :now"
    " WHERE organization_id = :organization_id AND id = :id AND state <> 'done' AND state <> 'cancelled'"
)
_NOT_BEGUN = Sql(
    "UPDATE notice_recipient SET state = 'withheld', reason = 'cancelled', settled_at = :now"
    " WHERE organization_id = :organization_id AND campaign_id = :id AND state = 'listed'"
)
NOBODY = uuid.UUID(int=0)
NOT_A_DRAFT = N_("This notice is no draft any more: nothing of it can be changed.")
NOT_LISTED = N_("The list of people is still being made. Load the page again in a moment.")
NO_SUCH_WAY = N_("This way is none of those that the policy promises for such a change.")
NOT_ENOUGH = N_("These ways are not all that is promised for such a change.")
CHANGED = N_("This notice is not what you looked at any more. Read what it says now, then decide.")
NO_SUCH_PURPOSE = N_("Nobody is told this purpose when data is collected: choose among those that the page lists.")
NO_WORDS = N_("Write the words of this notice in each language before it goes.")
NOT_YET_THERE = N_(
    "Only a way that was chosen for this notice, and that somebody takes by hand, can be marked as done."
)


def needs_telling(tx: Tx, organization_id: uuid.UUID, version_id: uuid.UUID) -> bool:
    """Does the version change anything that somebody may have to be told of?"""
    version = cases.version_of(tx, organization_id, version_id)
    return not version.replaced and cases.turn_of(tx, organization_id, version) is not None


def open_version(tx: Tx, organization_id: uuid.UUID, version_id: uuid.UUID, now: datetime) -> uuid.UUID | None:
    """The version has a campaign: a draft by the promises of the day; None where it changes nothing, or has one."""
    version = cases.version_of(tx, organization_id, version_id)
    turn = cases.turn_of(tx, organization_id, version)
    if turn is None or version.replaced:
        return None
    organization = policies.rulebook_at(tx, organization_id, now).organization
    ways = whole_ways(turn.promised.notices, turn.change, turn.usual_ways)
    case = turn.case(turn.promised, ways, turn.purposes, frozenset())
    parts = dict.fromkeys(one.part for one in case.mailing)
    return _insert(
        tx, organization_id, "version", version.about, version_id, case.ways, turn.purposes, drafts(parts),
        organization.notices.per_minute, now,
    )  # fmt: skip


def open_refresh(
    tx: Tx, organization_id: uuid.UUID, about: str, programs: Collection[str], per_minute: int, now: datetime
) -> uuid.UUID | None:
    """A question to those whose consent runs out, asked once: None where it was asked already."""
    return open_question(tx, organization_id, about, programs, wording.REFRESH, per_minute, now)


def open_question(
    tx: Tx, organization_id: uuid.UUID, about: str, programs: Collection[str], part: str, per_minute: int, now: datetime
) -> uuid.UUID | None:
    """A question that no version set off, by mail, asked once: None where it was asked already."""
    ways, words = frozenset({"email"}), drafts((part,))
    return _insert(
        tx, organization_id, "refresh", about, None, ways, (), words, per_minute, now, collected_for=programs
    )  # fmt: skip


def drafts(parts: Collection[str]) -> dict[str, dict[str, Words]]:
    """Our words for these parts, in each language."""
    return {part: {language: wording.draft(part, language) for language in LANGUAGES} for part in parts}


def _insert(
    tx: Tx, organization_id: uuid.UUID, kind: str, about: str, version_id: uuid.UUID | None, ways: Collection[str],
    purposes: Collection[str], words: Mapping[str, Mapping[str, Words]], per_minute: int, now: datetime,
    collected_for: Collection[str] = (),
) -> uuid.UUID | None:  # fmt: skip
    identity = new_id(now)
    row = {
        "organization_id": organization_id, "id": identity, "kind": kind, "about": about, "version_id": version_id,
        "ways": json.dumps(sorted(ways)), "purposes": json.dumps(list(purposes)), "wording": queries.words_json(words),
        "collected_for": json.dumps(sorted(collected_for)), "per_minute": per_minute, "nobody": NOBODY, "now": now,
    }  # fmt: skip
    return identity if tx.run(_INSERT, row) == 1 else None


def case_of(tx: Tx, organization_id: uuid.UUID, campaign: Campaign, now: datetime) -> tuple[cases.Turn, Case] | None:
    """The change a campaign is about, by its chosen ways; None for a question that no version set off."""
    if campaign.version_id is None:
        return None
    turn = cases.turn_of(tx, organization_id, cases.version_of(tx, organization_id, campaign.version_id))
    if turn is None:
        return None
    today = policies.rulebook_at(tx, organization_id, now)
    return turn, turn.case(today, campaign.ways, campaign.purposes, campaign.collected_for)


def choose(
    tx: Tx, organization_id: uuid.UUID, campaign_id: uuid.UUID, ways: Collection[str], collected_for: Collection[str],
    now: datetime,
) -> None:  # fmt: skip
    """The draft goes these ways; its list is made anew. Raises Conflict and BadInput (`ways`, `collected_for`)."""
    campaign = _draft(tx, organization_id, campaign_id)
    found = case_of(tx, organization_id, campaign, now)
    if found is None:
        raise Conflict(NOT_A_DRAFT)
    turn, case = found
    if not set(ways) <= set(turn.promised.notices.choice(turn.change)):
        raise BadInput(NO_SUCH_WAY, field="ways")
    if not set(collected_for) <= {one.key for one in case.rulebook.organization.programs}:
        raise BadInput(NO_SUCH_PURPOSE, field="collected_for")
    whole = whole_ways(turn.promised.notices, turn.change, ways)
    if not are_enough(turn.promised.notices, turn.change, whole):
        raise BadInput(NOT_ENOUGH, field="ways")
    place = {"organization_id": organization_id, "id": campaign_id}
    tx.run(_FORGET_LIST, place)
    chosen = {"ways": json.dumps(sorted(whole)), "collected_for": json.dumps(sorted(collected_for)), "nobody": NOBODY}
    tx.run(_WAYS, place | chosen)
    parts = {one.part for one in case.notices.mailing(turn.change, whole)}
    tx.run(_WORDING, place | {"wording": queries.words_json({**drafts(parts), **_kept(campaign, parts)})})


def _kept(campaign: Campaign, parts: Collection[str]) -> dict[str, Mapping[str, Words]]:
    return {part: words for part, words in campaign.wording.items() if part in parts}


def write(
    tx: Tx, organization_id: uuid.UUID, campaign_id: uuid.UUID, part: str, said: Mapping[str, tuple[str, str]]
) -> None:
    """The draft says this, by language (subject, text). Raises BadInput: its field is named like `text-fr`."""
    campaign = _draft(tx, organization_id, campaign_id)
    if part not in campaign.wording:
        raise BadInput(N_("This notice has no such part."), field="part")
    words = {}
    for language in LANGUAGES:
        try:
            words[language] = wording.read(part, *said.get(language, ("", "")))
        except BadInput as wrong:
            raise BadInput(wrong.detail, field=f"{wrong.field}-{language}") from None
    all_words = queries.words_json({**campaign.wording, part: words})
    tx.run(_WORDING, {"organization_id": organization_id, "id": campaign_id, "wording": all_words})


def mark_posted(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, campaign_id: uuid.UUID, way: str, by: uuid.UUID, now: datetime
) -> None:
    """Somebody put the notice up there, and the ledger says when; a second time changes nothing."""
    campaign = queries.one(tx, organization_id, campaign_id, lock=True)
    if way not in campaign.ways or way not in BY_A_PERSON or campaign.state in ("done", "cancelled"):
        raise Conflict(NOT_YET_THERE)
    if way in campaign.posted:
        return
    found = case_of(tx, organization_id, campaign, now)
    duties = found[1].notices.duties(found[0].change) if found is not None else ()
    kept = sorted(one.promise.id for one in duties if way in one.channels)
    data = {"place": way, "by": str(by), "commitments": kept}
    record(tx, keyring, organization_id, campaign, "notice.posted", data, now)
    at = {one: when.isoformat() for one, when in campaign.posted.items()} | {way: now.isoformat()}
    tx.run(_POSTED, {"organization_id": organization_id, "id": campaign_id, "posted": json.dumps(at)})


def approve(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, campaign_id: uuid.UUID, by: uuid.UUID, seen: str,
    bar: Bar, now: datetime,
) -> None:  # fmt: skip
    """From now on it is sent, as the ledger says with its counts.

    Raises Conflict while something of it is missing or `bar` stands against it, and where it is not what was looked at
    (`seen`, queries.as_seen).
    """
    campaign = _draft(tx, organization_id, campaign_id)
    if campaign.state != "draft":
        raise Conflict(NOT_LISTED)
    counts = queries.counts(tx, organization_id, campaign_id)
    if seen != queries.as_seen(campaign, counts):
        raise Conflict(CHANGED)
    rulebook = policies.rulebook_at(tx, organization_id, now)
    why = bar(tx, organization_id, campaign, rulebook)
    if why is not None:
        raise Conflict(why)
    told = [one for one in counts if one.state == "listed"]
    parts = {one.part for one in told}
    if any(language not in campaign.wording.get(part, {}) for part in parts for language in LANGUAGES):
        raise Conflict(NO_WORDS)
    found = case_of(tx, organization_id, campaign, now)
    if found is not None:
        turn, case = found
        if not are_enough(case.notices, turn.change, campaign.ways):
            raise Conflict(NOT_ENOUGH)
    data = {
        "people": sum(one.count for one in told),
        "ways": sorted(campaign.ways),
        "collected_for": sorted(campaign.collected_for),
        "by": str(by),
    }
    if wording.CPNI in campaign.wording:
        data |= {"says": list(rulebook.carrier.notice_says), "rests_on": [rulebook.carrier.notice_rule]}
    record(tx, keyring, organization_id, campaign, "notice.approved", data, now)
    tx.run(_APPROVE, {"organization_id": organization_id, "id": campaign_id, "by": by, "now": now})


def cancel(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, campaign_id: uuid.UUID, now: datetime) -> None:
    """It goes to nobody any more, as the ledger says; what had left by then is settled and stays on record."""
    campaign, after = queries.one(tx, organization_id, campaign_id, lock=True), NOBODY
    while people := queries.people(tx, organization_id, campaign_id, "waiting", after):
        outbox.take_back(tx, organization_id, [one.job_id for one in people if one.job_id is not None], now)
        after = people[-1].contact_point_id
    tx.run(_NOT_BEGUN, {"organization_id": organization_id, "id": campaign_id, "now": now})
    end(tx, keyring, organization_id, campaign, "cancelled", now)


def end(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, campaign: Campaign, state: str, now: datetime) -> None:
    """It is done, or cancelled, as the ledger says with how many stand where."""
    totals: dict[str, int] = {}
    for one in queries.counts(tx, organization_id, campaign.id):
        totals[one.state] = totals.get(one.state, 0) + one.count
    if tx.run(_END, {"organization_id": organization_id, "id": campaign.id, "state": state, "now": now}):
        record(tx, keyring, organization_id, campaign, f"notice.{_ENDED[state]}", {"counts": totals}, now)


_ENDED = {"done": "finished", "cancelled": "cancelled"}


def record(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, campaign: Campaign, type: str, data: Mapping[str, object],
    now: datetime,
) -> ledger.Entry:  # fmt: skip
    """The entry stands in the stream of the policy it is about, or of the organization's settings."""
    log = ledger.log_of(tx, organization_id)
    if log is None:
        raise Conflict("This organization has no open log.")
    cited: dict[str, object] = {"notice": str(campaign.id)}
    stream_id = organization_id
    if campaign.version_id is not None:
        version = cases.version_of(tx, organization_id, campaign.version_id)
        stream_id = version.stream_id
        cited |= {"policy": version.policy, "policy_version": version.version}
    stream = ledger.stream(tx, keyring, organization_id, stream_id)
    source = "staff" if "by" in data else "system"
    return ledger.append(tx, log, stream, ledger.Event(type, source, data={**cited, **data}), now)


def _draft(tx: Tx, organization_id: uuid.UUID, campaign_id: uuid.UUID) -> Campaign:
    campaign = queries.one(tx, organization_id, campaign_id, lock=True)
    if campaign.state not in ("listing", "draft"):
        raise Conflict(NOT_A_DRAFT)
    return campaign
