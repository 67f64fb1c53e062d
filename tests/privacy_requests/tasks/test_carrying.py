"""A deletion from its approval to the last key: two stores, one of which fails twice, the certificate, then our own."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from consent.db import Sql, Tx
from consent.errors import BadInput, Conflict
from consent.gateways.callbacks import signing
from consent.gateways.callbacks.calls import Answer
from consent.gateways.stores import registry
from consent.gateways.stores.webhook import Wires
from consent.house import House
from consent.ledger import jobs as ledger_jobs
from consent.ledger.verify import verify
from consent.preferences import rebuild
from consent.privacy_requests import casework, steps
from consent.privacy_requests.answers import certificates
from consent.privacy_requests.casework import Outcome
from consent.privacy_requests.tasks import accounts, carrying, jobs, rules, service
from consent.privacy_requests.tasks.jobs import Runner
from consent.privacy_requests.tasks.service import Task
from consent.privacy_requests.tasks.shredding import Shredder
from consent.retention import on_requests
from tests.casework.conftest import CLERK, OFFICER, Office
from tests.privacy_requests.tasks.conftest import SETTING, Peer
from tests.privacy_requests.tasks.test_stores import INSTRUCTION, SECRET, TABLES, fill, left
from tests.support import traces
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, Tenant

ME = "tests"
ALL_GO = ("mobile-number", "message-text-in-out", "account-contact", "invoices", "consent-records")


class Works:
    """The organization's stores and whoever carries tasks out."""

    def __init__(self, house: House, valley: Tenant, office: Office, shredder: Shredder, wires: Wires, time: Time):
        self.house, self.valley, self.office, self.time, self.wires = house, valley, office, time, wires
        self.runner = Runner(
            shredder, wires, house.governing, lambda: 0.5, ME, "https://staff.example", on_requests.held
        )
        self.carrier = carrying.Carrier(
            house.db, house.keyring, house.governing, "https://consent.example", on_requests.held
        )

    def add(self, kind: str, name: str, **given: object) -> accounts.Account:
        """A store on the list."""
        settings = registry.settings_of(kind, given, development=False)
        return self.house.db.write(
            lambda tx: accounts.add(tx, self.house.keyring, self.valley.id, kind, name, settings, self.time.now()),
            self.valley.id,
        )

    def stores(self) -> accounts.Account:
        """A customer database, a system behind a webhook, and paper; the webhook's account comes back."""
        self.add("sql", "crm", url_setting=SETTING, description=TABLES)
        self.add("manual", "paper", categories=["letters"], instruction=INSTRUCTION)
        url = "https://hooks.example/tasks"
        return self.add("webhook", "billing", categories=["invoices", "payment-history"], url=url, secret=SECRET)

    def approved(self, *outcomes: Outcome) -> UUID:
        """A deletion, decided and approved."""
        now, office = self.time.now(), self.office
        request_id = office.open("deletion", now, PERSON)
        office.do(casework.verify, request_id, CLERK, now, ["code-to-contact-on-file"])
        office.do(casework.decide, request_id, CLERK, now, list(outcomes))
        office.do(casework.approve, request_id, OFFICER, now, streams=2)
        return request_id

    def go_on(self, after: timedelta = timedelta()) -> None:
        """Time passes, and everything that is due is done."""
        self.time.at += after
        carrying.go_on(self.carrier, self.valley.id, self.time.now())
        while jobs.run(self.runner, self.valley.id, self.time.now):
            pass
        carrying.go_on(self.carrier, self.valley.id, self.time.now())

    def tasks(self, request_id: UUID) -> dict[tuple[str, str], Task]:
        """The tasks by store and category."""
        with self.house.db.read(self.valley.id) as tx:
            return {(one.store, one.category): one for one in service.of_request(tx, self.valley.id, request_id)}

    def state(self, request_id: UUID) -> str:
        """The state of the request."""
        return self.office.case(request_id).state


