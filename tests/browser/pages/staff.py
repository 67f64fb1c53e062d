"""Coming in as staff, revocations that came by letter, as the staff enter them, and the development outbox."""

import uuid
from datetime import timedelta
from secrets import token_bytes

from flask import session
from flask.sessions import SecureCookieSessionInterface

from consent import clock
from consent.db import Tx
from consent.staff import accounts, approvals, company, one_time, sign_ins, team
from consent.staff.roles import Role
from tests.browser.site import VALLEY
from tests.browser.states import Scene, State
from tests.support import staff

SMALL_HOUSE = "smartt"


def seated(scene: Scene, role: Role = Role.CLERK, slug: str = VALLEY) -> staff.Seated:
    """Somebody of the staff is signed in at this browser."""
    who = staff.member(scene.site.house, scene.site.organizations[slug], clock.now(), role)
    who.sit(scene.context, scene.site.address)
    return who


def clerk(scene: Scene) -> None:
    seated(scene)


def viewer(scene: Scene) -> None:
    seated(scene, Role.VIEWER)


def admin(scene: Scene) -> None:
    seated(scene, Role.ADMIN)


def colleagues(scene: Scene) -> None:
    """An administrator before the list of colleagues, in a house that is not full of those of other states."""
    staff.member(scene.site.house, scene.site.organizations[SMALL_HOUSE], clock.now(), Role.CLERK)
    seated(scene, Role.ADMIN, SMALL_HOUSE)
    scene.goto("/staff/team")


def a_colleague(scene: Scene) -> str:
    return f"/staff/team/{staff.member(scene.site.house, valley(scene), clock.now(), Role.CLERK).id}"


def nobody_invited(scene: Scene) -> None:
    admin(scene)
    scene.goto("/staff/team/new")
    scene.page.locator("[name=email]").fill("nobody")
    scene.page.locator("main form button").last.click()


def an_invitation(scene: Scene) -> str:
    """The page behind a link into a new account."""
    now, house = clock.now(), scene.site.house
    place = {"email": f"cleo-{now.timestamp()}@valley.example", "name": "Cleo", "role": Role.CLERK, "language": "en"}
    link = house.db.write(
        lambda tx: team.invite(tx, house.keyring, valley(scene), by=None, source="system", now=now, **place),
        valley(scene),
    )
    return link.path


def joined(scene: Scene) -> None:
    """The form behind an invitation, filled and sent: the recovery codes are shown."""
    scene.goto(an_invitation(scene))
    secret = scene.page.locator("code.secret").text_content() or ""
    for name in ("password", "again"):
        scene.page.locator(f"[name={name}]").fill("copper lantern drifts")
    scene.page.locator("[name=code]").fill(one_time.code_at(secret.replace(" ", ""), clock.now()))
    scene.page.locator("main form button").last.click()


def joined_wrongly(scene: Scene) -> None:
    scene.goto(an_invitation(scene))
    scene.page.locator("[name=password]").fill("too short")
    scene.page.locator("main form button").last.click()


def something_waits(scene: Scene) -> None:
    """A clerk has proposed something that an officer sees."""
    clerk, house, now = (
        staff.member(scene.site.house, valley(scene), clock.now(), Role.CLERK),
        scene.site.house,
        clock.now(),
    )
    facts = {"streams": "3", "request": "7K2M-9PQR"}
    house.db.write(
        lambda tx: approvals.propose(tx, clerk.id, valley(scene), "privacy_request.erase", uuid.uuid4(), facts, now),
        valley(scene),
    )
    seated(scene, Role.OFFICER)


def valley(scene: Scene) -> uuid.UUID:
    return scene.site.organizations[VALLEY]


def nothing_filled_in(scene: Scene) -> None:
    scene.goto("/staff/sign-in")
    scene.page.locator("main form button").first.click()


def nobody(scene: Scene) -> None:
    scene.goto(f"/staff/sign-in?organization={VALLEY}")
    scene.page.locator("[name=email]").fill("nobody@valley.example")
    scene.page.locator("[name=password]").fill("a horse that nobody owns")
    scene.page.locator("[name=code]").fill("000000")
    scene.page.locator("main form button").first.click()


def offered(scene: Scene) -> None:
    """The company's own sign-in stands beside ours."""
    company.init_app(scene.site.app, company.Provider("https://id.example", "consent", "secret"))
    scene.goto(f"/staff/sign-in?lang={scene.language}")
    company.init_app(scene.site.app, None)


