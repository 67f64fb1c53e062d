"""What goes and when, what is late, what is held and what went, as the staff see it."""

import re
from collections.abc import Callable

from consent import clock
from consent.house import House
from consent.retention import disposing, jobs
from consent.retention.disposing import Runner
from consent.staff.roles import Role
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
    page = seat(Role.OFFICER).get(PAGE)
    assert "Limits that were missed" in page and "1 of 1 are still there" in page
    runner = Runner(house.db, house.keyring, house.governing, lambda _organization, _name: None, lambda: 0.5, "tests")
    assert disposing.run(runner, valley.id, clock.now).disposed == 1
    jobs.notice_missed(house.db, house.keyring, house.governing, valley.id, clock.now())
    page = seat(Role.VIEWER).get(PAGE)
    assert "Limits that were missed" not in page and "Deleted" in page
    rules = seat(Role.VIEWER).get(f"{PAGE}/rules")
    assert "message-text-in-out" in rules and "VSH-30" in rules


def test_an_officer_places_and_releases_a_hold_and_a_clerk_only_sees_it(
    systems: Systems, seat: Callable[..., Browser]
) -> None:
    officer, shelves = seat(Role.OFFICER), Shelves(systems)
    one = shelves.register(category="call-detail", jurisdiction=None, role=None, source=None, site=None)
    page = officer.get(f"{PAGE}/holds")
    assert "Nothing is held" in page
    ground = re.findall(r'<option value="([a-z-]+)">', page.partition('id="ground"')[2])[0]
    wrong = officer.post(f"{PAGE}/holds", ground="", reason="", until="soon")
    assert wrong.status_code == 422
    assert wrong.get_data(as_text=True).count('class="fault"') == 4
    assert officer.post(f"{PAGE}/holds", ground=ground, reason="A case.", person="nobody").status_code == 404
    form = {"ground": ground, "reason": "A case.", "until": "2029-06-30", "record": one["id"]}
    assert officer.post(f"{PAGE}/holds", **form).status_code == 303
    page = seat(Role.CLERK).get(f"{PAGE}/holds")
    assert "A case." in page and "Place the hold" not in page
    release = re.search(r'action="(/staff/retention/holds/[^"]+/release)"', officer.get(f"{PAGE}/holds"))
    assert release is not None
    assert officer.post(release[1], reason="").status_code == 422
    assert officer.post(release[1], reason="It is over.").status_code == 303
    assert "Nothing is held" in officer.get(f"{PAGE}/holds")
    assert seat(Role.CLERK).post(f"{PAGE}/holds", **form).status_code == 403
