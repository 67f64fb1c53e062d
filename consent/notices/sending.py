"""Send what was approved: at its pace, asked once more for each person, never twice; and what became of it."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from consent.db import Database, Sql, Tx
from consent.db.types import as_id, as_instant
from consent.deadlines import zone
from consent.deadlines.zones import local_date
from consent.ledger import base64url
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.notices import audience, cases, queries
from consent.notices.listing import Plan
from consent.notices.queries import Campaign, Person
from consent.notices.rules import Told
from consent.notices.wording import CPNI, mail
from consent.outbox import mail as outgoing
from consent.outbox.attempts import NO_HOUR, NOT_ALLOWED
from consent.policies import codes
from consent.policies.notice_settings import NEW_PURPOSE, NoticeMail
from consent.policies.organization import OrganizationPack
from consent.preferences import numbers
from consent.preferences import service as preferences
from consent.subjects import service as subjects
from consent.subjects.addresses import as_received
from consent.verification import links
from consent.web.i18n import day_in

KIND = "mail.notice"
BATCH = 50  # people of one transaction
MINUTE = timedelta(minutes=1)
BOUNCES_FOR = timedelta(days=14)  # after which a mail that comes back is no answer to this notice any more

_LATELY = Sql(
    "SELECT count(*) FROM notice_recipient WHERE organization_id = :organization_id AND campaign_id = :campaign_id"
    " AND queued_at > :since"
)
_QUEUE = Sql(
    "UPDATE notice_recipient SET state = :state, reason = :reason, part = :part, promise = :promise, job_id = :job_id,"
    " queued_at = :queued_at, wording_sha256 = :wording WHERE organization_id = :organization_id"
    " AND campaign_id = :campaign_id AND contact_point_id = :contact_point_id AND state = 'listed'"
)
_OVER = Sql(
    "SELECT r.contact_point_id, r.part, r.promise, r.language, r.wording_sha256, r.job_id, j.outcome, j.last_error,"
    " j.done_at FROM notice_recipient r LEFT JOIN job j ON j.organization_id = r.organization_id AND j.id = r.job_id"
    " WHERE r.organization_id = :organization_id AND r.campaign_id = :campaign_id AND r.state = 'waiting'"
    " AND (j.id IS NULL OR j.done_at IS NOT NULL AND (j.locked_until IS NULL OR j.locked_until < :now))"
    " ORDER BY r.contact_point_id LIMIT :most"
)
_SETTLE = Sql(
    "UPDATE notice_recipient SET state = :state, reason ="  # noqa: S608 - fixed parts
    f" CASE WHEN :reason = '' OR reason = '{queries.INSTEAD}' THEN reason ELSE :reason END,"
    " settled_at = :at"
    " WHERE organization_id = :organization_id AND campaign_id = :campaign_id"
    " AND contact_point_id = :contact_point_id AND state = :before"
)
_PROOF = Sql(
    "UPDATE notice_recipient SET event_id = :event_id WHERE organization_id = :organization_id"
    " AND campaign_id = :campaign_id AND contact_point_id = :contact_point_id"
)
# A mail that a server took and sent back later: what is known of the mailbox since says so.
_CAME_BACK = Sql(
    "SELECT r.contact_point_id, r.part, r.promise, r.language, r.wording_sha256, r.job_id, p.detail, p.occurred_at"
    " FROM notice_recipient r"
    " JOIN contact_point c ON c.organization_id = r.organization_id AND c.id = r.contact_point_id"
    " JOIN preference p ON p.organization_id = c.organization_id AND p.channel = c.channel AND p.tag64 = c.tag64"
    " AND p.program = :reach AND p.state = 'withdrawn' AND p.detail = :bounced"
    " WHERE r.organization_id = :organization_id AND r.campaign_id = :campaign_id AND r.state = 'sent'"
    " AND p.occurred_at >= r.queued_at ORDER BY r.contact_point_id LIMIT :most"
)
_STATES = {"sent": "sent", "refused": "withheld", "cancelled": "withheld"}


@dataclass(frozen=True, slots=True)
class Sender:
    """What sending needs besides the campaign."""

    db: Database
    keyring: Keyring
    organization_id: uuid.UUID
    organization: OrganizationPack
    public_url: str
    answer_by: Callable[[datetime], date | None] = lambda _sent: None  # where silence after such a mail counts
    barred: Callable[[Tx, Campaign], str | None] = lambda _tx, _campaign: None  # why it must not go now


@dataclass(frozen=True, slots=True)
class Row:
    """What stands in a person's entry."""

    contact_point_id: uuid.UUID
    part: str
    promise: str
    language: str
    wording_sha256: bytes | None
    job_id: uuid.UUID


