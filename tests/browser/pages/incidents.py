"""The desk of incidents: without any, with one that is late, told, to be decided or closed, and a wrong entry."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from consent import clock
from consent.db import Sql, Tx
from consent.incidents import rules, service
from consent.incidents.queries import Words
from consent.policies.governing import InForce
from consent.staff.roles import Role
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical
from tests.browser.pages.board import of_an_empty_house, officer, seated
from tests.browser.site import VALLEY
from tests.browser.states import Scene, State

_STALE = Sql("UPDATE staff_sign_in SET factor_at = :at WHERE organization_id = :o")
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


def known(scene: Scene, work: Callable[[Tx, service.Desk, UUID], object], slug: str, place: str) -> str:
    """The same page once this was done to its incident."""
    house, now = scene.site.house, clock.now()
    governed = house.governing.now(scene.site.organizations[slug], now)
    desk = service.Desk(house.keyring, InForce(governed.log, governed.rulebook), "system", "system")
    house.db.write(lambda tx: work(tx, desk, UUID(place.rpartition("/")[2])), desk.organization_id)
    return place


def telling(scene: Scene) -> str:
    """Telling goes on in a company that is no carrier, and so waits for nobody."""
    seated(scene, slug="1valet")
    place, number = opened(scene, "1valet", letter=LETTER), scene.number()

    def work(tx: Tx, desk: service.Desk, incident: UUID) -> None:
        tagged = subjects.tagged(desk.keyring, desk.organization_id, canonical("sms", number, None))
        made = subjects.contact(tx, desk.keyring, desk.organization_id, tagged, clock.now())
        contact = subjects.by_id(tx, desk.keyring, desk.organization_id, made.id)
        assert contact is not None
        service.affect(tx, desk, incident, [contact], clock.now())
        service.begin_telling(tx, desk, incident, clock.now())

    return known(scene, work, "1valet", place)


def decision(scene: Scene) -> str:
    seated(scene, slug="valtt")
    return opened(scene, "valtt", rules.CHILD, 1)


def closed(scene: Scene) -> str:
    seated(scene, slug="valtt")
    place = opened(scene, "valtt", rules.CHILD, 1, LETTER)

    def work(tx: Tx, desk: service.Desk, incident: UUID) -> None:
        service.do_duty(tx, desk, incident, "VAL-21:decide", "Erased.\nTicket 12.", clock.now())
        service.close(tx, desk, incident, "Nobody asks for an age; now somebody does.", clock.now())

    return known(scene, work, "valtt", place)


def waiting_for_the_factor(scene: Scene) -> None:
    seated(scene, slug="valtt")
    scene.goto(opened(scene, "valtt", rules.CHILD, 1))
    stale: dict[str, Any] = {"o": scene.site.organizations["valtt"], "at": clock.now() - timedelta(minutes=6)}
    scene.site.house.db.write(lambda tx: tx.run(_STALE, stale), stale["o"])
    scene.page.locator("#report").fill("Nothing yet.")
    scene.page.locator("form[action*='/close'] button").click()


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


def listed(scene: Scene) -> str:
    late(scene)
    return "/staff/incidents"


STATES = [
    State("incidents-empty", "/staff/incidents", of_an_empty_house),
    State("incidents", listed),
    State("incidents-wrong", None, wrong, status=422),
    State("incident-late", late),
    State("incident-demand", demand),
    State("incident-telling", telling),
    State("incident-decision", decision),
    State("incident-closed", closed),
    State("incident-factor", None, waiting_for_the_factor, status=403),
    State("incident-found", found),
    State("incident-asked-badly", asked_badly),
]
