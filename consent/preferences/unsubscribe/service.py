"""End what a press on an unsubscribe ends, once; give it back to whoever proves to have the address."""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.ids import new_id
from consent.ledger import bodies
from consent.ledger import queries as entries
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.outbox import service as outbox
from consent.policies.answers.stopping import Reach
from consent.policies.rulebook import ConsentDraft, Rulebook
from consent.policies.shown import Shown
from consent.preferences import rules, shown_texts, wordings
from consent.preferences import service as preferences
from consent.preferences.models import NOBODY
from consent.preferences.rules import State
from consent.preferences.unsubscribe.rules import Figures, Shape, is_repeat, network_of
from consent.subjects import service as subjects
from consent.verification.links import Link

METHOD, UNDO_METHOD, SOURCE = "unsubscribe", "preference page", "page"
SURFACE = "unsubscribe-page"
NO_IP = "the server could not tell it"

_INSERT = Sql(
    "INSERT INTO unsubscription (organization_id, id, contact_point_id, happened_at, how, programs, mail_tag,"
    " network_tag, why, people) VALUES (:organization_id, :id, :contact_point_id, :now, :how, :programs, :mail_tag,"
    " :network_tag, '', 0)"
)
_ASKED_ABOUT = Sql(
    "SELECT happened_at FROM unsubscription WHERE organization_id = :organization_id AND id = :id"
    " AND contact_point_id = :contact_point_id AND noticed_at IS NOT NULL AND undone_at IS NULL"
)
_TAKEN_BACK = Sql(
    "SELECT id FROM unsubscription WHERE organization_id = :organization_id AND contact_point_id = :contact_point_id"
    " AND how = :how AND undone_at IS NOT NULL AND happened_at > :since"
)
# Noticed later than undone: it came again. The first time is on record, however often it comes.
_CAME_AGAIN = Sql(
    "UPDATE unsubscription SET noticed_at = :now WHERE organization_id = :organization_id AND id = :id"
    " AND noticed_at <= undone_at"
)
_UNDONE = Sql("UPDATE unsubscription SET undone_at = :now WHERE organization_id = :organization_id AND id = :id")


@dataclass(frozen=True, slots=True)
class Pressed:
    """How the press arrived: by the mail program's own button or by our form, and from where."""

    how: str
    ip: str | None
    network: str | None
    statements: tuple[Shown, ...] = ()  # what the form said beside its button


@dataclass(frozen=True, slots=True)
class Ended:
    """What a press ends on which channel; `is_new` is False where all of it had ended before."""

    channel: str
    reach: Reach
    is_new: bool


@dataclass(frozen=True, slots=True)
class Undoing:
    """Who takes a press back: with the sentence that was shown beside the button, in this language."""

    text: str
    language: str
    ip: str | None


def press(
    tx: Tx,
    keyring: Keyring,
    log: ledger.Log,
    rulebook: Rulebook,
    link: Link,
    pressed: Pressed,
    figures: Figures,
    now: datetime,
) -> Ended:
    """What the link's mail was sent for has ended, at once; a second press finds it so and writes nothing.

    Only the repeat of a machine's press, which the person has taken back, ends nothing; that it came is on record.
    """
    organization_id = log.organization_id
    contact = subjects.by_id(tx, keyring, organization_id, link.contact_point_id)
    channel = contact.channel if contact is not None else "email"
    reach = rulebook.stopping.unsubscribe(channel, link.program)
    if contact is None or contact.address is None or not reach.programs:  # erased: nothing of ours reaches them
        return Ended(channel, reach, False)
    stream = ledger.stream(tx, keyring, organization_id, contact.id)
    before = preferences.read(tx, organization_id, channel, contact.tag64)
    if _ended(before, reach.programs):
        return Ended(channel, reach, False)
    repeated = _repeated(tx, keyring, link, pressed, figures, now)
    if repeated is not None:
        if tx.run(_CAME_AGAIN, {"organization_id": organization_id, "id": repeated, "now": now}):
            data = {"about": str(repeated), "reason": "repeat"}
            ledger.append(tx, log, stream, ledger.Event("consent.questioned", SOURCE, data=data), now)
        return Ended(channel, reach._replace(programs=()), False)
    shown_texts.record(tx, log, stream, rulebook, SURFACE, channel, reach.programs, pressed.statements, now)
    event = _event(rulebook, link, pressed, reach, channel, contact.address, now)
    entry = ledger.append(tx, log, stream, event, now)
    preferences.record(tx, organization_id, channel, contact.tag64, before, entry, SOURCE)
    outbox.cancel_waiting(tx, organization_id, contact.id, reach.programs, now)
    tx.later(
        _INSERT,
        {
            "organization_id": organization_id,
            "id": entry.event_id,
            "contact_point_id": contact.id,
            "now": now,
            "how": pressed.how,
            "programs": json.dumps(reach.programs),
            "mail_tag": _tag(keyring, organization_id, "mail", link.reference),
            "network_tag": _tag(keyring, organization_id, "network", pressed.network),
        },
    )
    return Ended(channel, reach, True)


