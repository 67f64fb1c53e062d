"""Requests and the unsubscribe of a mail: what is owed, forms that are right and wrong, what was received."""

from consent import clock
from consent.db import Tx
from consent.ledger import service as ledger
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical
from consent.verification import links
from consent.verification.links import UNSUBSCRIBE, Link
from tests.browser.pages.getting_in import mail, reading
from tests.browser.site import VALLEY
from tests.browser.states import Scene, State

BASE = f"/{VALLEY}/requests"


def link(scene: Scene) -> str:
    """The unsubscribe of a mail with offers to somebody new."""
    house, organization_id = scene.site.house, scene.site.organizations[VALLEY]
    tagged = subjects.tagged(house.keyring, organization_id, canonical("email", mail()))

    def known(tx: Tx) -> links.Link:
        now = clock.now()
        contact = subjects.contact(tx, house.keyring, organization_id, tagged, now)
        log = house.governing.now(organization_id, now).log
        ledger.append(tx, log, contact.stream, ledger.Event("message.sent", "system", "email"), now)
        return Link(organization_id, contact.id, UNSUBSCRIBE, None, "marketing-email", "spring", now)

    return f"/{VALLEY}/unsubscribe/{links.make(house.keyring, house.db.write(known, organization_id))}"


def unsubscribed(scene: Scene) -> None:
    scene.goto(f"{link(scene)}?lang={scene.language}")
    scene.page.locator("[name=unsubscribe]").click()


def asked(scene: Scene) -> None:
    scene.goto(f"{BASE}/complaint?lang={scene.language}")
    scene.page.locator("[name=contact]").fill(mail())
    scene.page.locator("[name=words]").fill("Why do you keep my file?")
    scene.page.locator("main form button").click()


def asked_without_words(scene: Scene) -> None:
    scene.goto(f"{BASE}/complaint?lang={scene.language}")
    scene.page.locator("main form button").click()


def came_in(scene: Scene) -> None:
    """Somebody who has shown that a mailbox is theirs, on the way to a request."""
    contact = mail()
    scene.goto(f"{BASE}/deletion?lang={scene.language}")
    scene.page.locator("main form button").click()
    scene.page.locator("[name=contact]").fill(contact)
    scene.page.locator("main form button").click()
    scene.page.locator("[name=code]").fill(reading(scene).code())
    scene.page.locator("main form button").click()


def asked_by_code(scene: Scene) -> None:
    came_in(scene)
    scene.page.locator("main form button").click()


def followed(scene: Scene) -> None:
    asked_by_code(scene)
    scene.goto(f"{BASE}/status?lang={scene.language}")


def to_a_request(scene: Scene) -> None:
    scene.goto(f"{BASE}/deletion?lang={scene.language}")
    scene.page.locator("main form button").click()


STATES = [
    State("requests", BASE),
    State("requests-by-place", "/1valet/requests?place=US-CA"),
    State("requests-not-owed", f"{BASE}/opt-out-of-sale"),
    State("requests-statement", "/1valet/requests/opt-out-of-sale"),
    State("requests-code-first", f"{BASE}/deletion"),
    State("requests-form", f"{BASE}/complaint"),
    State("requests-form-wrong", prepare=asked_without_words, status=422),
    State("requests-received", prepare=asked),
    State("requests-received-known", prepare=asked_by_code),
    State("requests-code", prepare=to_a_request),
    State("requests-status", f"{BASE}/status"),
    State("requests-status-found", prepare=followed),
    State("unsubscribe", link),
    State("unsubscribed", prepare=unsubscribed),
    State("unsubscribe-unknown", f"/{VALLEY}/unsubscribe/none-of-ours", status=404),
]
