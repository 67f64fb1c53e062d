"""Revocations that came by letter, as the staff enter them, and the development outbox."""

from tests.browser.states import Scene, State


def sign_in(scene: Scene) -> None:
    """The key is shown once."""
    scene.goto("/staff/revocations")
    scene.page.locator("input[type=password]").fill(scene.site.key)
    scene.page.locator("main button").click()


def wrong_key(scene: Scene) -> None:
    scene.goto("/staff/revocations")
    scene.page.locator("input[type=password]").fill("ck_nobody")
    scene.page.locator("main button").click()


def wrong_fields(scene: Scene) -> None:
    sign_in(scene)
    scene.goto("/staff/revocations/new")
    enter(scene, "nobody")


def one_entered(scene: Scene) -> None:
    sign_in(scene)
    scene.goto("/staff/revocations/new")
    enter(scene, scene.number())


def enter(scene: Scene, address: str) -> None:
    scene.page.locator("[name=address]").fill(address)
    scene.page.locator("[name=received_at]").fill("2026-11-20T12:00")
    scene.page.locator("[name=entered_by]").fill("Ana")
    scene.page.locator("main form button").last.click()


STATES = [
    State("staff-sign-in", "/staff/revocations"),
    State("staff-sign-in-refused", None, wrong_key, status=403),
    State("staff-revocations", "/staff/revocations", sign_in),
    State("staff-revocation-new", "/staff/revocations/new", sign_in),
    State("staff-revocation-wrong-fields", None, wrong_fields, status=422),
    State("staff-revocation-entered", None, one_entered),
    State("dev-outbox", "/dev/outbox"),
]
