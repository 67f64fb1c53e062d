"""The API door of what a person set besides yes and no: pauses, language, frequencies, refused sales, limited uses."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response
from marshmallow import fields as plain

from consent import clock
from consent.db import Database, Tx
from consent.errors import BadInput, NotFound
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.policies.organization import OrganizationPack
from consent.preferences import queries, settings
from consent.preferences import service as preferences
from consent.subjects import service as subjects
from consent.subjects.addresses import as_received
from consent.web import api, fields, principal
from consent.web.bodies import json_response


class PauseIn(fields.Schema):
    """Until when nothing goes that can be refused."""

    until = fields.Day(required=True, metadata={"description": "The day on which messages begin again."})
    programs = plain.List(fields.ShortText(longest=64), metadata={"description": "Of these programs; of all if empty."})


class SettingsIn(fields.Schema):
    """What the person wants; what is left out stays as it is."""

    method = fields.ShortText(longest=64, required=True, metadata={"description": "How the person said it."})
    occurred_at = fields.AwareInstant(metadata={"description": "When the person said it; now if left out."})
    pause = plain.Nested(PauseIn, allow_none=True, metadata={"description": "null ends every pause."})
    language = fields.ShortText(longest=16, metadata={"description": "BCP 47, such as en or fr."})
    frequencies = plain.Dict(
        keys=fields.ShortText(longest=64),
        values=fields.ShortText(longest=16, allow_none=True),
        metadata={"description": "By program, such as 1/P7D: at most one in seven days. null ends it."},
    )
    sale_refused = fields.YesNo(metadata={"description": "true refuses; only the person can take that back."})
    use_limited = fields.YesNo(metadata={"description": "true limits; only the person can take that back."})
    person = fields.ShortText(longest=200, metadata={"description": "Your own id of the person."})
    entered_by = fields.ShortText(longest=200, metadata={"description": "Who typed it in, if not the person."})


class SettingsOut(ma.Schema):
    """What is set for the contact point, and by its people elsewhere; a pause that is over is not shown."""

    paused_until = plain.String(required=True, allow_none=True)
    paused_programs = plain.Dict(keys=plain.String(), values=plain.String(), required=True)
    language = plain.String(required=True, allow_none=True)
    frequencies = plain.Dict(keys=plain.String(), values=plain.String(), required=True)
    do_not_call_since = plain.String(required=True, allow_none=True)
    sale_refused_since = plain.String(required=True, allow_none=True)
    sale_refused_by_signal = plain.Boolean(required=True)
    use_limited_since = plain.String(required=True, allow_none=True)


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> api.ApiBlueprint:
    """/api/v1/contact-points/<id>/settings."""
    doors = api.ApiBlueprint(
        "contact_point_settings",
        __name__,
        url_prefix="/api/v1/contact-points",
        description="What a person set besides yes and no.",
    )

    @doors.get("/<uuid:contact_point>/settings")
    @principal.require("contact-points:read")
    @doors.response(200, SettingsOut)
    @doors.alt_response(404, schema=api.Problem, content_type="application/problem+json")
    def show(contact_point: UUID) -> Response:
        """What is set now."""
        who = principal.current()
        with db.read(who.organization_id) as tx:
            shown = _shown(tx, keyring, who.organization_id, contact_point, clock.now())
        return json_response(shown)

    @doors.put("/<uuid:contact_point>/settings")
    @principal.require("contact-points:write")
    @doors.arguments(SettingsIn)
    @doors.response(200, SettingsOut)
    @doors.alt_response(404, schema=api.Problem, content_type="application/problem+json")
    def change(data: dict[str, Any], contact_point: UUID) -> Response:
        """Set what is named; each change is an entry of the ledger, and the same again writes nothing."""
        who, now = principal.current(), clock.now()
        in_force = governing.now(who.organization_id, now)
        wishes = list(_wishes(in_force.rulebook.organization, data, now))

        def act(tx: Tx) -> dict[str, Any]:
            contact = _known(tx, keyring, who.organization_id, contact_point)
            if contact.address is None:
                raise NotFound("The address of this contact point was erased; nothing can be set for it.")
            tagged = subjects.tagged(keyring, who.organization_id, as_received(contact.channel, contact.address))
            said = data.get("person")
            person = subjects.person(tx, keyring, who.organization_id, said, now) if said else None
            facts = {"staff": data.get("entered_by"), "person": said}
            how = settings.How("api", data["method"], data.get("occurred_at"), person, facts)
            settings.record(tx, keyring, in_force.log, in_force.rulebook, tagged, wishes, how, now)
            return _shown(tx, keyring, who.organization_id, contact_point, now)

        return json_response(db.write(act, who.organization_id))

    return doors


def _shown(tx: Tx, keyring: Keyring, organization_id: UUID, contact_point: UUID, now: datetime) -> dict[str, Any]:
    contact = _known(tx, keyring, organization_id, contact_point)
    state = preferences.read(tx, organization_id, contact.channel, contact.tag64)
    return queries.settings_json(queries.wherever(tx, organization_id, state), now)


def _wishes(organization: OrganizationPack, data: dict[str, Any], now: datetime) -> Iterator[settings.Wish]:
    for key in ("sale_refused", "use_limited"):
        if data.get(key) is False:
            raise BadInput("Only the person can take this back, on the preference page. Leave it out.", field=key)
    if data.get("sale_refused"):
        yield settings.refuse_sale()
    if data.get("use_limited"):
        yield settings.limit_use()
    if "pause" in data:
        pause = data["pause"]
        if pause is None:
            yield settings.end_pause()
        else:
            yield settings.pause(organization, pause["until"], now, pause.get("programs", ()))
    if "language" in data:
        yield settings.choose_language(organization, data["language"])
    for program, choice in sorted(data.get("frequencies", {}).items()):
        if choice is None:
            yield settings.end_frequency(organization, program)
        else:
            yield settings.choose_frequency(organization, program, choice)


def _known(tx: Tx, keyring: Keyring, organization_id: UUID, contact_point: UUID) -> subjects.KnownContact:
    contact = subjects.by_id(tx, keyring, organization_id, contact_point)
    if contact is None:
        raise NotFound("There is no such contact point.")
    return contact
