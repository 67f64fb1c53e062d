"""A law that counts hours ends at its very hour, by the clock of the organization, and somebody hears of it in time."""

import html
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from consent.db import Sql
from consent.gateways.email.file import recent
from consent.house import House
from consent.incidents import rules, warning
from consent.outbox import lists
from consent.policies.organization import parse_organization
from consent.policies.packs import load_law, load_versions
from consent.policies.rulebook import compile_rulebook
from consent.staff.roles import Role
from consent.timed import incidents as timed
from consent.timed import sending
from tests.conftest import Prepared
from tests.flows.test_incidents import duty, opened, step
from tests.support import staff
from tests.support.organizations import POLICIES, Five
from tests.support.systems import Systems
from tests.support.time import Time

SLUG = "voxvalley"  # a telephone company whose law is that of the United States and of Europe
NOTICED = "2026-11-20T21:30:00-05:00"
HOURS, DAYS = "EU-TEL-BREACH", "EU-GDPR-BREACH"
_WARNINGS = Sql(
    "SELECT unique_key FROM job WHERE organization_id = :organization_id AND unique_key LIKE 'incident-due:%'"
)


@pytest.fixture
def prepared(prepared_five: Prepared) -> Prepared:
    """The house of these tests has five organizations in it."""
    return prepared_five


def warned(house: House, systems: Systems) -> int:
    """How many mails about duties wait or went, after the job has run."""
    timed.warn_of_incidents(house)
    with house.db.read(systems.tenant.id) as tx:
        return len(tx.all(_WARNINGS, {"organization_id": systems.tenant.id}))


def at_home(house: House, app: Flask, systems: Systems, now: datetime, path: str) -> str:
    """The page as an officer reads it."""
    who = staff.member(house, systems.tenant.id, now, Role.OFFICER)
    return html.unescape(who.client(app).get(path).text).replace("\u202f", " ")


def ends(days: int, hours: int = 0) -> datetime:
    return datetime.fromisoformat(NOTICED) + timedelta(days=days, hours=hours)


def test_duties_that_count_hours_end_at_their_instant_and_come_in_that_order(five: Five) -> None:
    found = opened(five[SLUG], detected_at=NOTICED, places=["FR"])
    first, second = duty(found, HOURS), duty(found, DAYS)
    assert (first["due_at"], second["due_at"]) == ("2026-11-22T02:30:00.000Z", "2026-11-24T02:30:00.000Z")
    assert (first["due"], second["due"]) == ("2026-11-22", "2026-11-24")
    assert [one["duty"] for one in found["duties"]].index(HOURS) < [one["duty"] for one in found["duties"]].index(DAYS)
    assert "by 2026-11-22 02:30 (UTC)" in first["reasons"][0]["text"]
    assert any("24 hours" in one for one in first["steps"])
    by_day = [one for one in found["duties"] if one["due"] and one["due_at"] is None]
    assert all("(" not in one["reasons"][0]["text"].partition(": by ")[2] for one in by_day)


def test_the_hour_is_that_of_the_organizations_clock_and_so_is_the_day() -> None:
    folder = POLICIES / SLUG
    pack = parse_organization((folder / "organization.toml").read_text("utf-8").replace('"UTC"', '"America/New_York"'))
    book = compile_rulebook(pack, load_versions(folder), load_law(POLICIES / "law"), datetime.fromisoformat(NOTICED))
    facts = rules.Facts(datetime.fromisoformat(NOTICED), places=("FR",))
    found = next(one for one in rules.duties(book, rules.BREACH, facts, {}) if one.key == HOURS)
    assert found.due_at is not None and found.due_at.isoformat() == "2026-11-21T21:30:00-05:00"
    assert found.due == date(2026, 11, 21)  # where it is the 22nd in UTC
    assert "by 2026-11-21 21:30 (America/New_York)" in found.reasons[0].text
    where = ZoneInfo("America/New_York")
    assert not found.is_over(found.due_at, where) and found.is_over(found.due_at + timedelta(seconds=1), where)
    by_day = replace(found, due_at=None)
    assert not by_day.is_over(found.due_at + timedelta(hours=2), where)  # the day is not over
    assert by_day.is_over(found.due_at + timedelta(hours=3), where)
    assert not replace(found, done_at=found.due_at).is_over(found.due_at + timedelta(days=1), where)


