"""The dashboard beside the queue of requests: today, texts, people, suppressions, gateways, counts, the trail."""

from datetime import timedelta
from functools import cache
from uuid import UUID, uuid4

from consent import clock
from consent.app import create_app
from consent.dashboard.figures.models import DailyFigure
from consent.db import Tx
from consent.ids import new_id
from consent.ledger import service as ledger
from consent.privacy_requests.answers import corrected
from consent.privacy_requests.models import PrivacyRequest
from consent.staff.roles import Role
from tests.browser.pages.preferences import agreed
from tests.browser.site import VALLEY, Site
from tests.browser.states import Scene, State
from tests.support import staff
from tests.support.twilio import Twilio
from tests.support.valley import NUMBER, PUBLIC_URL, TOKEN, WORDING

EMPTY_HOUSE = "voxvalley"  # an organization to which nobody ever wrote
COUNTED = (
    ("wording", "stop-keyword", 41), ("wording", "stop-sentence", 9), ("wording", "help", 12), ("wording", "other", 30),
    ("wording", "ambiguous", 3), ("block", "1s", 46), ("block", "10s", 4), ("decision", "allow/consent-given", 812),
    ("decision", "deny/suppressed", 64), ("decision", "deny/no-consent", 120), ("decision", "deny/outside-hours", 17),
)  # fmt: skip
ASKED = (
    (3, "deletion", "open"), (20, "access", "in_progress"), (50, "deletion", "open"), (70, "access", "fulfilled"),
    (40, "deletion", "fulfilled"), (9, "correction", "denied"),
)  # fmt: skip


def seated(scene: Scene, role: Role = Role.OFFICER, slug: str = VALLEY) -> None:
    """Somebody of the staff is signed in at this browser."""
    who = staff.member(scene.site.house, scene.site.organizations[slug], clock.now(), role)
    who.sit(scene.context, scene.site.address)


def officer(scene: Scene) -> None:
    seated(scene)


def of_a_company_that_records(scene: Scene) -> None:
    seated(scene, slug="smartt")


def of_a_company_beside_others(scene: Scene) -> None:
    seated(scene, slug="1valet")


def of_an_empty_house(scene: Scene) -> None:
    seated(scene, slug=EMPTY_HOUSE)


@cache
def gateway(site: Site) -> Twilio:
    """Twilio before Valley's webhook."""
    client = create_app(site.house).test_client()
    return Twilio(client, PUBLIC_URL, f"/webhooks/sms/{site.endpoint}", TOKEN, NUMBER)


def texted(scene: Scene, *texts: str) -> str:
    """Somebody gets the service texts and has answered with these; the page about them."""
    number = scene.number()
    person = agreed(scene, number)
    for text in texts:
        gateway(scene.site).text(text, number, sid=f"SM{uuid4().hex}")
    seated(scene)
    return f"/staff/people/{person}"


def evidence_of(scene: Scene) -> str:
    return f"{texted(scene)}/evidence"


def evidence_without_reason(scene: Scene) -> None:
    scene.goto(f"{evidence_of(scene)}?lang={scene.language}")
    scene.page.locator("#why").fill("x")
    scene.page.locator("#reason").select_option("authority")
    scene.page.locator("form[action*=evidence] button").click()


def to_read(scene: Scene) -> None:
    texted(scene, "hello, is it open today?", "no thanks")


def read_as_other(scene: Scene) -> None:
    to_read(scene)
    scene.goto(f"/staff/review?lang={scene.language}")
    scene.page.locator("button[value=other]").click()


def a_person(scene: Scene) -> str:
    return texted(scene, "STOP")


def unmasked(scene: Scene) -> None:
    scene.goto(f"{a_person(scene)}?lang={scene.language}")
    scene.page.locator("main details.note summary").first.click()
    scene.page.locator("#reason").select_option("contact")
    scene.page.locator("#why").fill("The letter names no number.")
    scene.page.locator("form[action*='/address'] button").click()


def a_form_of_paper(scene: Scene) -> str:
    """Where a consent is entered that somebody of them gave at the counter."""
    return f"{a_person(scene)}/consents/new"


def nothing_entered(scene: Scene) -> None:
    scene.goto(f"{a_form_of_paper(scene)}?lang={scene.language}")
    scene.page.locator("main form button").last.click()


def a_consent_that_waits(scene: Scene) -> None:
    """It was entered with its paper, and its page says for whom it waits."""
    scene.goto(f"{a_form_of_paper(scene)}?lang={scene.language}")
    page = scene.page
    for name, number in (("program", 1), ("method", 1), ("language", 1)):
        page.locator(f"[name={name}]").select_option(index=number)
    page.locator("[name=acted_at]").fill("2026-11-20T12:00")
    page.locator("[name=wording]").fill(WORDING)
    paper = {"name": "form.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n%%EOF"}
    page.locator("[name=file]").set_input_files(paper)  # type: ignore[arg-type]
    page.locator("main form button").last.click()


