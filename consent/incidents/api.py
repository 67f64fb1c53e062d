"""The API doors of incidents: open one, enter what becomes known, name the people, say what was done, close it."""

from dataclasses import fields as fields_of
from datetime import date, datetime
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, request
from marshmallow import fields as plain

from consent import clock
from consent.db import Database, Tx
from consent.errors import BadInput, NotFound
from consent.incidents import queries, rules, service
from consent.incidents.queries import Words
from consent.ledger.bodies import instant
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.subjects import service as subjects
from consent.subjects.addresses import of_person
from consent.web import api, fields, idempotency, principal
from consent.web.bodies import encode, json_response
from consent.web.fields import parse_instant
from consent.web.paging import PageIn, cursor, place_of

MOST_AT_ONCE = 500  # people in one call
WORDS = tuple(one.name for one in fields_of(Words))


class FactsIn(fields.Schema):
    """What becomes known, bit by bit; what is left out stays as it is."""

    occurred_at = fields.AwareInstant(allow_none=True)
    believed_at = fields.AwareInstant(allow_none=True, metadata={"description": "When it was reasonably believed."})
    confirmed_at = fields.AwareInstant(allow_none=True)
    people_notified_at = fields.AwareInstant(allow_none=True)
    authorities_told_at = fields.AwareInstant(
        allow_none=True, metadata={"description": "When the police or another authority that comes first was told."}
    )
    law_requires = plain.Boolean(
        truthy={True}, falsy={False}, allow_none=True, metadata={"description": "Does a law ask for a notice?"}
    )
    places = plain.List(
        fields.ShortText(longest=10),
        validate=ma.validate.Length(max=100),
        metadata={"description": "Where the people live, ISO 3166-2."},
    )
    delay_ground = fields.ShortText(longest=64, shortest=0)
    delay_body = fields.ShortText(longest=200, shortest=0)
    delay_review_on = fields.Day(allow_none=True)
    disclosed_at = fields.AwareInstant(allow_none=True)
    feasible_before = plain.Boolean(truthy={True}, falsy={False}, allow_none=True)
    forbidden = plain.Boolean(truthy={True}, falsy={False}, metadata={"description": "Does the law forbid telling?"})
    ban_lifted_at = fields.AwareInstant(allow_none=True)
    what = fields.ShortText(longest=10_000, lines=True, metadata={"description": "What happened, in words."})
    assessment = fields.ShortText(longest=10_000, lines=True, metadata={"description": "Why a law does or does not."})
    subject = fields.ShortText(longest=200, metadata={"description": "Of the letter to the people."})
    letter = fields.ShortText(longest=20_000, lines=True)


class IncidentIn(FactsIn):
    """An incident as it begins."""

    kind = fields.Word(*rules.KINDS, required=True)
    title = fields.ShortText(longest=200, required=True)
    detected_at = fields.AwareInstant(required=True)


class ChangeIn(FactsIn):
    """A change of an incident that is open."""

    title = fields.ShortText(longest=200)
    detected_at = fields.AwareInstant()
    version = plain.Integer(strict=True, validate=ma.validate.Range(min=1), metadata={"description": "As read last."})


class PersonIn(fields.Schema):
    """Somebody whose data it is."""

    channel = fields.Word("sms", "email", "voice", required=True)
    address = fields.ShortText(longest=320, required=True)


class PeopleIn(fields.Schema):
    """People by their addresses; addresses nobody knows here are answered by their places in the list."""

    people = plain.List(plain.Nested(PersonIn), required=True, validate=ma.validate.Length(min=1, max=MOST_AT_ONCE))


class DutyIn(fields.Schema):
    """A duty that was done."""

    duty = fields.ShortText(longest=120, required=True, metadata={"description": "As `duties` names it."})
    how = fields.ShortText(longest=4000, lines=True, required=True)


class ReportIn(fields.Schema):
    """The closing report."""

    report = fields.ShortText(longest=20_000, lines=True, required=True)


