"""A request of whoever has a number now tells and takes nothing of whoever had it before, however they are named."""

import json
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from consent.house import House
from consent.ledger import jobs as ledger_jobs
from consent.ledger.verify import verify
from consent.preferences import rebuild
from consent.privacy_requests.answers import giving, holdings
from consent.privacy_requests.tasks import people
from consent.subjects import service as subjects
from tests.decisions.test_choices_api import OTHER, VISITOR, pressed
from tests.flows.test_banner_choices_of_people import NO, PHONE, REFERENCE, YES, chosen, seen, told
from tests.support import visits
from tests.support.erasing import erased_of
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import Tenant

Json = dict[str, Any]
NAMED = pytest.mark.parametrize("name", [{"person": REFERENCE}, {"phone": PHONE}])


def had(systems: Systems, name: Json) -> None:
    """Somebody has the number, and chose in a browser."""
    systems.consent(channel="sms", address=PHONE, **({"person": REFERENCE} if "person" in name else {}))
    pressed(systems, **YES, **name)


def changes_hands(systems: Systems, time: Time) -> None:
    """A day later the number is reported to be somebody else's."""
    time.go(days=1)
    became = {"channel": "sms", "address": PHONE, "kind": "reassigned", "occurred_at": time.now().isoformat()}
    assert systems.post("contact-points/lifecycle", became | {"source": "staff"}).status_code < 300
    time.go(days=1)


def whose(systems: Systems, house: House) -> holdings.Whose:
    with house.db.read(systems.tenant.id) as tx:
        found = holdings.whose(tx, house.keyring, systems.tenant.id, UUID(systems.lookup(PHONE, "sms")))
    assert found is not None
    return found


@NAMED
def test_the_answer_tells_nothing_of_the_former_holder_and_asks_no_system_for_their_account(
    systems: Systems, house: House, time: Time, name: Json
) -> None:
    had(systems, name)
    assert seen(told(house, systems, time, PHONE, "sms")) == {(VISITOR, "contact-point"), (VISITOR, "consent.given")}
    assert giving.subject_of(whose(systems, house)).person_refs == ((REFERENCE,) if "person" in name else ())
    changes_hands(systems, time)
    assert told(house, systems, time, PHONE, "sms") == []
    assert giving.subject_of(whose(systems, house)).person_refs == ()
    pressed(systems, visitor=OTHER, **NO, phone=PHONE)
    assert seen(told(house, systems, time, PHONE, "sms")) == {(OTHER, "contact-point"), (OTHER, "consent.refused")}


@NAMED
def test_the_file_of_the_history_tells_no_choices_of_the_former_holder(
    systems: Systems, house: House, valley: Tenant, client: FlaskClient, time: Time, name: Json
) -> None:
    had(systems, name)
    changes_hands(systems, time)
    pressed(systems, visitor=OTHER, **NO, phone=PHONE)
    client.set_cookie(*visits.cookie(house, valley.id, visits.by_code(house, valley.id, "phone", PHONE)))
    file = client.get(f"/{valley.slug}/preferences/history.json").data
    assert [one["type"] for one in json.loads(file)["entries"]] == ["consent.refused"]


def test_whom_a_site_names_by_the_number_is_not_the_former_holder(systems: Systems, house: House, time: Time) -> None:
    had(systems, {"person": REFERENCE})
    pressed(systems, visitor=OTHER, **NO, person=REFERENCE)
    assert chosen(systems, visitor=VISITOR, phone=PHONE) == "refused"
    changes_hands(systems, time)
    assert chosen(systems, visitor=VISITOR, phone=PHONE) == "given"


@NAMED
def test_an_erasure_takes_neither_name_nor_browser_of_the_former_holder(
    systems: Systems, house: House, time: Time, name: Json
) -> None:
    had(systems, name)
    changes_hands(systems, time)
    erased_of(house, systems, PHONE, time, "sms")
    assert chosen(systems, visitor=VISITOR) == "given"
    with house.db.read(systems.tenant.id) as tx:
        known = subjects.find_person(tx, house.keyring, systems.tenant.id, REFERENCE)
    assert (known is not None) == ("person" in name)
    ledger_jobs.seal_organization(house.db, house.keyring, systems.tenant.id, time.now())
    with house.db.read(systems.tenant.id) as tx:
        assert verify(tx, house.keyring, systems.tenant.id, time.now(), folds=(rebuild.check,)).findings == []


@pytest.mark.parametrize(("day", "names"), [("2026-11-20", (REFERENCE,)), ("2026-11-22", ())])
def test_whoever_asked_while_the_number_was_theirs_is_meant_though_it_changed_hands_since(
    systems: Systems, house: House, time: Time, day: str, names: tuple[str, ...]
) -> None:
    had(systems, {"person": REFERENCE})
    changes_hands(systems, time)
    time.go(days=1)
    asked = {"type": "deletion", "channel": "sms", "address": PHONE, "received_at": f"{day}T20:15:00Z"}
    asked |= {"how": "letter", "entered_by": "Ana"}
    said = systems.post("privacy-requests", asked)
    assert said.status_code == 201, said.text
    with house.db.read(systems.tenant.id) as tx:
        person = people.of_request(tx, house.keyring, systems.tenant.id, UUID(said.get_json()["id"]))
    assert person is not None and person.subject.person_refs == names
