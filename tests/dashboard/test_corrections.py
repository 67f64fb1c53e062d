"""The queue of what files brought against corrected values."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from consent.house import House
from consent.privacy_requests.answers import corrected
from consent.staff.roles import Role
from tests.dashboard.conftest import Browser
from tests.imports.files import bring, row, write
from tests.privacy_answers.test_corrected import correct, waiting
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import Tenant

PAGE = "/staff/corrections"


def test_somebody_decides_whether_the_corrected_value_or_the_one_of_a_file_stays(
    house: House, valley: Tenant, systems: Systems, seat: Callable[..., Browser], tmp_path: Path, time: Time
) -> None:
    contact = UUID(systems.consent(person="unit-12")["contact_point"])
    clerk, viewer = seat(Role.CLERK), seat(Role.VIEWER)
    assert "Nothing waits" in clerk.get(PAGE) and "A file contradicts" not in clerk.get("/staff/home")
    correct(house, valley, contact, "person", "unit-14")
    for number, came in enumerate(("unit-12", "unit-13")):
        bring(house, valley, write(tmp_path, [row(person=came, occurred_at=f"2026-11-20T1{number}:15:00-08:00")]))
    assert "A file contradicts" in clerk.get("/staff/home")
    first, second = waiting(house, valley)
    page = clerk.get(PAGE)
    for said in ("unit-14", "unit-12", "unit-13", "•••• 0142", "import"):
        assert said in page, said
    assert "Take the new one" not in viewer.get(PAGE)
    assert viewer.post(f"{PAGE}/{first.id}", stays="kept").status_code == 403
    unsaid = clerk.post(f"{PAGE}/{first.id}", stays="taken", why=" ")
    assert unsaid.status_code == 422 and f'href="#why-{first.id}"' in unsaid.get_data(as_text=True)
    assert clerk.post(f"{PAGE}/{first.id}", stays="both").status_code == 422
    assert clerk.post(f"{PAGE}/{first.id}", stays="kept").status_code == 303
    assert clerk.post(f"{PAGE}/{first.id}", stays="taken", why="They moved.").status_code == 404  # settled already
    assert clerk.post(f"{PAGE}/{second.id}", stays="taken", why="They moved back.").status_code == 303
    with house.db.read(valley.id) as tx:
        assert corrected.kept(tx, valley.id, [contact]) == {}
    assert "protected no more" in clerk.get(f"{PAGE}?as=taken")
