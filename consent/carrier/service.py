"""Enter what a carrier must keep on record, change it while it is open, and close it: each with its entry."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from consent.carrier import failing, queries, rules
from consent.carrier.queries import Matter
from consent.db import Sql, Tx
from consent.deadlines import zone
from consent.deadlines.zones import local_date, midnight
from consent.errors import Conflict, NotFound
from consent.ids import new_stream_id
from consent.incidents.service import Desk
from consent.ledger import keys
from consent.ledger import service as ledger
from consent.policies.answers.carrier import CERTIFY, TELL_FCC, Carrier, DueOn
from consent.policies.answers.silence import Outage
from consent.retention.rows import stored_day
from consent.web.messages import N_

_INSERT = Sql(
    "INSERT INTO carrier_matter (organization_id, id, kind, about, state, happened_on, due_on, sealed, entered_at,"
    " closed_on, version, broken_from, works_again_on) VALUES (:organization_id, :id, :kind, :about, :state,"
    " :happened_on, :due_on, :sealed, :now, :closed_on, 1, :broken_from, :works_again_on)"
    " ON CONFLICT (organization_id, about) DO NOTHING"
)
_UPDATE = Sql(
    "UPDATE carrier_matter SET state = :state, sealed = :sealed, closed_on = :closed_on, version = version + 1"
    " WHERE organization_id = :organization_id AND id = :id"
)
_SET_OUTAGE = Sql(
    "UPDATE carrier_matter SET broken_from = :broken_from, works_again_on = :works_again_on, version = version + 1"
    " WHERE organization_id = :organization_id AND id = :id"
)
NO_MATTER = N_("There is no such entry.")
NO_CARRIER = N_("This organization is no telephone carrier: nothing of this is kept for it.")
FILED = N_("The certificate for this year is on record already.")
CHANGED = N_("Somebody else has changed this entry: read it again, then enter your change.")


def carrier_of(desk: Desk) -> Carrier:
    """The rules that bind this carrier. Raises NotFound for an organization that is none."""
    found = desk.in_force.rulebook.carrier
    if not found.on:
        raise NotFound(NO_CARRIER)
    return found


def today(desk: Desk, now: datetime) -> date:
    """The day in the organization's zone."""
    return local_date(now, zone(desk.in_force.rulebook.organization.zone))


def enter(
    tx: Tx, desk: Desk, kind: str, happened_on: date, words: Mapping[str, str], now: datetime,
    outage: Outage | None = None,
) -> UUID:  # fmt: skip
    """It is on record with its own stream, open where something is still to be done. Raises BadInput.

    A failure, and nothing else, has the days on which nobody could say no.
    """
    carrier_of(desk)
    rules.check(kind, happened_on, words, today(desk, now))
    if kind == rules.FAILURE:
        rules.check_outage(happened_on, outage, today(desk, now))
    identity = new_stream_id()
    closed_on = None if rules.REGISTERS[kind].stays_open else happened_on
    of_failure = outage if kind == rules.FAILURE else None
    return _enter(tx, desk, kind, str(identity), identity, happened_on, closed_on, words, now, of_failure)


def file_certificate(tx: Tx, desk: Desk, year: int, filed_on: date, words: Mapping[str, str], now: datetime) -> UUID:
    """The certificate for that year was filed on that day. Raises BadInput, and Conflict where one is on record."""
    carrier_of(desk)
    titled = {**words, rules.TITLE: str(year)}
    rules.check_words(rules.CERTIFICATE, titled)
    over = date(year, 12, 31)
    rules.check_end(over, filed_on, words.get(rules.END, ""), today(desk, now))
    return _enter(tx, desk, rules.CERTIFICATE, certificate_of(year), new_stream_id(), over, filed_on, titled, now)


def certificate_of(year: int) -> str:
    """What the certificate of a year is filed under."""
    return f"certificate:{year}"


def change(
    tx: Tx, desk: Desk, matter_id: UUID, words: Mapping[str, str], now: datetime, *, version: int | None = None
) -> None:
    """Its words are these. Raises BadInput, NotFound, and Conflict where it is closed or was changed meanwhile."""
    found = _open(tx, desk, matter_id)
    if version is not None and version != found.version:
        raise Conflict(CHANGED)
    after = {**found.words, **words}
    rules.check_words(found.kind, after)
    changed = {name: text for name, text in words.items() if text != found.words.get(name, "")}
    if changed:
        _append(tx, desk, found.id, "carrier.changed", {"kind": found.kind, "changed": sorted(changed)}, now, changed)
        _save(tx, desk, found, after, None)


def lasted(tx: Tx, desk: Desk, matter_id: UUID, outage: Outage, now: datetime, *, version: int | None = None) -> None:
    """Nobody could say no on these days. They may be entered when the FCC has been told: it may last longer than that.

    Raises BadInput, NotFound, and Conflict where the entry was changed meanwhile.
    """
    found = queries.one(tx, desk.keyring, desk.organization_id, matter_id, lock=True)
    if found is None or found.kind != rules.FAILURE:
        raise NotFound(NO_MATTER)
    if version is not None and version != found.version:
        raise Conflict(CHANGED)
    rules.check_outage(found.happened_on, outage, today(desk, now))
    before, after = _days(Outage(found.broken_from or date.min, found.works_again_on)), _days(outage)
    changed = sorted(name for name in after if after[name] != before[name])
    if changed:
        _append(tx, desk, found.id, "carrier.changed", {"kind": found.kind, "changed": changed, **after}, now, {})
        place = {"organization_id": desk.organization_id, "id": found.id}
        tx.run(_SET_OUTAGE, place | _stored(tx, outage))
    if outage.until is None:
        failing.hold_up(tx, desk.organization_id, now)


