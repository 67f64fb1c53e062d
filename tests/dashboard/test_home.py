"""The home page: what needs somebody today, the charts, the counts of statutes, the contact points and the team."""

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Flask, render_template_string

from consent.dashboard.contacts import register as contact_points
from consent.dashboard.home import drawings
from consent.dashboard.safeguards import register as safeguards
from consent.db import Tx
from consent.house import House
from consent.intake.models import InboundMail
from consent.privacy_requests.models import PrivacyRequest, RequestOutcome
from consent.privacy_requests.tasks.models import RequestTask
from consent.staff.roles import Role
from tests.dashboard.conftest import Browser
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import Tenant

RECEIVED = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


def request(house: House, valley: Tenant, **changed: Any) -> UUID:
    """A request as the table holds it."""
    row: dict[str, Any] = {
        "organization_id": valley.id, "id": UUID(int=int(RECEIVED.timestamp() * 1000) << 80 | uuid4().int >> 64),
        "request_type": "deletion", "state": "open", "how": "form", "contact_point_id": uuid4(), "entry_id": uuid4(),
        "received_at": RECEIVED, "binding": "", "steps": "[]",
    } | changed  # fmt: skip
    house.db.write(lambda tx: tx.session.add(PrivacyRequest(**row)), valley.id)
    return row["id"]  # type: ignore[no-any-return]


def day(number: int) -> Any:
    """A day of November."""
    return (RECEIVED + timedelta(days=number - 1)).date()


def test_home_tells_what_needs_somebody_each_with_its_way(
    house: House, valley: Tenant, officer: Browser, seat: Callable[..., Browser], twilio: Twilio
) -> None:
    request(house, valley, answer_by=day(20))
    request(house, valley, answer_by=day(21), request_type="access")
    request(house, valley, answer_by=day(30), state="fulfilled", request_type="access")
    twilio.text("hello, is it open today?")
    page = officer.get("/staff/home")
    for title, path, count in (
        ("Requests are overdue", "/staff/requests?due=overdue", 1),
        ("Requests are due within a week", "/staff/requests", 1),
        ("Texts to read", "/staff/review", 1),
    ):
        needs = page.partition("What needs you")[2].partition("How things go")[0]
        assert re.search(rf'href="{re.escape(path)}">{title}</a></h3>\s*<p><strong>{count}</strong>', needs), title
    assert "urgent" in page
    assert "Texts to read" not in seat(Role.VIEWER).get("/staff/home")  # not theirs to read
    assert officer.client.get("/staff").headers["Location"] == "/staff/home"


def test_each_register_nobody_looks_after_is_counted_by_itself(
    house: House, valley: Tenant, officer: Browser, time: Time
) -> None:
    rulebook, page = house.governing.now(valley.id, time.now()).rulebook, officer.get("/staff/home")
    counts = {
        "contact-points": len(contact_points.places(rulebook)),
        "safeguards": len(safeguards.places(rulebook, time.now())),
    }
    assert len(set(counts.values())) == 2
    for name, count in counts.items():
        assert re.search(rf'href="/staff/{name}">[^<]+</a></h3>\s*<p><strong>{count}</strong>', page), name
    assert 'href="/staff/scope">The map' in page
    assert "Recorded lines need a review" not in page  # there is none


def test_home_draws_what_is_open_and_how_it_went_and_an_empty_house_says_so(
    house: House, valley: Tenant, officer: Browser
) -> None:
    empty = officer.get("/staff/home")
    assert empty.count("Nothing to show yet") == 6 and '<svg class="chart"' not in empty
    request(house, valley, answer_by=day(30))
    request(house, valley, answer_by=day(20))
    closed = {"state": "fulfilled", "closed_at": RECEIVED + timedelta(days=10)}
    request(house, valley, answer_by=day(12), **closed)
    request(house, valley, answer_by=day(5), **closed)
    page = officer.get("/staff/home?days=7")
    assert page.count('<svg class="chart"') == 3
    assert re.search(r"Deletion</a></th><td>0</td><td>1</td><td>0</td><td>0</td><td>1</td>", page)
    assert '<th scope="row"><a href="/staff/figures">2026-11</a></th><td>50 %</td>' in page
    assert 'href="/staff/home?days=7" aria-current="page"' in page


