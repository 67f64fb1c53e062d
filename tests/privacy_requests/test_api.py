"""A request that reached the company by letter or call is entered by its own systems, under the same rules."""

from typing import Any

from tests.support.systems import Systems
from tests.support.valley import PERSON


def letter(**changes: Any) -> dict[str, Any]:
    """A letter that came the day before."""
    complete: dict[str, Any] = {
        "type": "deletion",
        "channel": "sms",
        "address": PERSON,
        "received_at": "2026-11-20T12:00:00-08:00",
        "how": "letter",
        "words": "Please delete everything.",
        "entered_by": "Ana",
    }
    return {name: value for name, value in (complete | changes).items() if value is not None}


def test_vsh_58_a_letter_is_dated_at_its_arrival_and_acknowledged(systems: Systems) -> None:
    answer = systems.post("privacy-requests", letter())
    assert answer.status_code == 201, answer.get_data(as_text=True)
    one = answer.get_json()
    assert (one["type"], one["how"], one["due"], one["verified"]) == ("deletion", "letter", "2026-12-20", False)
    assert one["reference"] and one["code"]
    opened = systems.history()[0]
    assert (opened["facts"]["staff"], opened["facts"]["msg_text"]) == ("Ana", "Please delete everything.")


def test_a_second_letter_joins_the_first(systems: Systems) -> None:
    first = systems.post("privacy-requests", letter()).get_json()
    again = systems.post("privacy-requests", letter(words="I mean it."))
    assert (again.status_code, again.get_json()["id"]) == (200, first["id"])


def test_what_is_not_owed_is_refused_by_its_field_and_nothing_is_stored(systems: Systems) -> None:
    answer = systems.post("privacy-requests", letter(type="portability"))
    assert (answer.status_code, answer.get_json()["field"]) == (422, "type")
    assert systems.get("privacy-requests").get_json()["privacy_requests"] == []


def test_a_letter_of_tomorrow_is_refused(systems: Systems) -> None:
    answer = systems.post("privacy-requests", letter(received_at="2026-11-23T12:00:00Z"))
    assert (answer.status_code, answer.get_json()["field"]) == (422, "received_at")


def test_requests_are_found_by_state_type_and_day_and_one_is_told_with_its_timeline(systems: Systems) -> None:
    deletion = systems.post("privacy-requests", letter()).get_json()["id"]
    question = systems.post("privacy-requests", letter(type="complaint", words="Why?")).get_json()["id"]

    def found(asked: str) -> list[str]:
        answer = systems.get(f"privacy-requests?{asked}")
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return [one["id"] for one in answer.get_json()["privacy_requests"]]

    assert found("state=open") == [deletion, question]
    assert found("type=complaint") == [question]
    assert found("due_by=2026-12-20") == [deletion]
    assert found("due_by=2026-12-19") == found("state=denied") == []
    assert systems.get("privacy-requests?state=gone").status_code == 422
    one = systems.get(f"privacy-requests/{deletion}").get_json()
    assert ([step["step"] for step in one["timeline"]], one["outcomes"]) == (["opened"], [])
    assert "Ana" not in str(one) and "delete everything" not in str(one)
    assert systems.get("privacy-requests/00000000-0000-4000-8000-000000000000").status_code == 404
