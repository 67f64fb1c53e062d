"""Who is told before a duty of an incident ends: the privacy contact, by mail, in time for a clock that counts hours.

A clock of 24 hours is told of as soon as it runs, one of 72 hours when half of it is left, and either once more for its
last hours. Nothing that was written about the incident is in the mail: only what the promise or law is called.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from consent.db import Database, Tx
from consent.deadlines import zone
from consent.incidents import queries, rules
from consent.incidents.rules import Duty
from consent.ledger.keys import Keyring
from consent.outbox import lists, mail
from consent.outbox.mail import Mail
from consent.policies.governing import Governing
from consent.policies.organization import OrganizationPack
from consent.policies.rulebook import Rulebook
from consent.web import spoken
from consent.web.i18n import at_in, day_in
from consent.web.messages import N_

BEFORE_AN_HOUR = (timedelta(hours=36), timedelta(hours=6))
BEFORE_A_DAY = (timedelta(days=3),)
AT_ONCE = 100  # incidents read at a time
SUBJECT = N_("%(organization)s: a duty of an incident ends on %(when)s")
INTRODUCTION = N_("An incident is open, and this has to be done in time:")
LINE = N_("%(duty)s: by %(when)s (%(rule)s)")
CLOSING = N_("What to do:")


@dataclass(frozen=True, slots=True)
class Near:
    """A duty that ends soon, or is over: of which incident, when it ends, and for the how manieth time it is told."""

    incident_id: UUID
    duty: Duty
    ends: datetime
    turn: int


def warn(db: Database, keyring: Keyring, governing: Governing, organization_id: UUID, url: str, now: datetime) -> int:
    """A mail waits for each duty that ends soon, once for each of its warnings; returns how many duties those are.

    Nobody is told where the organization gives no mailbox for it. `url` is the list of incidents.
    """
    rulebook = governing.now(organization_id, now).rulebook
    pack = rulebook.organization
    to = lists.mailbox(pack.privacy_contact or pack.email)
    if to is None:
        return 0
    with db.read(organization_id) as tx:
        found = list(near(tx, keyring, organization_id, rulebook, now))

    def write(tx: Tx) -> None:
        key = keyring.challenge_key(organization_id)
        for one in found:
            said = letter(pack, one.duty, f"{url}/{one.incident_id}")
            mail.write(tx, keyring, organization_id, key, to, said, now, kind="mail.staff", unique_key=_about(one))

    if found:
        db.write(write, organization_id)
    return len(found)


def near(tx: Tx, keyring: Keyring, organization_id: UUID, rulebook: Rulebook, now: datetime) -> Iterator[Near]:
    """The duties of open incidents that end soon, or are over and still wait."""
    where = zone(rulebook.organization.zone)
    before: tuple[datetime, UUID] | None = queries.NEWEST
    while before is not None:
        found, before = queries.page(tx, keyring, organization_id, "open", before, AT_ONCE)
        for incident in found:
            if incident.kind == rules.LATE:
                continue  # its records were told of before their limit passed
            for duty in queries.duties(tx, rulebook, organization_id, incident):
                ends = duty.ends(where)
                if duty.waits and duty.state == "due" and ends is not None and (turn := told_by(duty, ends, now)):
                    yield Near(incident.id, duty, ends, turn)


def told_by(duty: Duty, ends: datetime, now: datetime) -> int:
    """How many of the warnings of such a duty are due at that instant."""
    spans = BEFORE_A_DAY if duty.due_at is None else BEFORE_AN_HOUR
    return sum(ends - now <= span for span in spans)


def letter(pack: OrganizationPack, duty: Duty, url: str) -> Mail:
    """The mail about one duty, by the clock and in the language of the organization."""
    language, where = pack.languages[0], zone(pack.zone)
    say = spoken.say(language)
    ends = at_in(language, duty.due_at, where) if duty.due_at is not None else ""
    if not ends and duty.due is not None:
        ends = day_in(language, duty.due)
    subject = say(SUBJECT) % {"organization": pack.name, "when": ends}
    line = say(LINE) % {"duty": say(duty.title), "when": ends, "rule": duty.key}
    return lists.letter(language, subject, say(INTRODUCTION), [line], url, say(CLOSING))


def _about(one: Near) -> str:
    """A duty whose end has moved is told of anew."""
    named = hashlib.sha256(f"{one.duty.key} {one.ends.isoformat()}".encode()).hexdigest()[:16]
    return f"incident-due:{one.incident_id}:{named}:{one.turn}"
