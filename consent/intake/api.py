"""The door at which the operator's mail server hands in what came to the privacy inbox."""

from dataclasses import replace

from flask import Response, g, request

from consent import clock
from consent.db import Database, Tx
from consent.intake import queries, reading, rules, service
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.policies.answers.forbidden import PEOPLE
from consent.policies.answers.openings import wish_of
from consent.policies.governing import Governing, InForce
from consent.privacy_requests import acknowledging
from consent.privacy_requests.service import Asked
from consent.privacy_requests.sorts import sort_of
from consent.privacy_requests.submitting import Letter
from consent.web import api, idempotency, principal
from consent.web.bodies import encode, read_bytes
from consent.web.i18n import LANGUAGES

MEDIA = "message/rfc822"
_BODY = {"required": True, "content": {MEDIA: {"schema": {"type": "string", "format": "binary"}}}}


def blueprint(db: Database, keyring: Keyring, governing: Governing, public_url: str) -> api.ApiBlueprint:
    """/api/v1/inbound-mail."""
    doors = api.ApiBlueprint(
        "inbound_mail", __name__, url_prefix="/api/v1/inbound-mail", description="Mail to the privacy inbox."
    )

    @api.body(media=(MEDIA,), limit=reading.MOST_BYTES)
    @doors.post("")
    @principal.require("privacy-requests:write")
    @doors.doc(requestBody=_BODY)
    @doors.response(201)
    @doors.alt_response(200, description="This mail is known already.")
    def hand_in() -> Response:
        """Hand in one mail as it came, of up to 2 MiB; attachments are left out.

        What it asks is on record from its arrival: a request, a no, a complaint. What no rule reads waits for a person.
        The same mail again is the same mail (200).
        """
        who, now = principal.current(), clock.now()
        letter = reading.read(read_bytes(request, reading.MOST_BYTES), now)
        in_force = governing.at(who.organization_id, min(letter.received_at, now))
        pack, forbidden = in_force.rulebook.organization, in_force.rulebook.forbidden
        subject, text = (forbidden.clean(said, PEOPLE).text for said in (letter.subject, letter.text))
        letter = replace(letter, subject=subject, text=text)
        own = frozenset(one.casefold() for one in (pack.email, pack.privacy_contact) if one and "@" in one)
        read = rules.triage(letter, own)
        prepared = service.Prepared(letter, read, _letters(db, in_force, letter, read))

        def act(tx: Tx) -> tuple[int, bytes]:
            identity, is_new = service.take(tx, keyring, in_force.log, in_force.rulebook, prepared, now)
            mail = queries.one(tx, keyring, who.organization_id, identity)
            assert mail is not None
            shown = {"id": str(identity), "verdict": mail.verdict, "asks": list(mail.asks), "state": mail.state}
            if mail.request_id is not None:
                shown["privacy_request"] = str(mail.request_id)
            return 201 if is_new else 200, encode(shown)

        return idempotency.write(db, who, request, now, act)

    def _letters(db: Database, in_force: InForce, letter: reading.Letter, read: rules.Read) -> dict[str, Letter]:
        """What acknowledges each wish, in the language of the mail."""
        language = read.language or in_force.rulebook.organization.languages[0]
        g.page_language = language if language in LANGUAGES else next(iter(LANGUAGES))
        with db.read() as tx:
            tenant = next(one for one in organizations.every(tx) if one.id == in_force.log.organization_id)
        found = {}
        for wish in read.wishes:
            word, sort = rules.granted(in_force.rulebook.requests.openings, wish), sort_of(wish_of(wish))
            if word is not None and sort is not None:
                asked = Asked(word, service.HOW, letter.received_at)
                found[wish] = acknowledging.letter_of(tenant, in_force, sort, asked, public_url)
        return found

    return doors
