"""The pages of programs: what is sent, the form to agree, a question by text, and what cannot be used."""

from tests.browser.site import VALLEY
from tests.browser.states import Scene, State
from tests.support.asking_pack import AUTOMATED
from tests.support.valley import TEXTS

BASE = f"/{VALLEY}/programs"
DOUBLE = f"/valtt/programs/{AUTOMATED}"


def nothing_ticked(scene: Scene) -> None:
    scene.goto(f"{BASE}/{TEXTS}")
    scene.page.locator("main form button").click()


def no_number(scene: Scene) -> None:
    scene.goto(DOUBLE)
    scene.page.locator("main form button").click()


STATES = [
    State("programs", BASE),
    State("program", f"{BASE}/{TEXTS}"),
    State("program-that-never-was", f"{BASE}/nothing", status=404, picture=False),
    State("program-nothing-ticked", prepare=nothing_ticked, status=422),
    State("program-by-question", DOUBLE),
    State("program-by-question-no-number", prepare=no_number, status=422, picture=False),
    State("program-nothing-to-agree-to", f"{BASE}/service-email", picture=False),
]
