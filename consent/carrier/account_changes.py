"""An account was changed: its customer hears of it at once, where they were reached before (47 CFR 64.2010(f)).

What the new value is never comes here, so no message can show it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from types import MappingProxyType
from uuid import UUID

from consent.carrier import service
from consent.db import Sql, Tx
from consent.deadlines import zone
from consent.deadlines.zones import local_date
from consent.decisions.outgoing import ACKNOWLEDGEMENT
from consent.errors import BadInput, Conflict
from consent.ids import new_id
from consent.incidents.service import Desk
from consent.ledger import service as ledger
from consent.ledger.bodies import CLOCK_SKEW
from consent.outbox import mail
from consent.outbox import service as outbox
from consent.policies.answers.carrier import TELL_CUSTOMER
from consent.preferences import rules as preference_rules
from consent.preferences import service as preferences
from consent.preferences import settings
from consent.subjects import service as subjects
from consent.verification.sending import Texting
from consent.web import spoken
from consent.web.i18n import day_in
from consent.web.messages import N_

_INSERT = Sql(
    "INSERT INTO carrier_change (organization_id, id, contact_point_id, what, told, changed_at, recorded_at, job_id,"
    " event_id) VALUES (:organization_id, :id, :contact, :what, :told, :changed_at, :now, :job, :event)"
)
OURS = ("email", "sms")  # the ways that we take; any other somebody has taken already
SAID: Mapping[str, str] = MappingProxyType({
    "password": N_("the password of your account was changed"),
    "backup-answer": N_("the answer that opens your account without a password was changed"),
    "online-account": N_("an online account for your service was opened or changed"),
    "address-of-record": N_("the address that we have for your account was changed"),
})  # fmt: skip
ANY = N_("your account was changed")
SUBJECT = N_("{{organization}}: a change of your account")
TEXT = N_("{{organization}}: on {{day}}, {{what}}. If that was not you, call us at once: {{phone}}")
LETTER = N_(
    "Hello,\n\non {{day}}, {{what}}.\n\nIf that was you, there is nothing to do.\n\nIf it was not you, tell us at once:"
    " {{phone}} or {{email}}.\n\n{{organization}}"
)
NO_TEXT = N_("No text goes to this number. Tell the customer by mail or by letter, and enter it with that way.")
NO_CHANGE = N_("The rule knows no such change of an account.")
NO_WAY = N_("This is no way in which such a customer may be told.")
NOT_YET = N_("The account cannot have been changed in the future; check the clock and the offset.")


@dataclass(frozen=True, slots=True)
class Change:
    """What was changed, when, and how the customer hears of it; `to` is the address as it was before."""

    what: str
    changed_at: datetime
    told: str
    to: subjects.Tagged


@dataclass(frozen=True, slots=True)
class Told:
    """The entry, and whether a message of ours waits to be sent."""

    entry: UUID
    contact_point_id: UUID
    is_ours: bool


def check(desk: Desk, change: Change, now: datetime) -> None:
    """The rule knows this change and this way. Raises BadInput with the field, NotFound for whom it does not bind."""
    carrier = service.carrier_of(desk)
    if change.what not in carrier.account_changes:
        raise BadInput(NO_CHANGE, field="what")
    if change.told not in carrier.ways_to_tell or (change.told in OURS and change.to.address.channel != change.told):
        raise BadInput(NO_WAY, field="told")
    if change.changed_at > now + CLOCK_SKEW:
        raise BadInput(NOT_YET, field="changed_at")


def tell(tx: Tx, desk: Desk, change: Change, texting: Texting | None, now: datetime) -> Told:
    """The notice waits to be sent, or is on record as taken by somebody. Raises Conflict where no text may go."""
    organization_id = desk.organization_id
    contact = subjects.contact(tx, desk.keyring, organization_id, change.to, now)
    state = preferences.read(tx, organization_id, contact.channel, contact.tag64)
    job = None
    if change.told == "sms":
        if texting is None or not preference_rules.takes_texts(state):
            raise Conflict(NO_TEXT)
        job = _text(tx, desk, contact, change, texting, settings.language_of(state), now)
    elif change.told == "email":
        job = _mail(tx, desk, contact, change, settings.language_of(state), now)
    rests_on = [desk.in_force.rulebook.carrier.rule_of(TELL_CUSTOMER)]
    data: dict[str, object] = {"what": change.what, "told": change.told, "rests_on": rests_on, "by": desk.by}
    data |= {"job": str(job)} if job is not None else {}
    event = ledger.Event(
        "carrier.account_changed", desk.source, contact.channel, data=data, occurred_at=min(change.changed_at, now)
    )
    entry = ledger.append(tx, desk.in_force.log, contact.stream, event, now)
    tx.run(_INSERT, {
        "organization_id": organization_id, "id": new_id(now), "contact": contact.id, "what": change.what,
        "told": change.told, "changed_at": change.changed_at, "now": now, "job": job, "event": entry.event_id,
    })  # fmt: skip
    return Told(entry.event_id, contact.id, job is not None)


def words(desk: Desk, change: Change, language: str | None) -> tuple[str, str, str]:
    """Subject, letter and text of the notice in that language; English where it is none of ours."""
    organization = desk.in_force.rulebook.organization
    spoken_here = spoken.language_of(language or organization.languages[0])
    say = spoken.say(spoken_here)
    values = {
        "organization": organization.name,
        "day": day_in(spoken_here, local_date(change.changed_at, zone(organization.zone))),
        "what": say(SAID.get(change.what, ANY)),
        "phone": organization.phone,
        "email": organization.email,
    }
    return _filled(say(SUBJECT), values), _filled(say(LETTER), values), _filled(say(TEXT), values)


def _filled(said: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        said = said.replace(f"{{{{{name}}}}}", value)
    return said


def _mail(
    tx: Tx, desk: Desk, contact: subjects.Contact, change: Change, language: str | None, now: datetime
) -> UUID:  # fmt: skip
    subject, letter, _ = words(desk, change, language)
    html = "".join(f"<p>{escape(part)}</p>" for part in letter.split("\n\n"))
    return mail.write(
        tx, desk.keyring, desk.organization_id, contact.stream.key, change.to.address, mail.Mail(subject, letter, html),
        now, kind="mail.account-change", contact_point_id=contact.id,
    )  # fmt: skip


def _text(
    tx: Tx, desk: Desk, contact: subjects.Contact, change: Change, texting: Texting, language: str | None, now: datetime
) -> UUID:
    payload = {
        "account": str(texting.account_id), "from": texting.number, "to": change.to.address.value,
        "text": words(desk, change, language)[2], "sender": texting.sender, "tag64": str(contact.tag64),
    }  # fmt: skip
    # A text that no program sends: whether the number still takes any is asked again when it leaves.
    draft = outbox.Draft(outbox.SMS, ACKNOWLEDGEMENT, None, payload, contact.id)
    return outbox.enqueue(tx, desk.organization_id, contact.stream.key, draft, now)
