"""Visits as tests need them: a browser's cookie for a link that was followed or an address that was proven."""

from uuid import UUID, uuid4

from flask import Flask, Response

from consent import clock
from consent.db import Sql
from consent.house import House
from consent.ledger import keys
from consent.subjects import service as subjects
from consent.verification import visits
from consent.verification.visits import Ticket

_VISIT = Sql(
    "INSERT INTO visit (organization_id, id, kind, address_tag, tag64, voice_tag64, sealed_address, language,"
    " person_id, tries, proven_at) VALUES (:organization_id, :id, :kind, :address_tag, :tag64, :voice_tag64, :sealed,"
    " 'en', :person_id, 0, :now)"
)


def by_code(house: House, organization_id: UUID, kind: str, address: str, person: UUID | None = None) -> Ticket:
    """Somebody has shown by a code that this telephone (phone) or mailbox (email) is theirs."""
    now, visit_id = clock.now(), uuid4()
    tags = [subjects.tagged(house.keyring, organization_id, one) for one in visits.places_of(kind, address)]
    key = house.keyring.key_for(organization_id, visits.ROW)
    row = {
        "organization_id": organization_id,
        "id": visit_id,
        "kind": kind,
        "address_tag": tags[0].tag,
        "tag64": tags[0].tag64,
        "voice_tag64": tags[1].tag64 if len(tags) > 1 else None,
        "sealed": keys.seal_facts(key, address.encode(), organization_id, visit_id, visits.ROW),
        "person_id": person,
        "now": now,
    }
    house.db.write(lambda tx: tx.run(_VISIT, row), organization_id)
    return Ticket(visit_id, now, now)


def by_link(contact_point: UUID, person: UUID | None = None) -> Ticket:
    """Somebody has followed a link in a message."""
    now = clock.now()
    return Ticket(uuid4(), now, now, contact_point, person, "en")


def cookie(house: House, organization_id: UUID, ticket: Ticket) -> tuple[str, str]:
    """Name and value of the cookie that holds this visit, over plain http as tests speak it."""
    app = Flask(__name__)
    app.config["SESSION_COOKIE_SECURE"] = False
    with app.app_context():
        answer = Response()
        visits.hand_out(answer, house.keyring, organization_id, ticket)
        value = answer.headers["Set-Cookie"].split(";")[0].partition("=")[2]
        return visits.cookie_name(organization_id), value
