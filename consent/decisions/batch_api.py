"""The API door of many decisions: up to 10,000 addresses as JSON, any number of questions as NDJSON."""

import sys
from collections.abc import Callable, Mapping
from typing import Any

import marshmallow as ma
from flask import Response, request
from marshmallow import fields as plain

from consent import clock
from consent.db import Database
from consent.decisions import service
from consent.decisions.api import DecisionIn, PositionOut
from consent.decisions.many import STORED_AT_ONCE, Asker, groups
from consent.decisions.service import Asked
from consent.decisions.stream import Questions
from consent.decisions.verdicts import ReasonOut
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.preferences.api import REACHABLE
from consent.web import api, fields, metrics, principal
from consent.web.bodies import BATCH_LIMIT, Plain

NDJSON = "application/x-ndjson"
MOST = 10_000
LONGEST_ADDRESS = 320
READ_AT_ONCE = 64 * 1024


class _Addresses(plain.Field[list[str]]):
    """Up to 10,000 texts, looked at quickly: a field made of fields takes ten times as long."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_kwargs: Any) -> list[str]:
        if not isinstance(value, list) or not value:
            raise ma.ValidationError("This must be a list of addresses.")
        if len(value) > MOST:
            raise ma.ValidationError(f"A batch has at most {MOST:,} addresses; send more as {NDJSON}, without limit.")
        if set(map(type, value)) == {str} and min(map(len, value)) > 0 and max(map(len, value)) <= LONGEST_ADDRESS:
            return value
        place = next(at for at, one in enumerate(value) if type(one) is not str or not 0 < len(one) <= LONGEST_ADDRESS)
        raise ma.ValidationError({place: [f"An address is a text of 1 to {LONGEST_ADDRESS} characters."]})


class BatchIn(fields.Schema):
    """May this class of this program go to these addresses on this channel?"""

    program = fields.ShortText(longest=64, required=True)
    message_class = fields.ShortText(longest=64, required=True)
    channel = fields.Word(*REACHABLE, required=True)
    addresses = _Addresses(
        required=True, metadata={"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": MOST}
    )
    at = fields.AwareInstant(metadata={"description": "When they would go; now if left out."})
    store = fields.YesNo(metadata={"description": "True: every answer is stored and has an id.", "default": False})


class ShortAnswerOut(ma.Schema):
    """One answer of a batch: what a single answer says of the address, or why the address is none."""

    id = plain.String(metadata={"description": "Of a stored answer."})
    answer = plain.String(metadata={"enum": ["allow", "deny"]})
    reasons = plain.List(plain.Nested(ReasonOut))
    next_allowed = plain.String()
    error = plain.String(metadata={"description": "Instead of all others: why there is no answer."})


class BatchOut(ma.Schema):
    """An answer for each address, in their order."""

    answers = plain.List(plain.Nested(ShortAnswerOut), required=True)
    policy = plain.String(required=True)
    policy_version = plain.String(required=True)
    position = plain.Nested(PositionOut, required=True)
    valid_until = plain.String(required=True)


def blueprint(
    db: Database, keyring: Keyring, governing: Governing, nothing_waits: Callable[[], None]
) -> api.ApiBlueprint:
    """/api/v1/decisions/batch; `nothing_waits` raises Unavailable while a text that was taken is not on record."""
    doors = api.ApiBlueprint(
        "decision_batches", __name__, url_prefix="/api/v1/decisions", description="Many questions to the gate."
    )
    listed = _listed(db, keyring, governing)

    @doors.post("/batch")  # type: ignore[untyped-decorator]
    @principal.require("decisions:write")
    @api.body(media=(NDJSON,), limit=BATCH_LIMIT)
    @doors.doc(  # type: ignore[untyped-decorator]
        requestBody={
            "required": True,
            "content": {
                "application/json": {"schema": BatchIn},
                NDJSON: {"schema": {"type": "string", "description": "One question a line, as for a single decision."}},
            },
        }
    )
    @doors.response(200, BatchOut)  # type: ignore[untyped-decorator]
    def batch() -> Response:
        """Ask the gate for many addresses. As NDJSON one question a line, one answer or {line, error} a line.

        Answers come in the order asked; a bad address or line never harms another. They are explained and not stored
        unless `store` is true. A client that sends NDJSON reads while it writes: nothing is kept for it.
        """
        if request.environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() == NDJSON:
            request.max_content_length = sys.maxsize  # bounded by progress, not by length; None would mean the app's
            stream = request.stream
            pieces = iter(lambda: stream.read(READ_AT_ONCE), b"")
            who = principal.current()
            questions = Questions(db, keyring, governing, who.organization_id, DecisionIn(), nothing_waits)
            return Response(questions.answers(pieces), 200, content_type=NDJSON, direct_passthrough=True)
        answer: Response = listed()
        return answer

    return doors


def _listed(db: Database, keyring: Keyring, governing: Governing) -> Any:
    """The view of a JSON body."""
    reader = BatchIn()

    def answer() -> Response:
        data = api.loaded(reader, BATCH_LIMIT)
        who, now = principal.current(), clock.now()
        at = data.get("at") or now
        service.check_time(at, now)
        in_force = governing.asked_about(who.organization_id, at, now)
        asker = Asker(keyring, who.organization_id, in_force, now)
        program, message_class, channel = data["program"], data["message_class"], data["channel"]
        spelled, wrong = asker.spelled(channel, data["addresses"])
        if data.get("store"):
            said: list[bytes] = []
            for some in groups(spelled, STORED_AT_ONCE):
                asked = [Asked(program, message_class, asker.tagged(channel, one), at) for one in some]
                said += db.write(lambda tx, asked=asked: asker.stored(tx, asked), who.organization_id)  # type: ignore[misc]
        else:
            said = asker.alike(db, program, message_class, channel, spelled, at)
        _count(asker)
        return Plain(_body(said, wrong, asker.common), 200, content_type="application/json")

    return answer


def _body(said: list[bytes], wrong: Mapping[int, bytes], common: bytes) -> bytes:
    """The answers in the order of their addresses: some megabytes, so that nothing is copied twice."""
    if wrong:
        left = iter(said)
        said = [wrong[place] if place in wrong else next(left) for place in range(len(said) + len(wrong))]
    said[0] = b'{"answers":[' + said[0]
    said[-1] += b"]," + common + b"}"
    return b",".join(said)


def _count(asker: Asker) -> None:
    metrics.DECISION_ALLOW.inc(asker.allowed)
    metrics.DECISION_DENY.inc(asker.denied)
