"""One record by its page: found as its own system names it, held and corrected from there."""

import re
from collections.abc import Callable

from consent.staff.roles import Role
from tests.dashboard.conftest import Browser
from tests.retention.support import Shelves
from tests.support.systems import Systems

PAGE = "/staff/retention"
FIND = f"{PAGE}/records"
PLAIN = {"jurisdiction": None, "role": None, "source": None, "site": None}


def test_a_record_is_found_by_its_reference_and_the_plan_links_it_but_no_address_names_it(
    systems: Systems, seat: Callable[..., Browser]
) -> None:
    officer, shelves = seat(Role.OFFICER), Shelves(systems)
    one = shelves.register(**PLAIN, category="message-text-in-out", reference="+15095550177/a")
    page = officer.get(PAGE)
    assert re.search(rf'href="{FIND}/{one["id"]}" dir="auto">\+15095550177/a</a>', page)
    hidden = seat(Role.VIEWER)  # who sees no people sees no references
    assert "15095550177" not in hidden.get(PAGE) and hidden.get(f"{FIND}/{one['id']}", 403)
    for said in (one["id"], "+15095550177/a", "own/message-text-in-out/+15095550177/a"):
        answer = officer.post(FIND, record=said)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"{FIND}/{one['id']}"), said
    shown = officer.get(f"{FIND}/{one['id']}")
    assert "+15095550177/a" in shown and one["because"][0] in shown and one["source"] is None
    correct = officer.post(FIND, record="+15095550177/a", then="correct").headers["Location"]
    assert correct == f"{PAGE}/corrections?record={one['id']}" and officer.get(correct)
    wrong = officer.post(FIND, record="nothing")
    assert wrong.status_code == 404 and "There is no such record" in wrong.get_data(as_text=True)
    officer.get(f"{FIND}/00000000-0000-4000-8000-000000000000", 404)


def test_a_hold_takes_the_reference_and_one_that_names_several_is_asked_for_more(
    systems: Systems, seat: Callable[..., Browser]
) -> None:
    officer, shelves = seat(Role.OFFICER), Shelves(systems)
    one = shelves.register(**PLAIN, category="call-detail", reference="4711")
    shelves.register(**PLAIN, category="message-text-in-out", reference="4711")
    page = officer.get(f"{PAGE}/holds?record={one['id']}")
    assert f'value="{one["id"]}"' in page  # as the record's own page leads here
    ground = re.findall(r'<option value="([a-z-]+)">', page.partition('id="ground"')[2])[0]
    form = {"kind": "legal", "ground": ground, "reason": "A case.", "until": "2029-06-30"}
    several = officer.post(f"{PAGE}/holds", **form, record="4711")
    assert several.status_code == 422 and "Several records have this reference" in several.get_data(as_text=True)
    assert officer.post(FIND, record="4711").status_code == 422
    assert officer.post(f"{PAGE}/holds", **form, record="4712").status_code == 404
    assert officer.post(f"{PAGE}/holds", **form, record="own/call-detail/4711").status_code == 303
    (held,) = systems.get("holds").get_json()["holds"]
    assert held["record"] == one["id"]
    assert f'href="{FIND}/{one["id"]}"' in officer.get(f"{PAGE}/holds")
