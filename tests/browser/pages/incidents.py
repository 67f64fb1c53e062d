"""The desk of incidents: without any, with one that is late, one about which much is known, and a wrong entry."""

from datetime import timedelta

from consent import clock
from consent.incidents import rules, service
from consent.incidents.queries import Words
from consent.policies.governing import InForce
from consent.staff.roles import Role
from tests.browser.pages.board import of_an_empty_house, officer, seated
from tests.browser.site import VALLEY
from tests.browser.states import Scene, State

LETTER = "What happened\n\nA laptop was stolen.\n\nWhat you can do\n\nChange your password."


def opened(scene: Scene, slug: str = VALLEY, kind: str = rules.BREACH, days: int = 40, letter: str = "") -> str:
    """Something was noticed that many days ago; its page."""
    house, now = scene.site.house, clock.now()
    governed = house.governing.now(scene.site.organizations[slug], now)
    desk = service.Desk(house.keyring, InForce(governed.log, governed.rulebook), "system", "system")
    words = Words(
        "Stolen laptop", "Taken from a car at night.", subject="About your data" if letter else "", letter=letter
    )
    facts = rules.Facts(now - timedelta(days=days))
    made = house.db.write(lambda tx: service.open_incident(tx, desk, kind, facts, words, now), desk.organization_id)
    return f"/staff/incidents/{made}"


def late(scene: Scene) -> str:
    officer(scene)
    return opened(scene, letter=LETTER)


def demand(scene: Scene) -> str:
    seated(scene, Role.OFFICER, "valtt")
    return opened(scene, "valtt", rules.DEMAND, 1)


def wrong(scene: Scene) -> None:
    officer(scene)
    scene.goto("/staff/incidents")
    scene.page.locator("#title").fill("Lost")
    scene.page.locator("#detected_at").fill("2099-01-01T10:00")
    scene.page.locator("form[action$='/staff/incidents'] button").click()


def found(scene: Scene) -> str:
    officer(scene)
    return f"{opened(scene, letter=LETTER)}?find=1&everybody=1"


def asked_badly(scene: Scene) -> str:
    officer(scene)
    return f"{opened(scene)}?find=1&place=Oregon&category=support-notes"


STATES = [
    State("incidents-empty", "/staff/incidents", of_an_empty_house),
    State("incidents-wrong", None, wrong, status=422),
    State("incident-late", late),
    State("incident-demand", demand),
    State("incident-found", found),
    State("incident-asked-badly", asked_badly),
]
