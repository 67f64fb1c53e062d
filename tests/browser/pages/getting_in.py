"""The doors of the preference page: asking for a code, typing it, links, and saying who one is."""

from itertools import count

from tests.browser.site import VALLEY
from tests.browser.states import Scene, State
from tests.support.valley import Tenant
from tests.support.visiting import Visitor

BASE = f"/{VALLEY}/preferences"
_mails = count()


def reading(scene: Scene) -> Visitor:
    """Somebody who can read what was sent."""
    tenant = Tenant(scene.site.organizations[VALLEY], VALLEY, "", scene.site.key, scene.site.endpoint)
    return Visitor(None, scene.site.house, tenant)  # type: ignore[arg-type]  # the browser sends the forms


def ask(scene: Scene, contact: str) -> None:
    scene.goto(f"{BASE}/code")
    scene.page.locator("[name=contact]").fill(contact)
    scene.page.locator("main form button").click()


def mail() -> str:
    return f"somebody-{next(_mails)}@mail.example"


def nonsense(scene: Scene) -> None:
    ask(scene, "not an address")


def by_text(scene: Scene) -> None:
    ask(scene, scene.number())


def by_mail(scene: Scene) -> None:
    ask(scene, mail())


def wrong_code(scene: Scene) -> None:
    by_mail(scene)
    scene.page.locator("[name=code]").fill("nothing")
    scene.page.locator("main form button").click()


def too_many(scene: Scene) -> None:
    contact = mail()
    for _ in range(11):
        ask(scene, contact)


def link(scene: Scene) -> str:
    by_mail(scene)
    return BASE + reading(scene).link()


def foreign_link(scene: Scene) -> None:
    scene.goto(f"{BASE}/enter/none-of-ours")
    scene.page.locator("[name=code]").fill("123456")
    scene.page.locator("main form button").click()


def inside(scene: Scene) -> None:
    by_mail(scene)
    scene.page.locator("[name=code]").fill(reading(scene).code())
    scene.page.locator("main form button").click()


STATES = [
    State("getting-in", f"{BASE}/code"),
    State("getting-in-wrong-address", None, nonsense, status=422),
    State("getting-in-too-often", None, too_many, status=429, picture=False),
    State("getting-in-left", f"{BASE}/code?left=1", picture=False),
    State("code-by-text", None, by_text),
    State("code-by-mail", None, by_mail, picture=False),
    State("code-wrong", None, wrong_code, status=422),
    State("link-button", link),
    State("link-in-another-browser", f"{BASE}/enter/of-another-browser"),
    State("link-opens-nothing", None, foreign_link, status=422),
    State("link-of-a-message-forged", f"{BASE}/for/none-of-ours", status=404, picture=False),
    State("household-who", f"{BASE}/person", inside),
]