def contradicted(scene: Scene) -> str:
    """A file brought something else than what somebody had corrected; the page of it."""
    person = UUID(texted(scene).rpartition("/")[2])
    house, organization_id, now = scene.site.house, scene.site.organizations[VALLEY], clock.now()

    def work(tx: Tx) -> None:
        log, stream = ledger.log_of(tx, organization_id), ledger.stream(tx, house.keyring, organization_id, person)
        assert log is not None
        corrected.keep(tx, house.keyring, stream, uuid4(), "person", "unit-14", now)
        corrected.brought(tx, house.keyring, log, stream, "person", "unit-12", "import", now)

    house.db.write(work, organization_id)
    return "/staff/corrections"


def corrected_without_reason(scene: Scene) -> None:
    scene.goto(contradicted(scene))
    scene.page.locator("button[value=taken]").first.click()


def nobody_found(scene: Scene) -> None:
    officer(scene)
    scene.goto(f"/staff/people?lang={scene.language}")
    scene.page.locator("#address").fill("+15095550199")
    scene.page.locator("main form button").last.click()


def busy(scene: Scene) -> None:
    """Requests of every age, texts and decisions of a month, and the figures of it."""
    organization_id, now = scene.site.organizations[VALLEY], clock.now()

    def work(tx: Tx) -> None:
        for figure, part, count in COUNTED:
            row = {"organization_id": organization_id, "figure": figure, "part": part, "count": count}
            tx.session.merge(DailyFigure(day=now.date(), **row))
        for days, kind, state in ASKED:
            received = now - timedelta(days=days)
            over = state in ("fulfilled", "denied")
            tx.session.add(
                PrivacyRequest(
                    organization_id=organization_id,
                    id=new_id(received),
                    request_type=kind,
                    state=state,
                    how="form",
                    contact_point_id=uuid4(),
                    entry_id=uuid4(),
                    received_at=received,
                    binding="",
                    steps="[]",
                    answer_by=(received + timedelta(days=45)).date(),
                    closed_at=received + timedelta(days=days // 2) if over else None,
                )
            )

    scene.site.house.db.write(work, organization_id)
    officer(scene)


def too_often(scene: Scene) -> None:
    """A contact point whose number of days cannot be."""
    officer(scene)
    scene.goto(f"/staff/contact-points?lang={scene.language}")
    scene.page.locator("main details summary").first.click()
    days = scene.page.locator("[name=every_days]").first
    days.evaluate("one => { one.removeAttribute('max'); one.form.noValidate = true }")
    days.fill("999")
    scene.page.locator("details form button").first.click()


STATES = [
    State("board-corrections", contradicted),
    State("board-corrections-wrong", prepare=corrected_without_reason, status=422),
    State("board-home", "/staff/home", busy),
    State("board-home-empty", "/staff/home", of_an_empty_house),
    State("board-review", "/staff/review", to_read),
    State("board-review-read", None, read_as_other),
    State("board-review-empty", "/staff/review", of_an_empty_house),
    State("board-people", "/staff/people", officer),
    State("board-consent-wrong-fields", None, nothing_entered, status=422),
    State("board-consent-waits", None, a_consent_that_waits),
    State("board-people-nobody", None, nobody_found, status=404),
    State("board-person", a_person),
    State("board-person-unmasked", None, unmasked),
    State("board-evidence", evidence_of),
    State("board-evidence-wrong", None, evidence_without_reason, status=422),
    State("board-suppressions", "/staff/suppressions?channel=sms", lambda scene: texted(scene, "STOP") and None),
    State("board-customers", "/staff/customers", officer),
    State("board-recipients", "/staff/recipients", officer),
    State("board-recipient", "/staff/recipients/messaging-platforms", officer),
    State("board-suppressions-wrong", "/staff/suppressions?since=soon", officer, status=422),
    State("board-gateways", "/staff/gateways", officer),
    State("board-policies", "/staff/policies", officer),
    State("board-figures", "/staff/figures", busy),
    State("board-figures-empty", "/staff/figures?year=2019", officer),
    State("board-contacts", "/staff/contact-points", officer),
    State("board-scope", "/staff/scope", officer),
    State("board-scope-of-others", "/staff/scope", of_a_company_beside_others),
    State("board-recordings", "/staff/recordings", of_a_company_that_records),
    State("board-recordings-off", "/staff/recordings", officer),
    State("board-contacts-wrong", None, too_often, status=422),
    State("board-load", "/staff/load", busy),
    State("board-audit", "/staff/audit", officer),
    State("board-audit-nothing", "/staff/audit?type=nothing", officer),
]