@pytest.fixture
def works(house: House, valley: Tenant, shredder: Shredder, wires: Wires, time: Time) -> Works:
    """Valley's stores."""
    return Works(house, valley, Office(house, valley), shredder, wires, time)


def do(*categories: str) -> tuple[Outcome, ...]:
    """These classes of data go."""
    return tuple(Outcome(one, "do") for one in categories)


def test_a_deletion_ends_when_every_store_has_answered_and_our_own_goes_last(
    works: Works, house: House, valley: Tenant, peer: Peer, crm: sa.Engine, systems: Systems, twilio: Twilio, time: Time
) -> None:
    fill(crm)
    given = systems.consent(person="customer-77")
    assert twilio.text("what a nice day").status_code == 200
    assert twilio.text("STOP").status_code == 200
    billing = works.stores()
    request_id = works.approved(*do(*ALL_GO))
    peer.answers = [Answer(503), Answer(500)]
    works.go_on()
    tasks = works.tasks(request_id)
    assert {place: one.state for place, one in tasks.items()} == {
        ("crm", "account-contact"): "done",
        ("billing", "invoices"): "waiting",
        ("own", "message-text-in-out"): "done",
        ("own", "*"): "last",
    }
    assert tasks["crm", "account-contact"].count == 3 and left(crm) == [(2, "J. Doe"), (4, "Al")]
    assert tasks["billing", "invoices"].last_error == "status-503" and works.state(request_id) == "approved"
    works.go_on(timedelta(minutes=10))
    works.go_on(timedelta(hours=1))
    assert len(peer.asked) == 3 and len({headers["webhook-id"] for headers, _ in peer.asked}) == 1
    assert works.tasks(request_id)["billing", "invoices"].state == "sent"
    receipt_arrives(works, systems, billing, tasks["billing", "invoices"].id)
    assert works.tasks(request_id)["billing", "invoices"].count == 2
    works.go_on()
    assert works.state(request_id) == "fulfilled"
    with house.db.read(valley.id) as tx:
        certificate = certificates.of_request(tx, house.keyring, valley.id, request_id)
    assert certificate is not None and PERSON not in json.dumps(dict(certificate.claims))
    works.go_on(timedelta(minutes=6))
    tasks = works.tasks(request_id)
    assert tasks["own", "*"].state == "last", "nobody has told the person, who has no mailbox"
    confirm(house, valley, tasks[rules.TELLING, rules.CERTIFICATE], time)
    works.go_on(timedelta(minutes=6))
    last = works.tasks(request_id)["own", "*"]
    assert last.state == "done" and last.receipt is not None and last.receipt["count"] > 3
    wanted = traces.sought(house.keyring, valley.id, {"sms": PERSON}, ("customer-77", "what a nice day"))
    found = {one.partition(":")[0] for one in traces.find(house, valley.id, wanted) if "sqlite" not in one}
    assert found == {"contact_point.tag", "contact_point.tag64", "preference.tag64"}
    assert not systems.may() and works.state(request_id) == "fulfilled"
    works.go_on(timedelta(days=1))
    ledger_jobs.seal_organization(house.db, house.keyring, valley.id, time.now())
    with house.db.read(valley.id) as tx:
        assert verify(tx, house.keyring, valley.id, time.now(), folds=(rebuild.check,)).findings == []
        kinds = [one.kind for one in steps.timeline(tx, valley.id, request_id)]
    assert kinds.count("store_done") == 5 and given["contact_point"] != systems.lookup()


def receipt_arrives(works: Works, systems: Systems, account: accounts.Account, task_id: UUID) -> None:
    """The store's receipt, after everything that is none; a second copy changes nothing."""
    said = {"task": str(task_id), "status": "done", "count": 2, "proof": "run 12"}
    client, now = systems.client, works.time.now()

    def post(said: object, secret: str = SECRET, endpoint: str = account.endpoint, at: datetime = now) -> int:
        body = json.dumps(said).encode()
        headers = signing.headers("receipt-1", at, body, [secret])
        return client.post(f"/webhooks/stores/{endpoint}", data=body, headers=headers).status_code

    assert post(said, endpoint="nobody-knows-this-one") == 404
    assert post(said, secret=signing.new_secret()) == 403
    assert post(said, at=now - timedelta(minutes=6)) == 403
    assert post(said | {"task": str(UUID(int=3))}) == 422
    assert post(said | {"count": -1}) == 422
    assert post([said]) == 422
    assert post(said | {"proof": "\ud800"}) == 422
    assert client.get(f"/webhooks/stores/{account.endpoint}").status_code == 405
    assert post(said) == 204
    assert post(said | {"count": 9}) == 204


