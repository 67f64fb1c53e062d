"""Pages that somebody meets after something has happened: old links, a number reported gone, refusals, messages."""

from datetime import datetime, timedelta
from uuid import UUID

from consent import clock
from consent.db import Tx
from consent.decisions import messages as message_log
from consent.decisions import service as decisions
from consent.numbers import service as numbers
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical
from consent.verification import links
from consent.verification.links import PREFERENCES, Link
from tests.browser.pages.getting_in import mail
from tests.browser.pages.preferences import BASE, agreed, proven
from tests.browser.site import VALLEY
from tests.browser.states import Scene, State
from tests.support.valley import TEXTS

LONG_AGO = timedelta(days=401)


def link_of(scene: Scene, contact_point: UUID, made_at: datetime) -> str:
    """The address of a link that stood in a message of that time."""
    made = Link(scene.site.organizations[VALLEY], contact_point, PREFERENCES, None, None, None, made_at)
    return f"{BASE}/for/{links.make(scene.site.house.keyring, made)}"


def old_link(scene: Scene) -> str:
    return link_of(scene, agreed(scene, scene.number()), clock.now() - LONG_AGO)


def link_of_another(scene: Scene) -> str:
    proven(scene)
    return link_of(scene, agreed(scene, scene.number()), clock.now())


def gone(scene: Scene) -> None:
    """Of the number of this visit somebody said that it changed hands."""
    house, organization_id, number = scene.site.house, scene.site.organizations[VALLEY], scene.number()
    agreed(scene, number)
    now = clock.now()
    in_force = house.governing.now(organization_id, now)
    told = numbers.Told("changed", numbers.telephone(house.keyring, organization_id, number), now, "staff")
    house.db.write(
        lambda tx: numbers.report(tx, house.keyring, in_force.log, in_force.rulebook, told, "api", now),
        organization_id,
    )
    proven(scene, address=number)


def limited(scene: Scene) -> None:
    """Somebody limits what their sensitive data serves."""
    proven(scene, "1valet", "email", mail())
    scene.goto(f"/1valet/preferences?lang={scene.language}")
    scene.page.locator("#less_use").check()
    scene.page.locator("form[action*='/settings'] button").click()


def with_messages(scene: Scene) -> None:
    """One message was held back and one was sent."""
    house, organization_id, number = scene.site.house, scene.site.organizations[VALLEY], scene.number()
    tagged = subjects.tagged(house.keyring, organization_id, canonical("sms", number))

    def happens(tx: Tx) -> None:
        now = clock.now()
        in_force = house.governing.now(organization_id, now)
        asked = decisions.Asked(TEXTS, "outage", tagged, now)
        decisions.decide(tx, decisions.Asking(organization_id, in_force.log.origin, in_force.rulebook, asked, now))
        told = [message_log.Told(TEXTS, "outage", tagged, now)]
        judged = message_log.judge(tx, house.keyring, organization_id, in_force.rulebook, told, now)
        message_log.record(tx, organization_id, judged)

    house.db.write(happens, organization_id)
    agreed(scene, number)
    house.db.write(happens, organization_id)
    proven(scene, address=number)


STATES = [
    State("link-of-a-message-old", old_link),
    State("link-of-a-message-of-another", link_of_another),
    State("preferences-number-gone", BASE, gone),
    State("preferences-data-refused", None, limited),
    State("preferences-history-messages", f"{BASE}/history", with_messages),
]