def test_the_hour_stands_on_today_on_the_list_and_on_the_incident_and_it_is_overdue_from_then_on(
    house: House, app: Flask, five: Five, time: Time
) -> None:
    systems = five[SLUG]
    time.at = datetime.fromisoformat("2026-11-21T21:00:00-05:00")
    later = opened(systems, detected_at="2026-11-21T20:00:00-05:00", title="Later", places=["FR"])
    found = opened(systems, detected_at=NOTICED, title="Sooner", places=["FR"])

    def page(path: str) -> str:
        return at_home(house, app, systems, time.now(), path)

    place = f"/staff/incidents/{found['id']}"
    for path in ("/staff/home", "/staff/incidents", place):
        assert "November 22, 2026, 2:30:00 AM UTC" in page(path), path
        assert "verdue" not in page(path), path
    assert "How this hour comes about" in page(place)
    listed = page("/staff/incidents")
    assert listed.index("Sooner") < listed.index("Later")
    time.go(minutes=31)  # half a minute after the hour of the first, on the same day
    assert "Duties of incidents are overdue" in page("/staff/home")
    for path in ("/staff/incidents", place):
        assert page(path).count("Overdue") == 1, path
    assert "Overdue" not in page(f"/staff/incidents/{later['id']}")


def test_a_mail_says_it_in_time_for_a_clock_of_hours_and_each_warning_goes_once(
    house: House, five: Five, time: Time
) -> None:
    systems = five[SLUG]
    time.at = ends(0, 0) + timedelta(minutes=10)
    found = opened(systems, detected_at=NOTICED, places=["FR"])
    assert [warned(house, systems) for _ in range(2)] == [1, 1]  # twenty-four hours: at once, and once
    sending.post(house)
    mail = recent(house.config.data_dir / "dev-mails.jsonl")[-1]
    text = mail["text"].replace("\u202f", " ")
    assert "November 22, 2026, 2:30:00 AM UTC" in text and HOURS in text and f"/staff/incidents/{found['id']}" in text
    assert "Lost laptop" not in text + mail["subject"]
    time.at = ends(0, 18)
    assert warned(house, systems) == 2  # its last six hours
    time.at = ends(1, 12)
    assert warned(house, systems) == 3  # seventy-two hours: when half of them are left
    for key in (HOURS, DAYS):
        step(systems, found, "duties", duty=key, how="By the form of the authority.")
    time.at = ends(2, 20)
    assert warned(house, systems) == 3  # what is done is told of no more


def test_a_duty_by_day_is_told_of_three_days_before_and_nobody_is_told_where_there_is_no_mailbox(
    house: House, five: Five, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    systems = five["1valet"]
    opened(systems, detected_at="2026-11-20T12:00:00-05:00")  # ten business days: the fourth of December or so
    due = duty(opened(systems, detected_at="2026-11-20T12:00:00-05:00"), "1V-33")["due"]
    day = datetime.fromisoformat(f"{due}T12:00:00+00:00")
    time.at = day - timedelta(days=4)
    before = warned(house, systems)
    time.at = day - timedelta(days=2)
    with monkeypatch.context() as without:
        without.setattr(lists, "mailbox", lambda _address: None)
        assert warned(house, systems) == before
    assert warned(house, systems) >= before + 2


def test_an_end_that_moves_is_told_of_anew(house: House, five: Five, time: Time) -> None:
    systems = five[SLUG]
    time.at = ends(0, 1)
    found = opened(systems, detected_at=NOTICED, places=["FR"])
    assert warned(house, systems) == 1
    moved = step(systems, found, "facts", detected_at="2026-11-20T20:30:00-05:00")
    assert duty(moved, HOURS)["due_at"] == "2026-11-22T01:30:00.000Z"
    assert warned(house, systems) == 2


def test_warnings_look_at_every_open_incident_a_page_at_a_time(
    house: House, five: Five, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    systems = five[SLUG]
    time.at = datetime(2026, 11, 21, 3, tzinfo=UTC)
    monkeypatch.setattr(warning, "AT_ONCE", 2)
    for _ in range(5):
        opened(systems, detected_at=NOTICED, places=["FR"])
    assert warned(house, systems) == 5
    assert all(one.tenant.id == systems.tenant.id or warned(house, one) == 0 for one in five.values())
