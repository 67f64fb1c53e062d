"""The queue as it is read: the order of the dates that bind, pages, filters, counts, and what a search finds."""

import uuid
from collections import Counter
from datetime import date, datetime, timedelta

from consent.dashboard.requests import counting, queue, searching
from consent.dashboard.requests.filters import Filters
from consent.dashboard.requests.risk import Risk
from consent.db import Sql, Tx
from consent.house import House
from tests.support.systems import Systems
from tests.support.valley import Tenant

TODAY = date(2026, 11, 21)
ME = uuid.UUID(int=7)
_PLACE = Sql(
    "UPDATE privacy_request SET answer_by = :day, assigned_to = :who, place = :place, state = :state,"
    " closed_at = :closed WHERE organization_id = :organization_id AND id = :id"
)


def put(
    house: House, systems: Systems, valley: Tenant, now: datetime, number: int, kind: str = "access",
    day: date | None = None, who: uuid.UUID | None = None, place: str | None = None, state: str = "open",
) -> str:  # fmt: skip
    """A request of this state and date; its id."""
    sent = {"type": kind, "channel": "sms", "address": f"+1509555{number:04}", "how": "letter", "entered_by": "Ana",
            "received_at": "2026-11-20T12:00:00-08:00"}  # fmt: skip
    answer = systems.post("privacy-requests", sent)
    assert answer.status_code == 201, answer.get_json()
    found = str(answer.get_json()["id"])
    closed = now if state in ("fulfilled", "denied") else None
    values = {"organization_id": valley.id, "id": uuid.UUID(found), "day": day, "who": who, "place": place,
              "state": state, "closed": closed}  # fmt: skip
    house.db.write(lambda tx: tx.run(_PLACE, values), valley.id)
    return found


def seen(tx: Tx, house: House, valley: Tenant, filters: Filters, most: int = 3) -> list[str]:
    """The ids of a view, over all its pages."""
    found: list[str] = []
    after = None
    while True:
        rows, after = queue.page(tx, house.keyring, valley.id, filters, ME, TODAY, after=after, most=most)
        found += [str(one.id) for one in rows]
        if after is None:
            return found
        assert len(rows) == most


def test_what_binds_first_stands_first_over_all_pages_and_every_filter_leaves_the_order(
    house: House, systems: Systems, valley: Tenant, now: datetime
) -> None:
    days = [TODAY + timedelta(days=left) for left in (40, -2, 0, 3, 3, 7)] + [None, None]
    ids = [put(house, systems, valley, now, 100 + one, day=day) for one, day in enumerate(days)]
    mine = put(house, systems, valley, now, 120, "deletion", TODAY - timedelta(days=9), ME, "US-CA")
    done = put(house, systems, valley, now, 121, "deletion", TODAY, None, None, "fulfilled")
    order = [mine, ids[1], ids[2], *sorted((ids[3], ids[4])), ids[5], ids[0], *sorted((ids[6], ids[7]))]
    with house.db.read(valley.id) as tx:
        assert seen(tx, house, valley, Filters()) == order
        assert seen(tx, house, valley, Filters(), most=2) == order
        for filters, expected in (
            (Filters(request_type="deletion"), [mine]),
            (Filters(assignee="me"), [mine]),
            (Filters(assignee=str(ME)), [mine]),
            (Filters(assignee="nobody"), order[1:]),
            (Filters(place="US-CA"), [mine]),
            (Filters(due=Risk.OVERDUE), order[:2]),
            (Filters(due=Risk.SOON), order[3:5]),
            (Filters(due=Risk.UNDATED), order[7:]),
            (Filters(state="fulfilled"), [done]),
            (Filters(state="in_progress"), []),
        ):
            assert seen(tx, house, valley, filters) == expected, filters
        rows, _ = queue.page(tx, house.keyring, valley.id, Filters(state="fulfilled"), ME, TODAY)
        assert (rows[0].risk, rows[0].who) == (Risk.OVER, "•••• 0121")


def test_the_counts_say_how_much_that_is_overdue_a_view_leaves_out(
    house: House, systems: Systems, valley: Tenant, now: datetime
) -> None:
    put(house, systems, valley, now, 130, day=TODAY - timedelta(days=1))
    put(house, systems, valley, now, 131, "deletion", TODAY - timedelta(days=5), ME)
    put(house, systems, valley, now, 132, "deletion", TODAY)
    with house.db.read(valley.id) as tx:
        groups = counting.groups(tx, valley.id, TODAY)
    whole = counting.count(groups, Filters(), ME)
    assert (whole.total, whole.shown, whole.overdue, whole.hidden_overdue) == (3, 3, 2, 0)
    assert whole.by_due == {"overdue": 2, "today": 1}
    assert whole.by_assignee == {None: 2, ME: 1}
    for filters, shown, hidden in (
        (Filters(assignee="me"), 1, 1),
        (Filters(assignee="nobody"), 2, 1),
        (Filters(due="today"), 1, 2),
        (Filters(state="fulfilled"), 0, 2),
        (Filters(request_type="deletion"), 2, 1),
    ):
        counts = counting.count(groups, filters, ME)
        assert (counts.shown, counts.hidden_overdue) == (shown, hidden), filters


def test_every_state_and_nearness_is_counted_as_the_rows_say_it(
    house: House, systems: Systems, valley: Tenant, now: datetime
) -> None:
    for number, left in enumerate((-1, 0, 1, 3, 4, 7, 8, None)):
        day = None if left is None else TODAY + timedelta(days=left)
        put(house, systems, valley, now, 150 + number, day=day, who=ME if number % 2 else None,
            state=("open", "in_progress", "approved")[number % 3])  # fmt: skip
    with house.db.read(valley.id) as tx:
        rows, _ = queue.page(tx, house.keyring, valley.id, Filters(), ME, TODAY)
        counts = counting.count(counting.groups(tx, valley.id, TODAY), Filters(), ME)
    assert len(rows) == counts.total == 8
    assert counts.by_due == Counter(one.risk.value for one in rows)
    assert counts.by_state == Counter(one.state for one in rows)
    assert counts.by_assignee == Counter(one.assigned_to for one in rows)


def test_a_search_finds_by_the_whole_identifier_and_its_result_holds_no_address(
    house: House, systems: Systems, valley: Tenant, now: datetime
) -> None:
    found = put(house, systems, valley, now, 140)
    reference = systems.get("privacy-requests?limit=1").get_json()["privacy_requests"][0]["reference"]
    with house.db.read(valley.id) as tx:

        def find(text: str) -> str | None:
            return searching.find(tx, house.keyring, valley.id, text, "US")

        assert find(reference) == find(reference.lower().replace("-", " ")) == f"/staff/requests/{found}"
        contact = find("(509) 555-0140")
        assert contact is not None
        assert contact.startswith("/staff/requests?contact=")
        rows, _ = queue.page(tx, house.keyring, valley.id, Filters(contact=contact[-36:]), ME, TODAY)
        assert [str(one.id) for one in rows] == [found]
        for text in ("0140", "+15095550141", "ana@nobody.example", "", "x" * 400, "AAAAA-AAAAA"):
            assert find(text) is None, text
