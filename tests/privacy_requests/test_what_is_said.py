"""The form of a request says what is owed there, and marks its fields where a promise wants that (VOX-07)."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from consent.house import House
from consent.policies import shown
from consent.policies.answers.statements import StatementMissing
from consent.policies.founding import found
from consent.privacy_requests.sorts import SORTS
from tests.support.time import Time
from tests.support.valley import PACK, PUBLIC_URL

NEEDED = "Fields marked as required are needed for what you ask"
MARK = 'class="field-mark"'


@pytest.fixture
def pages(house: House, client: FlaskClient, time: Time) -> dict[str, str]:
    """Every form of VoxValley that asks for something, by what is wished."""
    found(house.config, house.db, house.keyring, PACK.parent / "voxvalley", time.now())
    every = {
        one.wish: client.get(f"/voxvalley/requests/{one.wish}", base_url=PUBLIC_URL).get_data(as_text=True)
        for one in SORTS
    }
    return {wish: page for wish, page in every.items() if fields(page)}


def fields(page: str) -> int:
    """How many places to type or choose there are."""
    return len(re.findall(r'<(?:select|textarea)\b|<input\b(?![^>]*type="hidden")', page))


def test_vox_07_every_field_says_that_it_is_needed(pages: dict[str, str]) -> None:
    assert pages
    for wish, page in pages.items():
        assert page.count(MARK) == fields(page), wish
        assert NEEDED in page, wish


@pytest.mark.parametrize("omitted", [MARK, NEEDED])
def test_vox_07_a_form_without_what_it_owes_is_not_shown(
    pages: dict[str, str], client: FlaskClient, monkeypatch: pytest.MonkeyPatch, omitted: str
) -> None:
    whole: Callable[..., str] = shown.render_template
    monkeypatch.setattr(shown, "render_template", lambda *args, **more: whole(*args, **more).replace(omitted, ""))
    answer = client.get(f"/voxvalley/requests/{next(iter(pages))}", base_url=PUBLIC_URL)
    assert answer.status_code == StatementMissing.status >= 500
    assert fields(answer.get_data(as_text=True)) == 0
