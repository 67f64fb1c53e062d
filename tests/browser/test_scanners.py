"""A scanner with a whole browser, scripts and all, opens every kind of link: nothing changes, nothing is used up."""

from uuid import UUID

from flask.testing import FlaskClient
from playwright.sync_api import Browser

from consent import clock
from consent.app import create_app
from consent.verification import links
from consent.verification.links import Link
from tests.browser.site import VALLEY, Site
from tests.support import snapshot
from tests.support import valley as at_valley
from tests.support.systems import Systems
from tests.support.valley import TEXTS, Tenant
from tests.support.visiting import Visitor


def test_thirty_visits_of_each_kind_of_link_with_scripts_run_change_nothing(site: Site, browser: Browser) -> None:
    organization = site.organizations[VALLEY]
    client: FlaskClient = create_app(site.house).test_client()
    key = at_valley.make_key(site.house, organization, clock.now(), "consents:write")
    tenant = Tenant(organization, VALLEY, "Valley Smart Homes", key, site.endpoint)
    contact = UUID(str(Systems(client, tenant).consent(address="+12065550191")["contact_point"]))
    person = Visitor(client, site.house, tenant)
    person.ask("scanned@mail.example")

    def made(purpose: str) -> str:
        link = Link(organization, contact, purpose, None, TEXTS, "batch-7", clock.now())
        return links.address_of(site.house.keyring, link, site.address, VALLEY)

    every = [site.address + person.base + person.link(), made(links.PREFERENCES), made(links.UNSUBSCRIBE)]
    before = snapshot.rows(site.house, organization)
    for address in every:
        context = browser.new_context()
        page = context.new_page()
        for _ in range(30):
            answer = page.goto(address, wait_until="load")
            assert answer is not None and answer.status < 500
        context.close()
    assert snapshot.rows(site.house, organization) == before
    assert person.post(person.link()).status_code == 303