def go_on(sender: Sender, campaign: Campaign, plan: Plan, now: datetime) -> int:
    """As many as the pace allows wait in the outbox; whoever may not be written to any more is left out, with why."""
    place = {"organization_id": sender.organization_id, "campaign_id": campaign.id, "since": now - MINUTE}
    with sender.db.read(sender.organization_id) as tx:
        row = tx.one(_LATELY, place)
    room = campaign.per_minute - (int(row[0]) if row is not None else 0)
    done = 0
    while room > 0:
        with sender.db.read(sender.organization_id) as tx:
            most = min(BATCH, room)
            people = queries.people(tx, sender.organization_id, campaign.id, "listed", most=most)
        if not people:
            break
        queued = sender.db.write(
            lambda tx, some=people: _queue_some(tx, sender, campaign, plan, some, now),  # type: ignore[misc]
            sender.organization_id,
        )
        if queued is None:
            break
        done, room = done + queued, room - queued
    return done


def _queue_some(
    tx: Tx, sender: Sender, campaign: Campaign, plan: Plan, people: Sequence[Person], now: datetime
) -> int | None:
    """How many of their mails wait now; None where the campaign was cancelled, or barred, since it was read."""
    if queries.one(tx, sender.organization_id, campaign.id, lock=True).state != "sending":
        return None
    if sender.barred(tx, campaign) is not None:
        return None
    return sum(_queue(tx, sender, campaign, plan, one, now) for one in people)


def _queue(tx: Tx, sender: Sender, campaign: Campaign, plan: Plan, person: Person, now: datetime) -> int:
    """One person's mail waits, in the transaction that says so; 1 if it does."""
    place = {
        "organization_id": sender.organization_id, "campaign_id": campaign.id,
        "contact_point_id": person.contact_point_id, "queued_at": None, "job_id": None, "wording": None,
        "part": person.part, "promise": person.promise,
    }  # fmt: skip
    contact = subjects.by_id(tx, sender.keyring, sender.organization_id, person.contact_point_id)
    if contact is None or contact.address is None or contact.key is None:
        tx.run(_QUEUE, place | {"state": "withheld", "reason": "erased"})
        return 0
    state = preferences.read(tx, sender.organization_id, contact.channel, contact.tag64)
    found = audience.somebody(contact.id, contact.channel, state, plan.programs, audience.NO_OTHERS)
    answer = plan.decide(as_listed(found, person.part, campaign))
    if not isinstance(answer, Told):
        tx.run(_QUEUE, place | {"state": "withheld", "reason": answer.reason if answer else "not-affected"})
        return 0
    words = campaign.wording[answer.part][person.language]
    key = f"notice:{campaign.id}:{contact.id}"
    letter = mail(
        words,
        _values(tx, sender, campaign, contact.id, person.language, now),
        _way_out(sender, answer.mail, contact.id, now),
    )
    job_id = outgoing.write(
        tx, sender.keyring, sender.organization_id, contact.key, as_received(contact.channel, contact.address), letter,
        now, kind=KIND, contact_point_id=contact.id, program=answer.mail.program if answer.mail else None,
        message_class=answer.mail.message_class if answer.mail else None, unique_key=key,
    )  # fmt: skip
    why = person.reason if person.reason == queries.INSTEAD else ""
    waiting = {"state": "waiting", "reason": why, "part": answer.part, "promise": answer.promise}
    return tx.run(_QUEUE, place | waiting | {"queued_at": now, "job_id": job_id, "wording": words.sha256})


def as_listed(found: audience.Somebody, part: str, campaign: Campaign) -> audience.Somebody:
    """Whoever was found to be affected stays so: data of theirs at other places is not looked for again."""
    if part != NEW_PURPOSE:
        return found
    stated = found.known.stated | (campaign.collected_for or {"as-listed"})
    return replace(found, known=replace(found.known, stated=stated))


def _way_out(sender: Sender, sent_as: NoticeMail | None, contact_id: uuid.UUID, now: datetime) -> str | None:
    """A button to refuse such mails, where they can be refused at all."""
    program = sender.organization.program(sent_as.program) if sent_as is not None else None
    if program is None or program.footing == "required":
        return None
    link = links.Link(sender.organization_id, contact_id, links.UNSUBSCRIBE, None, program.key, None, now)
    return links.address_of(sender.keyring, link, sender.public_url, sender.organization.slug)


