"""A deletion in Chromium: from the page on which somebody asks to the certificate, and nothing of them is left."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from consent.db import Sql, Tx
from consent.evidence import bundles, offline
from consent.gateways.callbacks import signing
from consent.gateways.email import file
from consent.gateways.stores import registry
from consent.house import House
from consent.ledger import notes, published
from consent.outbox.pages import MAILS
from consent.privacy_requests.tasks import accounts
from consent.staff.roles import Role
from consent.timed import requests as timed_requests
from consent.timed import sending, upkeep
from tests.browser.site import listening
from tests.privacy_requests.tasks.conftest import CRM, SETTING
from tests.privacy_requests.tasks.test_stores import SECRET, TABLES, fill, left
from tests.support import staff, traces
from tests.support.organizations import consent_to
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import PUBLIC_URL, Tenant
from tests.support.visiting import Visitor

WHO, REFERENCE = "jo@person.example", "customer-77"
REQUESTS = Sql("SELECT state FROM privacy_request WHERE organization_id = :id")


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where Valley is served."""
    with listening(app) as where:
        yield where


@pytest.fixture
def crm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[sa.Engine]:
    """Valley's customer database, with four rows of somebody and one of a stranger."""
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'crm.db'}")
    CRM.metadata.create_all(engine)
    fill(engine)
    monkeypatch.setenv(SETTING, engine.url.render_as_string())
    yield engine
    engine.dispose()


@pytest.fixture
def billing(httpserver: HTTPServer, time: Time) -> list[int]:
    """A system behind a webhook that fails twice and then signs its receipt; the statuses it answered with."""
    told: list[int] = []

    def answer(asked: Request) -> Response:
        told.append((503, 500, 200)[min(len(told), 2)])
        said = {"task": json.loads(asked.data)["data"]["task"], "status": "done", "count": 2}
        body = json.dumps(said).encode()
        return Response(body, told[-1], signing.headers("receipt", time.now(), body, [SECRET]))

    httpserver.expect_request("/tasks").respond_with_handler(answer)
    return told


def add_stores(house: House, valley: Tenant, url: str, time: Time) -> None:
    """The customer database and the system of invoices are on the list."""
    asked: tuple[tuple[str, str, dict[str, object]], ...] = (
        ("sql", "crm", {"url_setting": SETTING, "description": TABLES}),
        ("webhook", "billing", {"categories": ["invoices"], "url": url, "secret": SECRET}),
    )

    def work(tx: Tx) -> None:
        for kind, name, given in asked:
            settings = registry.settings_of(kind, given, development=True)
            accounts.add(tx, house.keyring, valley.id, kind, name, settings, time.now())

    house.db.write(work, valley.id)


def asks(page: Page, address: str, house: House, valley: Tenant) -> None:
    """Somebody stops everything and asks for the deletion, with the code of a mail."""
    page.goto(f"{address}/{valley.slug}/requests/deletion")
    page.get_by_role("button", name="Get a code").click()
    page.locator("[name=contact]").fill(WHO)
    page.get_by_role("button", name="Send me a code").click()
    page.locator("[name=code]").fill(Visitor(None, house, valley).code())  # type: ignore[arg-type]
    page.locator("main form button").first.click()
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your request")
    page.get_by_role("link", name="See and change all your choices").click()
    page.get_by_role("button", name="Stop everything").click()
    expect(page.get_by_role("status")).to_contain_text("Done")


def everything_goes(page: Page) -> None:
    """The usual case keeps records of consent as proof; for each class of data it is decided that it goes."""
    expect(page.get_by_role("button", name="Decide the usual case")).to_be_visible()
    page.get_by_role("link", name="Decide differently").click()
    page.wait_for_load_state()  # all the classes, not those that have arrived
    chosen = page.locator("select[name^=what-]")
    assert any(one.input_value().startswith("keep:") for one in chosen.all())
    for one in chosen.all():
        one.select_option("do:")
    page.get_by_role("button", name="Decide").click()


