"""What needs no database: how near a date is, what an address of the queue means, letters, what is typed in."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from consent.dashboard.requests import entry, filters
from consent.dashboard.requests.filters import Filters
from consent.dashboard.requests.letters import catalogue, filling
from consent.dashboard.requests.risk import SHAPES, WORDS, Risk, risk_of, span_of
from consent.policies.answers.openings import Asks
from consent.web.i18n import LANGUAGES

TODAY = date(2026, 11, 21)
PACIFIC = ZoneInfo("America/Los_Angeles")
NOW = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)  # nine in the morning there
LETTER = {"how": "letter", "arrived_on": "2026-11-20", "address": "(509) 555-0142"}


def test_every_due_date_has_one_risk_and_every_risk_a_word_and_a_shape_of_its_own() -> None:
    expected = {"2026-11-20": Risk.OVERDUE, "2026-11-21": Risk.TODAY, "2026-11-22": Risk.SOON, "2026-11-24": Risk.SOON,
                "2026-11-25": Risk.WEEK, "2026-11-28": Risk.WEEK, "2026-11-29": Risk.LATER}  # fmt: skip
    for day, risk in expected.items():
        due = date.fromisoformat(day)
        assert risk_of(due, TODAY) is risk, day
        inside = [
            one
            for one in Risk
            if (span := span_of(one, TODAY)) is not None
            and (span.first is None or span.first <= due)
            and (span.last is None or due <= span.last)
        ]
        assert inside == [risk], day
        assert risk_of(due, TODAY, over=True) is Risk.OVER
    assert risk_of(None, TODAY) is Risk.UNDATED
    assert set(SHAPES) == set(WORDS) == set(Risk)
    assert len(set(SHAPES.values())) == len(set(WORDS.values())) == len(Risk)


def test_filters_come_back_from_their_own_address_and_what_means_nothing_is_named() -> None:
    chosen = Filters("open", "deletion", "overdue", "me", "US-CA")
    assert chosen.address() == "/staff/requests?state=open&type=deletion&due=overdue&assignee=me&place=US-CA"
    asked = {"state": "open", "type": "deletion", "due": "overdue", "assignee": "me", "place": "US-CA"}
    assert filters.read(asked) == (chosen, ())
    for name, value in (("state", "gone"), ("type", "a b"), ("due", "soonest"), ("assignee", "' OR 1=1"),
                        ("place", "<b>"), ("contact", "+15095550142")):  # fmt: skip
        assert filters.read({name: value}) == (Filters(), (name,)), name
    assert Filters().address() == "/staff/requests"
    assert not Filters().narrow


def test_a_letter_fills_the_places_it_knows_once_and_names_the_one_it_does_not_know() -> None:
    assert filling.filled("By {{due}}: {{ reason }}", {"due": "June 1", "reason": "{{due}} <b>"}) == (
        "By June 1: {{due}} <b>"
    )
    for text, facts, known in (("{{secret_key}}", {"secret_key": "x"}, False), ("{{extended_due}}", {}, True)):
        with pytest.raises(filling.OpenPlace) as error:
            filling.filled(text, facts)
        assert error.value.known is known
    assert filling.filled("{% for x in y %}{{due}}{{", {"due": "1"}) == "{% for x in y %}1{{"
    assert filling.subject_line("Two\r\nBcc: x\x00\u202e lines") == "Two Bcc: x lines"


def test_every_letter_is_written_in_every_language_with_the_same_places() -> None:
    for letter in catalogue.LETTERS:
        texts = {language: catalogue.text_of(letter.key, language) for language in LANGUAGES}
        named = {language: set(filling.places(one.subject + one.text)) for language, one in texts.items()}
        assert all(one.subject and len(one.text) > 100 for one in texts.values()), letter.key
        assert named["en"] == named["fr"] == named["es"], letter.key
        assert named["en"] <= set(filling.FIELDS), letter.key
        assert len({one.text for one in texts.values()}) == len(LANGUAGES), letter.key


def test_the_clock_starts_at_the_door_by_the_calendar_of_the_organization() -> None:
    nothing = Asks((), (), ())
    read, wrong = entry.read(LETTER, nothing, PACIFIC, "US", NOW)
    assert (wrong, read and read.received_at.isoformat()) == ({}, "2026-11-20T00:00:00-08:00")
    read, _ = entry.read(LETTER | {"arrived_at": "16:30"}, nothing, PACIFIC, "US", NOW)
    assert read is not None
    assert read.received_at.isoformat() == "2026-11-20T16:30:00-08:00"
    assert read.address.value == "+15095550142"
    today, _ = entry.read(LETTER | {"arrived_on": "2026-11-21"}, nothing, PACIFIC, "US", NOW)
    assert today is not None
    for changed, field, message in (
        ({"arrived_on": "2026-11-22"}, "arrived_on", entry.FUTURE),
        ({"arrived_on": "2026-11-21", "arrived_at": "09:01"}, "arrived_on", entry.FUTURE),
        ({"arrived_on": "yesterday"}, "arrived_on", entry.NO_DAY),
        ({"arrived_on": "0001-01-01"}, "arrived_on", entry.NO_DAY),
        ({"arrived_at": "half past"}, "arrived_at", entry.NO_TIME),
        ({"address": "12345"}, "address", entry.NO_ADDRESS),
        ({"address": "a" * 400 + "@x.example"}, "address", entry.NO_ADDRESS),
        ({"how": "telepathy"}, "how", entry.CHOOSE),
        ({"words": "w" * 5000}, "words", entry.TOO_LONG),
        ({"authority": "parent"}, "asked_by", entry.NO_NAME),
        ({"asked_by": "Somebody"}, "asked_by", entry.NO_NAME),
        ({"authority": "king"}, "authority", entry.CHOOSE),
    ):
        assert entry.read(LETTER | changed, nothing, PACIFIC, "US", NOW) == (None, {field: message}), changed
    asks = Asks(("US-CA",), ("customer",), ("legal-requirement",))
    assert set(entry.read(LETTER, asks, PACIFIC, "US", NOW)[1]) == {"place", "role", "ground"}
    chosen = {"place": "ZZ", "role": "", "ground": "legal-requirement"}
    read, wrong = entry.read(LETTER | chosen, asks, PACIFIC, "US", NOW)
    assert wrong == {}
    assert read is not None
    assert (read.place, read.role, read.ground) == ("ZZ", None, "legal-requirement")
