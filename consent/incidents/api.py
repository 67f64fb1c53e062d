"""The API doors of incidents: open one, enter what becomes known, name the people, say what was done, close it."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, request

from consent import clock
from consent.db import Database, Tx
from consent.errors import BadInput, NotFound
from consent.incidents import finding, queries, rules, schemas, service, showing
from consent.incidents.queries import Words
from consent.ledger.bodies import instant
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.subjects import service as subjects
from consent.subjects.addresses import of_person
from consent.web import api, fields, idempotency, principal
from consent.web.bodies import encode, json_response
from consent.web.paging import cursor, place_of

Work = Callable[[Tx, service.Desk, datetime], dict[str, Any] | None]


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
        return showing.as_json(tx, at, found)

    def step(path: str, body: type[ma.Schema]) -> Callable[[Callable[..., Work]], Callable[..., Response]]:
        """A door of one incident: what it does is done once, and the incident as it stands then is the answer."""

        def door(doing: Callable[..., Work]) -> Callable[..., Response]:
            def taken(data: dict[str, Any], incident: UUID) -> Response:
                at, now, work = desk(), clock.now(), doing(data, incident)

                def act(tx: Tx) -> tuple[int, bytes]:
                    said = work(tx, at, now) or {}
                    return 200, encode(shown(tx, at, incident) | said)

                return idempotency.write(db, principal.current(), request, now, act)

            taken.__name__, taken.__doc__ = doing.__name__, doing.__doc__
            for refused in (409, 404):
                taken = doors.alt_response(refused, schema=api.Problem, content_type="application/problem+json")(taken)
            taken = doors.response(200)(taken)
            taken = principal.require("incidents:write")(doors.arguments(body)(taken))
            route: Callable[..., Response] = doors.post(f"/<uuid:incident>/{path}")(taken)
            return route

        return door

    @doors.post("")
    @principal.require("incidents:write")
    @doors.arguments(schemas.IncidentIn)
    @doors.response(201)
    def enter(data: dict[str, Any]) -> Response:
        """Open an incident. Its duties, with the arithmetic of their dates, are in the answer."""
        at, now = desk(), clock.now()
        kind = data.pop("kind")
        words, known = schemas.parted(data)
        facts = rules.changed(rules.Facts(known.pop("detected_at")), known)

        def act(tx: Tx) -> tuple[int, bytes]:
            identity = service.open_incident(tx, at, kind, facts, Words(**words), now)
            return 201, encode(shown(tx, at, identity))

        return idempotency.write(db, principal.current(), request, now, act)

    @doors.get("")
    @principal.require("incidents:read")
    @doors.arguments(schemas.ListIn, location="query")
    @doors.response(200)
    def listing(query: dict[str, Any]) -> Response:
        """Incidents in a state, the newest first, with their duties."""
        at = desk()
        before = place_of(query["cursor"], schemas.place) if "cursor" in query else queries.NEWEST
        with db.read(at.organization_id) as tx:
            found, then = queries.page(tx, keyring, at.organization_id, query["state"], before, query["limit"])
            page: dict[str, Any] = {"incidents": [showing.as_json(tx, at, one) for one in found]}
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

    @step("facts", schemas.ChangeIn)
    def change(data: dict[str, Any], incident: UUID) -> Work:
        """Enter what became known; with `version`, only if nobody changed it since it was read."""
        version = data.pop("version", None)
        words, known = schemas.parted(data)

        def work(tx: Tx, at: service.Desk, now: datetime) -> None:
            service.change(tx, at, incident, known, words, now, version=version)

        return work

    @step("people", schemas.PeopleIn)
    def people(data: dict[str, Any], incident: UUID) -> Work:
        """Name people whose data it is, by their addresses. `unknown` tells the places of those nobody knows here."""
        organization_id, places = principal.current().organization_id, []
        for number, given in enumerate(data["people"]):
            try:
                address = of_person(given["channel"], given["address"])
            except BadInput as error:
                raise BadInput(error.detail, field=f"people.{number}.address") from None
            places.append(subjects.tagged(keyring, organization_id, address))

        def work(tx: Tx, at: service.Desk, now: datetime) -> dict[str, Any]:
            ids = [subjects.find(tx, organization_id, place) for place in places]
            known = [subjects.by_id(tx, keyring, organization_id, one) for one in ids if one is not None]
            service.affect(tx, at, incident, [one for one in known if one is not None], now)
            return {"unknown": [number for number, one in enumerate(ids) if one is None]}

        return work

    @doors.post("/<uuid:incident>/people/lookup")
    @principal.require("incidents:read")
    @doors.arguments(schemas.PeopleFoundIn)
    @doors.response(200)
    @doors.alt_response(404, schema=api.Problem, content_type="application/problem+json")
    def lookup(data: dict[str, Any], incident: UUID) -> Response:
        """Count the people whom this finds now. Nothing is written."""
        at = desk()
        with db.read(at.organization_id) as tx:
            now_there = shown(tx, at, incident)
            found = finding.count(tx, at.in_force.rulebook, at.organization_id, incident, finding.Query(**data))
        return json_response(now_there | {"found": asdict(found)})

    @doors.post("/<uuid:incident>/people/query")
    @principal.require("incidents:write")
    @doors.arguments(schemas.PeoplePutIn)
    @doors.response(200)
    @doors.alt_response(409, schema=api.Problem, content_type="application/problem+json")
    @doors.alt_response(404, schema=api.Problem, content_type="application/problem+json")
    def query(data: dict[str, Any], incident: UUID) -> Response:
        """Put the people whom this finds at this moment on the list, where they are as many as were counted before."""
        at, who, now = desk(), principal.current(), clock.now()
        if (answered := idempotency.earlier(db, who, request)) is not None:
            return answered
        seen = data.pop("seen")
        found = finding.put_on_list(db, at, incident, finding.Query(**data), seen, now)

        def act(tx: Tx) -> tuple[int, bytes]:
            return 200, encode(shown(tx, at, incident) | {"found": asdict(found)})

        return idempotency.write(db, who, request, now, act)

    @step("duties", schemas.DutyIn)
    def duty(data: dict[str, Any], incident: UUID) -> Work:
        """Say that a duty was done, and how. Repeating changes nothing."""
        return lambda tx, at, now: service.do_duty(tx, at, incident, data["duty"], data["how"], now)

    @step("telling", fields.NothingIn)
    def telling(_data: dict[str, Any], incident: UUID) -> Work:
        """Begin to tell the people by mail, whatever they refused; refused, with the reason, while they may not be."""
        return lambda tx, at, now: service.begin_telling(tx, at, incident, now)

    @step("close", schemas.ReportIn)
    def close(data: dict[str, Any], incident: UUID) -> Work:
        """Close it with its report; refused, with what is missing, while anything is still to be done."""
        return lambda tx, at, now: service.close(tx, at, incident, data["report"], now)

    return doors
