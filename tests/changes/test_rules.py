"""Which entries are changes, and what is told of them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from consent.changes import rules
from consent.ledger import bodies
from consent.preferences import facts as preference_facts
from consent.preferences import rules as preference_rules
from consent.preferences.rules import Effect

AT = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
ENTRY, STREAM = UUID(int=0x0199_0000_0000_7000_8000_0000_0000_0001), UUID(int=2)


def body(type: str, *, channel: str = "sms", purposes: tuple[str, ...] = (), **data: Any) -> bytes:
    return bodies.build(
        log="consent.example/log/acme/1",
        id=ENTRY,
        stream=STREAM,
        seq=1,
        prev=b"",
        type=type,
        recorded_at=AT,
        occurred_at=AT,
        source="api",
        channel=channel,
        purposes=purposes,
        data=data,
    )


def change(type: str, **more: Any) -> rules.Change:
    found = rules.change_of(body(type, **more))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("type", "state"),
    [
        ("consent.given", "given"),
        ("consent.refused", "refused"),
        ("consent.withdrawn", "withdrawn"),
        ("consent.expired", "expired"),
        ("consent.annulled", None),
        ("suppression.set", "withdrawn"),
        ("suppression.held", "held"),
        ("suppression.released", None),
        ("number.reported", None),
        ("do_not_call.requested", None),
        ("policy.moved", None),
        ("policy.published", None),
        ("import.finished", None),
        ("privacy_request.opened", None),
    ],
)
def test_what_concerns_the_companys_systems_is_told_with_the_state_it_brought(type: str, state: str | None) -> None:
    assert change(type, purposes=("reminders",)).state == state


@pytest.mark.parametrize("type", ["message.sent", "message.received", "log.opened", "key.created", "webhook.added"])
def test_what_the_house_writes_about_itself_and_single_texts_is_told_to_nobody(type: str) -> None:
    assert rules.change_of(body(type)) is None


def test_a_start_that_gave_no_program_back_lifts_the_block_of_the_number() -> None:
    found = change("message.received", purposes=("reminders",), intent="start")
    assert (found.type, found.state, found.programs, found.renews) == (rules.LIFTED, "given", (), ("reminders",))


def test_a_start_is_no_word_that_every_program_may_write_again() -> None:
    found = change("consent.renewed", purposes=("offers", "reminders"), intent="start", keyword_programs=["reminders"])
    assert (found.programs, found.renews) == (("reminders",), ("offers", "reminders"))


def test_the_word_start_in_another_fact_of_a_text_is_no_start() -> None:
    assert rules.change_of(body("message.received", intent="other", note={"intent": "start"})) is None


def test_a_type_named_among_the_facts_is_not_taken_for_the_type() -> None:
    assert bodies.type_of(body("message.sent", nested={"type": "consent.given"})) == "message.sent"


@pytest.mark.parametrize("effect", Effect)
def test_whatever_moves_what_holds_is_told(effect: Effect) -> None:
    """A kind of entry that preferences learn of is not forgotten here."""
    types = [type for type, does in preference_facts._OF_TYPE.items() if does is effect]
    facts = {"kind": "confirmed"} if effect is Effect.CONFIRMED else {}
    if effect is Effect.STOP_SOME:
        types, facts = ["consent.withdrawn"], {"scope": "programs"}
    for type in types or ["number.reported"]:
        found = change(type, purposes=("reminders",), **facts)
        assert found.state is None or effect not in preference_rules.ALLOWING or found.state in ("given", "withdrawn")


def test_a_policys_entry_is_about_no_contact_point() -> None:
    said = rules.told(change("policy.published", channel="none", policy="sms-terms", policy_version="2"))
    assert "contact_point" not in said
    assert (said["policy"], said["policy_version"]) == ("sms-terms", "2")


def test_what_is_told_of_a_consent() -> None:
    said = rules.told(
        change("consent.given", purposes=("reminders",), policy="p", policy_version="1", wording_sha256="x")
    )
    assert said == {
        "id": str(ENTRY),
        "type": "consent.given",
        "at": "2026-11-21T17:00:00.000Z",
        "recorded_at": "2026-11-21T17:00:00.000Z",
        "entry": str(ENTRY),
        "programs": ["reminders"],
        "contact_point": str(STREAM),
        "channel": "sms",
        "state": "given",
        "policy": "p",
        "policy_version": "1",
    }
