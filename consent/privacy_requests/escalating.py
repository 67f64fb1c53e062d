"""Who is told that a request nears its date or is late: the privacy contact and whoever is in charge, once a stage."""

import hashlib
import html
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from consent.db import Database, Sql, Tx
from consent.deadlines import zones
from consent.deadlines.zones import local_date
from consent.ledger.keys import Keyring
from consent.outbox import mail
from consent.outbox.mail import Mail
from consent.policies.organization import OrganizationPack
from consent.privacy_requests import due, steps
from consent.privacy_requests.answers.words import Speaker
from consent.privacy_requests.casework.cases import COLUMNS, Case, case_of
from consent.privacy_requests.due import Stage
from consent.privacy_requests.rules import UNDER_WAY
from consent.staff import accounts
from consent.subjects.addresses import Address, BadAddress, Kind, canonical
from consent.web import spoken
from consent.web.messages import N_

LISTED = 50  # requests that one mail names; the queue has them all
BATCH = 500

_NEAR = Sql(
    f"SELECT {COLUMNS} FROM privacy_request WHERE organization_id = :organization_id AND {UNDER_WAY}"  # noqa: S608
    " AND (answer_by <= :until OR (acknowledged_at IS NULL AND acknowledge_by <= :today) OR fallback_on <= :today)"
    " AND id > :after ORDER BY id LIMIT :most"
)
_MARK = Sql(
    "UPDATE privacy_request SET escalated = :stage WHERE organization_id = :organization_id AND id = :id"
    " AND escalated = :before"
)
SUBJECT = N_("%(organization)s: %(count)s requests need you")
SUBJECT_OF_ONE = N_("%(organization)s: a request needs you")
INTRODUCTION = N_("These requests about people's data have come near their dates or past them:")
MORE = N_("And %(count)s more: the queue has them all.")
CLOSING = N_("The queue:")
BY = N_("by %(day)s")


@dataclass(frozen=True, slots=True)
class Reached:
    """A request and the stage it has come to."""

    case: Case
    stage: Stage


def escalate(
    db: Database, keyring: Keyring, organization_id: uuid.UUID, organization: OrganizationPack, queue_url: str,
    now: datetime,
) -> int:  # fmt: skip
    """Everybody who must know of a stage is told of it, once; returns how many requests came to a new one."""
    today = local_date(now, zones.zone(organization.zone))
    asked: dict[str, object] = {"organization_id": organization_id, "today": today, "most": BATCH}
    asked["until"] = today.fromordinal(today.toordinal() + due.SOON)
    after, told = uuid.UUID(int=0), 0
    while True:
        with db.read(organization_id) as tx:
            rows = tx.all(_NEAR, asked | {"after": after})
        cases = [case_of(organization_id, row) for row in rows]
        staged = [(one, due.stage_of(one, today)) for one in cases]
        reached = [Reached(one, stage) for one, stage in staged if stage is not None and due.is_news(one, stage)]
        if reached:
            told += db.write(
                lambda tx, found=reached: _tell(tx, keyring, organization_id, organization, queue_url, found, now),  # type: ignore[misc]
                organization_id,
            )
        if len(rows) < BATCH:
            return told
        after = cases[-1].id


def _tell(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, organization: OrganizationPack, queue_url: str,
    found: Sequence[Reached], now: datetime,
) -> int:  # fmt: skip
    fresh = [one for one in found if _mark(tx, organization_id, one, now)]
    for (address, language), listed in _readers(tx, keyring, organization_id, organization, fresh).items():
        to = _mailbox(address)
        if to is None:
            continue
        about = hashlib.sha256("|".join(f"{one.case.id}:{one.stage.key}" for one in listed).encode()).hexdigest()[:32]
        mail.write(
            tx, keyring, organization_id, keyring.challenge_key(organization_id), to,
            letter(listed, organization.name, queue_url, language), now, kind="mail.staff",
            unique_key=f"requests-due:{hashlib.sha256(to.value.encode()).hexdigest()[:16]}:{about}",
        )  # fmt: skip
    return len(fresh)


def _mark(tx: Tx, organization_id: uuid.UUID, one: Reached, now: datetime) -> bool:
    place = {"organization_id": organization_id, "id": one.case.id}
    if tx.run(_MARK, place | {"stage": one.stage.key, "before": one.case.escalated}) != 1:
        return False
    steps.add(tx, organization_id, one.case.id, "escalated", now, None, None, {"stage": one.stage.key})
    return True


def _readers(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, organization: OrganizationPack, found: Sequence[Reached]
) -> Mapping[tuple[str, str], list[Reached]]:
    """Who reads of which: the privacy contact of all of them, whoever is in charge of their own."""
    readers: dict[tuple[str, str], list[Reached]] = {}
    contact = organization.privacy_contact or organization.email
    if found:
        readers[contact, organization.languages[0]] = list(found)
    for one in found:
        member = one.case.assigned_to
        account = accounts.by_id(tx, keyring, organization_id, member) if member is not None else None
        if account is not None and account.state == "active" and account.email != contact:
            readers.setdefault((account.email, account.language), []).append(one)
    return readers


def letter(listed: Sequence[Reached], name: str, queue_url: str, language: str) -> Mail:
    """The mail: numbers, types and days, and nothing about a person."""
    say = spoken.say(language)
    speaker = Speaker(say, language)
    graver = sorted(listed, key=lambda one: (-one.stage.rank, str(one.case.answer_by)))
    lines = [_line(one, say, speaker) for one in graver[:LISTED]]
    if len(graver) > LISTED:
        lines.append(say(MORE) % {"count": len(graver) - LISTED})
    facts = {"organization": name, "count": len(listed)}
    subject = say(SUBJECT_OF_ONE if len(listed) == 1 else SUBJECT) % facts
    text = "\n".join((say(INTRODUCTION), "", *(f"- {one}" for one in lines), "", say(CLOSING), queue_url, ""))
    items = "".join(f"<li>{html.escape(one)}</li>" for one in lines)
    address = html.escape(queue_url)
    body = f"<p>{html.escape(say(INTRODUCTION))}</p><ul>{items}</ul>"
    body += f'<p>{html.escape(say(CLOSING))} <a href="{address}">{address}</a></p>'
    page = f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{html.escape(subject)}</title>'
    return Mail(subject, text, f"{page}</head><body>{body}</body></html>")


def _line(one: Reached, say: Callable[[str], str], speaker: Speaker) -> str:
    named = f"{one.case.reference}: {speaker.type(one.case.request_type).text}, {say(one.stage.said)}"
    return f"{named}, {say(BY) % {'day': speaker.day(one.case.answer_by)}}" if one.case.answer_by else named


def _mailbox(address: str) -> Address | None:
    try:
        found = canonical("email", address, None)
    except BadAddress:
        return None
    return found if found.kind is Kind.EMAIL else None
