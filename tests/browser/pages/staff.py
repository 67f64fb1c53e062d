"""Coming in as staff, revocations that came by letter, as the staff enter them, and the development outbox."""

from consent import clock
from consent.staff.roles import Role
from tests.browser.site import VALLEY
from tests.browser.states import Scene, State
from tests.support import staff


def seated(scene: Scene, role: Role = Role.CLERK) -> staff.Seated:
    """Somebody of Valley's staff is signed in at this browser."""
    who = staff.member(scene.site.house, scene.site.organizations[VALLEY], clock.now(), role)
    who.sit(scene.context, scene.site.address)
    return who


def clerk(scene: Scene) -> None:
    seated(scene)


def viewer(scene: Scene) -> None:
    seated(scene, Role.VIEWER)


def nothing_filled_in(scene: Scene) -> None:
    scene.goto("/staff/sign-in")
    scene.page.locator("main button").click()


def nobody(scene: Scene) -> None:
    scene.goto(f"/staff/sign-in?organization={VALLEY}")
    scene.page.locator("[name=email]").fill("nobody@valley.example")
    scene.page.locator("[name=password]").fill("a horse that nobody owns")
    scene.page.locator("[name=code]").fill("000000")
    scene.page.locator("main button").click()


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
    State("staff-again", "/staff/again?then=/staff/revocations", clerk),
    State("staff-not-yours", "/staff/revocations/new", viewer, status=403),
    State("staff-revocations", "/staff/revocations", clerk),
    State("staff-revocation-new", "/staff/revocations/new", clerk),
    State("staff-revocation-wrong-fields", None, wrong_fields, status=422),
    State("staff-revocation-entered", None, one_entered),
    State("dev-outbox", "/dev/outbox"),
]
