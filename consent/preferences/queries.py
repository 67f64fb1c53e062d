"""What holds and what happened for one contact point, as the API and the pages show it."""

import uuid
from datetime import datetime
from typing import Any

from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.ledger import base64url, bodies
from consent.ledger import queries as ledger
from consent.ledger.bodies import instant
from consent.ledger.keys import Keyring
from consent.ledger.streams import IN_ANY_LOG
from consent.policies.rulebook import Rulebook
from consent.preferences import numbers, settings, wordings
from consent.preferences import service as preferences
from consent.preferences.models import NOBODY
from consent.preferences.rules import NUMBER, State, held

_EVENTS = Sql(
    "SELECT event_id, stream_seq, body FROM ledger_event WHERE organization_id = :organization_id"  # noqa: S608 - fixed
    f" AND {IN_ANY_LOG}"
    " AND stream_id = :stream_id AND stream_seq < :before ORDER BY stream_seq DESC LIMIT :most"
)
_EVERY = Sql(
    "SELECT p.channel, p.tag64, p.program, p.person_id, p.state, p.policy, p.policy_version, p.contact_point_id,"
    " p.occurred_at, p.stopped, p.sender, p.detail FROM preference p WHERE p.organization_id = :organization_id"
    " ORDER BY p.channel, p.tag64, p.program, p.person_id"
)
_LAST = 2**53


def preferences_json(state: State, rulebook: Rulebook, channel: str) -> dict[str, Any]:
    """Every program of the organization on this channel with what is on record, and a STOP if there is one."""
    number = state.get(NUMBER)
    stopped = number is not None and number.state == "withdrawn"
    programs = []
    for program in rulebook.organization.programs:
        if channel not in program.channels:
            continue
        said = [
            {
                "state": standing.state,
                "since": instant(standing.occurred_at),
                "entry": str(standing.event_id),
                "policy": standing.policy,
                "policy_version": standing.policy_version,
            }
            | ({"person": str(person)} if person != NOBODY else {})
            for (about, person), standing in sorted(state.items())
            if about == program.key
        ]
        programs.append({"program": program.key, "name": program.name, "footing": program.footing, "on_record": said})
    shown: dict[str, Any] = {"channel": channel, "stopped": stopped, "programs": programs}
    if stopped and number is not None:
        shown["stopped_since"], shown["stopped_entry"] = instant(number.occurred_at), str(number.event_id)
    waiting = held(state)
    shown["held_for_review"] = waiting is not None
    if waiting is not None:
        shown["held_since"], shown["held_entry"] = instant(waiting.occurred_at), str(waiting.event_id)
    became = number_json(state)
    return shown | ({"number": became} if became else {})


def number_json(state: State) -> dict[str, Any]:
    """What became of the number, for the API; empty where nothing is on record."""
    shown: dict[str, Any] = {}
    for name, key in (("holder", numbers.HOLDER), ("reach", numbers.REACH), ("reassigned_query", numbers.QUERIED)):
        mine = sorted(
            (one for (about, _), one in state.items() if about == key), key=lambda one: (one.occurred_at, one.event_id)
        )
        if mine:
            newest = mine[-1]
            shown[name] = {"kind": newest.detail, "since": instant(newest.occurred_at), "entry": str(newest.event_id)}
    if (numbers.DO_NOT_CALL, NOBODY) in state:
        asked = state[numbers.DO_NOT_CALL, NOBODY]
        shown["do_not_call"] = {"since": instant(asked.occurred_at), "entry": str(asked.event_id)}
    return shown


def wherever(tx: Tx, organization_id: uuid.UUID, state: State, person_id: uuid.UUID | None = None) -> State:
    """The state of a contact point with what its people said of sale and sensitive data at all their others."""
    whole = dict(state)
    for person in (person_id,) if person_id is not None else settings.persons_of(state):
        whole |= preferences.refusals_of_person(tx, organization_id, person)
    return whole


def settings_json(state: State, now: datetime) -> dict[str, Any]:
    """What is set for a contact point and not over, for the API."""
    held = settings.settings_of(state, now)

    def at(moment: datetime | None) -> str | None:
        return instant(moment) if moment is not None else None

    return {
        "paused_until": at(held.paused_until),
        "paused_programs": {key: instant(until) for key, until in sorted(held.paused_programs.items())},
        "language": held.language,
        "frequencies": {key: one.choice for key, one in sorted(held.frequencies.items())},
        "do_not_call_since": at(held.do_not_call_since),
        "sale_refused_since": at(held.sale_refused_since),
        "sale_refused_by_signal": held.sale_refused_by_signal,
        "use_limited_since": at(held.limit_use_since),
    }


def history(
    tx: Tx,
    keyring: Keyring,
    organization_id: uuid.UUID,
    stream_id: uuid.UUID,
    *,
    before: int | None = None,
    most: int = 50,
) -> tuple[list[dict[str, Any]], int | None]:
    """The newest events first, with what is readable of them; the second value continues the list."""
    rows = tx.all(
        _EVENTS,
        {
            "organization_id": organization_id,
            "stream_id": stream_id,
            "before": before or _LAST,
            "most": most + 1,
        },
    )
    events = [_event(tx, keyring, organization_id, as_id(row[0]), bytes(row[2])) for row in rows[:most]]
    return events, rows[most - 1][1] if len(rows) > most else None


def dump(tx: Tx, organization_id: uuid.UUID) -> list[tuple[Any, ...]]:
    """Every current row, in the order of its key."""
    return tx.all(_EVERY, {"organization_id": organization_id})


def _event(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, event_id: uuid.UUID, body: bytes) -> dict[str, Any]:
    leaf = bodies.parse(body)
    event: dict[str, Any] = {
        "entry": str(event_id),
        "type": leaf.type,
        "occurred_at": instant(leaf.occurred_at),
        "recorded_at": instant(leaf.recorded_at),
        "source": leaf.source,
        "channel": leaf.channel,
        "programs": list(leaf.purposes),
        "data": leaf.data,
        "leaf_hash": base64url.encode(leaf.leaf_hash),
        "facts": {one.name: one.value for one in ledger.facts(tx, keyring, organization_id, event_id)},
    }
    sha256 = leaf.data.get("wording_sha256")
    if isinstance(sha256, str):
        text = wordings.find(tx, organization_id, sha256)
        if text is not None:
            event["wording"] = {"text": text, "language": leaf.data.get("wording_language")}
    return event
