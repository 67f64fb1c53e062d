"""What goes and when, what is late, what is held and what went, as the staff see it."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from consent import clock
from consent.gateways.stores.manual import ManualStore
from consent.house import House
from consent.privacy_requests.tasks import accounts
from consent.retention import disposing, holds, jobs
from consent.retention.disposing import Runner
from consent.staff.roles import Role
from consent.timed import retention as timed
from tests.dashboard.conftest import Browser
from tests.retention.support import Shelves
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import Tenant

PAGE = "/staff/retention"


def test_the_calendar_shows_what_goes_what_was_missed_and_what_went(
    house: House, valley: Tenant, systems: Systems, seat: Callable[..., Browser], time: Time
) -> None:
    officer, shelves = seat(Role.OFFICER), Shelves(systems)
    plain = {"category": "message-text-in-out", "jurisdiction": None, "role": None, "source": None, "site": None}
    assert "No record has a day on which it goes" in officer.get(PAGE)
    shelves.register(**plain, collected_at="2025-01-05T12:00:00-08:00")
    soon = shelves.register(**plain, collected_at="2024-12-20T12:00:00-08:00")
    assert soon["because"][0].startswith("VSH-")
    page = officer.get(PAGE)
    assert "Nothing is due today" in page and soon["because"][0] in page and "What goes in the next weeks" in page
    time.go(days=40)
    jobs.notice_missed(house.db, house.keyring, house.governing, valley.id, clock.now())
    assert "Its file" not in seat(Role.OFFICER).get(PAGE)
    timed.notice_missed_limits(house)  # as the clock calls it
    page = seat(Role.OFFICER).get(PAGE)
    assert "Limits that were missed" in page and "1 of 1 is still there" in page
    file = re.search(r'href="(/staff/incidents/[^"]+)">Its file', page)
    assert file is not None and "Its file" not in seat(Role.VIEWER).get(PAGE)
    desk = seat(Role.OFFICER)
    told = desk.get(file[1])
    assert "Data kept past its day" in told and "1 of 1 record" in told and soon["because"][0] in told
    assert "Overdue" in told and "This was done" not in told  # no word of anybody ends it while they are there
    assert "Data kept past its day" in desk.get("/staff/incidents")
    assert "Duties of incidents are overdue" in desk.get("/staff/home")
    runner = Runner(house.db, house.keyring, house.governing, lambda _organization, _name: None, lambda: 0.5, "tests")
    assert disposing.run(runner, valley.id, clock.now).disposed == 1
    jobs.notice_missed(house.db, house.keyring, house.governing, valley.id, clock.now())
    page = seat(Role.VIEWER).get(PAGE)
    assert "Limits that were missed" not in page and "Deleted" in page
    rules = seat(Role.VIEWER).get(f"{PAGE}/rules")
    assert "Text of messages in both directions" in rules and "VSH-30" in rules


def test_an_officer_places_and_releases_a_hold_and_a_clerk_only_sees_it(
    systems: Systems, seat: Callable[..., Browser], time: Time
) -> None:
    officer, shelves = seat(Role.OFFICER), Shelves(systems)
    one = shelves.register(category="call-detail", jurisdiction=None, role=None, source=None, site=None)
    page = officer.get(f"{PAGE}/holds")
    assert "Nothing is held" in page
    ground = re.findall(r'<option value="([a-z-]+)">', page.partition('id="ground"')[2])[0]
    wrong = officer.post(f"{PAGE}/holds", ground="", reason="", until="soon")
    assert wrong.status_code == 422
    assert wrong.get_data(as_text=True).count('class="fault"') == 5
    nobody = {"kind": "legal", "ground": ground, "reason": "A case.", "person": "nobody"}
    assert officer.post(f"{PAGE}/holds", **nobody).status_code == 404
    form = {"kind": "incident", "ground": ground, "reason": "A case.", "until": "2029-06-30", "record": one["id"]}
    assert officer.post(f"{PAGE}/holds", **form).status_code == 303
    page = seat(Role.CLERK).get(f"{PAGE}/holds")
    assert "A case." in page and "Place the hold" not in page
    release = re.search(r'action="(/staff/retention/holds/[^"]+/release)"', officer.get(f"{PAGE}/holds"))
    assert release is not None
    assert officer.post(release[1], reason="").status_code == 422
    renewal = release[1].replace("release", "renewals")
    assert officer.post(renewal, reason="").status_code == 422
    assert officer.post(renewal, reason="Still looking.", until="2029-07-31").status_code == 303
    (renewed,) = systems.get("holds").get_json()["holds"]
    assert (renewed["kind"], renewed["until"], len(renewed["renewals"])) == ("incident", "2029-07-31", 1)
    time.go(minutes=6)
    late = officer.post(release[1], reason="It is over.")
    assert 'action="/staff/again"' in late.get_data(as_text=True) and "Release the hold" in officer.get(f"{PAGE}/holds")
    officer = seat(Role.OFFICER)  # with a fresh factor
    assert officer.post(release[1], reason="It is over.").status_code == 303
    assert "Nothing is held" in officer.get(f"{PAGE}/holds")
    gone = officer.post(renewal, reason="Once more.")  # what is over is not renewed
    assert (gone.status_code, "place a new one" in gone.get_data(as_text=True)) == (409, True)
    assert seat(Role.CLERK).post(f"{PAGE}/holds", **form).status_code == 403


def test_a_hold_is_refused_with_its_own_reason_and_a_building_alone_never_widens_to_all_of_a_person(
    systems: Systems, officer: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelves = Shelves(systems)
    one = shelves.register(category="call-detail", jurisdiction=None, role=None, source=None, site=None)
    form = {"kind": "legal", "ground": "tax", "reason": "A case.", "until": "2029-06-30"}
    whim = officer.post(f"{PAGE}/holds", **form | {"ground": "whim", "record": one["id"]})
    assert (whim.status_code, "Nothing here lets data stay" in whim.get_data(as_text=True)) == (
        422,
        True,
    )
    there = officer.post(f"{PAGE}/holds", **form, person="tenant-7", site="building-1")
    assert (there.status_code, 'id="site-wrong"' in there.get_data(as_text=True)) == (422, True)
    monkeypatch.setattr(holds, "MOST", 0)
    ground = re.findall(r'<option value="([a-z-]+)">', officer.get(f"{PAGE}/holds").partition('id="ground"')[2])[0]
    full = officer.post(f"{PAGE}/holds", **form | {"ground": ground, "record": one["id"]})
    assert (full.status_code, "release what is over" in full.get_data(as_text=True)) == (409, True)
    assert systems.get("holds").get_json() == {"holds": []}


def test_what_is_done_by_hand_shows_each_record_and_what_to_do_and_ends_with_a_word(
    house: House, valley: Tenant, systems: Systems, seat: Callable[..., Browser], time: Time
) -> None:
    officer = seat(Role.OFFICER)
    told: dict[str, Any] = {"en": "Take it out.", "fr": "Sortez-le.", "es": "Saquelo."}
    settings = {"categories": ["message-text-in-out"], "instruction": told}
    house.db.write(
        lambda tx: accounts.add(tx, house.keyring, valley.id, "manual", "paper", settings, clock.now()), valley.id
    )
    plain = {"category": "message-text-in-out", "jurisdiction": None, "role": None, "source": None, "site": None}
    Shelves(systems).register(**plain, store="paper", reference="box-7/12", collected_at="2024-01-05T12:00:00-08:00")
    store = ManualStore("paper", settings)
    runner = Runner(house.db, house.keyring, house.governing, lambda _organization, _name: store, lambda: 0.5, "tests")
    assert disposing.run(runner, valley.id, clock.now).by_hand == 1
    link = re.search(r'href="(/staff/retention/batches/[^"]+)"', officer.get(PAGE))
    assert link is not None
    page = officer.get(link[1])
    assert "box-7/12" in page and "Take it out." in page
    assert officer.post(link[1], count="one").status_code == 422
    time.go(minutes=6)
    late = officer.post(link[1], count="1")
    assert late.status_code == 403 and 'action="/staff/again"' in late.get_data(as_text=True)
    assert "box-7/12" in officer.get(link[1])
    officer = seat(Role.OFFICER)  # with a fresh factor
    assert officer.post(link[1], count="1").status_code == 303
    officer.get(link[1], 404)
    assert officer.post(link[1], count="1").status_code == 404
    assert "batches/" not in officer.get(PAGE)


@pytest.mark.parametrize(("language", "period", "event"), [
    ("en", "2 years", "the last message"), ("fr", "2 ans", "le dernier message"), ("es", "2 años", "el último mensaje"),
])  # fmt: skip
def test_no_page_of_retention_shows_a_code_of_the_rules(
    systems: Systems, seat: Callable[..., Browser], language: str, period: str, event: str
) -> None:
    officer, shelves = seat(Role.OFFICER), Shelves(systems)
    plain = {"jurisdiction": None, "role": None, "source": None, "site": None}
    shelves.register(**plain, category="message-text-in-out")
    form = {"kind": "legal", "reason": "A case.", "until": "2029-06-30"}
    ground = re.findall(r'<option value="([a-z-]+)">', officer.get(f"{PAGE}/holds").partition('id="ground"')[2])[0]
    assert officer.post(f"{PAGE}/holds", **form, ground=ground, category="message-text-in-out").status_code == 303
    pages = [officer.get(f"{path}?lang={language}") for path in (
        PAGE, f"{PAGE}/rules", f"{PAGE}/holds", f"{PAGE}/corrections",
    )]  # fmt: skip
    for page in pages:
        shown = re.sub(r"<[^>]+>", " ", page)
        assert not re.search(
            r"\bP(T?\d+[YMDH])+\b|[a-z]+-(?:detail|end|withdrawal|text-in-out|repair|settled)\b", shown
        )
    assert event in pages[1] and period in pages[1]
