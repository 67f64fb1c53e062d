"""A version that is announced: what it will change, its notice and whom that reaches; the steps of a log request."""

from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from uuid import UUID, uuid4

from consent import clock
from consent.carrier import failing
from consent.db import Tx
from consent.notices import jobs, queries
from consent.policies import service as policies
from consent.policies.rulebook import ConsentDraft
from consent.policies.version import parse_version
from consent.preferences import consents
from consent.privacy_requests import service
from consent.privacy_requests.answers import log_files
from consent.privacy_requests.answers.log_files import Shown
from consent.privacy_requests.answers.rates import Card, Fee
from consent.privacy_requests.casework import Desk, Hand, receiving
from consent.privacy_requests.service import Asked
from consent.staff.roles import Role
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical
from tests.browser.pages.board import seated
from tests.browser.site import Site
from tests.browser.states import Scene, State
from tests.support.organizations import POLICIES
from tests.support.valley import PUBLIC_URL

SMARTT, POLICY, BEFORE = "smartt", "privacy-agreement", "2023-10-13"
READER = "reader-of-news@customer.example"
CARDS = (Card("2026", date(2026, 1, 1), "CAD", (("usage-log-file", Decimal("150.00")),)),)
# The steps of a log request in their order, with what is said of each.
SHOWN = {
    "eligibility": Shown(),
    "authority": Shown(on_file=True, reasons="Their audit needs it, and they are on file."),
    "fee": Shown(fee=Fee(Decimal("150.00"), "CAD", "2026")),
    "payment": Shown(payment="INV-7"),
    "tabulation": Shown(),
}


@cache
def announced(site: Site) -> tuple[str, UUID]:
    """Smartt's agreement with one figure changed begins in sixty days: its version and its notice, made once."""
    house, organization_id, now = site.house, site.organizations[SMARTT], clock.now()
    in_force, folder = house.governing.now(organization_id, now), POLICIES / SMARTT / POLICY / BEFORE
    day = (now + timedelta(days=60)).date()
    version, printed = day.isoformat(), f"{day:%B} {day.day}, {day.year}"
    text, promised = ((folder / name).read_text("utf-8") for name in ("text.md", "commitments.toml"))
    for old, new in (
        ("October 13, 2023", printed),
        (f'last_updated = "{BEFORE}"', f'last_updated = "{version}"'),
        ('"provisioning",\n]', '"provisioning",\n  "partner-research",\n]'),
    ):
        text, promised = text.replace(old, new), promised.replace(old, new, 1)
    change = '[change]\nmaterial = true\nreason = "Data serves research with partners too."\n\n'
    pack = parse_version(POLICY, version, text, change + promised)
    draft = ConsentDraft(
        "newsletter", "email", READER, "given", now, "web-form", "I agree to it.", "en", ip="192.0.2.7"
    )
    said = consents.Said(draft, subjects.tagged(house.keyring, organization_id, canonical("email", READER)))

    def work(tx: Tx) -> None:
        consents.record(tx, house.keyring, in_force.log, in_force.rulebook, said, "page", now)
        policies.publish(tx, house.keyring, organization_id, pack, now, None)

    house.db.write(work, organization_id)
    jobs.tell(
        jobs.Teller(house.db, house.keyring, house.governing, PUBLIC_URL, failing.against_sending), organization_id, now
    )
    with house.db.read(organization_id) as tx:
        return version, queries.every(tx, organization_id)[0].id


def impact(scene: Scene) -> str:
    seated(scene, slug=SMARTT)
    return f"/staff/policies/{POLICY}/{announced(scene.site)[0]}/impact"


def notice(scene: Scene) -> str:
    seated(scene, slug=SMARTT)
    return f"/staff/notices/{announced(scene.site)[1]}"


def listed(scene: Scene) -> str:
    notice(scene)
    return "/staff/notices"


@cache
def log_request(site: Site, done: int) -> str:
    """An officer of a customer asks Smartt for log files, and so many steps are done; where. Made once for each."""
    house, organization_id, now = site.house, site.organizations[SMARTT], clock.now()
    tagged = subjects.tagged(house.keyring, organization_id, canonical("email", f"officer-{done}@client.example"))
    in_force, arrived = house.governing.now(organization_id, now), now - timedelta(days=2)
    desk, by = Desk(house.keyring, in_force.log, in_force.rulebook), Hand(uuid4(), "Cleo")
    asked = Asked(
        "usage-log-file", "letter", arrived, role="officer", ground="internal-audit", verified_at=arrived,
        words="The logs of our lines in October, please.",
    )  # fmt: skip

    def work(tx: Tx) -> UUID:
        contact = subjects.contact(tx, house.keyring, organization_id, tagged, now)
        made = service.open(tx, in_force.log, in_force.rulebook, contact, asked, now).id
        receiving.acknowledge(tx, desk, made, by, now, told="letter")
        for step in list(SHOWN)[:done]:
            log_files.take(tx, desk, made, by, now, step, SHOWN[step], CARDS)
        return made

    return f"/staff/requests/{house.db.write(work, organization_id)}"


def logs(scene: Scene, done: int = 0) -> str:
    seated(scene, Role.CLERK, SMARTT)
    return log_request(scene.site, done)


def unreasoned(scene: Scene) -> None:
    scene.goto(f"{logs(scene, 1)}/steps/authority?lang={scene.language}")
    scene.page.locator("main form button").last.click()


STATES = [
    State("announced-policies", "/staff/policies", lambda scene: scene.goto(impact(scene))),
    State("announced-impact", impact),
    State("notices", listed),
    State("announced-notice", notice, bytes=80_000),
    State("announced-notice-people", lambda scene: f"{notice(scene)}/people/listed"),
    State("desk-logs", logs),
    State("desk-logs-authority", prepare=unreasoned, status=422),
    State("desk-logs-fee", lambda scene: f"{logs(scene, 2)}/steps/fee"),
    State("desk-logs-file", lambda scene: f"{logs(scene, 5)}/steps/isolation-check"),
]
