"""What every kind of store does: finds, corrects, erases in batches, and says so with a receipt."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from consent.errors import BadInput
from consent.gateways.callbacks import signing
from consent.gateways.callbacks.calls import Answer, CallFailed
from consent.gateways.stores import registry
from consent.gateways.stores.base import Awaited, Partly, Reached, Receipt, Resume, Store, StoreFailed, Subject
from consent.gateways.stores.webhook import Wires
from tests.privacy_requests.tasks.conftest import CRM, SETTING, Peer
from tests.support.time import Time
from tests.support.valley import PERSON

TASK = UUID(int=9)
WHO = Subject((Reached("sms", PERSON), Reached("email", "Jo@person.example")), ("customer-77",))
TABLES = """
[[tables]]
name = "crm_customer"
category = "account-contact"
source = "person"
key = { sms = "phone", email = "email", person = "customer_no" }
order = "id"
show = ["full name", "email"]
correct = { name = "full name" }
batch = 2
"""
BLANKED = TABLES.replace(
    "batch = 2", 'batch = 2\nerase = { phone = {}, email = {}, customer_no = {}, "full name" = "" }'
)
ROWS = (
    {"id": 1, "phone": "509-555-0142", "email": None, "customer_no": None, "full name": "Jo Doe"},
    {"id": 2, "phone": None, "email": "JO@person.example", "customer_no": None, "full name": "J. Doe"},
    {"id": 3, "phone": "(509) 555-0142", "email": None, "customer_no": None, "full name": "Jo"},
    {"id": 4, "phone": "+15095550177", "email": "al@person.example", "customer_no": "customer-78", "full name": "Al"},
    {"id": 5, "phone": None, "email": None, "customer_no": "customer-77", "full name": "Doe"},
)
INSTRUCTION = {"en": "Shred the card.", "fr": "Détruire la fiche.", "es": "Destruir la ficha."}
SECRET = signing.new_secret()


def sql_store(wires: Wires, description: str = TABLES) -> Store:
    """The customer database."""
    settings = registry.settings_of("sql", {"url_setting": SETTING, "description": description}, development=False)
    return registry.load("sql", "crm", settings, "", wires)


def webhook_store(wires: Wires) -> Store:
    """A system that takes tasks."""
    given = {"categories": ["account-contact"], "url": "https://hooks.example/tasks", "secret": SECRET}
    return registry.load("webhook", "billing", registry.settings_of("webhook", given, development=False), "door", wires)


def manual_store(wires: Wires) -> Store:
    """Paper."""
    given = {"categories": ["account-contact"], "instruction": INSTRUCTION}
    return registry.load("manual", "paper", registry.settings_of("manual", given, development=False), "", wires)


def fill(crm: sa.Engine) -> None:
    """Somebody's four rows and a stranger's."""
    with crm.begin() as connection:
        connection.execute(CRM.insert(), list(ROWS))


def left(crm: sa.Engine) -> list[tuple[Any, ...]]:
    """Ids and names that are in the table."""
    with crm.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.select(CRM.c.id, CRM.c["full name"]).order_by(CRM.c.id))]


def erase(store: Store, category: str = "account-contact", token: str = "") -> tuple[list[object], Receipt]:
    """Every step of an erasure, and its receipt."""
    steps: list[object] = []
    while True:
        came = store.erase(WHO, category, Resume(TASK, token))
        if isinstance(came, Receipt):
            return steps, came
        assert isinstance(came, Partly)
        steps.append(came)
        token = came.token


def signed(said: dict[str, Any], now: datetime, status: int = 200, secret: str = SECRET) -> Answer:
    """An answer of the other side."""
    body = json.dumps(said).encode()
    return Answer(status, None, signing.headers("answer", now, body, [secret]), body)


def test_a_database_is_read_corrected_and_erased_in_batches_and_nobody_elses_rows_are_touched(
    wires: Wires, crm: sa.Engine
) -> None:
    fill(crm)
    store = sql_store(wires)
    assert store.check().reachable and "5 columns" in store.check().lines[0]
    found = list(store.find(WHO, ("account-contact",)))
    assert [one.reference for one in found] == [f"crm_customer/{number}" for number in (1, 2, 3, 5)]
    assert found[0].fields == {"full name": "Jo Doe"} and found[0].source == "person"
    assert list(store.find(WHO, ("other",))) == []
    done = store.correct(WHO, "account-contact", {"name": "Josephine"}, Resume(TASK))
    assert isinstance(done, Partly)
    assert isinstance(store.correct(WHO, "account-contact", {"unknown": "x"}, Resume(TASK)), Receipt)
    steps, receipt = erase(store)
    assert len(steps) == 2 and receipt.count == 4
    assert left(crm) == [(4, "Al")]
    assert erase(store)[1].count == 0
    assert list(store.find(Subject(()), ("account-contact",))) == []


def test_columns_can_be_emptied_instead_and_a_run_that_was_cut_off_goes_on(wires: Wires, crm: sa.Engine) -> None:
    fill(crm)
    store = sql_store(wires, BLANKED)
    first = store.erase(WHO, "account-contact", Resume(TASK))
    assert isinstance(first, Partly) and first.count == 2
    assert left(crm)[:3] == [(1, ""), (2, ""), (3, "Jo")]
    assert erase(store, token=first.token)[1].count == 4
    assert left(crm) == [(1, ""), (2, ""), (3, ""), (4, "Al"), (5, "")]


def test_an_order_that_many_rows_share_or_lack_touches_nobody_else_and_leaves_nothing(
    wires: Wires, crm: sa.Engine
) -> None:
    shared = [row | {"full name": "customers"} for row in ROWS]
    shared += [
        {"id": 6, "phone": "+1-509-555-0142"},
        {"id": 7, "phone": "1 (509) 555-0142"},
        {"id": 8, "phone": "0142"},
    ]
    for erasing in ("", "\nerase = { phone = {}, email = {}, customer_no = {} }"):
        with crm.begin() as connection:
            connection.execute(CRM.delete())
            for row in shared:
                connection.execute(CRM.insert().values({"full name": None} | row))
        store = sql_store(wires, TABLES.replace('order = "id"', 'order = "full name"') + erasing)
        assert isinstance(store.correct(WHO, "account-contact", {"name": "customers"}, Resume(TASK)), Partly)
        assert erase(store)[1].count == 6
        with crm.connect() as connection:
            kept = connection.execute(sa.select(CRM.c.id).where(CRM.c.phone.is_not(None)).order_by(CRM.c.id))
            assert [row[0] for row in kept] == [4, 8]
        assert list(store.find(WHO, ("account-contact",))) == []


def test_rows_may_be_ordered_by_what_is_no_number(wires: Wires, crm: sa.Engine) -> None:
    visits = sa.Table(
        "crm_visit", sa.MetaData(), sa.Column("at", sa.DateTime(timezone=True), primary_key=True),
        sa.Column("phone", sa.String(40)), sa.Column("note", sa.String(40)),
    )  # fmt: skip
    visits.metadata.drop_all(crm)
    visits.metadata.create_all(crm)
    with crm.begin() as connection:
        days = [datetime(2026, 1, day, tzinfo=UTC) for day in range(1, 6)]
        connection.execute(visits.insert(), [{"at": day, "phone": PERSON, "note": "here"} for day in days])
    described = """[[tables]]
