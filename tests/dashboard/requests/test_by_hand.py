"""What waits for a person: counted in the queue, and each row says what there is to do, whatever its state."""

import re
from datetime import datetime
from uuid import UUID, uuid4

import pytest

from consent.dashboard.requests import counting
from consent.dashboard.requests.filters import Filters
from consent.house import House
from consent.privacy_requests.tasks.models import RequestTask
from consent.privacy_requests.tasks.rules import CERTIFICATE, TELLING
from tests.dashboard.conftest import Browser
from tests.dashboard.requests.test_queue import ME, TODAY, put, seen
from tests.support.systems import Systems
from tests.support.valley import Tenant

BY_HAND = "/staff/requests?next=by-hand"


def task(house: House, valley: Tenant, now: datetime, request: str, store: str, category: str) -> None:
    """Something of this request that somebody has to do."""
    row = RequestTask(organization_id=valley.id, id=uuid4(), request_id=UUID(request), store=store, category=category,
                      action="isolate", state="by_hand", run_at=now, created_at=now)  # fmt: skip
    house.db.write(lambda tx: tx.session.add(row), valley.id)


def next_of(page: str, request: str) -> str:
    """What the row of this request names as next."""
    (row,) = (one for one in page.split("<tr ") if f"/staff/requests/{request}" in one)
    found = re.search(r'<td data-label="Next">(.*?)</td>', row)
    assert found is not None
    return found[1]


@pytest.fixture
def rows(house: House, systems: Systems, valley: Tenant, now: datetime) -> list[str]:
    """One that is closed but whose person is still to be told, and one of which paper is to be shredded."""
    closed = put(house, systems, valley, now, 160, "deletion", state="fulfilled")
    going = put(house, systems, valley, now, 161, "deletion", state="approved")
    put(house, systems, valley, now, 162)
    task(house, valley, now, closed, TELLING, CERTIFICATE)
    task(house, valley, now, going, "paper", "letters")
    task(house, valley, now, going, "paper", "invoices")
    return [closed, going]


def test_the_filter_counts_requests_and_each_row_says_what_is_to_be_done(rows: list[str], officer: Browser) -> None:
    page = officer.get(BY_HAND)
    assert re.search(r'aria-current="true">To do by hand <span class="tally">2</span>', page)
    assert next_of(page, rows[0]) == "Tell the person, then confirm it"
    assert next_of(page, rows[1]) == "Do it by hand, then confirm it"
    assert next_of(officer.get("/staff/requests?state=fulfilled"), rows[0]) == "Tell the person, then confirm it"
    assert 'To do by hand <span class="tally">2</span>' in officer.get("/staff/requests")


def test_nothing_is_offered_for_picked_requests_where_none_can_be_picked(
    rows: list[str], officer: Browser, systems: Systems
) -> None:
    assert "Do the same with everything you picked" in officer.get(BY_HAND)  # one of the two is under way
    page = officer.get("/staff/requests?state=fulfilled")
    assert rows[0] in page
    for gone in ("Do the same with everything you picked", ">Pick<", "x picks", 'name="request"'):
        assert gone not in page, gone


def test_what_is_to_be_done_by_hand_stands_before_what_was_decided(rows: list[str], officer: Browser) -> None:
    page = officer.get(f"/staff/requests/{rows[1]}")
    assert 'href="#tasks"' in page and page.count('id="tasks-title"') == 1
    assert page.index('id="tasks-title"') < page.index('id="words-title"')


def test_all_holds_what_is_answered_and_waits_for_somebody_and_calls_it_answered(
    rows: list[str], officer: Browser, house: House, systems: Systems, valley: Tenant, now: datetime
) -> None:
    over = put(house, systems, valley, now, 163, "deletion", state="fulfilled")
    page = officer.get("/staff/requests")
    assert rows[0] in page and over not in page
    assert page.count('aria-current="true">All <span class="tally">3</span>') == 2
    (row,) = (one for one in page.split("<tr ") if f"/staff/requests/{rows[0]}" in one)
    assert "Answered" in row and ">Done<" not in row
    assert 'All that are not finished <span class="tally">3</span>' in page
    chips = page.partition('<nav class="chips" aria-label="State">')[2].partition("</nav>")[0]
    assert ">Answered<" in chips and ">Done<" not in chips
    assert rows[0] in officer.get("/staff/requests?type=deletion") and "2 of 3" in officer.get(
        "/staff/requests?type=deletion"
    )
    for without in ("type=access", "due=later", "state=open", "next=decide", "assignee=me"):
        assert rows[0] not in officer.get(f"/staff/requests?{without}"), without


def test_what_is_answered_comes_last_over_all_pages(
    rows: list[str], house: House, systems: Systems, valley: Tenant, now: datetime
) -> None:
    more = [put(house, systems, valley, now, 170 + one, "deletion", state="fulfilled") for one in range(4)]
    for one in more:
        task(house, valley, now, one, TELLING, CERTIFICATE)
    with house.db.read(valley.id) as tx:
        for most in (1, 2, 3, 50):
            found = seen(tx, house, valley, Filters(), most=most)
            assert len(found) == 7 and found[2:] == sorted([rows[0], *more]), most
        assert counting.count(counting.groups(tx, valley.id, TODAY), Filters(), ME).total == 7