def test_half_an_answer_leaves_the_rest_open_and_what_fails_for_days_is_given_to_a_person(
    works: Works, peer: Peer, systems: Systems, house: House, valley: Tenant, time: Time
) -> None:
    systems.consent()
    works.stores()
    kept = Outcome("consent-records", "keep", "billing", keep_until=time.now().date() + timedelta(days=400))
    number = replace(kept, category="mobile-number")
    request_id = works.approved(*do("invoices", "payment-history", "letters"), kept, number)
    now = time.now()
    works.go_on()
    tasks = works.tasks(request_id)
    assert ("own", "*") not in tasks, "a kept record of consent keeps the key"
    assert tasks["paper", "letters"].state == "by_hand" and tasks["paper", "letters"].escalated_at is None
    assert {tasks["billing", one].state for one in ("invoices", "payment-history")} == {"sent"}
    house.db.write(
        lambda tx: service.confirm(
            tx, house.keyring, tasks["billing", "invoices"].id, None, "Ana", "They called.", 2, now
        ),
        valley.id,
    )
    with house.db.read(valley.id) as tx:
        assert not service.all_done(tx, request_id)
    peer.answers = [Answer(500)] * 40
    for _day in range(6):
        works.go_on(timedelta(days=1))
    stuck = works.tasks(request_id)["billing", "payment-history"]
    assert (stuck.state, stuck.last_error) == ("by_hand", "status-500") and stuck.escalated_at is not None
    assert works.state(request_id) == "approved"
    house.db.write(lambda tx: service.try_again(tx, stuck.id, time.now()), valley.id)
    peer.answers = [Answer(410)]
    works.go_on()
    assert works.tasks(request_id)["billing", "payment-history"].last_error == "status-410"
    with house.db.read(valley.id) as tx:
        told = tx.one(Sql("SELECT count(*) FROM job WHERE unique_key LIKE 'store-by-hand:%'"), {})
    assert told == (2,), "the paper and the system that failed, each once"
    confirm(house, valley, works.tasks(request_id)["billing", "payment-history"], time)
    confirm(house, valley, works.tasks(request_id)["paper", "letters"], time)
    works.go_on()
    assert works.state(request_id) == "fulfilled" and systems.may()
    with house.db.read(valley.id) as tx:
        said = service.said_of(tx, house.keyring, valley.id, works.tasks(request_id)["paper", "letters"])
    assert said == {"name": "Ana", "words": "Shredded."}


def confirm(house: House, valley: Tenant, task: Task, time: Time) -> None:
    """Somebody says that they did it; without words, a name or a second time it is refused."""

    def say(name: str, words: str, count: int = 1) -> Callable[[Tx], Task]:
        return lambda tx: service.confirm(tx, house.keyring, task.id, UUID(int=5), name, words, count, time.now())

    for wrong in (say("", "Shredded."), say("Ana", " "), say("Ana", "x" * 501), say("Ana", "Shredded.", -1)):
        with pytest.raises(BadInput):
            house.db.write(wrong, valley.id)
    assert house.db.write(say("Ana", "Shredded."), valley.id).state == "done"
    with pytest.raises(Conflict):
        house.db.write(say("Ana", "Shredded."), valley.id)


