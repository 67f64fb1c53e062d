"""The API door of what was shown: a company's own site, portal or announcement says what it displays, word for word."""

from typing import Any

import marshmallow as ma
from flask import Response, request
from marshmallow import fields as plain

from consent import clock
from consent.db import Database, Tx
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.policies.answers import displays
from consent.policies.answers.displays import Displayed
from consent.policies.governing import Governing
from consent.preferences import shown_texts
from consent.web import api, fields, idempotency, principal
from consent.web.bodies import encode
from consent.web.problems import InvalidFields


class TextIn(fields.Schema):
    """One text as it stands there."""

    key = fields.ShortText(
        longest=64,
        required=True,
        metadata={"description": "Of a statement that is owed there, or the id of a promise whose trace is E-SHOWN."},
    )
    language = fields.ShortText(longest=16, required=True, metadata={"description": "BCP 47, such as en or fr."})
    text = fields.ShortText(longest=4000, lines=True, required=True)


class DisplayIn(fields.Schema):
    """What is shown on a surface of the company's own, from when it stands there."""

    surface = fields.ShortText(longest=64, required=True, metadata={"description": "Such as resident-app or website."})
    channel = fields.Channel(metadata={"description": "Only what is said to people asked on this channel."})
    where = fields.Place(metadata={"description": "Where the people are who see it; unknown: everything is owed."})
    texts = plain.List(plain.Nested(TextIn), required=True, validate=ma.validate.Length(min=1, max=50))


class DisplayOut(ma.Schema):
    """The entry of the ledger, and what it is evidence of."""

    entry = plain.String(required=True)
    rests_on = plain.List(plain.String(), required=True, metadata={"description": "Commitments and laws."})
    policy_version = plain.String(required=True)


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> api.ApiBlueprint:
    """/api/v1/statements/shown."""
    doors = api.ApiBlueprint(
        "statements_shown",
        __name__,
        url_prefix="/api/v1/statements/shown",
        description="What stands on your own sites.",
    )

    @doors.post("")
    @principal.require("commitments:write")
    @doors.arguments(DisplayIn)
    @doors.response(201, DisplayOut)
    def shown(data: dict[str, Any]) -> Response:
        """Record what a surface of yours shows. It is refused where the words are others than those that are owed.

        Each text is kept, and the ledger names it by its hash. Tell it when the surface changes, not for each visitor.
        """
        who, now = principal.current(), clock.now()
        in_force = governing.now(who.organization_id, now)
        rulebook, surface = in_force.rulebook, data["surface"]
        said = [Displayed(**one) for one in data["texts"]]
        owed = rulebook.statements.required(surface, data.get("channel"), data.get("where"))
        if wrong := displays.wrong(rulebook.promises, owed, said):
            raise InvalidFields([
                {"pointer": "#/texts", "field": f"texts.{key}", "message": why} for key, why in wrong.items()
            ])  # fmt: skip
        rests_on = displays.rests_on(rulebook.promises, owed, said)

        def act(tx: Tx) -> tuple[int, bytes]:
            stream = ledger.stream(tx, keyring, who.organization_id, who.organization_id)
            entry = shown_texts.keep(tx, in_force.log, stream, rulebook, surface, said, rests_on, "api", now)
            answer = {"entry": str(entry.event_id), "rests_on": list(rests_on)}
            return 201, encode(answer | {"policy_version": rulebook.policy_version.version})

        return idempotency.write(db, who, request, now, act)

    return doors
