"""What somebody is told of the data that went: in the answer to a request, and to the question who got it to sell."""

from datetime import UTC, datetime
from uuid import UUID

from flask.testing import FlaskClient

from consent.deadlines import zones
from consent.house import House
from consent.privacy_requests.answers import holdings, marketing
from tests.disclosures.test_api import told
from tests.support.organizations import found_shipped
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import Tenant

ANA = "ana@customer.example"


def test_an_answer_tells_what_went_by_address_and_by_name_and_what_was_held_back(
    house: House, valley: Tenant, systems: Systems, time: Time
) -> None:
    entry = systems.consent(person="customer-1")
    told(systems)
    told(systems, channel=None, address=None, person="customer-1", reference="ticket 7")
    told(systems, channel=None, address=None, person="somebody-else")
    told(systems, 200, purpose="marketing")
    rulebook = house.governing.now(valley.id, time.now()).rulebook
    with house.db.read(valley.id) as tx:
        contact = systems.lookup()
        whose = holdings.whose(tx, house.keyring, valley.id, UUID(contact))
    assert whose is not None and entry
    pieces = list(holdings.ours(house.db, house.keyring, valley.id, rulebook, whose))
    handed = [one for one in pieces if one.category == "disclosures"]
    assert sorted(one.what for one in handed) == ["disclosure.made", "disclosure.made", "disclosure.refused"]
    assert {one.fields["recipient"] for one in handed} == {"messaging-platforms"}


def test_t_67_1v_49_who_got_data_for_marketing_is_answered_from_the_ledger_of_disclosures(
    house: House, client: FlaskClient, time: Time
) -> None:
    tenant = found_shipped(house, "1valet", time.now())
    valet = Systems(client, tenant)
    by_mail = {
        "recipient": "business-partners", "categories": ["identifiers"], "channel": "email", "address": ANA,
        "ground": "data-processing", "conditions": ["necessary-only"],
    }  # fmt: skip
    told(valet, 201, purpose="marketing", has_gone=True, **by_mail)
    told(valet, 200, purpose="third-party-marketing", reference="held back", **by_mail)
    told(valet, 201, purpose="troubleshooting", **by_mail)
    rulebook, since = house.governing.now(tenant.id, time.now()).rulebook, datetime(2026, 1, 1, tzinfo=UTC)
    zone = zones.zone(rulebook.organization.zone)
    app = frozenset({"resident-app"})  # where no tracker reaches advertisers
    with house.db.read(tenant.id) as tx:
        contact = UUID(valet.lookup(ANA, "email"))
        said = marketing.of_person(tx, rulebook, tenant.id, [contact], [], since, zone, app)
        nothing = marketing.of_person(tx, rulebook, tenant.id, [], [], since, zone, app)
        weighed = marketing.of_person(tx, rulebook, tenant.id, [], [], since, zone)
    assert [(one.recipient, one.purpose) for one in said.given] == [("business-partners", "marketing")]
    assert not said.may_say_none
    assert nothing.may_say_none
    assert [one.commitment for one in weighed.weigh] == ["1V-38"] and not weighed.may_say_none