class ListIn(PageIn):
    """Which of them, where to continue, and how many."""

    state = fields.Word("open", "closed", load_default="open")


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> api.ApiBlueprint:
    """/api/v1/incidents."""
    doors = api.ApiBlueprint(
        "incidents", __name__, url_prefix="/api/v1/incidents", description="What went wrong, and who must be told."
    )

    def desk() -> service.Desk:
        who = principal.current()
        return service.Desk(keyring, governing.now(who.organization_id, clock.now()), "api", "api")

    def shown(tx: Tx, at: service.Desk, incident: UUID) -> dict[str, Any]:
        found = queries.one(tx, keyring, at.organization_id, incident)
        if found is None:
            raise NotFound("There is no such incident.")
        return as_json(tx, at, found)

    @doors.post("")
    @principal.require("incidents:write")
    @doors.arguments(IncidentIn)
    @doors.response(201)
    def enter(data: dict[str, Any]) -> Response:
        """Open an incident. Its duties, with the arithmetic of their dates, are in the answer."""
        at, now = desk(), clock.now()
        kind = data.pop("kind")
        words, known = _parted(data)
        facts = rules.changed(rules.Facts(known.pop("detected_at")), known)

        def act(tx: Tx) -> tuple[int, bytes]:
            identity = service.open_incident(tx, at, kind, facts, Words(**words), now)
            return 201, encode(shown(tx, at, identity))

        return idempotency.write(db, principal.current(), request, now, act)

    @doors.get("")
    @principal.require("incidents:read")
    @doors.arguments(ListIn, location="query")
    @doors.response(200)
    def listing(query: dict[str, Any]) -> Response:
        """Incidents in a state, the newest first, with their duties."""
        at = desk()
        before = place_of(query["cursor"], _place) if "cursor" in query else queries.NEWEST
        with db.read(at.organization_id) as tx:
            found, then = queries.page(tx, keyring, at.organization_id, query["state"], before, query["limit"])
            page: dict[str, Any] = {"incidents": [as_json(tx, at, one) for one in found]}
        if then is not None:
            page["next"] = cursor(instant(then[0]), then[1])
        return json_response(page)

    @doors.get("/<uuid:incident>")
    @principal.require("incidents:read")
    @doors.response(200)
    @doors.alt_response(404, schema=api.Problem, content_type="application/problem+json")
    def one(incident: UUID) -> Response:
        """One incident: what is known, whom to tell by when and why, and who was told."""
        at = desk()
        with db.read(at.organization_id) as tx:
            return json_response(shown(tx, at, incident))

    @doors.post("/<uuid:incident>/facts")
    @principal.require("incidents:write")
    @doors.arguments(ChangeIn)
    @doors.response(200)
    @doors.alt_response(404, schema=api.Problem, content_type="application/problem+json")
    @doors.alt_response(409, schema=api.Problem, content_type="application/problem+json")
    def change(data: dict[str, Any], incident: UUID) -> Response:
        """Enter what became known; with `version`, only if nobody changed it since it was read."""
        at, now, version = desk(), clock.now(), data.pop("version", None)
        words, known = _parted(data)

        def act(tx: Tx) -> tuple[int, bytes]:
            service.change(tx, at, incident, known, words, now, version=version)
            return 200, encode(shown(tx, at, incident))

        return idempotency.write(db, principal.current(), request, now, act)

    @doors.post("/<uuid:incident>/people")
    @principal.require("incidents:write")
    @doors.arguments(PeopleIn)
    @doors.response(200)
    @doors.alt_response(404, schema=api.Problem, content_type="application/problem+json")
    @doors.alt_response(409, schema=api.Problem, content_type="application/problem+json")
    def people(data: dict[str, Any], incident: UUID) -> Response:
        """Name people whose data it is, by their addresses. `unknown` tells the places of those nobody knows here."""
        at, now, places = desk(), clock.now(), []
        for number, given in enumerate(data["people"]):
            try:
                address = of_person(given["channel"], given["address"])
            except BadInput as error:
                raise BadInput(error.detail, field=f"people.{number}.address") from None
            places.append(subjects.tagged(keyring, at.organization_id, address))

        def act(tx: Tx) -> tuple[int, bytes]:
            ids = [subjects.find(tx, at.organization_id, place) for place in places]
            known = [subjects.by_id(tx, keyring, at.organization_id, one) for one in ids if one is not None]
            service.affect(tx, at, incident, [one for one in known if one is not None], now)
            unknown = [number for number, one in enumerate(ids) if one is None]
            return 200, encode(shown(tx, at, incident) | {"unknown": unknown})

        return idempotency.write(db, principal.current(), request, now, act)

    @doors.post("/<uuid:incident>/duties")
    @principal.require("incidents:write")
    @doors.arguments(DutyIn)
    @doors.response(200)
    @doors.alt_response(404, schema=api.Problem, content_type="application/problem+json")
    @doors.alt_response(409, schema=api.Problem, content_type="application/problem+json")
    def duty(data: dict[str, Any], incident: UUID) -> Response:
        """Say that a duty was done, and how. Repeating changes nothing."""
        at, now = desk(), clock.now()

        def act(tx: Tx) -> tuple[int, bytes]:
            service.do_duty(tx, at, incident, data["duty"], data["how"], now)
            return 200, encode(shown(tx, at, incident))

        return idempotency.write(db, principal.current(), request, now, act)

    @doors.post("/<uuid:incident>/telling")
    @principal.require("incidents:write")
    @doors.arguments(fields.NothingIn)
    @doors.response(200)
    @doors.alt_response(404, schema=api.Problem, content_type="application/problem+json")
    @doors.alt_response(409, schema=api.Problem, content_type="application/problem+json")
    def telling(_data: dict[str, Any], incident: UUID) -> Response:
        """Begin to tell the people by mail, whatever they refused; refused, with the reason, while they may not be."""
        at, now = desk(), clock.now()

        def act(tx: Tx) -> tuple[int, bytes]:
            service.begin_telling(tx, at, incident, now)
            return 200, encode(shown(tx, at, incident))

        return idempotency.write(db, principal.current(), request, now, act)

    @doors.post("/<uuid:incident>/close")
    @principal.require("incidents:write")
    @doors.arguments(ReportIn)
    @doors.response(200)
    @doors.alt_response(404, schema=api.Problem, content_type="application/problem+json")
    @doors.alt_response(409, schema=api.Problem, content_type="application/problem+json")
    def close(data: dict[str, Any], incident: UUID) -> Response:
        """Close it with its report; refused, with what is missing, while anything is still to be done."""
        at, now = desk(), clock.now()

        def act(tx: Tx) -> tuple[int, bytes]:
            service.close(tx, at, incident, data["report"], now)
            return 200, encode(shown(tx, at, incident))

        return idempotency.write(db, principal.current(), request, now, act)

    return doors


