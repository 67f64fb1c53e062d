"""An approved request for data gets its answer and its certificate by itself, whatever breaks on the way."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from consent import clock
from consent.db import Tx
from consent.house import House
from consent.privacy_requests import casework, service, steps, types
from consent.privacy_requests.answers import answering, certificates, downloads
from consent.privacy_requests.answers.answering import Answerer
from consent.privacy_requests.casework import Desk, Hand, deciding
from consent.privacy_requests.casework.outcomes import Outcome
from consent.privacy_requests.service import Asked
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical
from tests.privacy_answers.test_giving import Billing, opened, records
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import PERSON, PUBLIC_URL, Tenant

ANA, BEN = Hand(UUID(int=1), "Ana"), Hand(UUID(int=2), "Ben")


@pytest.fixture
def approved(house: House, valley: Tenant, systems: Systems, time: Time) -> Callable[..., UUID]:
    """A verified request for data that was decided and approved."""
    systems.consent()
    in_force = house.governing.now(valley.id, clock.now())
    desk = Desk(house.keyring, in_force.log, in_force.rulebook)
    place = subjects.tagged(house.keyring, valley.id, canonical("sms", PERSON))

    def make(request_type: str = "access", *outcomes: Outcome) -> UUID:
        def work(tx: Tx) -> UUID:
            now = clock.now()
            contact = subjects.contact(tx, house.keyring, valley.id, place, now)
            asked = Asked(request_type, "form", now, source="page", verified_at=now)
            return service.open(tx, in_force.log, in_force.rulebook, contact, asked, now).id

        request_id = house.db.write(work, valley.id)
        decided = outcomes or (Outcome("consents", "do"), Outcome("billing", "do"))
        kinds = [one.category for one in decided]
        for step in (
            lambda tx: deciding.decide(tx, desk, request_id, ANA, clock.now(), decided, categories=kinds),
            lambda tx: deciding.approve(tx, desk, request_id, BEN, clock.now(), streams=1),
        ):
            house.db.write(step, valley.id)
        return request_id

    return make


def answer(house: House, valley: Tenant, store: Billing) -> int:
    answerer = Answerer(
        house.db, house.keyring, house.governing, PUBLIC_URL, timedelta(days=30), lambda _: ([store], ("paper",))
    )
    return answering.go_on(answerer, valley.id, clock.now())


def test_an_approved_request_is_answered_once_and_closed_with_a_certificate(
    house: House, valley: Tenant, approved: Callable[..., UUID]
) -> None:
    request_id = approved()
    assert answer(house, valley, Billing(breaks=True)) == 0  # nothing is closed without its answer
    assert (answer(house, valley, Billing()), answer(house, valley, Billing())) == (1, 0)
    with house.db.read(valley.id) as tx:
        case = casework.load(tx, valley.id, request_id)
        (waiting,) = downloads.of_request(tx, valley.id, request_id, clock.now())
        one = certificates.of_request(tx, house.keyring, valley.id, request_id)
        kinds = [step.kind for step in steps.timeline(tx, valley.id, request_id)]
    assert case.state == "fulfilled" and kinds[-1] == "fulfilled"
    assert one is not None
    said = one.claims["certificate"]
    assert {each["what"] for each in said["outcomes"]} == {"do"}
    assert said["outcomes"][0]["done"][0]["count"] == waiting.records
    assert said["authorities"] and PERSON not in one.statement
    assert {each["category"] for each in records(opened(house, valley, waiting))} >= {"consents", "billing"}


def test_portability_holds_the_files_for_other_programs_alone(
    house: House, valley: Tenant, approved: Callable[..., UUID]
) -> None:
    request_id = approved("portability")
    assert answer(house, valley, Billing()) == 1
    with house.db.read(valley.id) as tx:
        (waiting,) = downloads.of_request(tx, valley.id, request_id, clock.now())
    zipped = opened(house, valley, waiting)
    assert b"answer.csv" in zipped and b"answer.html" not in zipped


def test_log_files_are_never_answered_by_a_machine() -> None:
    here = {
        word: answering.is_answered_here(types.of(word))
        for word in ("usage-log-file", "deletion", "portability", "specific-pieces")
    }
    assert here == {"usage-log-file": False, "deletion": False, "portability": True, "specific-pieces": True}
