"""Every promise about reach, and every place where others govern, as something to be reviewed. Pure."""

from consent.dashboard.contacts.register import SCOPE, Place
from consent.policies.rulebook import Rulebook

ELSEWHERE = "elsewhere:"


def places(rulebook: Rulebook) -> list[Place]:
    """Each once: the reach of each policy (VSH-02, 1V-02, VOX-02, SMT-03), then what the settings list besides."""
    scope = rulebook.scope
    grounds = tuple(one.commitment for one in scope.reaches())
    covered = [Place(SCOPE, one, (one,)) for one in grounds]
    return covered + [Place(SCOPE, f"{ELSEWHERE}{one.key}", grounds) for one in scope.elsewhere]
