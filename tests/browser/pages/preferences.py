"""The page of a person's choices, before and after each of its buttons, and the timeline behind it."""

from uuid import UUID

from consent import clock
from consent.policies.rulebook import ConsentDraft
from consent.preferences import consents
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical
from tests.browser.site import VALLEY
from tests.browser.states import Scene, State
from tests.support import visits
from tests.support.valley import TEXTS, WORDING

BASE = f"/{VALLEY}/preferences"


def agreed(scene: Scene, number: str, slug: str = VALLEY) -> UUID:
    """Somebody at this number gets the service texts; the id of the contact point."""
    house, organization_id, now = scene.site.house, scene.site.organizations[slug], clock.now()
    in_force = house.governing.now(organization_id, now)
    draft = ConsentDraft(TEXTS, "sms", number, "given", now, "web-form", WORDING, "en", ip="203.0.113.7")
    said = consents.Said(draft, subjects.tagged(house.keyring, organization_id, canonical("sms", number)))
    recorded = house.db.write(
        lambda tx: consents.record(tx, house.keyring, in_force.log, in_force.rulebook, said, "api", now),
        organization_id,
    )
    return recorded.contact_point_id


def hold(scene: Scene, slug: str, ticket: visits.Ticket) -> None:
    """The browser holds this visit."""
    name, value = visits.cookie(scene.site.house, scene.site.organizations[slug], ticket)
    scene.context.add_cookies([{"name": name, "value": value, "url": scene.site.address}])


def proven(scene: Scene, slug: str = VALLEY, kind: str = "phone", address: str | None = None) -> None:
    """Has shown that an address is theirs."""
    house, organization_id = scene.site.house, scene.site.organizations[slug]
    hold(scene, slug, visits.by_code(house, organization_id, kind, address or scene.number()))


def with_texts(scene: Scene) -> None:
    number = scene.number()
    agreed(scene, number)
    proven(scene, address=number)


def by_link(scene: Scene) -> None:
    hold(scene, VALLEY, visits.by_link(agreed(scene, scene.number())))


def stopped(scene: Scene) -> None:
    with_texts(scene)
    scene.goto(f"{BASE}?lang={scene.language}")
    scene.page.locator("button[value=everything]").click()


def stopped_by_link(scene: Scene) -> None:
    by_link(scene)
    scene.goto(f"{BASE}?lang={scene.language}")
    scene.page.locator("button[value=everything]").click()


def saved(scene: Scene) -> None:
    proven(scene)
    scene.goto(f"{BASE}?lang={scene.language}")
    scene.page.locator(f"[name='sms:{TEXTS}'][value=on]").check()
    scene.page.locator(f"form[action^='{BASE}?'] button, form[action='{BASE}'] button").click()


def wrong_day(scene: Scene) -> None:
    proven(scene)
    scene.goto(f"{BASE}?lang={scene.language}")
    scene.page.locator("#pause").fill("2020-01-01")
    scene.page.locator("form[action*='/settings'] button").click()


def by_mail_at(slug: str, name: str) -> State:
    return State(name, f"/{slug}/preferences", lambda scene: proven(scene, slug, "email", "ana@customer.example"))


STATES = [
    State("preferences", BASE, proven),
    State("preferences-with-texts", BASE, with_texts),
    State("preferences-by-link", BASE, by_link),
    State("preferences-stopped", None, stopped),
    State("preferences-stopped-by-link", None, stopped_by_link),
    State("preferences-saved", None, saved),
    State("preferences-wrong-day", None, wrong_day, status=422),
    by_mail_at("1valet", "preferences-of-1valet"),
    by_mail_at("smartt", "preferences-of-smartt"),
    by_mail_at("voxvalley", "preferences-of-voxvalley"),
    by_mail_at("valtt", "preferences-of-valtt"),
    State("preferences-history", f"{BASE}/history", with_texts),
    State("preferences-history-empty", f"{BASE}/history", proven),
]