def close(tx: Tx, desk: Desk, matter_id: UUID, closed_on: date, end: str, now: datetime) -> None:
    """It ended on that day, with the words about how. Raises BadInput, NotFound, and Conflict with what is missing."""
    found = _open(tx, desk, matter_id)
    rules.check_end(found.happened_on, closed_on, end, today(desk, now))
    rulebook = desk.in_force.rulebook
    rules.against_closing(found.kind, rules.letter(rulebook.carrier, rulebook.organization, found.words))
    data = {"kind": found.kind, "closed_on": closed_on.isoformat(), "rests_on": _rests_on(desk, found.kind)}
    _append(tx, desk, found.id, "carrier.closed", data, now, {rules.END: end})
    _save(tx, desk, found, {**found.words, rules.END: end}, closed_on)


def due_of(desk: Desk, kind: str, happened_on: date) -> DueOn | None:
    """By when what is entered so must be done; None where no rule sets a day."""
    if kind != rules.FAILURE:
        return None
    rulebook = desk.in_force.rulebook
    return rulebook.carrier.failure_due(midnight(happened_on, zone(rulebook.organization.zone)))


def _enter(
    tx: Tx, desk: Desk, kind: str, named: str, identity: UUID, happened_on: date, closed_on: date | None,
    words: Mapping[str, str], now: datetime, outage: Outage | None = None,
) -> UUID:  # fmt: skip
    due = due_of(desk, kind, happened_on)
    stream = ledger.new_stream(tx, desk.keyring, desk.organization_id, identity)
    said = {name: text.strip() for name, text in words.items() if text.strip()}
    data: dict[str, object] = {"kind": kind, "happened_on": happened_on.isoformat(), "by": desk.by}
    data |= {"rests_on": _rests_on(desk, kind)}
    data |= {"due_on": due.day.isoformat()} if due is not None else {}
    data |= {"closed_on": closed_on.isoformat()} if closed_on is not None else {}
    data |= _days(outage) if outage is not None else {}
    if kind == rules.CERTIFICATE:
        data["year"] = happened_on.year
    event = ledger.Event("carrier.entered", desk.source, data=data, facts=_facts(said))
    ledger.append(tx, desk.in_force.log, stream, event, now)
    row = {
        "organization_id": desk.organization_id, "id": identity, "kind": kind, "about": named, "now": now,
        "state": "open" if closed_on is None else "closed", "happened_on": stored_day(tx, happened_on),
        "due_on": stored_day(tx, due.day if due is not None else None), "closed_on": stored_day(tx, closed_on),
        "sealed": _seal(desk, identity, stream.key, said),
    } | _stored(tx, outage)  # fmt: skip
    if tx.run(_INSERT, row) != 1:
        raise Conflict(FILED)
    if outage is not None and outage.until is None:
        failing.hold_up(tx, desk.organization_id, now)
    return identity


def _days(outage: Outage) -> dict[str, str]:
    """The days as entries name them, the second empty while it lasts; older entries hold neither."""
    until = outage.until.isoformat() if outage.until is not None else ""
    return {"broken_from": outage.since.isoformat(), "works_again_on": until}


def _stored(tx: Tx, outage: Outage | None) -> dict[str, object]:
    since, until = outage if outage is not None else (None, None)
    return {"broken_from": stored_day(tx, since), "works_again_on": stored_day(tx, until)}


def _rests_on(desk: Desk, kind: str) -> list[str]:
    act = {rules.FAILURE: TELL_FCC, rules.CERTIFICATE: CERTIFY}.get(kind)
    return [desk.in_force.rulebook.carrier.rule_of(act)] if act is not None else []


def _open(tx: Tx, desk: Desk, matter_id: UUID) -> Matter:
    found = queries.one(tx, desk.keyring, desk.organization_id, matter_id, lock=True)
    if found is None:
        raise NotFound(NO_MATTER)
    if found.state != "open":
        raise Conflict(rules.CLOSED)
    return found


def _append(
    tx: Tx, desk: Desk, matter_id: UUID, type: str, data: Mapping[str, object], now: datetime, facts: Mapping[str, str]
) -> None:
    stream = ledger.stream(tx, desk.keyring, desk.organization_id, matter_id)
    event = ledger.Event(type, desk.source, data={**data, "by": desk.by}, facts=_facts(facts))
    ledger.append(tx, desk.in_force.log, stream, event, now)


def _facts(words: Mapping[str, str]) -> dict[str, str | None]:
    """The words as the ledger names personal facts."""
    return {name.replace("-", "_"): text for name, text in words.items() if text}


def _save(tx: Tx, desk: Desk, found: Matter, words: Mapping[str, str], closed_on: date | None) -> None:
    stream = ledger.stream(tx, desk.keyring, desk.organization_id, found.id)
    row = {
        "organization_id": desk.organization_id, "id": found.id, "state": "open" if closed_on is None else "closed",
        "sealed": _seal(desk, found.id, stream.key, words), "closed_on": stored_day(tx, closed_on),
    }  # fmt: skip
    tx.run(_UPDATE, row)


def _seal(desk: Desk, identity: UUID, key: bytes, words: Mapping[str, str]) -> bytes:
    plain = json.dumps(dict(words), ensure_ascii=False).encode()
    return keys.seal_facts(key, plain, desk.organization_id, identity, queries.WORDS)
