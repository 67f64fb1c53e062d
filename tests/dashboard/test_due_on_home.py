"""Home: what has a clock of its own stands there for whoever may work on it, the most urgent first."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from consent.dashboard.home.duties import when
from consent.house import House
from consent.incidents.rules import Duty
from consent.notices.models import NoticeCampaign
from consent.retention.models import DisposalBatch, RetentionHold, RetentionMiss
from consent.staff.roles import Role
from tests.dashboard.conftest import Browser
from tests.support.time import Time
from tests.support.valley import Tenant

HOME, INCIDENTS, RETENTION = "/staff/home", "/staff/incidents", "/staff/retention"
OVERDUE = "Duties of incidents are overdue"
PRESSING = "Duties of incidents end today or tomorrow, or are to be done at once"
LATER = "Duties of incidents come later"


def needs(page: str) -> list[tuple[str, str, str]]:
    """Title, way and number of each row, in their order."""
    part = page.partition("What needs you")[2].partition("How things go")[0]
    rows = re.findall(r'href="([^"]+)">([^<]+)</a></h3>\s*<p><strong>([^<]+)</strong>', part)
    return [(title, path, count) for path, title, count in rows]


def put(house: House, valley: Tenant, row: Any) -> None:
    """A row as the table holds it."""
    house.db.write(lambda tx: tx.session.add(row), valley.id)


def test_a_duty_presses_by_its_day_and_one_that_asks_for_nothing_never_does() -> None:
    now, today = datetime(2026, 11, 23, 17, tzinfo=UTC), date(2026, 11, 23)
    where = ZoneInfo("America/Los_Angeles")
    for state, due, done, expected in (
        ("due", date(2026, 11, 22), None, "overdue"),
        ("due", today, None, "now"),
        ("due", date(2026, 11, 24), None, "now"),
        ("due", date(2026, 11, 25), None, "later"),
        ("due", date(2026, 11, 22), datetime(2026, 11, 22, tzinfo=UTC), ""),
        ("delayed", date(2026, 11, 22), None, "overdue"),  # the day for looking again is over
        ("delayed", None, None, ""),
        ("as-soon-as-possible", None, None, "now"),
        ("assess-first", None, None, "now"),
        ("to-decide", None, None, "now"),
        ("not-before", date(2026, 11, 22), None, ""),
        ("not-required", None, None, ""),
    ):
        assert when(Duty("A-1", "", state, due, (), (), (), done_at=done), now, where) == expected, (state, due)


def test_duties_of_incidents_stand_on_home_by_their_day_until_only_the_report_is_left(
    valley: Tenant, officer: Browser, seat: Callable[..., Browser], time: Time
) -> None:
    before = {title for title, *_ in needs(officer.get(HOME))}
    assert not before & {OVERDUE, PRESSING, LATER, "Incidents wait for their report"}
    noticed = (time.now() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    told = {
        "title": "Child",
        "kind": "childs-data",
        "detected_at": noticed,
    }  # within five days, a promise says (VSH-23)
    place = officer.post(INCIDENTS, **told).headers["Location"]
    assert (LATER, INCIDENTS, "1") in needs(officer.get(HOME))
    time.go(days=3)
    assert needs(seat(Role.OFFICER).get(HOME))[0] == (PRESSING, INCIDENTS, "1")
    time.go(days=3)
    officer = seat(Role.OFFICER)
    rows = needs(officer.get(HOME))
    assert rows[0] == (OVERDUE, INCIDENTS, "1")
    assert OVERDUE not in {title for title, *_ in needs(seat(Role.VIEWER).get(HOME))}  # viewers see no incidents
    key = officer.get(place).partition('name="duty" value="')[2].partition('"')[0]
    assert officer.post(f"{place}/duty", duty=key, how="Deleted.").status_code == 303
    rows = needs(officer.get(HOME))
    assert OVERDUE not in {title for title, *_ in rows} and ("Incidents wait for their report", INCIDENTS, "1") in rows


def test_missed_limits_disposals_holds_drafts_and_contracts_stand_on_home_for_whoever_works_on_them(
    house: House, valley: Tenant, officer: Browser, seat: Callable[..., Browser], time: Time
) -> None:
    now = time.now()
    of: dict[str, Any] = {"organization_id": valley.id, "store": "own", "category": "call-detail", "because": "VSH-30",
                          "due_on": date(2026, 11, 1), "count": 9}  # fmt: skip
    put(house, valley, RetentionMiss(id=uuid4(), left=9, found_at=now, entry_id=uuid4(), **of))
    closed = of | {"due_on": date(2026, 10, 1), "closed_at": now}
    put(house, valley, RetentionMiss(id=uuid4(), left=0, found_at=now, entry_id=uuid4(), **closed))
    batch = of | {"method": "deleted", "policy_version": "1", "digest": bytes(32), "records": b"", "run_at": now}
    for state in ("by_hand", "waiting"):
        put(house, valley, DisposalBatch(id=uuid4(), state=state, created_at=now, **batch))
    hold: dict[str, Any] = {"organization_id": valley.id, "kind": "legal", "ground": "litigation", "since": now}
    for changed in ({"until": date(2026, 11, 1)}, {"until": date(2030, 11, 1)}, {},
                    {"until": date(2026, 11, 1), "released_at": now}):  # fmt: skip
        put(house, valley, RetentionHold(id=uuid4(), entry_id=uuid4(), **hold | changed))
    told: dict[str, Any] = {"organization_id": valley.id, "kind": "version", "per_minute": 1, "created_at": now}
    told |= dict.fromkeys(("ways", "posted", "purposes", "collected_for", "wording"), "{}")
    for state in ("draft", "done"):
        put(house, valley, NoticeCampaign(id=uuid4(), about=state, state=state, listed_after=uuid4(), **told))
    rows = needs(officer.get(HOME))
    assert rows[0] == ("Limits passed, and records are still there", RETENTION, "1")
    for title, path in (
        ("Disposals that somebody does by hand", RETENTION),
        ("Holds are past their last day", f"{RETENTION}/holds"),
        ("Drafts of notices wait for somebody", "/staff/notices"),
    ):
        assert (title, path, "1") in rows
    assert "Contracts of recipients must be read again" not in {title for title, *_ in rows}
    seen = {title for title, *_ in needs(seat(Role.VIEWER).get(HOME))}
    assert rows[0][0] in seen and not {"Drafts of notices wait for somebody", "Holds are past their last day"} & seen
    time.go(days=400)
    late = {title: int(count) for title, _, count in needs(seat(Role.OFFICER).get(HOME))}
    assert late["Contracts of recipients must be read again"] > 0
