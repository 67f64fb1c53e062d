"""An organization's first page, cookies with choices and without, and who gets data."""

from tests.browser.states import Scene, State


def _refused(scene: Scene) -> None:
    """Everything was refused with one press."""
    scene.goto(f"/valley-smart-homes/cookies?lang={scene.language}")
    scene.page.locator('button[value="no"]').click()


STATES = [
    State("organization", "/valley-smart-homes"),
    State("cookies-asked", "/valley-smart-homes/cookies"),
    State("cookies-refused", prepare=_refused),
    State("cookies-in-the-browser", "/smartt/cookies"),
    State("cookies-by-surface", "/1valet/cookies"),
    State("recipients-listed", "/voxvalley/sub-processors"),
    State("recipients-named", "/valley-smart-homes/sub-processors"),
]
