"""The API door of a company's own banner: its server records what a visitor chose, and learns what is now on."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, request
from marshmallow import fields as plain

from consent import clock
from consent.db import Database, Tx
from consent.decisions import service
from consent.decisions.verdicts import ReasonOut
from consent.ledger.bodies import instant
from consent.ledger.keys import Keyring
from consent.policies.answers.trackers import Tracker
from consent.policies.governing import Governing
from consent.policies.rulebook import Rulebook
from consent.preferences.cookies import recorded
from consent.preferences.cookies.named import Named, named
from consent.preferences.cookies.recorded import Banner, Pressed
from consent.web import api, fields, idempotency, principal
from consent.web.bodies import encode, json_response
from consent.web.fields import parse_instant

MOST_PURPOSES = 50


class BrowserIn(fields.Schema):
    """Which browser, where."""

    visitor = fields.ShortText(
        longest=64,
        shortest=22,
        required=True,
        metadata={"description": "A random id that your site made for the browser; no number, name or address."},
    )
    surface = fields.ShortText(longest=64, required=True, metadata={"description": "As the policy names it."})
    gpc = fields.YesNo(metadata={"description": "The browser sends Sec-GPC: 1."})
    dnt = fields.YesNo(metadata={"description": "The browser sends DNT: 1."})
    person = fields.ShortText(longest=200, metadata={"description": "Your own id of who is signed in, if anybody."})
    email = fields.ShortText(longest=320, metadata={"description": "In place of `person`: their mail address."})
    phone = fields.ShortText(
        longest=64, metadata={"description": "In place of `person`: their number, as +15095550142."}
    )
    jurisdiction = fields.Place(metadata={"description": "Where the visitor is; unknown: every law is heard."})


class WordsIn(fields.Schema):
    """The words of the banner: whole, or by their hash once they were told."""

    text = fields.ShortText(longest=4000, lines=True)
    sha256 = fields.ShortText(
        longest=43, shortest=43, metadata={"description": "Base64url of the SHA-256 of the text in UTF-8."}
    )
    language = fields.ShortText(longest=16, required=True, metadata={"description": "BCP 47, such as en or fr."})


class PressedIn(BrowserIn):
    """What the visitor chose. What is left out was not decided and stays as it was."""

    choices = plain.Dict(
        keys=fields.ShortText(longest=64),
        values=fields.YesNo(),
        load_default=dict,
        validate=ma.validate.Length(max=MOST_PURPOSES),
        metadata={"description": "Purpose: true or false. Those to ask about stand in cookies.json, ask_before."},
    )
    policy_version = fields.ShortText(
        longest=32, required=True, metadata={"description": "Of the rule by which the banner was drawn."}
    )
    banner = fields.ShortText(longest=64, metadata={"description": "Your own name of this version of the banner."})
    wording = plain.Nested(WordsIn, metadata={"description": "What a yes was given to."})
    occurred_at = fields.AwareInstant(metadata={"description": "When the visitor chose; now if left out."})


class ChoiceOut(ma.Schema):
    """What holds for one purpose."""

    purpose = plain.String(required=True)
    choice = plain.String(required=True, metadata={"enum": ["given", "refused", "none"]})
    since = plain.String()
    entry = plain.String()
    ask_again_at = plain.String(metadata={"description": "A yes counts until then, under this version."})
    own = plain.String(
        required=True,
        metadata={"enum": ["allow", "deny"], "description": "What the site sets itself without following anybody."},
    )
    others = plain.String(
        required=True,
        metadata={"enum": ["allow", "deny"], "description": "What somebody else sets or reads, or what follows."},
    )
    reasons = plain.List(plain.Nested(ReasonOut), required=True)


class EntryOut(ma.Schema):
    """What was written."""

    entry = plain.String(required=True, metadata={"description": "Also the id of its receipt."})
    type = plain.String(required=True)
    purposes = plain.List(plain.String(), required=True)


class HoldsOut(ma.Schema):
    """What is now on for this browser on this surface."""

    policy_version = plain.String(required=True)
    surface = plain.String(required=True)
    sale_refused = plain.Boolean(required=True, metadata={"description": "By a signal or by the person."})
    choices = plain.List(plain.Nested(ChoiceOut), required=True)
    asked_anew = plain.List(
        plain.String(), required=True, metadata={"description": "Their yes does not hold, nor does a no."}
    )
    entries = plain.List(plain.Nested(EntryOut), metadata={"description": "None where nothing changed."})
    valid_until = plain.String(required=True)


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> api.ApiBlueprint:
    """/api/v1/trackers/choices."""
    doors = api.ApiBlueprint(
        "tracker_choices",
        __name__,
        url_prefix="/api/v1/trackers/choices",
        description="What visitors chose in your own banner.",
    )

    @doors.post("")
    @principal.require("consents:write")
    @doors.arguments(PressedIn)
    @doors.response(201, HoldsOut)
    @doors.alt_response(200, schema=HoldsOut)
    def record(data: dict[str, Any]) -> Response:
        """Record what a visitor chose in a banner of yours. 200 instead of 201 says that nothing changed.

        A no always counts. A yes counts if the banner was drawn under the version in force; else the purpose stands in
        `asked_anew`. A signal that the browser sends outweighs a yes. Call it from your server: the key is a secret.
        """
        who, now = principal.current(), clock.now()
        pressed, where = _pressed(data), data.get("jurisdiction")
        in_force = governing.now(who.organization_id, now)
        at = pressed.occurred_at
        then = in_force if at is None or at >= now else governing.at(who.organization_id, at)
        recorded.check(then.rulebook, pressed, now)

        def act(tx: Tx) -> tuple[int, bytes]:
            entries = recorded.record(tx, keyring, then.log, then.rulebook, pressed, now)
            answer = _holds(tx, keyring, who.organization_id, in_force.rulebook, data, where, now)
            answer["entries"] = [
                {"entry": str(one.event_id), "type": one.type, "purposes": recorded.purposes_of(one, pressed.surface)}
                for one in entries
            ]
            return 201 if entries else 200, encode(answer)

        def instead(tx: Tx, kept: bytes) -> tuple[int, bytes] | None:
            """What is on is told as it is now, not as it was before a later no; what was written stays what it was."""
            said = json.loads(kept)
            fresh = _holds(tx, keyring, who.organization_id, in_force.rulebook, data, where, now)
            fresh["entries"] = said["entries"]
            if parse_instant(said["valid_until"]) > now and fresh | {"valid_until": said["valid_until"]} == said:
                return None
            return 201 if said["entries"] else 200, encode(fresh)

        return idempotency.write(db, who, request, now, act, instead)

    @doors.post("/lookup")
    @principal.require("consents:read")
    @doors.arguments(BrowserIn)
    @doors.response(200, HoldsOut)
    def look(data: dict[str, Any]) -> Response:
        """What is on for a browser, before anything is set there. Nothing is written."""
        who, now = principal.current(), clock.now()
        rulebook = governing.now(who.organization_id, now).rulebook
        recorded.check_place(rulebook.trackers, data["visitor"], data["surface"])
        with db.read(who.organization_id) as tx:
            answer = _holds(tx, keyring, who.organization_id, rulebook, data, data.get("jurisdiction"), now)
        return json_response(answer)

    return doors


def _pressed(data: dict[str, Any]) -> Pressed:
    words = data.get("wording", {})
    banner = Banner(
        data["policy_version"], data.get("banner"), words.get("text"), words.get("sha256"), words.get("language")
    )
    return Pressed(
        data["visitor"], data["surface"], data["choices"], banner, data.get("gpc", False), data.get("dnt", False),
        _who(data), data.get("occurred_at"),
    )  # fmt: skip


def _who(data: dict[str, Any]) -> Named | None:
    """Whom the site names; BadInput with the field."""
    return named(data.get("person"), data.get("email"), data.get("phone"))


def _holds(
    tx: Tx, keyring: Keyring, organization_id: UUID, rulebook: Rulebook, data: dict[str, Any], where: str | None,
    now: datetime,
) -> dict[str, Any]:  # fmt: skip
    on_record = recorded.what_holds(tx, keyring, organization_id, data["visitor"], _who(data))
    sent = {"gpc": data.get("gpc", False), "dnt": data.get("dnt", False), "sale_refused": on_record.sale_refused}
    found = []
    for purpose in rulebook.trackers.choices():
        known = recorded.known(on_record, rulebook, data["surface"], purpose, now)
        asked = Tracker(purpose, data["surface"], consent=known.consent, jurisdiction=where, **sent)
        found.append(_told(rulebook, asked, known))
    anew = [one for one, yes in data.get("choices", {}).items() if yes and _undecided(found, one)]
    return {
        "policy_version": rulebook.policy_version.version,
        "surface": data["surface"],
        "sale_refused": on_record.sale_refused,
        "choices": found,
        "asked_anew": anew,
        "valid_until": instant(now + service.RELY_FOR),
    }


def _told(rulebook: Rulebook, asked: Tracker, known: recorded.Known) -> dict[str, Any]:
    own = rulebook.trackers.may_set(asked)
    others = rulebook.trackers.may_set(asked._replace(third_party=True, behavioural=True))
    told: dict[str, Any] = {
        "purpose": asked.purpose,
        "choice": {True: "given", False: "refused", None: "none"}[known.consent],
        "own": own.answer,
        "others": others.answer,
        "reasons": [service.reason_json(one) for one in others.reasons],
    }
    if known.consent is not None and known.since is not None:
        told |= {"since": instant(known.since), "entry": str(known.event_id)}
    if (
        known.consent
        and known.since is not None
        and (again := rulebook.trackers.asked_again_at(known.since)) is not None
    ):
        told["ask_again_at"] = instant(again)
    return told


def _undecided(found: list[dict[str, Any]], purpose: str) -> bool:
    """Nothing holds: neither this yes nor a later no, after which nobody is asked again."""
    return any(one["purpose"] == purpose and one["choice"] == "none" for one in found)