name = "crm_visit"
category = "visits"
key = { sms = "phone" }
order = "at"
batch = 2
erase = { note = {} }"""
    try:
        assert erase(sql_store(wires, described), "visits")[1].count == 5
    finally:
        visits.metadata.drop_all(crm)


def test_a_description_that_does_not_fit_its_database_touches_nothing_and_says_why(
    wires: Wires, crm: sa.Engine
) -> None:
    fill(crm)
    for broken, code in (
        (TABLES.replace('"crm_customer"', '"crm_client"'), "no-such-table"),
        (TABLES.replace('sms = "phone"', 'sms = "mobile; DROP TABLE crm_customer"'), "no-such-column"),
    ):
        store = sql_store(wires, broken)
        assert not store.check().reachable
        with pytest.raises(StoreFailed) as failed:
            store.erase(WHO, "account-contact", Resume(TASK))
        assert failed.value.code.startswith(code) and failed.value.for_good
    nowhere = Wires(wires.ask, wires.clock, wires.public_url, {SETTING: "sqlite:////nowhere/at/all.db"})
    for one, code in ((nowhere, "database-"), (Wires(wires.ask, wires.clock, wires.public_url, {}), "no-url")):
        with pytest.raises(StoreFailed, match=code):
            list(sql_store(one).find(WHO, ("account-contact",)))
    assert len(left(crm)) == 5


WRONG = {
    "no list": "[[tables]",
    "other keys": "x = 1",
    "is not known": TABLES + 'whim = "x"',
    "category is missing": TABLES.replace("category", "schema", 1),
    "key names a column": TABLES.replace("sms =", "pigeon ="),
    "is not replaced": TABLES + "erase = { id = 0 }",
    "a number from 1": TABLES.replace("batch = 2", "batch = 0"),
}


def test_descriptions_and_settings_are_refused_with_what_is_wrong() -> None:
    for why, text in WRONG.items():
        with pytest.raises(BadInput) as refused:
            registry.settings_of("sql", {"url_setting": SETTING, "description": text}, development=False)
        assert why in refused.value.detail or why in ("no list", "other keys"), refused.value.detail
    wrong: tuple[tuple[str, dict[str, Any], str], ...] = (
        ("pigeon", {}, "kind"),
        ("sql", {"url_setting": "sqlite:///crm.db", "description": TABLES}, "url_setting"),
        ("webhook", {"categories": [], "url": "https://hooks.example/"}, "categories"),
        ("webhook", {"categories": ["a"], "url": "https://127.0.0.1/"}, "url"),
        ("webhook", {"categories": ["a"], "url": "https://hooks.example/", "secret": "short"}, "secret"),
        ("webhook", {"categories": ["a"], "url": "https://hooks.example/", "more": 1}, "more"),
        ("manual", {"categories": ["a"], "instruction": {"en": "Do."}}, "instruction"),
    )
    for kind, given, at in wrong:
        with pytest.raises(BadInput) as refused:
            registry.settings_of(kind, given, development=False)
        assert refused.value.field == at


def test_a_webhook_is_told_once_signed_and_believed_only_when_it_signs(wires: Wires, peer: Peer, time: Time) -> None:
    store, now = webhook_store(wires), time.now()
    came = store.erase(WHO, "account-contact", Resume(TASK))
    assert came == Awaited("taken")
    headers, body = peer.asked[0]
    assert signing.is_signed(SECRET, headers, body, now) and headers["webhook-id"] == str(TASK)
    said = json.loads(body)["data"]
    assert (
        said["receipt_to"] == "https://consent.example/webhooks/stores/door" and said["category"] == "account-contact"
    )
    assert said["subject"]["persons"] == ["customer-77"]
    done = {"task": str(TASK), "status": "done", "count": 3, "proof": "shredder 4"}
    peer.answers = [signed(done, now)]
    receipt = store.erase(WHO, "account-contact", Resume(TASK))
    assert isinstance(receipt, Receipt) and receipt.count == 3 and receipt.proof.endswith("shredder 4")
    refused = {
        "unsigned": signed(done, now, secret=signing.new_secret()),
        "answer": signed(done | {"task": str(UUID(int=1))}, now),
        "status-503": Answer(503, 7.0),
        "status-410": Answer(410),
        "status-302": Answer(302),
    }
    for code, answer in refused.items():
        peer.answers = [answer]
        with pytest.raises(StoreFailed) as failed:
            store.erase(WHO, "account-contact", Resume(TASK))
        assert failed.value.code == code and failed.value.for_good == (code == "status-410")
    items = [{"category": "account-contact", "source": "person", "reference": "r1", "fields": {"name": "Jo"}}]
    peer.answers = [signed({"items": items}, now)]
    assert [one.reference for one in store.find(WHO, ("account-contact",))] == ["r1"]
    peer.answers = [signed({"items": [items[0] | {"category": "other"}]}, now)]
    with pytest.raises(StoreFailed, match="answer"):
        list(store.find(WHO, ("account-contact",)))


def test_a_system_nobody_reaches_becomes_somebodys_task(wires: Wires) -> None:
    store = manual_store(wires)
    assert store.erase(WHO, "account-contact", Resume(TASK)) == Awaited("", by_hand=True)
    assert store.correct(WHO, "account-contact", {}, Resume(TASK)) == Awaited("", by_hand=True)
    assert store.check().lines == ("en: Shred the card.", "fr: Détruire la fiche.", "es: Destruir la ficha.")
    with pytest.raises(StoreFailed, match="by-hand"):
        list(store.find(WHO, ("account-contact",)))


def test_no_address_stands_in_what_stores_say_of_themselves(wires: Wires) -> None:
    shown = " ".join(map(repr, (WHO, WHO.addresses, sql_store(wires), webhook_store(wires), CallFailed("timeout"))))
    assert "555" not in shown and "Jo" not in shown and "customer-77" not in shown
    assert signing.is_signed(SECRET, {}, b"", datetime(2026, 1, 1, tzinfo=UTC)) is False