def undo(
    tx: Tx,
    keyring: Keyring,
    log: ledger.Log,
    rulebook: Rulebook,
    contact_point_id: uuid.UUID,
    press_id: uuid.UUID,
    undoing: Undoing,
    figures: Figures,
    now: datetime,
) -> bool:
    """What a press in a burst took is given back, as a new consent; False where nothing of it is left to give.

    Only for who has proven to have this address: staff have no door to it.
    """
    organization_id = log.organization_id
    place = {"organization_id": organization_id, "id": press_id}
    row = tx.one(_ASKED_ABOUT, place | {"contact_point_id": contact_point_id})
    if row is None or as_instant(row[0]) < now - figures.grace:
        return False
    contact = subjects.by_id(tx, keyring, organization_id, contact_point_id)
    if contact is None or contact.address is None:
        return False
    stream = ledger.stream(tx, keyring, organization_id, contact_point_id)
    before = preferences.read(tx, organization_id, contact.channel, contact.tag64)
    sender, programs = taken(tx, organization_id, contact_point_id, before, press_id, now)
    if not programs or _forbidden(rulebook, programs, contact.channel, contact.address, undoing, now):
        return False
    sha256 = wordings.keep(tx, organization_id, undoing.text, undoing.language, now)
    data: dict[str, object] = {
        "method": UNDO_METHOD,
        "sender": sender,
        "undoes": str(press_id),
        "wordings": [[program, undoing.language, sha256] for program in programs],
        **rulebook.policy_version.cited(),
    }
    facts = {"address": contact.address, **_where(undoing.ip)}
    event = ledger.Event("consent.renewed", SOURCE, contact.channel, programs, data, None, facts)
    entry = ledger.append(tx, log, stream, event, now)
    preferences.record(tx, organization_id, contact.channel, contact.tag64, before, entry, SOURCE)
    tx.run(_UNDONE, place | {"now": now})
    return True


def _event(
    rulebook: Rulebook, link: Link, pressed: Pressed, reach: Reach, channel: str, address: str, now: datetime
) -> ledger.Event:
    data: dict[str, object] = {
        "scope": "programs",
        "method": METHOD,
        "how": pressed.how,
        # By this it is told from every other no, so that an undo gives back what it took and nothing else.
        "sender": f"{METHOD}:{new_id(now).hex}",
        "reach": reach.reach,
        "reach_why": reach.why,
        "mail_of": link.issued_at.isoformat(),
        **rulebook.policy_version.cited(),
    }
    if link.program is not None:
        data["sent_for"] = link.program
    if reach.rests_on:
        data["rests_on"] = list(reach.rests_on)
    facts = {"address": address, "reference": link.reference, **_where(pressed.ip)}
    return ledger.Event("consent.withdrawn", SOURCE, channel, reach.programs, data, None, facts)


def _repeated(
    tx: Tx, keyring: Keyring, link: Link, pressed: Pressed, figures: Figures, now: datetime
) -> uuid.UUID | None:
    """The press of a machine that the person has taken back, and that this one only repeats."""
    organization_id = link.organization_id
    asked = {"organization_id": organization_id, "contact_point_id": link.contact_point_id, "how": pressed.how}
    shape = Shape(pressed.how, link.program, link.reference, link.issued_at, pressed.network)
    for row in tx.all(_TAKEN_BACK, asked | {"since": now - figures.grace}):
        if is_repeat(shape, _shape_of(tx, keyring, organization_id, as_id(row[0]))):
            return as_id(row[0])
    return None


def _shape_of(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, press_id: uuid.UUID) -> Shape | None:
    """How that press looked, as the ledger has it; None once the person is erased."""
    stored = entries.event(tx, organization_id, press_id)
    if stored is None:
        return None
    data = bodies.parse(stored.body).data
    told = {one.name: str(one.value) for one in entries.facts(tx, keyring, organization_id, press_id)}
    sent_for = data.get("sent_for")
    return Shape(
        str(data["how"]),
        str(sent_for) if sent_for is not None else None,
        told.get("reference"),
        datetime.fromisoformat(str(data["mail_of"])),
        network_of(told.get("ip")),
    )


def _ended(state: State, programs: tuple[str, ...]) -> bool:
    """Has the number said no to all of them already, and nobody yes since?"""
    given = {program for (program, _), one in state.items() if one.state == "given"}
    refused = {program for (program, who), one in state.items() if who == NOBODY and one.state != "expired"}
    return not given & set(programs) and set(programs) <= refused


def taken(
    tx: Tx, organization_id: uuid.UUID, contact_point_id: uuid.UUID, state: State, press_id: uuid.UUID, now: datetime
) -> tuple[str, tuple[str, ...]]:
    """By which name the press stands in the state, and the programs that are off because of it alone.

    Where any no came after it, by whomever and on whatever way, there are none.
    """
    sender = next((one.sender for one in state.values() if one.stopped and one.event_id == press_id), None)
    if sender is None:
        return "", ()
    facts = preferences.facts_of(ledger.bodies_of(tx, organization_id, contact_point_id))
    keys = rules.revivable(state, sender, str(press_id), now, facts)
    return sender, tuple(sorted({program for program, _ in keys}))


def _forbidden(
    rulebook: Rulebook, programs: tuple[str, ...], channel: str, address: str, undoing: Undoing, now: datetime
) -> bool:
    where = _where(undoing.ip)
    return any(
        rulebook.consent_findings(
            ConsentDraft(
                one,
                channel,
                address,
                "given",
                now,
                UNDO_METHOD,
                undoing.text,
                undoing.language,
                where["ip"],
                where["ip_absent_reason"],
                pre_ticked=False,
                bundled=False,
                mandatory=False,
            )
        )
        for one in programs
    )


def _where(ip: str | None) -> dict[str, str | None]:
    return {"ip": ip, "ip_absent_reason": None if ip else NO_IP}


def _tag(keyring: Keyring, organization_id: uuid.UUID, what: str, value: str | None) -> bytes | None:
    return None if value is None else keyring.payload_tag(organization_id, f"unsubscribe|{what}|{value}".encode())
