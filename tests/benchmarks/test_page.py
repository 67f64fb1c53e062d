"""The rows of the preference page measure what they say: ten programs are read, and saved in one entry and commit."""

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from benchmarks import page
from consent.house import House
from tests.support.organizations import SMARTT, found_shipped
from tests.support.statements import seen
from tests.support.time import Time


def test_a_save_of_ten_programs_is_one_entry_and_one_commit(
    house: House, app: Flask, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "PEOPLE", 2)
    ready: Any = SimpleNamespace(house=house, of_page=found_shipped(house, SMARTT, time.now()))
    people = page.visitors(ready)
    client = app.test_client(use_cookies=False)  # each request brings its own
    server: Any = SimpleNamespace(address=("127.0.0.1", 80))
    side = page.saving(ready, server, people)
    assert side.written is not None
    assert len([one for one in people.when_off.switches if one.startswith("email:")]) >= 5
    for request in side.requests(4):  # both on, then both off
        head, _, body = request.decode().partition("\r\n\r\n")
        before = side.written()
        with seen(house.db) as statements:
            answer = client.post(people.path, data=body, headers=dict(_headers(head)))
        assert answer.status_code == 303
        assert "again" not in answer.headers["Location"]
        assert (statements.commits, side.written() - before) == (1, 1)
    [read] = page.reading(ready, server, people).requests(1)
    shown = client.get(people.path, headers=dict(_headers(read.decode())))
    assert shown.get_data(as_text=True).count('class="choice"') >= 10


def _headers(head: str) -> list[tuple[str, str]]:
    return [(name, value) for name, _, value in (line.partition(": ") for line in head.split("\r\n")[1:] if line)]
