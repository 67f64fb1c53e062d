"""Which step leads where: the table says it all."""

import pytest

from consent.privacy_requests import moves, rules


def test_every_step_leaves_an_entry_and_leads_from_and_to_known_states() -> None:
    states = {moves.OPEN, moves.IN_PROGRESS, moves.APPROVED, *rules.OVER}
    assert moves.MOVES.keys() == moves.ENTRIES.keys()
    for leads in moves.MOVES.values():
        assert leads.keys() <= states and set(leads.values()) <= states


def test_nothing_that_is_over_moves_but_by_being_reopened_and_what_was_taken_back_never_does() -> None:
    for state in rules.OVER:
        open_to = {verb for verb, leads in moves.MOVES.items() if state in leads}
        assert open_to == (set() if state == moves.REVOKED else {"reopen"})


def test_nothing_is_fulfilled_that_nobody_approved_and_nothing_expires_that_was_approved() -> None:
    for state in (moves.OPEN, moves.IN_PROGRESS):
        with pytest.raises(moves.NotNow):
            moves.to("fulfil", state)
    with pytest.raises(moves.NotNow):
        moves.to("expire", moves.APPROVED)
    assert moves.to("fulfil", moves.APPROVED) == moves.FULFILLED
