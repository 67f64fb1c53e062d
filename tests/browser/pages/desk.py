"""The desk of privacy requests: queue, a request in its states, deciding, letters, entry by hand, several at once."""

import itertools
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from consent import clock
from consent.dashboard.requests.desk import note
from consent.db import Tx
from consent.gateways.stores.base import Action
from consent.privacy_requests import casework, service
from consent.privacy_requests.casework import SYSTEM, Desk, Hand, Outcome, identity, receiving
from consent.privacy_requests.service import Asked
from consent.privacy_requests.tasks import accounts as stores
from consent.privacy_requests.tasks import rules
from consent.privacy_requests.tasks import service as tasks
from consent.privacy_requests.tasks.models import RequestTask
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical
from tests.browser.pages.staff import clerk
from tests.browser.site import VALLEY
from tests.browser.states import Scene, State

LIST = "/staff/requests"
PAPER = {
    "en": "Room 2, blue folders, by name. Shred the folder, and write its number below.",
    "fr": "Salle 2, dossiers bleus, par nom. Détruisez le dossier et notez son numéro ci-dessous.",
    "es": "Sala 2, carpetas azules, por nombre. Destruya la carpeta y anote su número abajo.",
}
_numbers = itertools.count(1000)


def asked(scene: Scene, kind: str = "deletion", days_ago: int = 3, *, verified: bool = True) -> str:
    """Somebody's request; where its page is. The clerk sits at the browser."""
    clerk(scene)
    house, organization_id, now = scene.site.house, scene.site.organizations[VALLEY], clock.now()
    address = canonical("email", f"person-{next(_numbers)}-{uuid.uuid4().hex[:6]}@customer.example")
    tagged = subjects.tagged(house.keyring, organization_id, address)
    arrived = now - timedelta(days=days_ago)
    in_force = house.governing.at(organization_id, arrived)
    said = Asked(kind, "letter", arrived, words="Please see to it.", verified_at=arrived if verified else None)

    def work(tx: Tx) -> uuid.UUID:
        contact = subjects.contact(tx, house.keyring, organization_id, tagged, now)
        return service.open(tx, in_force.log, in_force.rulebook, contact, said, now).id

    return f"{LIST}/{house.db.write(work, organization_id)}"


def handle(scene: Scene, where: str, work: Callable[[Tx, Desk, uuid.UUID, datetime], object]) -> None:
    """Somebody else of the staff does something to the request of this page."""
    house, organization_id, now = scene.site.house, scene.site.organizations[VALLEY], clock.now()
    in_force, request_id = house.governing.now(organization_id, now), uuid.UUID(where.rpartition("/")[2])
    desk = Desk(house.keyring, in_force.log, in_force.rulebook)
    house.db.write(lambda tx: work(tx, desk, request_id, now), organization_id)


def queue(scene: Scene) -> str:
    asked(scene, days_ago=40)
    asked(scene, "access", 28, verified=False)
    return LIST


def taken(scene: Scene) -> None:
    scene.goto(asked(scene))
    scene.page.locator(".case-next button").click()


def decided(scene: Scene) -> None:
    taken(scene)
    scene.page.locator(".case-next button").first.click()


def read_letter(scene: Scene) -> None:
    scene.goto(f"{asked(scene)}/letters/details")
    scene.page.locator("[name=reason]").fill("Which of the two accounts do you mean?")
    scene.page.locator("[name=step][value=read]").click()


def several(scene: Scene) -> None:
    scene.goto(queue(scene))
    for box in scene.page.locator("[name=request]").all()[:2]:
        box.check()
    scene.page.locator("[name=act][value=extend]").click()


def entered_wrongly(scene: Scene) -> None:
    clerk(scene)
    scene.goto(f"{LIST}/new?wish=deletion")
    scene.page.locator("#entry button").last.click()


def changes(scene: Scene) -> None:
    """A correction with one field written down."""
    where = f"{asked(scene, 'correction')}/changes"
    scene.goto(where)
    scene.page.locator("[name=category-0]").select_option("account-contact")
    scene.page.locator("[name=name-0]").fill("name")
    scene.page.locator("[name=shall-0]").fill("Jo Roe")
    scene.page.locator("main form button").last.click()
    scene.goto(where)


def changed_wrongly(scene: Scene) -> None:
    scene.goto(f"{asked(scene, 'correction')}/changes")
    scene.page.locator("main form button").last.click()


