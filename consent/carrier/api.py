"""The API doors of carriers: may CPNI serve this use, and an account was changed."""

from typing import Any

from flask import Response, request

from consent import clock
from consent.carrier import account_changes, approvals, schemas, service
from consent.carrier.account_changes import Change
from consent.db import Database, Tx
from consent.decisions.verdicts import verdict_json
from consent.incidents.service import Desk
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.subjects import service as subjects
from consent.subjects.addresses import of_person
from consent.verification.sending import texting_of
from consent.web import api, idempotency, principal
from consent.web.bodies import encode, json_response


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> api.ApiBlueprint:
    """/api/v1/carrier."""
    doors = api.ApiBlueprint(
        "carrier", __name__, url_prefix="/api/v1/carrier", description="What telephone carriers owe their customers."
    )

    def desk() -> Desk:
        who = principal.current()
        return Desk(keyring, governing.now(who.organization_id, clock.now()), "api", "api")

    @doors.post("/approvals/decisions")
    @principal.require("carrier:read")
    @doors.arguments(schemas.ApprovalIn)
    @doors.response(200, schemas.ApprovalOut)
    @doors.alt_response(404, schema=api.Problem, content_type="application/problem+json")
    def decide(data: dict[str, Any]) -> Response:
        """Ask before each use of CPNI. An express yes, or silence after a notice where the law lets silence count."""
        at, now = desk(), clock.now()
        service.carrier_of(at)
        rulebook, organization_id = at.in_force.rulebook, at.organization_id
        tagged = subjects.tagged(keyring, organization_id, of_person(data["channel"], data["address"]))
        with db.read(organization_id) as tx:
            found = approvals.may_use(
                tx, organization_id, rulebook, data["use"], tagged.address.channel, tagged.tag64, now
            )
        answer = {"use": data["use"]} | verdict_json(found.verdict, rulebook, now)
        if found.counts_from is not None:
            answer["silence_counts_from"] = found.counts_from.isoformat()
        if found.steps:
            answer["steps"] = list(found.steps)
        if found.repeat_by is not None:
            answer["repeat_by"] = found.repeat_by.isoformat()
        return json_response(answer)

    @doors.post("/account-changes")
    @principal.require("carrier:write")
    @doors.arguments(schemas.AccountChangeIn)
    @doors.response(201, schemas.AccountChangeOut)
    @doors.alt_response(404, schema=api.Problem, content_type="application/problem+json")
    @doors.alt_response(409, schema=api.Problem, content_type="application/problem+json")
    def changed(data: dict[str, Any]) -> Response:
        """Tell the customer at once that the account was changed, where they were reached before the change."""
        at, now = desk(), clock.now()
        tagged = subjects.tagged(keyring, at.organization_id, of_person(data["channel"], data["address"]))
        change = Change(data["what"], data["changed_at"], data.get("told") or tagged.address.channel, tagged)
        account_changes.check(at, change, now)
        texting = None
        if change.told == "sms":
            with db.read(at.organization_id) as tx:
                texting = texting_of(tx, keyring, at.organization_id, at.in_force.rulebook.organization)

        def act(tx: Tx) -> tuple[int, bytes]:
            told = account_changes.tell(tx, at, change, texting, now)
            said = {"entry": str(told.entry), "contact_point": str(told.contact_point_id)}
            return 201, encode({**said, "told": change.told, "queued": told.is_ours})

        return idempotency.write(db, principal.current(), request, now, act)

    return doors
