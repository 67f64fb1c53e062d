"""The API doors of consents and contact points."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, request
from marshmallow import fields as plain

from consent import clock
from consent.db import Database, Tx
from consent.errors import NotFound, TooLarge
from consent.ledger.keys import Keyring
from consent.ledger.service import Entry
from consent.policies.governing import Governing, InForce
from consent.policies.rulebook import ConsentDraft, Rulebook
from consent.preferences import consents, past, proofs, queries, settings_api
from consent.preferences import service as preferences
from consent.preferences.proofs_api import ProofIn, body_limit, in_turn
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical, of_person
from consent.web import api, fields, idempotency, principal
from consent.web import as_of as times
from consent.web.bodies import JSON_LIMIT, encode, json_response, read_bytes
from consent.web.paging import PageIn, cursor, place_of

# Signs the receipt of an entry; the wiring hands it in.
SignReceipt = Callable[[Entry, InForce], str]

# A feature may be known by a browser alone; messages go the other ways.
REACHABLE = ("sms", "email", "voice", "chat", "post", "push", "web")


class AsOfIn(fields.Schema):
    """Of which instant the answer is."""

    as_of = fields.AwareInstant(metadata={"description": "What was on record then; now if left out."})


class WordingIn(fields.Schema):
    """The exact text the person saw or heard."""

    text = fields.ShortText(longest=4000, lines=True)
    language = fields.ShortText(longest=16, metadata={"description": "BCP 47, such as en or fr-CA."})


class ConsentIn(fields.Schema):
    """What a person said about one program, and how we know."""

    program = fields.ShortText(longest=64)
    channel = fields.Word(*REACHABLE)
    address = fields.ShortText(longest=320, metadata={"description": "E.164 number or e-mail address."})
    state = fields.Word("given", "refused", "withdrawn")
    occurred_at = fields.AwareInstant(metadata={"description": "When the person acted, RFC 3339 with offset."})
    method = fields.ShortText(longest=64, metadata={"description": "web-form, keyword, paper, voice, staff …"})
    wording = plain.Nested(WordingIn)
    ip = fields.IpAddress(metadata={"description": "The person's own address, where the method has one."})
    ip_absent_reason = fields.ShortText(longest=200)
    person = fields.ShortText(longest=200, metadata={"description": "Your own id of the person."})
    entered_by = fields.ShortText(longest=200, metadata={"description": "Who typed it in, if not the person."})
    pre_ticked = fields.YesNo()
    bundled = fields.YesNo()
    mandatory = fields.YesNo()
    declared_age = fields.WholeNumber(least=0, most=150)
    granted_by = fields.ShortText(
        longest=64, metadata={"description": "In what capacity a feature is allowed: person, customer …"}
    )
    proof = plain.Nested(ProofIn, metadata={"description": "A paper form, a recording, a screenshot."})


class ConsentOut(ma.Schema):
    """The ledger entry of the consent and its signed receipt."""

    entry = plain.String(required=True)
    receipt_id = plain.String(required=True)
    receipt = plain.String(required=True, metadata={"description": "Compact JWS, typ consent-receipt+jwt."})
    policy_version = plain.String(required=True)
    companion_policy = plain.String(metadata={"description": "The second document agreed to, where there is one."})
    companion_version = plain.String()
    consequence = plain.String(metadata={"description": "What follows from ending a feature."})
    contact_point = plain.String(required=True)
    proof = plain.String(metadata={"description": "The id of the file that came with it."})


class LookupIn(fields.Schema):
    """Whom to look up; an address never stands in a URL."""

    channel = fields.Word(*REACHABLE, required=True)
    address = fields.ShortText(longest=320, required=True)


class LookupOut(ma.Schema):
    """The id under which a contact point is asked about."""

    id = plain.String(required=True)
    channel = plain.String(required=True)
    masked = plain.String(required=True)
    number = plain.Dict(metadata={"description": "What became of the number, where anything is on record."})


def blueprints(
    db: Database, keyring: Keyring, governing: Governing, sign_receipt: SignReceipt, largest_proof: int
) -> tuple[api.ApiBlueprint, ...]:
    """/api/v1/consents and /api/v1/contact-points; proofs of up to `largest_proof` bytes."""
    consent_doors = _consents(db, keyring, governing, sign_receipt, largest_proof)
    return consent_doors, _contact_points(db, keyring, governing), settings_api.blueprint(db, keyring, governing)


def _consents(
    db: Database, keyring: Keyring, governing: Governing, sign_receipt: SignReceipt, largest_proof: int
) -> api.ApiBlueprint:
    doors = api.ApiBlueprint(
        "consents", __name__, url_prefix="/api/v1/consents", description="What people agreed to or refused."
    )

    @doors.post("")
    @principal.require("consents:write")
    @api.body(limit=body_limit(largest_proof))
    @in_turn
    @doors.arguments(ConsentIn, limit=body_limit(largest_proof))
    @doors.response(201, ConsentOut)
    @doors.alt_response(409, schema=api.Problem, content_type="application/problem+json")
    def record(data: dict[str, Any]) -> Response:
        """Record that a person gave, refused or withdrew consent.

        A missing field is refused with the commitment and law that ask for it. The answer comes after the
        entry is on stable storage.
        """
        who, now = principal.current(), clock.now()
        draft, proof = _draft(data), None
        if "proof" in data:
            proof = proofs.draft(data["proof"]["content"], data["proof"]["type"], largest_proof, now, at="proof.")
        elif len(read_bytes(request, body_limit(largest_proof))) > JSON_LIMIT:
            raise TooLarge(f"Without a proof this door reads at most {JSON_LIMIT} bytes.", limit=JSON_LIMIT)
        in_force = governing.now(who.organization_id, now)
        if draft.occurred_at is not None and draft.occurred_at < now:
            in_force = governing.at(who.organization_id, draft.occurred_at)
        consents.check(in_force.rulebook, draft, now)
        address = of_person(draft.channel or "", draft.address or "")
        said = consents.Said(
            draft,
            subjects.tagged(keyring, who.organization_id, address),
            data.get("person"),
            data.get("entered_by"),
            proof,
        )

        def act(tx: Tx) -> tuple[int, bytes]:
            recorded = consents.record(tx, keyring, in_force.log, in_force.rulebook, said, "api", now)
            entry = str(recorded.entry.event_id)
            answer = {
                "entry": entry,
                "receipt_id": entry,
                "receipt": sign_receipt(recorded.entry, in_force),
                "policy_version": in_force.rulebook.policy_version.version,
                "contact_point": str(recorded.contact_point_id),
            }
            if proof is not None:
                answer["proof"] = str(proof.id)
            return 201, encode(answer | _of_feature(in_force.rulebook, draft))

        return idempotency.write(db, who, request, now, act)

    return doors


def _contact_points(db: Database, keyring: Keyring, governing: Governing) -> api.ApiBlueprint:
    doors = api.ApiBlueprint(
        "contact_points",
        __name__,
        url_prefix="/api/v1/contact-points",
        description="A channel and an address, what holds for it and what happened.",
    )

    @doors.post("/lookup")
    @principal.require("contact-points:read")
    @doors.arguments(LookupIn)
    @doors.response(200, LookupOut)
    @doors.alt_response(404, schema=api.Problem, content_type="application/problem+json")
    def lookup(data: dict[str, Any]) -> Response:
        """Find the id of a contact point."""
        who = principal.current()
        address = canonical(data["channel"], data["address"])
        tagged = subjects.tagged(keyring, who.organization_id, address)
        with db.read(who.organization_id) as tx:
            found = subjects.find(tx, who.organization_id, tagged)
            state = preferences.read(tx, who.organization_id, address.channel, tagged.tag64)
        if found is None:
            raise NotFound("Nothing is on record for this contact point.")
        became = queries.number_json(state)
        shown = {"id": str(found), "channel": address.channel, "masked": address.masked}
        return json_response(shown | ({"number": became} if became else {}))

    @doors.get("/<uuid:contact_point>/preferences")
    @principal.require("contact-points:read")
    @doors.arguments(AsOfIn, location="query")
    @doors.response(200)
    @doors.alt_response(404, schema=api.Problem, content_type="application/problem+json")
    def show(query: dict[str, Any], contact_point: UUID) -> Response:
        """What holds, per program: now, or as it was recorded at an earlier instant (`as_of`)."""
        who, now = principal.current(), clock.now()
        then = times.past(query.get("as_of"), now, "as_of")
        if then is not None:
            return json_response(_then(who.organization_id, contact_point, then))
        in_force = governing.now(who.organization_id, now)
        with db.read(who.organization_id) as tx:
            contact = _known(tx, keyring, who.organization_id, contact_point)
            state = preferences.read(tx, who.organization_id, contact.channel, contact.tag64)
            whole = queries.wherever(tx, who.organization_id, state)
        shown = queries.preferences_json(state, in_force.rulebook, contact.channel)
        return json_response({"id": str(contact.id), **shown, "settings": queries.settings_json(whole, clock.now())})

    def _then(organization_id: UUID, contact_point: UUID, then: datetime) -> dict[str, Any]:
        rulebook = governing.at(organization_id, then).rulebook
        with db.read(organization_id) as tx:
            contact = _known(tx, keyring, organization_id, contact_point)
            state = past.state_at(tx, organization_id, contact.id, then)
        shown = queries.preferences_json(state, rulebook, contact.channel)
        return {"id": str(contact.id), **shown, "settings": queries.settings_json(state, then)}

    @doors.get("/<uuid:contact_point>/history")
    @principal.require("contact-points:read")
    @doors.arguments(PageIn, location="query")
    @doors.response(200)
    @doors.alt_response(404, schema=api.Problem, content_type="application/problem+json")
    def history(query: dict[str, Any], contact_point: UUID) -> Response:
        """What happened, newest first, with the facts and the wording then shown."""
        who = principal.current()
        before = place_of(query["cursor"], _position) if "cursor" in query else None
        with db.read(who.organization_id) as tx:
            contact = _known(tx, keyring, who.organization_id, contact_point)
            events, after = queries.history(
                tx,
                keyring,
                who.organization_id,
                contact.id,
                before=before,
                most=query["limit"],
            )
        page: dict[str, Any] = {"events": events}
        if after is not None:
            page["next"] = cursor(after)
        return json_response(page)

    return doors


def _of_feature(rulebook: Rulebook, draft: ConsentDraft) -> dict[str, str]:
    """What is said besides where the consent is to a feature."""
    said: dict[str, str] = {}
    companion = rulebook.features.companion(draft.program or "")
    if companion is not None and draft.state == "given":
        said |= {"companion_policy": companion.policy, "companion_version": companion.version}
    ending = rulebook.features.ending(draft.program or "")
    if ending is not None and ending.consequence and draft.state != "given":
        said["consequence"] = ending.consequence
    return said


def _draft(data: dict[str, Any]) -> ConsentDraft:
    wording = data.get("wording", {})
    return ConsentDraft(
        data.get("program"),
        data.get("channel"),
        data.get("address"),
        data.get("state"),
        data.get("occurred_at"),
        data.get("method"),
        wording.get("text"),
        wording.get("language"),
        data.get("ip"),
        data.get("ip_absent_reason"),
        data.get("pre_ticked"),
        data.get("bundled"),
        data.get("mandatory"),
        data.get("declared_age"),
        data.get("granted_by"),
    )


def _known(tx: Tx, keyring: Keyring, organization_id: UUID, contact_point: UUID) -> subjects.KnownContact:
    contact = subjects.by_id(tx, keyring, organization_id, contact_point)
    if contact is None:
        raise NotFound("There is no such contact point.")
    return contact


def _position(said: str) -> int:
    position = int(said)
    if str(position) != said or not 0 < position < 2**53:
        raise ValueError(said)
    return position
