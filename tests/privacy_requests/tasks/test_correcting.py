"""A correction from what was written down to the certificate: carried to the stores, kept, safe for emergency calls."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from consent.db import Sql
from consent.errors import BadInput
from consent.gateways.stores.webhook import Wires
from consent.house import House
from consent.privacy_requests import casework
from consent.privacy_requests.answers import certificates, corrected, correcting
from consent.privacy_requests.answers.correcting import Change
from consent.privacy_requests.casework import Outcome
from consent.privacy_requests.moves import NotNow
from consent.privacy_requests.tasks import service
from consent.privacy_requests.tasks.shredding import Shredder
from tests.casework.conftest import CLERK, OFFICER, Office
from tests.privacy_requests.tasks.conftest import SETTING
from tests.privacy_requests.tasks.test_carrying import Works
from tests.privacy_requests.tasks.test_stores import TABLES, fill, left
from tests.support.time import Time
from tests.support.valley import PERSON, Tenant

NAME = Change("account-contact", "name", "Jo Doe", "Jo Roe")
STREET = Change("registered-location", "street", "1 Main Street", "2 Main Street")


@pytest.fixture
def works(house: House, valley: Tenant, shredder: Shredder, wires: Wires, time: Time) -> Works:
    """Valley's stores: a customer database."""
    made = Works(house, valley, Office(house, valley), shredder, wires, time)
    made.add("sql", "crm", url_setting=SETTING, description=TABLES)
    return made


def approved(works: Works, change: Change) -> UUID:
    now, office = works.time.now(), works.office
    request_id = office.open("correction", now, PERSON)
    office.do(casework.verify, request_id, CLERK, now, ["code-to-contact-on-file"])
    office.do(correcting.write_down, request_id, CLERK, now, [change])
    office.do(casework.decide, request_id, CLERK, now, [Outcome(change.category, "do")])
    office.do(casework.approve, request_id, OFFICER, now, streams=1)
    return request_id


def test_every_store_says_the_new_value_and_the_certificate_says_who_did_it_without_saying_the_value(
    works: Works, house: House, valley: Tenant, crm: sa.Engine, time: Time
) -> None:
    fill(crm)
    request_id = approved(works, NAME)
    works.go_on()
    works.go_on(timedelta(minutes=10))
    assert works.state(request_id) == "fulfilled"
    assert [name for number, name in left(crm) if number in (1, 3)] == ["Jo Roe", "Jo Roe"]
    with house.db.read(valley.id) as tx:
        one = certificates.of_request(tx, house.keyring, valley.id, request_id)
        kept = corrected.kept(tx, valley.id, [works.office.case(request_id).contact_point_id])
    assert one is not None
    (outcome,) = one.claims["certificate"]["outcomes"]
    assert outcome["done"][0]["store"] == "crm" and outcome["done"][0]["action"] == "correct"
    assert "Roe" not in str(one.claims) and "Doe" not in str(one.claims)
    ((_, fields),) = kept.items()
    assert fields == {"name": corrected.tag_of(house.keyring, valley.id, "name", "jo  ROE")}


def test_a_changed_place_is_closed_only_when_somebody_says_that_emergency_calls_find_it(
    works: Works, house: House, valley: Tenant, crm: sa.Engine, time: Time
) -> None:
    request_id = approved(works, STREET)
    works.go_on()
    works.go_on(timedelta(days=2))
    assert works.state(request_id) == "approved"
    task = works.tasks(request_id)[correcting.EMERGENCY, correcting.LOCATION]
    assert task.state == "by_hand"
    house.db.write(
        lambda tx: service.confirm(tx, house.keyring, task.id, None, "Cleo", "moved at the provider", 1, time.now()),
        valley.id,
    )
    works.go_on(timedelta(minutes=10))
    assert works.state(request_id) == "fulfilled"
    with house.db.read(valley.id) as tx:
        one = certificates.of_request(tx, house.keyring, valley.id, request_id)
    assert one is not None
    assert any(
        each["category"] == correcting.LOCATION and each["done"] for each in one.claims["certificate"]["outcomes"]
    )


def test_which_changes_move_a_place_that_emergency_services_are_sent_to(works: Works, time: Time) -> None:
    rulebook = works.office.desk(time.now()).rulebook
    moves = {"service-address", "street", "postal_code", "unit", "billing.city"}
    stays = {"name", "email-address", "ip_address", "language", "relocation-wish"}
    assert {one for one in moves | stays if correcting.in_emergencies(rulebook, {"account-contact": [one]})} == moves


def test_nothing_is_begun_before_it_is_written_down_and_what_is_written_is_checked_and_sealed(
    works: Works, house: House, valley: Tenant, crm: sa.Engine, time: Time
) -> None:
    office, now = works.office, time.now()
    request_id = office.open("correction", now, PERSON)
    office.do(casework.verify, request_id, CLERK, now, ["code-to-contact-on-file"])
    office.do(casework.decide, request_id, CLERK, now, [Outcome("account-contact", "do")])
    with pytest.raises(NotNow, match="Write down first"):
        office.do(casework.check, request_id, OFFICER, now, "change-written-down")
    with pytest.raises(NotNow, match="Write down first"):
        office.do(casework.approve, request_id, OFFICER, now, streams=1)
    office.do(casework.send_back, request_id, OFFICER, now, "nothing is written down")
    for wrong in ([], [NAME, NAME], [Change("account-contact", "name", "", " ")], [Change("A b", "name", "", "x")],
                  [Change("account-contact", "name", "", "x" * 501)]):  # fmt: skip
        with pytest.raises(BadInput):
            office.do(correcting.write_down, request_id, CLERK, now, wrong)
    office.do(correcting.write_down, request_id, CLERK, now, [NAME])
    with house.db.read(valley.id) as tx:
        ((stood, shall),) = tx.all(
            Sql("SELECT sealed_stood, sealed_shall FROM correction_change WHERE organization_id = :org"),
            {"org": valley.id},
        )
        assert correcting.of(tx, office.desk(now), office.case(request_id)) == (NAME,)
    assert b"Doe" not in bytes(stood) and b"Roe" not in bytes(shall) and "Roe" not in repr(NAME)
    office.do(casework.decide, request_id, CLERK, now, [Outcome("account-contact", "do")])
    office.do(casework.approve, request_id, OFFICER, now, streams=1)
    works.go_on()
    assert works.office.case(request_id).begun_at is not None
    with pytest.raises(NotNow):
        office.do(correcting.write_down, request_id, CLERK, now, [NAME])
