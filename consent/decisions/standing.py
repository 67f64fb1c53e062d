"""What an answer of the gate rested on, as JSON and back again."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from consent.ledger.bodies import instant
from consent.policies.questions import (
    NO_NUMBER,
    CopyFact,
    FrequencyFact,
    NumberFact,
    NumberFacts,
    PauseFact,
    QueryFact,
    SentFact,
)
from consent.policies.rulebook import Standing, StopFact
from consent.policies.whereabouts import Area, Whereabouts


def standing_json(standing: Standing) -> dict[str, Any]:
    """The facts an answer rested on, so that another rulebook can be tried on them."""
    facts: dict[str, Any] = {
        "consents": [
            {
                "state": one.state,
                "at": instant(one.occurred_at),
                "entry": str(one.event_id),
                "policy_version": one.policy_version,
            }
            | ({"person": str(one.person_id)} if one.person_id is not None else {})
            for one in standing.consents
        ]
    }
    if standing.stopped is not None:
        facts["stopped"] = _stop_json(standing.stopped)
    if standing.held is not None:
        facts["held"] = _stop_json(standing.held)
    if standing.number is not NO_NUMBER:
        facts["number"] = _number_json(standing.number)
    if standing.where is not None:
        facts["where"] = [{"places": list(one.places), "zones": list(one.zones)} for one in standing.where]
    if standing.sent:
        facts["sent"] = [
            {"program": one.program, "message_class": one.message_class, "at": instant(one.sent_at)}
            for one in standing.sent
        ]
    if standing.paused is not None:
        facts["paused"] = {"until": instant(standing.paused.until), "entry": str(standing.paused.event_id)}
    if standing.frequency is not None:
        chosen = standing.frequency
        facts["frequency"] = {"most": chosen.most, "per": chosen.per, "entry": str(chosen.event_id)}
    return facts


def wishes_from(kept: Mapping[str, Any]) -> tuple[PauseFact | None, FrequencyFact | None]:
    """What the person had set when a stored decision was made."""
    pause, chosen = kept.get("paused"), kept.get("frequency")
    return (
        PauseFact(datetime.fromisoformat(pause["until"]), uuid.UUID(pause["entry"])) if pause else None,
        FrequencyFact(chosen["most"], chosen["per"], uuid.UUID(chosen["entry"])) if chosen else None,
    )


def time_from(kept: Mapping[str, Any]) -> tuple[Whereabouts | None, tuple[SentFact, ...]]:
    """Where the number might have been when a stored decision was made, and what had been sent to it."""
    where = kept.get("where")
    return (
        None if where is None else tuple(Area(tuple(one["places"]), tuple(one["zones"])) for one in where),
        tuple(
            SentFact(one["program"], one["message_class"], datetime.fromisoformat(one["at"]))
            for one in kept.get("sent", ())
        ),
    )


def number_from(kept: dict[str, Any]) -> NumberFacts:
    """What was on record for the number when a stored decision was made."""
    stop, asked = kept.get("do_not_call"), kept.get("queried")
    return NumberFacts(
        _fact(kept.get("holder")),
        _fact(kept.get("reach")),
        QueryFact(asked["answer"], date.fromisoformat(asked["consent_date"]), *_place(asked)) if asked else None,
        StopFact(*_place(stop)) if stop else None,
        tuple(
            CopyFact(
                one["registry"],
                date.fromisoformat(one["copied_on"]),
                one["listed"],
                one["complete"],
                uuid.UUID(one["entry"]) if "entry" in one else None,
            )
            for one in kept.get("copies", ())
        ),
    )


def _number_json(number: NumberFacts) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name, fact in (("holder", number.holder), ("reach", number.reach)):
        if fact is not None:
            told[name] = {"kind": fact.kind, "gone": fact.gone, **_stop_json(fact)}
    if number.queried is not None:
        asked = number.queried
        told["queried"] = {
            "answer": asked.answer,
            "consent_date": asked.consent_date.isoformat(),
            "at": instant(asked.queried_at),
            "entry": str(asked.event_id),
        }
    if number.do_not_call is not None:
        told["do_not_call"] = _stop_json(number.do_not_call)
    if number.copies:
        told["copies"] = [
            {"registry": one.registry, "copied_on": one.copied_on.isoformat()}
            | {"listed": one.listed, "complete": one.complete}
            | ({"entry": str(one.event_id)} if one.event_id is not None else {})
            for one in number.copies
        ]
    return told


def _stop_json(fact: StopFact | NumberFact) -> dict[str, str]:
    return {"at": instant(fact.occurred_at), "entry": str(fact.event_id)}


def _place(kept: dict[str, Any]) -> tuple[datetime, uuid.UUID]:
    return datetime.fromisoformat(kept["at"]), uuid.UUID(kept["entry"])


def _fact(kept: dict[str, Any] | None) -> NumberFact | None:
    return None if kept is None else NumberFact(kept["kind"], *_place(kept), kept["gone"])