def test_the_codes_of_the_gate_are_marked_as_english_where_the_page_is_not(app: Flask) -> None:
    drawn = "{% from 'web/charts.html' import chart %}{{ chart(one) }}"
    for language, marks in (("en", 0), ("fr", 2)):  # over the bar and in the table beside it
        with app.test_request_context(f"/staff/home?lang={language}"):
            page = render_template_string(drawn, one=drawings.decisions({"deny/no-consent": 3}))
            assert page.count('lang="en">no consent<') == marks and page.count(">no consent<") == 2, language


def test_an_empty_house_says_what_to_do_first_until_somebody_writes(
    house: House, valley: Tenant, officer: Browser, seat: Callable[..., Browser]
) -> None:
    first = officer.get("/staff/home").partition("Before the first person writes")[2].partition("How things go")[0]
    assert '<a href="/staff/contact-points">Say who looks at each contact point</a>' in first
    assert "/staff/team/new" not in first  # an officer invites nobody
    assert '<a href="/staff/team/new">' not in seat(Role.ADMIN).get("/staff/home")  # there are two by now
    request(house, valley, answer_by=day(30))
    assert "Before the first person writes" not in officer.get("/staff/home")


def test_mails_to_read_and_tasks_by_hand_wait_on_the_home_page(
    house: House, valley: Tenant, officer: Browser, seat: Callable[..., Browser]
) -> None:
    task = {"store": "paper", "category": "letters", "action": "erase", "state": "by_hand", "run_at": RECEIVED,
            "created_at": RECEIVED}  # fmt: skip
    mail = {"id": uuid4(), "message_tag": b"m", "entry_id": uuid4(), "verdict": "unknown", "state": "waiting",
            "received_at": RECEIVED, "arrived_at": RECEIVED}  # fmt: skip
    of = {"organization_id": valley.id}
    asked = request(house, valley, state="approved")
    house.db.write(lambda tx: tx.session.add(RequestTask(id=uuid4(), request_id=asked, **of, **task)), valley.id)
    house.db.write(lambda tx: tx.session.add(InboundMail(**of, **mail)), valley.id)
    page = officer.get("/staff/home")
    for title, path in (
        ("Mails to read", "/staff/mail"),
        ("Tasks that somebody does by hand", "/staff/requests?next=by-hand"),
    ):
        assert re.search(rf'href="{re.escape(path)}">{title}</a></h3>\s*<p><strong>1</strong>', page), title
    answered = request(house, valley, state="fulfilled")  # whoever has no mailbox is told after the answer
    house.db.write(lambda tx: tx.session.add(RequestTask(id=uuid4(), request_id=answered, **of, **task)), valley.id)
    request(house, valley, state="open")
    listed = re.findall(r'href="/staff/requests/([0-9a-f-]{36})"', officer.get("/staff/requests?next=by-hand"))
    assert set(listed) == {str(asked), str(answered)}
    assert "Project-Id-Version" not in officer.get("/staff/requests?next=by-hand&lang=fr")
    assert "Mails to read" not in seat(Role.VIEWER).get("/staff/home")


