"""Who is told before a limit passes: the privacy contact, once a week for each class of data that needs somebody.

What goes by itself is nobody's work. It needs somebody where only a person reaches the store, where a batch waits for a
person or its store does not answer, and where a record is still there after the day on which it should have gone.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from consent.db import Database, Sql, Tx
from consent.ledger.keys import Keyring
from consent.outbox import lists, mail
from consent.outbox.mail import Mail
from consent.policies.governing import Governing
from consent.policies.organization import OrganizationPack
from consent.privacy_requests.answers.words import CATEGORIES_FOR_STAFF, Speaker
from consent.privacy_requests.tasks import accounts
from consent.retention.reckoning import Reckoner
from consent.retention.rows import day_of, stored_day
from consent.retention.rules import WARN_BEFORE
from consent.web import spoken
from consent.web.i18n import day_in
from consent.web.messages import N_

SUBJECT = N_("%(organization)s: %(category)s comes near its last day")
INTRODUCTION = N_("These records have to be gone soon, and somebody has to see to it:")
CLOSING = N_("What to do:")
BY_HAND, SILENT, STILL_THERE = N_("By hand"), N_("The store does not answer"), N_("Still there after its day")

_BATCHES = Sql(
    "SELECT category, store, CASE WHEN state = 'by_hand' THEN 'by-hand' ELSE 'silent' END, min(due_on), sum(count)"
    " FROM disposal_batch WHERE organization_id = :organization_id AND state IN ('by_hand', 'sent', 'waiting')"
    " AND (state = 'by_hand' OR last_error <> '') AND due_on <= :soon GROUP BY 1, 2, 3"
)
_RECORDS = Sql(
    "SELECT category, store, CASE WHEN dispose_on < :today THEN 'still-there' ELSE 'coming' END, min(due_on), count(*)"
    " FROM held_record WHERE organization_id = :organization_id AND dispose_on <= :soon AND state <> 'isolated'"
    " GROUP BY 1, 2, 3"
)
_WHY = {"by-hand": BY_HAND, "silent": SILENT, "still-there": STILL_THERE, "coming": BY_HAND}


@dataclass(frozen=True, slots=True)
class Near:
    """Records of one class in one store that somebody has to see to, and the first of their last days."""

    category: str
    store: str
    why: str
    due_on: date
    count: int


def warn(
    db: Database, keyring: Keyring, governing: Governing, organization_id: uuid.UUID, url: str, now: datetime
) -> int:
    """A mail waits for each class of data that needs somebody within a week; returns how many classes those are.

    Nobody is told where the organization gives no mailbox for it. `url` is the page of what is kept.
    """
    in_force = governing.now(organization_id, now)
    pack, today = in_force.rulebook.organization, Reckoner(in_force.rulebook).today(now)
    to = lists.mailbox(pack.privacy_contact or pack.email)
    if to is None:
        return 0
    with db.read(organization_id) as tx:
        found = near(tx, keyring, organization_id, today)
    year, week, _day = today.isocalendar()

    def write(tx: Tx) -> None:
        key = keyring.challenge_key(organization_id)
        for category, some in found.items():
            said = letter(pack, some, url, pack.languages[0])
            about = f"limit-near:{category}:{year}-{week}"
            mail.write(tx, keyring, organization_id, key, to, said, now, kind="mail.staff", unique_key=about)

    if found:
        db.write(write, organization_id)
    return len(found)


def near(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, today: date) -> Mapping[str, Sequence[Near]]:
    """What needs somebody within a week, by the class of data."""
    asked = {"organization_id": organization_id, "soon": stored_day(tx, today + WARN_BEFORE)}
    rows = [*tx.all(_BATCHES, asked), *tx.all(_RECORDS, asked | {"today": stored_day(tx, today)})]
    by_hand = {one.name for one in accounts.every(tx, keyring, organization_id) if one.kind == "manual"} if rows else ()
    found: dict[str, list[Near]] = {}
    for category, store, why, due_on, count in sorted(rows, key=lambda row: (row[0], str(row[3]), row[1])):
        day = day_of(due_on)
        if day is not None and (why != "coming" or store in by_hand):
            found.setdefault(category, []).append(Near(category, store, why, day, int(count)))
    return found


def letter(pack: OrganizationPack, some: Sequence[Near], url: str, language: str) -> Mail:
    """The mail about one class of data: stores, numbers and days, by the names that the organization gave."""
    say, names = spoken.say(language), Speaker(spoken.say(language), language, pack, categories=CATEGORIES_FOR_STAFF)
    subject = say(SUBJECT) % {"organization": pack.name, "category": names.category(some[0].category).text}
    lines = [_line(one, names, language) for one in some]
    return lists.letter(language, subject, say(INTRODUCTION), lines, url, say(CLOSING))


def _line(one: Near, names: Speaker, language: str) -> str:
    ngettext = spoken.counted(language)
    said = ngettext(
        "%(store)s: %(count)s record, gone by %(day)s. %(why)s.",
        "%(store)s: %(count)s records, gone by %(day)s. %(why)s.",
        one.count,
    )
    told = {"store": names.store(one.store), "count": one.count, "day": day_in(language, one.due_on)}
    return said % {**told, "why": names.say(_WHY[one.why])}