def evidenced(scene: Scene) -> str:
    """Somebody sent a file that shows who asks."""
    where = asked(scene, verified=False)
    by, kind = Hand(uuid.uuid4(), "Ana"), next(iter(identity.KINDS))
    handle(
        scene, where,
        lambda tx, desk, one, now: identity.add(tx, desk, one, by, now, kind, "application/pdf", b"%PDF-1.7"),
    )  # fmt: skip
    return where


def by_hand(scene: Scene) -> str:
    """A task in a system that only a person can reach, with what they have to do there."""
    where = asked(scene)
    house, organization_id, now = scene.site.house, scene.site.organizations[VALLEY], clock.now()
    name, request_id = f"paper-{next(_numbers)}", uuid.UUID(where.rpartition("/")[2])
    settings = {"categories": ["support-notes"], "instruction": PAPER}
    task = {"request_id": request_id, "store": name, "category": "support-notes", "action": "erase"}

    def work(tx: Tx) -> None:
        stores.add(tx, house.keyring, organization_id, "manual", name, settings, now)
        row = {"organization_id": organization_id, "id": uuid.uuid4(), "state": "by_hand", **task}
        tx.session.add(RequestTask(run_at=now, created_at=now, **row))

    house.db.write(work, organization_id)
    return where


def answered(scene: Scene) -> str:
    """A deletion that is answered: somebody without a mailbox is still to be told, and the last of the data waits."""
    where, clerk_, officer = asked(scene), Hand(uuid.uuid4(), "Ana"), Hand(uuid.uuid4(), "Ben")

    def work(tx: Tx, desk: Desk, one: uuid.UUID, now: datetime) -> None:
        casework.decide(tx, desk, one, clerk_, now, [Outcome("contact-point", "do")])
        casework.approve(tx, desk, one, officer, now, streams=1)
        casework.begin(tx, desk, one, SYSTEM, now, tasks=1)
        tasks.add(tx, one, [rules.Planned(rules.OWN, rules.EVERYTHING, Action.ERASE, "last")], now)
        tasks.ask_to_tell(tx, one, now)
        casework.fulfil(tx, desk, one, SYSTEM, now)

    handle(scene, where, work)
    return where


def wrote_for_proof(scene: Scene) -> str:
    """The person was asked to show who they are."""
    where = asked(scene, verified=False)
    by = Hand(uuid.uuid4(), "Ana")

    def work(tx: Tx, desk: Desk, one: uuid.UUID, now: datetime) -> None:
        case = casework.assign(tx, desk, one, by, now, uuid.uuid4())
        data = {"letter": "proof", "language": "en", "told": "letter"}
        note(tx, desk, case, "written", by, now, data, "Who are you?")

    handle(scene, where, work)
    return where


def came_second(scene: Scene) -> None:
    """A colleague took the request while somebody was deciding."""
    where = asked(scene)
    scene.goto(f"{where}/decision?lang={scene.language}")
    colleague = Hand(uuid.uuid4(), "Ben")
    handle(
        scene, where, lambda tx, desk, one, now: receiving.assign(tx, desk, one, colleague, now, colleague.member_id)
    )
    scene.page.locator("main form button").last.click()


def new(scene: Scene) -> str:
    clerk(scene)
    return f"{LIST}/new"


STATES = [
    State("desk-queue", queue),
    State("desk-request", asked),
    State("desk-request-taken", prepare=taken),
    State("desk-request-decided", prepare=decided),
    State("desk-decision", lambda scene: f"{asked(scene)}/decision"),
    State("desk-letter", lambda scene: f"{asked(scene)}/letters/details"),
    State("desk-letter-read", prepare=read_letter),
    State("desk-several", prepare=several),
    State("desk-request-evidence", evidenced),
    State("desk-request-by-hand", by_hand),
    State("desk-request-answered", answered),
    State("desk-request-asked-for-proof", wrote_for_proof),
    State("desk-decision-late", prepare=came_second, status=409),
    State("desk-changes", prepare=changes),
    State("desk-changes-wrong", prepare=changed_wrongly, status=422),
    State("desk-new", new),
    State("desk-new-form", lambda scene: f"{new(scene)}?wish=deletion"),
    State("desk-new-wrong", prepare=entered_wrongly, status=422),
]
