"""What an agent asked, before the person in whose name it did; and a mail that waits for somebody to read it."""

from base64 import b64encode
from datetime import UTC, datetime
from email.message import EmailMessage
from itertools import count

from consent import clock
from consent.db import Tx
from consent.drp import agents, exercise, queries
from consent.drp import service as asking
from consent.drp.signed import Message
from consent.gateways.email.base import Mail
from consent.ids import new_id
from consent.intake import reading, rules, service
from consent.organizations import service as organizations
from consent.privacy_requests.casework import Desk
from tests.browser.pages.getting_in import ask, mail
from tests.browser.pages.getting_in import reading as reader_of
from tests.browser.pages.staff import clerk, valley
from tests.browser.site import VALLEY
from tests.browser.states import Scene, State

AGENT = "CR_AA"
_agents = count()


def asked_for(scene: Scene, email: str) -> str:
    """The page about what an agent asked for whoever reads this mailbox."""
    house, organization_id, now = scene.site.house, valley(scene), clock.now()
    in_force = house.governing.now(organization_id, now)
    desk = Desk(house.keyring, in_force.log, in_force.rulebook)
    named, identity = f"{AGENT}_{next(_agents)}", new_id(now)

    def work(tx: Tx) -> None:
        tenant = organizations.find(tx, VALLEY)
        agents.add(tx, house.keyring, tenant, named, "Permission Slip", "VALLEY", b"k" * 32, now)
        agent = next(one for one in agents.every(tx, organization_id) if one.agent_id == named)
        says = {
            "agent-id": named,
            "business-id": "VALLEY",
            "drp.version": "1.0",
            "exercise": "deletion",
            "email": email,
        }
        says |= {"issued-at": now.isoformat(), "expires-at": datetime(2100, 1, 1, tzinfo=UTC).isoformat()}
        one = exercise.exercise_of(agent, Message(b64encode(email.encode()), says), clock.now(), development=True)
        asking.take(tx, desk, one, identity, Mail("Is that right?", "Is it?", "<p>Is it?</p>"), now)
        assert queries.one(tx, house.keyring, organization_id, identity) is not None

    house.db.write(work, organization_id)
    return f"/{VALLEY}/requests/agents/{identity}"


def by_a_stranger(scene: Scene) -> str:
    return asked_for(scene, mail())


def by_the_person(scene: Scene) -> None:
    """They have shown that the mailbox is theirs."""
    email = mail()
    path = asked_for(scene, email)
    ask(scene, email)
    scene.page.locator("[name=code]").fill(reader_of(scene).code())
    scene.page.locator("main form button").click()
    scene.page.wait_for_load_state()
    scene.goto(f"{path}?lang={scene.language}")


def disowned(scene: Scene) -> None:
    by_the_person(scene)
    scene.page.locator("button[value=not-mine]").click()


def a_mail(scene: Scene) -> str:
    """A mail of which no rule knows what it asks, with an attachment."""
    clerk(scene)
    house, now = scene.site.house, clock.now()
    in_force = house.governing.now(valley(scene), now)
    written = EmailMessage()
    written["From"], written["Subject"] = mail(), "About my file"
    written.set_content("Good morning,\n\nwhat we talked of on Monday, please see to it.\n\nAda")
    written.add_attachment(b"x", maintype="application", subtype="pdf", filename="letter.pdf")
    letter = reading.read(written.as_bytes(), now)
    prepared = service.Prepared(letter, rules.triage(letter, frozenset()))
    house.db.write(
        lambda tx: service.take(tx, house.keyring, in_force.log, in_force.rulebook, prepared, now), valley(scene)
    )
    return "/staff/mail"


def no_choice(scene: Scene) -> None:
    scene.goto(f"{a_mail(scene)}?lang={scene.language}")
    scene.page.locator("button[value=request]").click()


STATES = [
    State("agent-asked-stranger", by_a_stranger),
    State("agent-asked", None, by_the_person),
    State("agent-disowned", None, disowned, picture=False),
    State("staff-mail", a_mail),
    State("staff-mail-no-choice", None, no_choice, status=422, picture=False),
]