def half_in(scene: Scene) -> None:
    """Whoever came from the company's sign-in with one factor: the browser holds that the code is still to come."""
    app, house = scene.site.app, scene.site.house
    who = staff.member(house, valley(scene), clock.now(), Role.CLERK)
    with house.db.read(valley(scene)) as tx:
        account = accounts.one(tx, house.keyring, valley(scene), who.id)
    with app.test_request_context():
        company.wait_for_factor(account, "/staff/home", clock.now())
        sealing = SecureCookieSessionInterface().get_signing_serializer(app)
        assert sealing is not None
        kept = str(sealing.dumps(dict(session)))
    scene.context.add_cookies([{"name": app.config["SESSION_COOKIE_NAME"], "value": kept, "url": scene.site.address}])


def wrong_code(scene: Scene) -> None:
    half_in(scene)
    scene.goto(f"/staff/sign-in/code?lang={scene.language}")
    scene.page.locator("[name=code]").fill("000000")
    scene.page.locator("main form button").click()


def too_late(scene: Scene) -> str:
    """A new password was sent with a factor that was shown too long ago; the secret of their app."""
    who, house, secret = seated(scene), scene.site.house, one_time.secret_from(token_bytes(20))
    scene.goto(f"/staff/account/password?lang={scene.language}")
    for name in ("now", "password", "again"):
        scene.page.locator(f"[name={name}]").fill("copper lantern drifts")

    def stale(tx: Tx) -> None:
        accounts.set_totp(tx, house.keyring, who.organization_id, who.id, secret)
        sign_ins.factor_shown(tx, who.organization_id, who.ticket.id, clock.now() - timedelta(minutes=6))

    house.db.write(stale, who.organization_id)
    scene.page.locator("main form button").first.click()
    return secret


def once_more(scene: Scene) -> None:
    secret = too_late(scene)
    scene.page.locator("[name=code]").fill(one_time.code_at(secret, clock.now()))
    scene.page.locator("main form button").first.click()


def late_form(scene: Scene) -> None:
    too_late(scene)


def wrong_fields(scene: Scene) -> None:
    clerk(scene)
    scene.goto("/staff/revocations/new")
    enter(scene, "nobody")


def one_entered(scene: Scene) -> None:
    clerk(scene)
    scene.goto("/staff/revocations/new")
    enter(scene, scene.number())


def enter(scene: Scene, address: str) -> None:
    scene.page.locator("[name=address]").fill(address)
    scene.page.locator("[name=received_at]").fill("2026-11-20T12:00")
    scene.page.locator("main form button").last.click()


STATES = [
    State("staff-sign-in", "/staff/sign-in"),
    State("staff-sign-in-empty", None, nothing_filled_in, status=422),
    State("staff-sign-in-refused", None, nobody, status=403),
    State("staff-sign-in-company", None, offered),
    State("staff-code", "/staff/sign-in/code", half_in),
    State("staff-code-wrong", None, wrong_code, status=403),
    State("staff-again", "/staff/again?then=/staff/revocations", clerk),
    State("staff-again-waits", None, late_form, status=403),
    State("staff-once-more", None, once_more),
    State("staff-not-yours", "/staff/revocations/new", viewer, status=403),
    State("staff-join", an_invitation),
    State("staff-join-wrong-fields", None, joined_wrongly, status=422),
    State("staff-recovery-codes", None, joined),
    State("staff-account", "/staff/account", clerk),
    State("staff-password", "/staff/account/password", clerk),
    State("staff-new-app", "/staff/account/app", clerk),
    State("staff-passkeys", "/staff/account/passkeys", clerk),
    State("staff-team", None, colleagues),
    State("staff-colleague", a_colleague, admin),
    State("staff-invite", "/staff/team/new", admin),
    State("staff-invite-wrong-fields", None, nobody_invited, status=422),
    State("staff-approvals", "/staff/approvals", something_waits),
    State("staff-revocations", "/staff/revocations", clerk),
    State("staff-revocation-new", "/staff/revocations/new", clerk),
    State("staff-revocation-wrong-fields", None, wrong_fields, status=422),
    State("staff-revocation-entered", None, one_entered),
    State("dev-outbox", "/dev/outbox"),
]
