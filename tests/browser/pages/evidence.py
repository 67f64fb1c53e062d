"""The page on which receipts are checked, and what a person keeps."""

from functools import cache

from consent import clock
from consent.ledger import jobs
from consent.policies.rulebook import ConsentDraft
from consent.preferences import consents
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical
from tests.browser.site import VALLEY, Site
from tests.browser.states import Scene, State
from tests.support import visits
from tests.support.valley import TEXTS, WORDING

PHONE, MAILBOX = "+15095550188", "ana@example.com"
PROGRAMS = {"sms": TEXTS, "email": "marketing-email"}


def a_bad_file(scene: Scene) -> None:
    scene.goto("/check")
    if scene.page.locator("#check").is_visible():
        scene.page.locator("#pasted").fill("{}")
        scene.page.locator("#check").click()
        scene.page.locator("#fails").wait_for()


@cache
def entry(site: Site, channel: str, address: str, state: str, *, sealed: bool) -> str:
    """The entry of something said at this address."""
    house, organization_id, now = site.house, site.organizations[VALLEY], clock.now()
    in_force = house.governing.now(organization_id, now)
    draft = ConsentDraft(
        PROGRAMS[channel], channel, address, state, now, "web-form", WORDING, "en", "203.0.113.7", None
    )
    said = consents.Said(draft, subjects.tagged(house.keyring, organization_id, canonical(channel, address)))
    recorded = house.db.write(
        lambda tx: consents.record(tx, house.keyring, in_force.log, in_force.rulebook, said, "page", now),
        organization_id,
    )
    if sealed:
        jobs.seal_organization(house.db, house.keyring, organization_id, now)
    return str(recorded.entry.event_id)


def visit(scene: Scene, address: str) -> None:
    """The reader has shown this address to be theirs."""
    kind, site = "email" if "@" in address else "phone", scene.site
    organization_id = site.organizations[VALLEY]
    name, value = visits.cookie(site.house, organization_id, visits.by_code(site.house, organization_id, kind, address))
    scene.context.add_cookies([{"name": name, "value": value, "url": site.address}])


def agreed(scene: Scene) -> str:
    visit(scene, PHONE)
    return f"/{VALLEY}/preferences/receipts/{entry(scene.site, 'sms', PHONE, 'given', sealed=True)}"


def withdrawn(scene: Scene) -> str:
    visit(scene, MAILBOX)
    return f"/{VALLEY}/preferences/receipts/{entry(scene.site, 'email', MAILBOX, 'withdrawn', sealed=False)}"


STATES = [
    State("receipt", agreed),
    State("receipt-not-sealed-by-mail", withdrawn),
    State("check", "/check"),
    State("check-does-not-hold", None, a_bad_file),
]