def _values(
    tx: Tx, sender: Sender, campaign: Campaign, contact_id: uuid.UUID, language: str, now: datetime
) -> Mapping[str, str]:
    """What stands for the placeholders, for this person."""
    at = f"{sender.public_url}/{sender.organization.slug}"
    choices = links.Link(sender.organization_id, contact_id, links.PREFERENCES, None, None, None, now)
    values = {
        "organization": sender.organization.name,
        "preferences_url": links.address_of(sender.keyring, choices, sender.public_url, sender.organization.slug),
        "purposes": codes.Reader(sender.organization, language).text(campaign.purposes),
        "policy": "", "version": "", "policy_url": f"{at}/privacy", "changes_url": f"{at}/privacy",
    }  # fmt: skip
    begins = None
    if campaign.version_id is not None:
        version = cases.version_of(tx, sender.organization_id, campaign.version_id)
        turn = cases.turn_of(tx, sender.organization_id, version)
        page, asked = f"{at}/privacy/{version.version}", f"?policy={version.policy}"
        values |= {
            "policy": turn.after.title if turn is not None else version.policy, "version": version.version,
            "policy_url": f"{page}{asked}", "changes_url": f"{page}/changes{asked}",
        }  # fmt: skip
        begins = local_date(version.effective_at, zone(sender.organization.zone))
    elif CPNI in campaign.wording:
        begins = sender.answer_by(now) or local_date(now, zone(sender.organization.zone))
    else:
        begins = datetime.fromisoformat(campaign.about.rpartition("/")[2]).date()
    return values | {"effective_on": day_in(language, begins)}


def settle(sender: Sender, campaign: Campaign, now: datetime) -> int:
    """What left, came back or failed is on record for each person; returns how many are new."""
    place: dict[str, object] = {"organization_id": sender.organization_id, "campaign_id": campaign.id}
    place |= {"most": BATCH, "now": now}
    done = 0
    while True:
        with sender.db.read(sender.organization_id) as tx:
            over = tx.all(_OVER, place)
        before = done
        for row in over:
            if row[6] is None:  # the job went with the person, who was erased: no stream is left for an entry
                gone = place | {"contact_point_id": as_id(row[0]), "state": "withheld", "reason": "erased"}
                gone |= {"before": "waiting", "at": now}
                done += sender.db.write(lambda tx, one=gone: tx.run(_SETTLE, one), sender.organization_id)  # type: ignore[misc]
                continue
            state = _STATES.get(row[6], "failed")
            if row[6] == "refused" and row[7] not in (NOT_ALLOWED, NO_HOUR):
                state = "bounced"
            why = "" if state == "sent" else str(row[7] or row[6])
            done += _on_record(sender, campaign, _told(row), "waiting", state, why, as_instant(row[8]), now)
        if len(over) < BATCH or done == before:
            return done


def come_back(sender: Sender, campaign: Campaign, now: datetime) -> int:
    """Mails that a server took and sent back since are marked as bounced; returns how many are new."""
    asked = {"organization_id": sender.organization_id, "campaign_id": campaign.id, "most": BATCH}
    with sender.db.read(sender.organization_id) as tx:
        rows = tx.all(_CAME_BACK, asked | {"reach": numbers.REACH, "bounced": numbers.BOUNCED})
    return sum(
        _on_record(sender, campaign, _told(row), "sent", "bounced", str(row[6]), as_instant(row[7]), now)
        for row in rows
    )


def _told(row: tuple[object, ...]) -> Row:
    contact, part, promise, language, wording, job = row[:6]
    return Row(as_id(contact), str(part), str(promise), str(language),  # type: ignore[arg-type]
                 bytes(wording) if wording is not None else None, as_id(job))  # type: ignore[call-overload, arg-type]  # fmt: skip


def _on_record(
    sender: Sender, campaign: Campaign, one: Row, before: str, state: str, why: str, at: datetime, now: datetime
) -> int:
    place: dict[str, object] = {"organization_id": sender.organization_id, "campaign_id": campaign.id,
                                "contact_point_id": one.contact_point_id}  # fmt: skip

    def work(tx: Tx) -> int:
        log = ledger.log_of(tx, sender.organization_id)
        settled = {"before": before, "state": state, "reason": why[:40], "at": at}
        if log is None or tx.run(_SETTLE, place | settled) != 1:
            return 0
        data = _entry(tx, sender, campaign, one) | ({"reason": why} if why else {})
        stream = ledger.stream(tx, sender.keyring, sender.organization_id, one.contact_point_id)
        entry = ledger.append(tx, log, stream, ledger.Event(f"notice.{state}", "system", "email", data=data), now)
        return tx.run(_PROOF, place | {"event_id": entry.event_id})

    return sender.db.write(work, sender.organization_id)


def _entry(tx: Tx, sender: Sender, campaign: Campaign, one: Row) -> dict[str, object]:
    """What a person's entry says of the notice: which, by which promise, in which words."""
    data: dict[str, object] = {"notice": str(campaign.id), "part": one.part, "commitment": one.promise,
                               "language": one.language, "job": str(one.job_id)}  # fmt: skip
    if one.wording_sha256 is not None:
        data["wording_sha256"] = base64url.encode(one.wording_sha256)
    if campaign.version_id is not None:
        version = cases.version_of(tx, sender.organization_id, campaign.version_id)
        data |= {"policy": version.policy, "policy_version": version.version}
    return data
