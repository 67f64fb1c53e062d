"""Contact points at the API: found by a look-up in the body, shown with what holds and what happened."""

import uuid

import pytest

from consent.db import Sql
from consent.house import House
from consent.preferences import rules
from consent.preferences import service as preferences
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical
from tests.support.systems import Systems
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, TEXTS, Tenant

BODIES = Sql("SELECT body FROM ledger_event WHERE organization_id = :organization_id AND stream_id = :stream_id")
NOBODY = "0199c0de-0000-4000-8000-00000000beef"


def test_a_number_is_found_by_its_id_and_shown_masked(systems: Systems) -> None:
    systems.consent()
    found = systems.post("contact-points/lookup", {"channel": "sms", "address": PERSON}).get_json()
    assert uuid.UUID(found["id"])
    assert (found["channel"], found["masked"]) == ("sms", "•••• 0142")


def test_a_number_nobody_knows_and_an_id_nobody_has_look_alike(systems: Systems) -> None:
    answers = [
        systems.post("contact-points/lookup", {"channel": "sms", "address": PERSON}),
        systems.get(f"contact-points/{NOBODY}/preferences"),
        systems.get(f"contact-points/{NOBODY}/history"),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert {answer.get_json()["type"] for answer in answers} == {"/problems/not-found"}


def test_an_address_in_a_url_leads_nowhere(systems: Systems) -> None:
    systems.consent()
    for path in (f"contact-points/{PERSON}/preferences", f"contact-points/lookup?address={PERSON}"):
        assert systems.get(path).status_code in (404, 405)


def test_preferences_show_each_program_of_the_channel_with_its_record(systems: Systems) -> None:
    consent = systems.consent(person="customer-1")
    shown = systems.preferences()
    assert (shown["channel"], shown["stopped"]) == ("sms", False)
    [program] = shown["programs"]
    assert program["program"] == TEXTS
    [said] = program["on_record"]
    assert (said["state"], said["entry"], said["policy_version"]) == ("given", consent["entry"], "2025-01-02")


def test_preferences_show_a_stop_with_its_entry(systems: Systems, twilio: Twilio) -> None:
    systems.consent()
    twilio.text("STOP")
    shown = systems.preferences()
    assert shown["stopped"] is True
    assert shown["stopped_entry"] == systems.history()[0]["entry"]
    assert shown["programs"][0]["on_record"][0]["state"] == "withdrawn"


def test_history_is_read_page_by_page_newest_first_each_event_once(systems: Systems, twilio: Twilio) -> None:
    systems.consent()
    for number in range(7):
        twilio.text(f"text {number}")
    contact_point = systems.lookup()
    seen, cursor, pages = [], "", 0
    while True:
        path = f"contact-points/{contact_point}/history?limit=3" + (f"&cursor={cursor}" if cursor else "")
        page = systems.get(path).get_json()
        seen += [event["facts"].get("msg_text") for event in page["events"]]
        pages += 1
        if "next" not in page:
            break
        cursor = page["next"]
    assert seen == [f"text {number}" for number in range(6, -1, -1)] + [None]
    assert pages == 3


@pytest.mark.parametrize(
    "cursor", ["x", "!!!!", "MA", "LTE", "MyA0", "Mw!!", "%00", "MTg0NDY3NDQwNzM3MDk1NTE2MTY", "a" * 201]
)
def test_a_cursor_that_was_not_made_here_is_refused(systems: Systems, cursor: str) -> None:
    systems.consent()
    answer = systems.get(f"contact-points/{systems.lookup()}/history?cursor={cursor}")
    assert answer.status_code in (400, 422)
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "limit=1&limit=2", "surprise=1"])
def test_a_query_that_means_nothing_is_refused(systems: Systems, query: str) -> None:
    systems.consent()
    assert systems.get(f"contact-points/{systems.lookup()}/history?{query}").status_code in (400, 422)


def test_what_holds_equals_the_ledger_replayed(house: House, valley: Tenant, systems: Systems, twilio: Twilio) -> None:
    systems.consent(person="customer-1")
    systems.consent(person="customer-2", occurred_at="2026-11-20T12:00:00Z")
    for said in ("STOP", "START", "STOP", "hello", "START"):
        twilio.text(said)
    systems.consent(state="refused", occurred_at="2026-11-19T12:00:00Z", person="customer-2")
    tagged = subjects.tagged(house.keyring, valley.id, canonical("sms", PERSON))
    with house.db.read(valley.id) as tx:
        stream = subjects.find(tx, valley.id, tagged)
        assert stream is not None
        stored = preferences.read(tx, valley.id, "sms", tagged.tag64)
        bodies = [bytes(row[0]) for row in tx.all(BODIES, {"organization_id": valley.id, "stream_id": stream})]
    assert len(bodies) == 8
    assert rules.fold(preferences.facts_of(bodies)) == stored
