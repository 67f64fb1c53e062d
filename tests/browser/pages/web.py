"""Problem pages and what a wrong address meets."""

from tests.browser.states import State

STATES = [
    State("problems", "/problems"),
    State("problem", "/problems/not-found"),
    State("nothing-here", "/nowhere/at/all", status=404),
    State("no-such-organization", "/nobody/privacy", status=404),
]
