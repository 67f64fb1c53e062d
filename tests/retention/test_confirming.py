"""That something is done is said through one verb, which asks for holds first: no door can forget them."""

from pathlib import Path

import consent

HOUSE = Path(consent.__file__).parent


def test_no_door_says_that_a_task_is_done_past_the_holds() -> None:
    said = {
        path.relative_to(HOUSE).as_posix()
        for path in HOUSE.rglob("*.py")
        if "tasks.confirm(" in path.read_text("utf-8")
    }
    assert said == {"retention/confirming.py"}
