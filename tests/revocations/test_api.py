"""A no from anywhere: it holds at once, and stays open until everybody who could send has confirmed."""

from typing import Any

import pytest

from consent import clock
from consent.house import House
from consent.revocations import jobs
from tests.support.systems import Systems, codes
from tests.support.time import Time
from tests.support.valley import PERSON, TEXTS, Tenant


class Adapter:
    """A gateway that takes blocks, or does not."""

    def __init__(self, *, blocks: bool) -> None:
        self.blocks, self.blocked = blocks, list[tuple[str, str]]()

    def block(self, number: str, sender: str, http: object = None) -> None:
        """The number is blocked there."""
        self.blocked.append((number, sender))

    def load(self, name: str, settings: object) -> Any:
        """Stands in for the registry."""
        return self


def letter(**changes: Any) -> dict[str, Any]:
    """A letter that came yesterday."""
    complete: dict[str, Any] = {
        "address": PERSON,
        "channels": ["sms"],
        "received_at": "2026-11-20T12:00:00-08:00",
        "how": "letter",
        "entered_by": "Ana, front desk",
        "words": "Please leave me alone.",
        "note": "Folder 7",
    }
    return {name: value for name, value in (complete | changes).items() if value is not None}


def entered(systems: Systems, **changes: Any) -> dict[str, Any]:
    """The revocation as the door shows it."""
    answer = systems.post("revocations", letter(**changes))
    assert answer.status_code == 201, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    return found


def ask(house: House, valley: Tenant, adapter: Adapter) -> None:
    """The job that asks gateways for blocks has run."""
    blocker = jobs.Blocker(house.db, house.keyring, None, adapter.load, "tests")  # type: ignore[arg-type]
    while jobs.ask(blocker, valley.id, clock.now):
        pass


def test_a_letter_blocks_at_once(systems: Systems) -> None:
    systems.consent(occurred_at="2026-11-19T10:15:00-08:00")
    found = entered(systems)
    assert (found["state"], found["channels"], found["how"]) == ("open", ["sms"], "letter")
    assert codes(systems.decide())[0] == "suppressed"
    newest = systems.history()[0]
    assert (newest["type"], newest["data"]["method"], newest["data"]["revocation"]) == (
        "consent.withdrawn",
        "revocation",
        found["id"],
    )
    assert newest["facts"]["staff"] == "Ana, front desk"
    assert newest["facts"]["msg_text"] == "Please leave me alone."
    assert newest["occurred_at"].startswith("2026-11-20T20:00:00")


def test_ten_business_days_are_counted_and_shown(systems: Systems) -> None:
    """Received on Friday 2026-11-20; Thanksgiving on the 26th does not count: the tenth day is Monday 2026-12-07."""
    found = entered(systems)
    assert found["due"] == "2026-12-07"
    assert any("US-TCPA-REVOKE" in step for step in found["steps"])
    assert len(found["steps"]) > 2
    assert found["overdue"] is False


def test_a_revocation_that_is_late_says_so(systems: Systems, time: Time) -> None:
    found = entered(systems)
    time.go(days=18)
    assert systems.get(f"revocations/{found['id']}").get_json()["overdue"] is True


def test_a_consent_given_after_the_letter_arrived_stands(systems: Systems) -> None:
    systems.consent(occurred_at="2026-11-20T13:00:00-08:00")
    entered(systems)
    assert systems.may()


def test_everything_closes_every_channel_of_the_address(systems: Systems) -> None:
    found = entered(systems, channels=None)
    assert found["channels"] == ["sms", "voice"]
    assert systems.preferences(channel="sms")["stopped"]
    assert systems.preferences(channel="voice")["stopped"]


def test_it_is_closed_when_the_last_sender_has_confirmed(house: House, valley: Tenant, systems: Systems) -> None:
    found = entered(systems)
    (sender,) = found["missing"]
    assert sender.startswith("gateway:")
    adapter = Adapter(blocks=True)
    ask(house, valley, adapter)
    assert adapter.blocked == [(PERSON, valley.number)]
    after = systems.get(f"revocations/{found['id']}").get_json()
    assert (after["state"], after["missing"], after["senders"][0]["how"]) == ("closed", [], "gateway")
    types = [one["type"] for one in systems.history()]
    assert types[:2] == ["revocation.closed", "revocation.confirmed"]


def test_where_a_gateway_takes_no_blocks_our_gate_answers_for_it(
    house: House, valley: Tenant, systems: Systems
) -> None:
    found = entered(systems)
    ask(house, valley, Adapter(blocks=False))
    after = systems.get(f"revocations/{found['id']}").get_json()
    assert (after["state"], after["senders"][0]["how"]) == ("closed", "our-gate")


def test_a_confirmation_by_hand_closes_and_repeating_it_changes_nothing(systems: Systems) -> None:
    found = entered(systems)
    body = {"sender": found["missing"][0], "entered_by": "Ana", "note": "told them by telephone"}
    path = f"revocations/{found['id']}/confirmations"
    answers = [systems.post(path, body).get_json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert answers[0]["state"] == "closed"
    assert sum(one["type"] == "revocation.confirmed" for one in systems.history()) == 1


def test_a_sender_that_nobody_waits_for_is_refused(systems: Systems) -> None:
    found = entered(systems)
    assert systems.post(f"revocations/{found['id']}/confirmations", {"sender": "system:fax"}).status_code == 404


def test_the_same_letter_entered_twice_is_one_revocation(systems: Systems) -> None:
    first = entered(systems)
    again = systems.post("revocations", letter(note="typed in once more"))
    assert (again.status_code, again.get_json()["id"]) == (200, first["id"])
    assert sum(one["type"] == "consent.withdrawn" for one in systems.history()) == 1


def test_what_is_open_is_listed_by_due_date_and_pages_continue(systems: Systems) -> None:
    late = entered(systems, received_at="2026-11-20T12:00:00-08:00")
    soon = entered(systems, received_at="2026-11-10T12:00:00-08:00", address="+15095550143")
    shown = systems.get("revocations?limit=1").get_json()
    assert [one["id"] for one in shown["revocations"]] == [soon["id"]]
    rest = systems.get(f"revocations?limit=1&cursor={shown['next']}").get_json()
    assert [one["id"] for one in rest["revocations"]] == [late["id"]]
    assert "next" not in rest


def test_only_the_programs_it_names_end(systems: Systems) -> None:
    systems.consent(occurred_at="2026-11-19T10:15:00-08:00")
    entered(systems, programs=[TEXTS])
    assert codes(systems.decide()) == ["consent-withdrawn"]
    assert systems.preferences()["stopped"] is False


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"received_at": "2027-01-01T00:00:00Z"}, "received_at"),
        ({"programs": ["no-such"]}, "programs"),
        ({"address": "nobody"}, "address"),
        ({"channels": ["email"]}, "address"),
        ({"how": "pigeon"}, "how"),
        ({"channels": []}, "channels"),
        ({"entered_by": None}, "entered_by"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field_and_changes_nothing(
    systems: Systems, changes: dict[str, Any], field: str
) -> None:
    answer = systems.post("revocations", letter(**changes))
    assert answer.status_code == 422
    assert field in str(answer.get_json())
    assert systems.get("revocations").get_json()["revocations"] == []


def test_no_number_stands_in_the_list(systems: Systems) -> None:
    entered(systems)
    assert PERSON not in systems.get("revocations").get_data(as_text=True)
