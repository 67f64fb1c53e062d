"""Every registered page, in every state, for two readers here; for every reader by `make test-all`."""

import itertools
import os
from collections.abc import Callable

import pytest

from tests.browser import checks
from tests.browser.states import FACTORS, Combination, Scene, State, combinations, pairwise, states

FULL = bool(os.environ.get("EVERY_COMBINATION"))
VISITS = [
    pytest.param(state, read, id=f"{state.name}-{read}")
    for state in states()
    for read in combinations(state, full=FULL)
]


@pytest.mark.parametrize(("state", "read"), VISITS)
def test_a_page_is_whole_for_whoever_reads_it(
    state: State, read: Combination, reader: Callable[[Combination], tuple[Scene, checks.Watch]]
) -> None:
    scene, watch = reader(read)
    visit(scene, state, watch)
    assert watch.statuses[-1] == state.status
    assert checks.everything(scene.context, scene.page, watch, state, read) == []


def visit(scene: Scene, state: State, watch: checks.Watch) -> None:
    """The page is open in its state."""
    if state.prepare is not None:
        state.prepare(scene)
    if state.path is not None:
        watch.arrive()
        scene.goto(state.path(scene) if callable(state.path) else state.path)
    scene.page.wait_for_load_state()  # of a form that was just sent, too


@pytest.mark.parametrize("name", ["index", "trace", "preferences"])
def test_six_combinations_hold_every_two_values(name: str) -> None:
    read = [(one.language, one.width, one.scheme, one.scripts) for one in pairwise(name)]
    for (a, first), (b, second) in itertools.combinations(enumerate(FACTORS), 2):
        assert {(one[a], one[b]) for one in read} == set(itertools.product(first, second))


def test_over_all_states_every_two_values_meet() -> None:
    read = [
        (one.language, one.width, one.scheme, one.scripts)
        for state in states()
        if state.only is None
        for one in combinations(state, full=False)
    ]
    for (a, first), (b, second) in itertools.combinations(enumerate(FACTORS), 2):
        assert {(one[a], one[b]) for one in read} == set(itertools.product(first, second))