def as_json(tx: Tx, at: service.Desk, found: queries.Incident) -> dict[str, Any]:
    """The incident as the API tells it; of the people, how many."""
    people = queries.people(tx, at.organization_id, found.id)
    facts = {one.name: getattr(found.facts, one.name) for one in fields_of(rules.Facts)}
    return {
        "id": str(found.id),
        "kind": found.kind,
        "state": found.state,
        "version": found.version,
        "opened_at": _plain(found.opened_at),
        "closed_at": _plain(found.closed_at),
        "telling": found.telling,
        **{name: _plain(value) for name, value in facts.items()},
        **{name: getattr(found.words, name) for name in WORDS},
        "people": {"all": people.all, "told": people.told, "without_mail": people.without_mail},
        "duties": [
            {
                "duty": one.key,
                "title": one.title,
                "state": "done" if one.done_at else one.state,
                "due": _plain(one.due),
                "audience": list(one.audience),
                "channels": list(one.channels),
                "reasons": [
                    {name: value for name, value in reason._asdict().items() if value} for reason in one.reasons
                ],
                "steps": list(one.steps),
                "done_at": _plain(one.done_at),
            }
            for one in queries.duties(tx, at.in_force.rulebook, at.organization_id, found)
        ],
    }


def _parted(data: dict[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
    """The words, and everything else."""
    words = {name: data.pop(name) for name in WORDS if name in data}
    if "places" in data:
        data["places"] = tuple(data["places"])
    return words, data


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _place(at: str, identity: str) -> tuple[datetime, UUID]:
    return parse_instant(at), UUID(identity)