def test_statutory_counts_stand_on_a_page_and_in_a_file(house: House, valley: Tenant, officer: Browser) -> None:
    for days, state in ((10, "fulfilled"), (20, "fulfilled"), (33, "denied")):
        found = request(house, valley, state=state, closed_at=RECEIVED + timedelta(days=days))
        if days == 20:
            house.db.write(lambda tx, of=found: refuse(tx, valley, of), valley.id)  # type: ignore[misc]
    request(house, valley)
    request(house, valley, state="revoked", closed_at=RECEIVED)
    request(house, valley, received_at=RECEIVED - timedelta(days=366))
    (row,) = csv.DictReader(io.StringIO(officer.get("/staff/figures.csv?year=2026")))
    assert row == {
        "year": "2026", "type": "deletion", "received": "5", "complied_in_whole_or_part": "2", "of_these_in_part": "1",
        "denied": "1", "taken_back_or_expired": "1", "open": "1", "median_days": "20.0", "mean_days": "21.0",
    }  # fmt: skip
    assert "Deletion" in officer.get("/staff/figures")
    assert "No request was received" in officer.get("/staff/figures?year=2019")
    officer.get("/staff/figures?year=%3Db", 422)


def refuse(tx: Tx, valley: Tenant, request_id: UUID) -> None:
    """One category of the request was refused."""
    row = {"category": "bills", "outcome": "refuse", "state": "decided", "decided_at": RECEIVED}
    tx.session.add(RequestOutcome(organization_id=valley.id, request_id=request_id, **row))


def test_vsh_62_a_contact_point_has_somebody_who_looks_there_and_overdue_is_shown(
    officer: Browser, seat: Callable[..., Browser], time: Time
) -> None:
    path = "/staff/contact-points"
    page = officer.get(path)
    assert "sales@valleysmarthomes.com" in page and "VSH-62" in page
    assert "Nobody watches it" in page and "I have looked there" not in page
    sales = "email:sales@valleysmarthomes.com"
    told = {"contact": sales, "watched_by": str(officer.seated.id), "every_days": "7"}
    for wrong in ({"every_days": "0"}, {"every_days": "x"}, {"watched_by": str(uuid4())}, {"watched_by": "me"}):
        assert officer.post(f"{path}/watch", **told | wrong).status_code == 422
    assert officer.post(f"{path}/check", contact=sales).status_code == 409
    assert officer.post(f"{path}/watch", **told).status_code == 303
    assert officer.post(f"{path}/watch", **told | {"contact": "email:me@elsewhere.example"}).status_code == 404
    assert "Nobody has looked yet" in officer.get(path)
    time.go(days=8)
    officer = seat(Role.OFFICER)  # a session lasts less than a week
    assert officer.get(path).count(">Overdue<") == 1
    assert officer.post(f"{path}/check", contact=sales).status_code == 303
    page = officer.get(path)
    assert ">Overdue<" not in page and "Last looked:" in page
    assert "contact.checked" in officer.get("/staff/audit?type=contact")
    viewer = seat(Role.VIEWER)
    assert "I have looked there" not in viewer.get(path)
    assert viewer.post(f"{path}/check", contact=sales).status_code == 403


def test_the_team_page_shows_how_the_work_lies(house: House, valley: Tenant, officer: Browser) -> None:
    request(house, valley, answer_by=day(20), assigned_to=officer.seated.id)
    request(house, valley, answer_by=day(25))
    request(house, valley, state="denied", closed_at=RECEIVED + timedelta(days=2), decided_by=officer.seated.id)
    page = officer.get("/staff/load")
    rows = [re.sub(r"<[^>]+>|\s+", " ", row).split() for row in page.split("<tr>")[2:]]
    assert rows[0][:6] == ["Nobody", "yet", "1", "0", "1", "0"]
    assert rows[1][:7] == [*officer.seated.name.split(), "1", "▲", "1", "0", "1"]


def test_policies_are_listed_with_where_they_stand_and_nothing_ahead_has_no_impact(officer: Browser) -> None:
    page = officer.get("/staff/policies")
    assert "In force" in page and "2025-01-02" in page
    assert "/impact" not in page
    officer.get("/staff/policies/privacy-policy/2025-01-02/impact", 409)
    officer.get("/staff/policies/privacy-policy/1999-01-01/impact", 404)
