"""Which worker gets which tests, where several run them: any of them, but these files go to one worker each.

xdist's own marks name groups by an attribute that pytest 9 does not ask any more.
"""

from xdist.scheduler import LoadScopeScheduling

# What each of these makes for all its tests takes longer than they do, and would be made by every worker.
FILES = {"tests/test_api_contract.py", "tests/test_wheel.py", "tests/web/test_i18n.py"}


class Together(LoadScopeScheduling):
    """Tests one by one to whoever is free; those files whole, and first."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return file if file in FILES else nodeid