def sits(browser: Browser, address: str, house: House, valley: Tenant, time: Time, role: Role) -> Page:
    """Somebody of the staff before their queue."""
    context = browser.new_context()
    staff.member(house, valley.id, time.now(), role).sit(context, address)
    page = context.new_page()
    page.goto(f"{address}/staff/requests")
    page.get_by_role("link", name="Deletion").click()
    return page


def runs(house: House, time: Time, after: timedelta) -> None:
    """Time passes, and what the clock calls was called."""
    time.at += after
    for job in (timed_requests.carry_out, upkeep.seal, timed_requests.mail_certificates, sending.post):
        job(house)


def certificate(page: Page, address: str, house: House, valley: Tenant) -> dict[str, Any]:
    """The mail brought it; its page hands out a file that holds with nothing but published keys: what it says."""
    mail = file.recent(house.config.data_dir / MAILS, 1)[0]
    where = re.search(rf"{PUBLIC_URL}(/\S+/requests/certificates/\S+)", mail["text"])
    assert where is not None and len(mail["files"]) == 3
    page.goto(address + where[1])
    with page.expect_download() as saved:
        page.locator("a[href*='as=json']").click()
    bundle = bundles.read(saved.value.path().read_bytes())
    keys = [notes.read_vkey(one) for one in published.log_vkeys(house.keyring, [valley.id])]
    told: dict[str, Any] = offline.verify(bundle, published.jwks(house.keyring, [valley.id]), keys).claims[
        "certificate"
    ]
    return told


def found(house: House, valley: Tenant) -> set[str]:
    """Where anything of them stands, in any spelling, under any key that is left; but for tags of the refusal."""
    wanted = traces.sought(house.keyring, valley.id, {"email": WHO}, (REFERENCE,))
    tags = {"contact_point.tag", "contact_point.tag64", "preference.tag64"}
    places = traces.find(house, valley.id, wanted)
    return {one for one in places if one.partition(":")[0] not in tags and not re.search(r"sqlite.*tag of email", one)}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_somebody_asks_to_be_forgotten_and_a_certificate_says_that_it_is_done(
    browser: Browser, address: str, house: House, valley: Tenant, systems: Systems, crm: sa.Engine, billing: list[int],
    httpserver: HTTPServer, time: Time,
) -> None:  # fmt: skip
    add_stores(house, valley, httpserver.url_for("/tasks"), time)
    offers = consent_to("marketing-email", "email", WHO, person=REFERENCE)
    assert systems.post("consents", offers).status_code == 201
    person = browser.new_page()
    asks(person, address, house, valley)
    assert {one.partition(":")[0] for one in found(house, valley)} >= {"contact_point.sealed_address"}
    clerk = sits(browser, address, house, valley, time, Role.CLERK)
    clerk.get_by_role("button", name="Take it").click()
    everything_goes(clerk)
    expect(clerk.get_by_text("waits for an officer")).to_be_visible()
    officer = sits(browser, address, house, valley, time, Role.OFFICER)
    officer.get_by_role("button", name="Approve").click()
    expect(officer.get_by_text("being carried out").first).to_be_visible()
    for minutes in (0, 10, 60, 1):
        runs(house, time, timedelta(minutes=minutes))
    assert billing == [503, 500, 200] and left(crm) == [(1, "Jo Doe"), (3, "Jo"), (4, "Al")]
    told = certificate(person, address, house, valley)
    assert told["type"] == "deletion" and WHO not in str(told)
    erased = [(done["store"], done["count"]) for one in told["outcomes"] for done in one.get("done", ())]
    assert {one["what"] for one in told["outcomes"]} == {"do"} and {("crm", 2), ("billing", 2)} <= set(erased)
    runs(house, time, timedelta(minutes=6))
    assert found(house, valley) == set()
    with house.db.read(valley.id) as tx:
        assert [row[0] for row in tx.all(REQUESTS, {"id": valley.id})] == ["fulfilled"]
    (house.config.data_dir / "copy.txt").write_bytes(b"to: " + WHO.encode())
    assert found(house, valley) == {"copy.txt: jo… as it is"}
    assert "suppressed" in str(systems.decide(program="marketing-email", channel="email", address=WHO)["reasons"])
