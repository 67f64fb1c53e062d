"""A letter about an overdue request says that we are late, in the reader's language, and promises no past day."""

# ruff: noqa: F811

import re
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from consent.dashboard.requests import naming
from consent.dashboard.requests.letters import catalogue, filling, wishes
from consent.dashboard.requests.letters.dates import BY
from consent.house import House
from consent.privacy_requests.answers.certificate_text import text_of
from consent.privacy_requests.answers.words import Speaker
from consent.web import spoken
from consent.web.i18n import LANGUAGES
from tests.dashboard.requests.test_pages import LIST, clerk, desk, entered, knows, send, text  # noqa: F401
from tests.privacy_requests.test_pages import letters
from tests.support.valley import Tenant

LATE = {
    "en": "We are late: you should have had our answer by October 31, 2026.",
    "fr": "Nous sommes en retard\u00a0: vous auriez dû recevoir notre réponse au plus tard le 31 octobre 2026.",
    "es": "Vamos con retraso: debería haber recibido nuestra respuesta a más tardar el 31 de octubre de 2026.",
}
OLD = {"address": "ana@customer.example", "arrived_on": "2026-10-01"}
Send = Callable[..., tuple[int, str, str]]


def start(page: str) -> dict[str, str]:
    """The letter as it is offered."""
    found = re.search(r'<textarea id="text"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert found is not None
    return knows(page) | {"subject": "About it", "text": found[1]}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ["received", "proof", "details", "other"])
def test_every_letter_of_an_overdue_request_says_so_and_the_clerk_sees_it_first(
    desk: FlaskClient, send: Send, key: str, language: str
) -> None:
    where = f"{entered(send, **OLD)}/letters/{key}"
    form = text(desk, f"{where}?language={language}")
    assert "This request is overdue since October 31, 2026. The letter says that we are late" in form
    filled = start(form) | {"language": language, "reason": "Why?", "step": "read"}
    status, page, _ = send(where, **filled)
    assert status == 200
    letter = page.partition('<article class="letter"')[2].partition("</article>")[0]
    assert LATE[language] in letter
    assert letter.count("2026") == 2  # the day it arrived, and the day on which our answer was due
    assert "/requests/complaint" in letter
    for without in (filled["text"].replace("{{answer_date}}", ""), filled["text"] + " {{due}}"):
        status, page, _ = send(where, **(filled | {"text": without}))
        assert (status, 'href="#text"' in page) == (422, True), without


def test_a_letter_in_time_names_the_day_and_says_nothing_of_being_late(desk: FlaskClient, send: Send) -> None:
    where = f"{entered(send, address='ana@customer.example')}/letters/received"
    form = text(desk, where)
    assert "overdue" not in form.partition("<h1>")[2]
    status, page, _ = send(where, **(start(form) | {"language": "en", "step": "read"}))
    assert (status, "You get our answer by December 20, 2026." in page, "late" in page) == (200, True, False)


def test_what_is_acknowledged_in_one_go_says_so_too(
    desk: FlaskClient, send: Send, house: House, valley: Tenant
) -> None:
    where = entered(send, **OLD)
    picked = f"{where.rpartition('/')[2]}:{knows(text(desk, where))['version']}"
    status, page, _ = send(f"{LIST}/bulk", act="acknowledge", request=picked)
    assert (status, "it says that we are late" in page) == (200, True)
    assert send(f"{LIST}/bulk", act="acknowledge", step="do", request=picked)[0] == 303
    (mail,) = letters(house, valley)
    assert LATE["en"] in mail["text"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_asked_stands_in_a_sentence_for_every_type(language: str) -> None:
    assert set(wishes.PHRASES) == set(naming.TYPES)
    say = spoken.say(language)
    phrases = {wishes.asked(kind, say) for kind in naming.TYPES}
    assert len(phrases) == len(naming.TYPES)
    assert wishes.asked("something-new", say).endswith("something new")
    for letter in catalogue.LETTERS:
        for late in (False, True):
            places = filling.places(catalogue.text_of(letter.key, language, late=late).text)
            assert "wish" in places and "request" not in places, letter.key
            assert not late or "answer_date" in places, letter.key
    if language != "en":
        assert say(BY) != BY and not phrases & set(wishes.PHRASES.values())


@pytest.mark.parametrize(
    ("closed_at", "late"), [("2026-11-19T07:59:00.000Z", False), ("2026-11-19T08:00:00.000Z", True)]
)
def test_a_certificate_that_came_late_says_so_by_the_calendar_of_the_company(closed_at: str, late: bool) -> None:
    told = {
        "organization": {"key": "v", "name": "V"}, "type": "deletion", "about": "a", "may_appeal": False,
        "due_on": "2026-11-18", "received_at": "2026-10-19T17:00:00.000Z", "closed_at": closed_at,
    }  # fmt: skip
    claims = {"certificate": told, "ledger": {"origin": "o", "event_id": "e", "leaf_hash": "h"}}
    said = text_of(claims, Speaker(spoken.say("en"), "en"), "x", ZoneInfo("America/Los_Angeles"))
    lines = [str(one) for one in said.sections[0].lines]
    days = {one.name: one.text for one in said.sections[0].lines}
    assert days["Closed"] == ("November 19, 2026" if late else "November 18, 2026")
    assert any("This answer came late: it was due on November 18, 2026." in one for one in lines) is late
