"""What is kept and for how long: the calendar, its rules, holds, what is done by hand; notices before there are any."""

import itertools
from datetime import timedelta

from consent import clock
from consent.db import Tx
from consent.ledger import erasing
from consent.ledger import service as ledger
from consent.privacy_requests.tasks import accounts
from consent.retention import disposing, hold_rows, holds, registering
from consent.retention.registering import OWN, Draft
from consent.staff.roles import Role
from consent.subjects import service as subjects
from consent.timed.retention import runner
from tests.browser.pages.board import of_an_empty_house, officer, seated
from tests.browser.site import VALLEY
from tests.browser.states import Scene, State

PAGE, PAPER = "/staff/retention", "paper"
TEXTS = "message-text-in-out"  # VSH-30 keeps them two years
CALLS = "call-detail"
INSTRUCTION = {"en": "Room 2, by number: shred it.", "fr": "Salle 2, par numéro : détruire.", "es": "Sala 2: destruir."}
_numbers = itertools.count(1)


def kept(scene: Scene, days: int, store: str = OWN, category: str = TEXTS, person: str | None = None) -> None:
    """Something of that many days ago is on the list."""
    house, organization_id, now = scene.site.house, scene.site.organizations[VALLEY], clock.now()
    in_force = house.governing.now(organization_id, now)
    draft = Draft(category, store, f"box-7/{next(_numbers)}", now - timedelta(days=days), "answering", person)

    def work(tx: Tx) -> None:
        reckoner = hold_rows.reckoner(tx, in_force.rulebook, now)
        registering.register(tx, house.keyring, in_force.log, reckoner, [draft], "api", now)

    house.db.write(work, organization_id)


def calendar(scene: Scene) -> None:
    officer(scene)
    kept(scene, 720)


def held(scene: Scene) -> None:
    """A legal hold on every record of a class."""
    officer(scene)
    kept(scene, 10, category=CALLS)
    house, organization_id, now = scene.site.house, scene.site.organizations[VALLEY], clock.now()
    in_force = house.governing.now(organization_id, now)
    ground = min(holds.grounds(in_force.rulebook, {None}))
    query, until = holds.Query(category=CALLS), now.date() + timedelta(days=90)
    asked = holds.Asked("legal", ground, "A case is pending.", "Ana", now, until, query=query)
    house.db.write(
        lambda tx: holds.place(tx, house.keyring, in_force.log, in_force.rulebook, asked, "staff", now), organization_id
    )


def held_wrongly(scene: Scene) -> None:
    officer(scene)
    scene.goto(f"{PAGE}/holds")
    scene.page.locator("#kind").select_option(index=1)
    scene.page.locator("#ground").select_option(index=1)
    scene.page.locator("#reason").fill("A case is pending.")
    scene.page.locator(f"form[action$='{PAGE}/holds'] button").click()


def by_hand(scene: Scene) -> None:
    """What lies on paper is due, and waits for somebody who goes there."""
    seated(scene, Role.OFFICER)
    house, organization_id, now = scene.site.house, scene.site.organizations[VALLEY], clock.now()
    name = f"{PAPER}-{next(_numbers)}"
    settings = {"categories": [TEXTS], "instruction": INSTRUCTION}
    house.db.write(
        lambda tx: accounts.add(tx, house.keyring, organization_id, "manual", name, settings, now), organization_id
    )
    kept(scene, 2000, name)
    disposing.run(runner(house), organization_id, clock.now)
    scene.goto(PAGE)
    scene.page.locator(f"a[href*='{PAGE}/batches/']").first.click()


def record(scene: Scene) -> None:
    """One record, as the plan links it."""
    officer(scene)
    kept(scene, 30)
    scene.goto(PAGE)
    scene.page.locator(f"a[href*='{PAGE}/records/']").first.click()


def stranded(scene: Scene) -> None:
    """Somebody was erased while what is kept of them waits for the end of their service."""
    officer(scene)
    house, organization_id, name = scene.site.house, scene.site.organizations[VALLEY], f"tenant-{next(_numbers)}"
    kept(scene, 30, category="voip-identifiers", person=name)

    def erase(tx: Tx) -> None:
        log, person = ledger.log_of(tx, organization_id), subjects.find_person(tx, house.keyring, organization_id, name)
        assert log is not None and person is not None
        erasing.erase(tx, house.keyring, log, person, person, clock.now())

    house.db.write(erase, organization_id)


STATES = [
    State("retention-empty", PAGE, of_an_empty_house),
    State("retention", PAGE, calendar),
    State("retention-rules", f"{PAGE}/rules", officer),
    State("holds", f"{PAGE}/holds", held),
    State("holds-wrong", None, held_wrongly, status=422),
    State("retention-by-hand", None, by_hand),
    State("retention-corrections", f"{PAGE}/corrections", officer),
    State("retention-find", f"{PAGE}/records", officer),
    State("retention-record", None, record),
    State("retention-stranded", f"{PAGE}/stranded", stranded),
    State("notices-empty", "/staff/notices", of_an_empty_house),
]
