"""What laws ask to be on record, held against histories made by hand; no database."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from consent.evidence.packs.checklist import checklist, history
from consent.policies.service import shipped_law

BEGAN = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
TEXTS = "service-texts"


def entry(name: str, kind: str, after: timedelta = timedelta(), **more: Any) -> dict[str, Any]:
    at = (BEGAN + after).isoformat()
    told: dict[str, Any] = {"entry": name, "type": kind, "occurred_at": at, "source": "api", "programs": [TEXTS]}
    told |= {"data": {"method": "web-form"}, "wordings": {"h": "text"}}
    return told | {"facts": {"address": "+15095550142", "ip": "203.0.113.7", "person": "c-1"}} | more


def message(name: str, after: timedelta, program: str | None = TEXTS) -> dict[str, Any]:
    return {"id": name, "at": (BEGAN + after).isoformat(), "program": program}


def gaps(
    entries: list[dict[str, Any]], messages: list[dict[str, Any]] | None = None, places: tuple[str, ...] = ("US-WA",)
) -> dict[str, set[tuple[str, str]]]:
    """What is missing, by the rule."""
    told = history(entries, messages or [])
    made = checklist(told, shipped_law(), places, ZoneInfo("America/Los_Angeles"), BEGAN + timedelta(days=60))
    found: dict[str, set[tuple[str, str]]] = {}
    for regime in made:
        for duty in regime["duties"]:
            if duty["state"] == "missing":
                found.setdefault(duty["law"], set()).update((gap["entry"], gap["lacks"]) for gap in duty["gaps"])
    return found


def states(entries: list[dict[str, Any]], places: tuple[str, ...]) -> set[str]:
    made = checklist(history(entries, []), shipped_law(), places, ZoneInfo("UTC"), BEGAN + timedelta(days=60))
    return {duty["state"] for regime in made for duty in regime["duties"]}


def test_a_whole_consent_with_its_stop_has_no_gap() -> None:
    stop = entry("stop", "consent.withdrawn", timedelta(days=1), source="webhook", data={"method": "keyword"})
    sent = entry("sent", "message.sent", timedelta(days=1, minutes=1), data={"answers": "stop"})
    before = message("m", timedelta(hours=1))
    assert gaps([entry("yes", "consent.given"), stop, sent], [before]) == {}


def test_each_field_that_a_consent_lacks_is_named_under_the_rule_that_asks_for_it() -> None:
    bare = entry("yes", "consent.given", wordings={}, facts={"address": "+15095550142"})
    found = gaps([bare])
    assert ("yes", "opt-in-language-shown") in found["US-TCPA-PEWC"]
    assert ("yes", "ip-address") in found["CTIA-CONSENT-RECORD"]
    assert ("yes", "person") in found["US-TSR-RECORDS"] and "US-TCPA-REVOKE" not in found


def test_what_was_sent_after_a_stop_is_named_at_once_for_carriers_and_after_ten_business_days_for_the_law() -> None:
    said = [entry("yes", "consent.given"), entry("stop", "consent.withdrawn", timedelta(days=1))]
    soon, late = message("soon", timedelta(days=3)), message("late", timedelta(days=30))
    found = gaps(said, [soon, late, message("answer", timedelta(days=30), None)])
    assert found["CTIA-STOP-FINAL"] == {("soon", "silence"), ("late", "silence")}
    assert found["US-TCPA-REVOKE"] == {("late", "silence")}
    again = entry("again", "consent.renewed", timedelta(days=2))
    assert gaps([*said, again], [soon, late]) == {}


def test_a_confirmation_that_comes_twice_or_late_is_named() -> None:
    stop = entry("stop", "consent.withdrawn", source="webhook")
    answers = [entry(f"a{n}", "message.sent", timedelta(minutes=n), data={"answers": "stop"}) for n in (1, 9)]
    assert gaps([stop, *answers])["US-TCPA-CONFIRM"] == {
        ("stop", "one confirmation only"),
        ("stop", "confirmation in time"),
    }


def test_facts_that_can_no_longer_be_read_are_named_while_the_rule_asks_for_them() -> None:
    found = gaps([entry("yes", "consent.given", facts={})])
    assert ("yes", "readable facts") in found["US-TCPA-SOL"] & found["US-TSR-RECORDS"]
    old = entry("old", "consent.given", -timedelta(days=365 * 12), facts={"ip": "203.0.113.7"}, wordings={})
    assert not gaps([old]).get("US-TCPA-SOL")


def test_a_law_of_elsewhere_is_about_nothing_here() -> None:
    assert states([entry("yes", "consent.given")], ("CA-BC",)) == {"nothing"}
