"""The desk of a telephone carrier: with something to do, with a wrong entry, letters that must go, and a year."""

from datetime import date, datetime
from functools import cache
from uuid import UUID

from consent import clock
from consent.carrier import failing, rules, service
from consent.carrier import queries as matters
from consent.db import Tx
from consent.incidents.service import Desk
from consent.notices import carriers, jobs, queries
from consent.notices import service as notices
from consent.policies.answers.silence import Outage
from consent.policies.governing import InForce
from tests.browser.pages.board import officer
from tests.browser.pages.preferences import agreed
from tests.browser.site import VALLEY, Site
from tests.browser.states import Scene, State
from tests.support.valley import PUBLIC_URL

HOME = "/staff/carrier"


def desk_of(scene: Scene, now: datetime) -> Desk:
    governed = scene.site.house.governing.now(scene.site.organizations[VALLEY], now)
    return Desk(scene.site.house.keyring, InForce(governed.log, governed.rulebook), "system", "system")


def mended(scene: Scene) -> None:
    """Whatever other states broke works again today: else no notice goes out."""
    house, now = scene.site.house, clock.now()
    desk = desk_of(scene, now)
    day, there = service.today(desk, now), desk.organization_id

    def work(tx: Tx) -> None:
        for one in matters.in_state(tx, house.keyring, there, "open"):
            if one.broken_from is not None and one.works_again_on is None:
                service.lasted(tx, desk, one.id, Outage(one.broken_from, day), now)

    house.db.write(work, there)


def entered(scene: Scene) -> str:
    """The way to say no did not work today; its page."""
    officer(scene)
    house, now = scene.site.house, clock.now()
    desk = desk_of(scene, now)
    words = {
        "title": "Opt-out page down",
        "problem": "The page answered nothing for two days.",
        "mechanisms": "A page.",
    }
    day = service.today(desk, now)
    lasts = Outage(day, None)
    made = house.db.write(
        lambda tx: service.enter(tx, desk, rules.FAILURE, day, words, now, lasts), desk.organization_id
    )
    return f"{HOME}/{made}"


@cache
def lived(site: Site) -> None:
    """Last year people were trained, and somebody complained; kept once for each service."""
    house, now = site.house, clock.now()
    governed = house.governing.now(site.organizations[VALLEY], now)
    desk = Desk(house.keyring, InForce(governed.log, governed.rulebook), "system", "system")
    last = service.today(desk, now).year - 1

    def work(tx: Tx) -> None:
        training = {"title": "Call records: the yearly training", "who": "Everybody in support and sales."}
        service.enter(tx, desk, rules.TRAINING, date(last, 5, 14), training, now)
        said = {"title": "Somebody without right asked for a bill", "complained": "The caller was told nothing."}
        made = service.enter(tx, desk, rules.COMPLAINT, date(last, 9, 3), said, now)
        service.close(tx, desk, made, date(last, 9, 4), "The customer was told so.", now)

    house.db.write(work, desk.organization_id)


def home(scene: Scene) -> str:
    lived(scene.site)
    entered(scene)
    return HOME


def year(scene: Scene) -> str:
    officer(scene)
    lived(scene.site)
    return f"{HOME}/years/{clock.now().year - 1}"


def wrong(scene: Scene) -> None:
    officer(scene)
    scene.goto(HOME)
    form = scene.page.locator("details", has=scene.page.locator("input[value=failure]"))
    form.locator("summary").click()
    form.locator("input[name=title]").fill("Page down")
    form.locator("button").click()


def unreached(scene: Scene) -> str:
    """A notice went out, and somebody who is known by a telephone number alone gets a letter."""
    officer(scene)
    agreed(scene, scene.number())
    mended(scene)
    house, now, there = scene.site.house, clock.now(), scene.site.organizations[VALLEY]
    book = house.governing.now(there, now).rulebook
    teller = jobs.Teller(house.db, house.keyring, house.governing, PUBLIC_URL, failing.against_sending)

    def begin(tx: Tx) -> UUID | None:
        begun = [one for one in queries.every(tx, there) if carriers.is_one(one)]
        return None if begun else carriers.open_for(tx, there, book, book.carrier.by_silence[0], now)

    made = house.db.write(begin, there)
    if made is not None:
        jobs.tell(teller, there, now)

        def approve(tx: Tx) -> None:
            seen = queries.as_seen(queries.one(tx, there, made), queries.counts(tx, there, made))
            notices.approve(tx, house.keyring, there, made, UUID(int=7), seen, failing.against_sending, now)

        house.db.write(approve, there)
    return f"{HOME}/letters"


STATES = [
    State("carrier", home),
    State("carrier-wrong", None, wrong, status=422),
    State("carrier-failure", entered),
    State("carrier-letters", unreached),
    State("carrier-year", year),
    State("carrier-person", f"{HOME}/people", officer),
]
