"""What people get at the end of a request: the certificate, and their data behind a fresh code."""

from datetime import timedelta
from functools import cache
from uuid import UUID

from consent import clock
from consent.ledger import jobs
from consent.privacy_requests.answers import giving
from consent.privacy_requests.answers import jobs as answer_jobs
from consent.privacy_requests.answers.giving import Here, Wanted
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical
from tests.browser.pages.evidence import PHONE, entry, visit
from tests.browser.site import VALLEY, Site
from tests.browser.states import Scene, State
from tests.privacy_answers.desk import REQUEST, Desk
from tests.support.valley import PUBLIC_URL, Tenant

OTHER = UUID("0199c0de-0000-7000-8000-00000000abce")


@cache
def certified(site: Site) -> str:
    """Where a certificate is read."""
    organization_id = site.organizations[VALLEY]
    desk = Desk(site.house, Tenant(organization_id, VALLEY, "Valley", "", ""))
    desk.certify(desk.contact("+15095550132", "sms"), mail=False)
    jobs.seal_organization(site.house.db, site.house.keyring, organization_id, clock.now())
    return answer_jobs.path_of(site.house.keyring, organization_id, VALLEY, REQUEST)


@cache
def given(site: Site) -> str:
    """Where somebody's data is fetched."""
    house, organization_id, now = site.house, site.organizations[VALLEY], clock.now()
    entry(site, "sms", PHONE, "given", sealed=True)
    place = subjects.tagged(house.keyring, organization_id, canonical("sms", PHONE))
    with house.db.read(organization_id) as tx:
        contact = subjects.find(tx, organization_id, place)
    assert contact is not None
    here = Here(
        house.db, house.keyring, organization_id, house.governing.now(organization_id, now).rulebook, PUBLIC_URL
    )
    made = giving.give(here, Wanted(OTHER, contact, "access", now), [], timedelta(days=30), now)
    return f"/{VALLEY}/requests/answers/{made.id}"


def certificate(scene: Scene) -> str:
    return certified(scene.site)


def download(scene: Scene) -> str:
    visit(scene, PHONE)
    return given(scene.site)


STATES = [State("certificate", certificate), State("answer-to-fetch", download)]
