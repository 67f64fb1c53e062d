"""Wordings, what changed in them, and the trace."""

from tests.browser.states import State

STATES = [
    State("index", "/"),
    State("privacy", "/valley-smart-homes/privacy", bytes=90_000),
    State("privacy-of-voxvalley", "/voxvalley/privacy", bytes=90_000, picture=False),
    State("changes", "/valley-smart-homes/privacy/2025-01-02/changes", bytes=90_000),
    State("version-that-never-was", "/valley-smart-homes/privacy/1999", status=404),
    State("trace", "/valtt/privacy/trace", bytes=600_000),
]
