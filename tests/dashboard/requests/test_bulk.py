"""The same step for several: the letter is read before it goes, and afterwards each is counted, left out or not."""

# ruff: noqa: F811

import re
from collections.abc import Callable

from flask.testing import FlaskClient

from tests.dashboard.requests.test_late_letters import Send
from tests.dashboard.requests.test_pages import LETTER, LIST, clerk, desk, entered, knows, send, text  # noqa: F401
from tests.flows.test_requests_of_every_kind import Company, company  # noqa: F401
from tests.flows.test_the_end_of_a_deletion import entered as placed
from tests.support.organizations import VALTT
from tests.support.staff import Seated

MAIL = {"address": "ana@customer.example"}


def picked(desk: FlaskClient, where: str) -> str:
    """The box of that request as the queue shows it."""
    return f"{where.rpartition('/')[2]}:{knows(text(desk, where))['version']}"


def many(desk: FlaskClient, csrf: str, act: str, step: str, ids: list[str], **more: object) -> tuple[int, str, str]:
    """The form of several requests; where it leads."""
    sent = {"csrf": csrf, "act": act, "step": step, "request": ids} | more
    answer = desk.post(f"{LIST}/bulk", data=sent)
    return answer.status_code, answer.get_data(as_text=True), answer.headers.get("Location", "")


def test_it_says_how_many_changed_and_how_many_were_left_out(desk: FlaskClient, send: Send, clerk: Seated) -> None:
    both = [picked(desk, entered(send, **MAIL)), picked(desk, entered(send))]
    _, page, _ = many(desk, clerk.csrf(desk), "acknowledge", "", both)
    spared = re.findall(r'name="spared" value="([^"]+)"', page)
    assert spared == [both[1].partition(":")[0]], "there is no mailbox for the second"
    _, _, where = many(desk, clerk.csrf(desk), "acknowledge", "do", both[:1], spared=spared)
    assert "<strong>1 changed, 1 left out.</strong>" in text(desk, where)
    assert "<strong>3 changed.</strong>" in text(desk, f"{LIST}?done=assign&changed=3&left=0")
    assert "<strong>2 modifiées, 1 laissée de côté.</strong>" in text(
        desk, f"{LIST}?done=assign&changed=2&left=1&lang=fr"
    )
    for odd in ("-1", "x", "9" * 50):
        assert "<strong>0 changed.</strong>" in text(desk, f"{LIST}?done=assign&changed={odd}")


def test_the_letter_is_read_as_it_will_arrive_once_for_each_type_and_language(
    desk: FlaskClient, send: Send, clerk: Seated
) -> None:
    people = (
        ("ana", "en", "deletion"),
        ("bea", "en", "deletion"),
        ("cleo", "fr", "deletion"),
        ("dan", "en", "complaint"),
    )
    forms = [LETTER | {"address": f"{a}@customer.example", "language": b, "wish": c} for a, b, c in people]
    all_of_them = [picked(desk, send(f"{LIST}/new", **one)[2]) for one in forms]
    status, page, _ = many(desk, clerk.csrf(desk), "acknowledge", "", all_of_them)
    assert (status, page.count('<article class="letter"')) == (200, 3)
    assert '<article class="letter" lang="fr">' in page and "The letter as it will arrive: Deletion, Français" in page
    assert "You get our answer by" in page and "{{" not in page.partition("<main")[2]
    assert '<article class="letter"' not in many(desk, clerk.csrf(desk), "assign", "", all_of_them)[1]


def test_what_nothing_asks_for_is_said_not_to_be_needed(company: Callable[[str], Company]) -> None:
    at = company(VALTT)
    where = placed(at)
    assert "not needed: no promise or law asks for it here" in at.clerk.reads(where)
    page = many(at.clerk.browser, at.clerk.who.csrf(), "acknowledge", "", [picked(at.clerk.browser, where)])[1]
    assert "Not needed: no promise or law asks for it here. The person gets it by e-mail all the same." in page