def test_a_store_with_open_tasks_is_not_removed_and_its_settings_are_nowhere_readable(
    works: Works, house: House, valley: Tenant, time: Time, systems: Systems
) -> None:
    systems.consent()
    billing = works.stores()
    request_id = works.approved(*do("invoices", "mobile-number"))
    works.go_on()

    def remove(tx: Tx) -> None:
        accounts.remove(tx, house.keyring, valley.id, "billing", time.now())

    with pytest.raises(Conflict, match="not done yet"):
        house.db.write(remove, valley.id)
    confirm(house, valley, works.tasks(request_id)["billing", "invoices"], time)
    with house.db.read(valley.id) as tx:
        rows = tx.all(Sql("SELECT sealed_settings, endpoint_hash FROM data_store"), {})
    assert SECRET.encode() not in b"".join(bytes(one) for row in rows for one in row)
    assert SECRET not in repr(billing) and billing.endpoint not in repr(billing)
    house.db.write(remove, valley.id)
    with house.db.read(valley.id) as tx:
        assert [one.name for one in accounts.every(tx, house.keyring, valley.id)] == ["crm", "paper"]


def test_a_correction_reaches_every_store_that_holds_the_category(
    works: Works, house: House, valley: Tenant, crm: sa.Engine, systems: Systems, time: Time
) -> None:
    fill(crm)
    systems.consent()
    works.stores()
    request_id = works.office.open("correction", time.now(), PERSON)
    changes = {"account-contact": {"name": "Josephine Doe"}, "unknown": {"a": "b"}}
    planned = house.db.write(
        lambda tx: service.plan_corrections(tx, house.keyring, request_id, changes, time.now()), valley.id
    )
    assert [(one.store, one.category) for one in planned] == [("crm", "account-contact")]
    works.go_on()
    assert works.tasks(request_id)["crm", "account-contact"].state == "done"
    assert left(crm)[0] == (1, "Josephine Doe") and left(crm)[3] == (4, "Al")


def test_an_address_does_not_go_while_what_was_agreed_to_by_it_is_kept(
    works: Works, systems: Systems, house: House, valley: Tenant, time: Time
) -> None:
    systems.consent()
    kept = Outcome("consent-records", "keep", "compliance", keep_until=time.now().date() + timedelta(days=400))
    with pytest.raises(BadInput, match="together"):
        works.approved(*do("mobile-number"), kept)
    request_id = works.approved(*do("message-text-in-out"), kept, replace(kept, category="mobile-number"))
    decided_before = Sql("UPDATE request_outcome SET outcome = 'do' WHERE category = 'mobile-number'")
    house.db.write(lambda tx: tx.run(decided_before, {}), valley.id)
    works.go_on()
    with house.db.read(valley.id) as tx:
        certificate = certificates.of_request(tx, house.keyring, valley.id, request_id)
    assert certificate is not None
    said = {one["category"]: one["what"] for one in certificate.claims["certificate"]["outcomes"]}
    assert said == {"consent-records": "keep", "mobile-number": "keep", "message-text-in-out": "do"}
    assert systems.lookup() and not systems.may()


def test_a_number_that_is_erased_alone_takes_its_consent_along(works: Works, systems: Systems, time: Time) -> None:
    systems.consent()
    request_id = works.approved(*do("contact-point"))
    works.go_on()

    def telling() -> list[tuple[UUID, str]]:
        """The tasks to tell the person, after each place that plans one has planned it once more."""
        again = [rules.Planned(rules.TELLING, rules.CERTIFICATE, rules.Action.ISOLATE, "by_hand")]
        works.house.db.write(lambda tx: service.add(tx, request_id, again, time.now()), works.valley.id)
        with works.house.db.read(works.valley.id) as tx:
            found = service.of_request(tx, works.valley.id, request_id)
        return [(one.id, one.state) for one in found if one.store == rules.TELLING]

    task = works.tasks(request_id)[rules.TELLING, rules.CERTIFICATE]
    assert telling() == [(task.id, "by_hand")]
    confirm(works.house, works.valley, task, time)
    assert telling() == [(task.id, "done")], "whoever was told is not told again"
    works.go_on(timedelta(minutes=6))
    assert works.tasks(request_id)["own", "*"].state == "done" and not systems.may()
