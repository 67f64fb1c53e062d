"""Mails that no rule understood: one after the other, each settled by one button."""

import re

from tests.dashboard.conftest import Browser
from tests.intake.test_inbound_mail import hand_in, requests_at
from tests.support.systems import Systems

LIST = "/staff/mail"


def test_a_mail_is_settled_by_one_button_and_the_next_one_follows(officer: Browser, systems: Systems) -> None:
    first = hand_in(systems, "hm <script>alert(1)</script> gone please")["id"]
    second = hand_in(systems, "about the thing from before", sender="bea@people.example")["id"]
    hand_in(systems, "from many", sender="a@b.example, c@d.example")
    page = officer.get(LIST)
    assert "&lt;script&gt;alert(1)" in page and "<script>alert" not in page
    assert "ada@people.example" not in page and "a•••@people.example" in page
    assert officer.post(f"{LIST}/{first}", outcome="request", wish="").status_code == 422
    assert officer.post(f"{LIST}/{first}", outcome="consent").status_code == 422
    done = officer.post(f"{LIST}/{first}", outcome="request", wish="deletion")
    assert done.status_code == 303
    assert "clock runs from the day" in officer.get(done.headers["Location"])
    (asked,) = requests_at(systems)
    assert (asked["type"], asked["received_at"]) == ("deletion", "2026-11-20T17:00:00.000Z")
    assert officer.post(f"{LIST}/{first}", outcome="stop").status_code == 409
    assert officer.post(f"{LIST}/{second}", outcome="stop").status_code == 303
    assert systems.history("bea@people.example", "email")[0]["type"] == "mail.read"
    last = officer.get(LIST)
    assert "Nobody can be told" in last
    third = re.search(rf'action="{LIST}/([0-9a-f-]+)"', last)
    assert third is not None
    officer.post(f"{LIST}/{third[1]}", outcome="nothing")
    assert "Nothing to read" in officer.get(LIST)
