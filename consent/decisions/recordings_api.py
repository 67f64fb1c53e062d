"""The API door of recorded calls: a telephone system asks before it records, and puts on record that it did."""

import json
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, request
from marshmallow import fields as plain

from consent import clock
from consent.db import Database, Tx
from consent.decisions import recordings, service
from consent.decisions.recordings import VOICE, Call, OnCall
from consent.decisions.verdicts import ReasonOut
from consent.errors import BadInput
from consent.ledger.keys import Keyring
from consent.policies.answers.recording import Kept, Party
from consent.policies.governing import Governing
from consent.policies.questions import Verdict
from consent.policies.recorded_lines import RecordedLine
from consent.policies.rulebook import Rulebook
from consent.subjects import service as subjects
from consent.subjects.addresses import of_person
from consent.web import api, fields, idempotency, principal
from consent.web.bodies import encode, json_response

MOST_PEOPLE = 50
NO_LINES = "No line is on the register, so no call is recorded; add it under recorded_lines in organization.toml."
NO_LINE = "There is no such line on the register; those are: {}."
TWICE = "This number stands there twice; give each person once."


class PartyIn(fields.Schema):
    """Somebody on the call besides your own people. What is left out counts as a no."""

    told = fields.YesNo(load_default=False, metadata={"description": "They heard the words of the line."})
    agreed = fields.YesNo(metadata={"description": "What they answered; left out while they have not."})
    address = fields.ShortText(longest=320, metadata={"description": "The number they are reached at, if known."})


class CallIn(fields.Schema):
    """A call that somebody wants to record."""

    line = fields.ShortText(longest=64, required=True, metadata={"description": "Its key in organization.toml."})
    parties = plain.List(plain.Nested(PartyIn), required=True, validate=ma.validate.Length(min=1, max=MOST_PEOPLE))
    purpose = fields.ShortText(longest=64, metadata={"description": "One of the line's; all of them if left out."})
    language = fields.ShortText(longest=16, metadata={"description": "In which the words were said."})
    reference = fields.ShortText(longest=200, metadata={"description": "Your own name of the recording."})
    ticket = fields.ShortText(longest=200, metadata={"description": "The case or ticket it is tied to."})
    store = fields.YesNo(load_default=True, metadata={"description": "false asks and puts nothing on record."})


class CallOut(ma.Schema):
    """The answer, and what was put on record."""

    answer = plain.String(required=True, metadata={"enum": ["allow", "deny"]})
    reasons = plain.List(plain.Nested(ReasonOut), required=True)
    policy_version = plain.String(required=True)
    entries = plain.List(plain.String(), required=True)
    keep_for = plain.String(metadata={"description": "How long the recording may stay, such as P90D."})
    keep_unless = plain.String(metadata={"description": "The ground on which it may stay longer: `open-ticket`."})


class LineOut(ma.Schema):
    """A line of the register."""

    line = plain.String(required=True)
    on = plain.Boolean(required=True)
    purposes = plain.List(plain.String(), required=True)
    told_by = plain.String(required=True, metadata={"enum": ["announcement", "consent", ""]})
    words = plain.Dict(required=True, metadata={"description": "Language: what everybody on the call hears."})
    storage = plain.String(required=True)
    selection = plain.String(required=True)
    asks_everybody = plain.Boolean(required=True)


class LinesOut(ma.Schema):
    """Every line of the register, and the promises behind it."""

    lines = plain.List(plain.Nested(LineOut), required=True)
    rests_on = plain.List(plain.String(), required=True)


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> api.ApiBlueprint:
    """/api/v1/recordings."""
    doors = api.ApiBlueprint(
        "recordings", __name__, url_prefix="/api/v1/recordings", description="May this call be recorded?"
    )

    @doors.get("/lines")
    @principal.require("decisions:read")
    @doors.response(200, LinesOut)
    def lines() -> Response:
        """Which lines are recorded, for what, and what people on them hear."""
        rulebook = governing.now(principal.current().organization_id, clock.now()).rulebook
        told = [_line(one, rulebook) for one in rulebook.organization.recorded_lines]
        return json_response({"lines": told, "rests_on": list(rulebook.recording.rests_on)})

    @doors.post("/decisions")
    @principal.require("decisions:write")
    @doors.arguments(CallIn)
    @doors.response(200, CallOut)
    def decide(data: dict[str, Any]) -> Response:
        """Ask whether a call may be recorded, once everybody on it was told and, where that is promised, asked.

        What people answered is put on record as a consent or refusal; a call that may be recorded leaves an entry.
        """
        who, now = principal.current(), clock.now()
        in_force = governing.now(who.organization_id, now)
        rulebook = in_force.rulebook
        call = Call(
            _known(rulebook, data["line"]),
            _people(keyring, who.organization_id, data["parties"]),
            data.get("language") or rulebook.organization.languages[0],
            data.get("purpose"),
            data.get("reference"),
            data.get("ticket"),
        )

        def told(verdict: Verdict, entries: list[str]) -> dict[str, Any]:
            kept = rulebook.recording.kept(rulebook.retention, now) if verdict.answer == "allow" else None
            return {
                "answer": verdict.answer,
                "reasons": [service.reason_json(one) for one in verdict.reasons],
                "policy_version": rulebook.policy_version.version,
                "entries": entries,
            } | _stays(kept)

        def act(tx: Tx) -> tuple[int, bytes]:
            verdict, entries = recordings.record(tx, keyring, in_force, call, now)
            return 200, encode(told(verdict, [str(one.event_id) for one in entries]))

        def instead(tx: Tx, kept: bytes) -> tuple[int, bytes] | None:
            """A kept yes is not said again after a no or once the line is off; the old request writes nothing anew."""
            said = json.loads(kept)
            if said["answer"] == "deny":
                return None
            verdict = recordings.answer(tx, who.organization_id, rulebook, call, told_before=True)
            return None if verdict.answer == "allow" else (200, encode(told(verdict, said["entries"])))

        if data["store"]:
            return idempotency.write(db, who, request, now, act, instead)
        with db.read(who.organization_id) as tx:
            return json_response(told(recordings.answer(tx, who.organization_id, rulebook, call), []))

    return doors


def _known(rulebook: Rulebook, key: str) -> RecordedLine:
    lines = rulebook.recording.lines
    if key not in lines:
        raise BadInput(NO_LINE.format(", ".join(lines)) if lines else NO_LINES, field="line")
    return lines[key]


def _people(keyring: Keyring, organization_id: UUID, parties: list[dict[str, Any]]) -> list[OnCall]:
    people: list[OnCall] = []
    for place, one in enumerate(parties):
        tagged = None
        if "address" in one:
            try:
                address = of_person(VOICE, one["address"])
            except BadInput as error:
                raise BadInput(error.detail, field=f"parties.{place}.address") from None
            tagged = subjects.tagged(keyring, organization_id, address)
            if any(other.place is not None and other.place.tag == tagged.tag for other in people):
                raise BadInput(TWICE, field=f"parties.{place}.address")
        people.append(OnCall(Party(one["told"], one.get("agreed")), tagged))
    return people


def _stays(kept: Kept | None) -> dict[str, Any]:
    if kept is None:
        return {}
    return {"keep_for": kept.period} | ({"keep_unless": kept.unless} if kept.unless else {})


def _line(one: RecordedLine, rulebook: Rulebook) -> dict[str, Any]:
    return {
        "line": one.key,
        "on": one.on,
        "purposes": list(one.purposes),
        "told_by": one.told_by,
        "words": dict(one.words),
        "storage": one.storage,
        "selection": one.selection,
        "asks_everybody": rulebook.recording.asks_at(one),
    }
