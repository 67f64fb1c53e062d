"""What the forms of incidents say, read by the organization's clock; nothing is guessed."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from consent.dashboard.incidents.words import unwritten
from consent.deadlines import zones
from consent.incidents import rules
from consent.incidents.finding import Query
from consent.web.i18n import LANGUAGES
from consent.web.messages import N_

NO_TIME = N_("Give a day and a time, such as 2026-11-22T14:30.")
NO_DAY = N_("Give a day, such as 2026-11-22.")
LONG = N_("This is too long.")
ANSWERS = {"yes": True, "no": False, "": None}
NO_ANSWER = N_("Choose one of the answers.")
LONGEST = {
    "title": 200, "subject": 200, "what": 10_000, "assessment": 10_000, "how": 4_000, "delay_ground": 64,
    "delay_body": 200,
}  # fmt: skip


def facts(sent: Mapping[str, str], zone: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The facts that were sent, and what is wrong with them by field; an empty field says that nothing is known.

    A time without an offset is one of the organization's clock.
    """
    found: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name in rules.INSTANTS:
        if name not in sent:
            continue
        text = sent[name].strip()
        try:
            found[name] = _instant(text, zone) if text else None
        except ValueError:
            wrong[name] = NO_TIME
    for name in ("law_requires", "feasible_before"):
        if name in sent and sent[name] not in ANSWERS:
            wrong[name] = NO_ANSWER
        elif name in sent:
            found[name] = ANSWERS[sent[name]]
    if "forbidden_asked" in sent:
        found["forbidden"] = "forbidden" in sent
    if "places" in sent:
        found["places"] = tuple(dict.fromkeys(sent["places"].upper().replace(",", " ").split()))
    said, unsaid = words(sent, ("delay_ground", "delay_body"))
    found, wrong = found | said, wrong | unsaid
    if "delay_review_on" in sent:
        try:
            found["delay_review_on"] = date.fromisoformat(text) if (text := sent["delay_review_on"].strip()) else None
        except ValueError:
            wrong["delay_review_on"] = NO_DAY
    if found.get("detected_at", 0) is None:
        wrong["detected_at"] = NO_TIME
    return found, wrong


LONGEST_OF_QUERY = {"program": 64, "category": 64, "store": 64, "site": 100, "place": 10}


def query(sent: Mapping[str, str], zone: str) -> tuple[Query, dict[str, str]]:
    """By what people are to be found, and what is wrong with it by field; days are those of the organization."""
    said = {name: sent.get(name, "").strip() for name in LONGEST_OF_QUERY}
    wrong = {name: LONG for name, text in said.items() if len(text) > LONGEST_OF_QUERY[name]}
    days: dict[str, datetime] = {}
    for name in ("since", "until"):
        try:
            if text := sent.get(name, "").strip():
                day = date.fromisoformat(text) + timedelta(days=name == "until")
                days[name] = datetime.combine(day, time(), zones.zone(zone))
        except (ValueError, OverflowError):
            wrong[name] = NO_DAY
    said["place"] = said["place"].upper()
    everybody = bool(sent.get("everybody"))
    return Query(**said, since=days.get("since"), until=days.get("until"), everybody=everybody), wrong


def words(sent: Mapping[str, str], names: tuple[str, ...]) -> tuple[dict[str, str], dict[str, str]]:
    """The words that were sent under these names, and what is wrong with them."""
    found = {name: sent[name].replace("\r\n", "\n").strip() for name in names if name in sent}
    most = {name: LONGEST.get(name.partition("_")[0] if name.startswith("subject") else name, 20_000) for name in found}
    wrong = {name: LONG for name, text in found.items() if len(text) > most[name]}
    return found, wrong


def letters(sent: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The letter in each language that was sent; one that is still our draft is none."""
    names = ("subject", "letter", *(f"{name}_{one}" for one in LANGUAGES for name in ("subject", "letter")))
    found, wrong = words(sent, names)
    return {name: "" if name.startswith("letter") and unwritten(text) else text for name, text in found.items()}, wrong


def _instant(text: str, zone: str) -> datetime:
    read = datetime.fromisoformat(text)
    if not 1970 <= read.year <= 2199:
        raise ValueError(text)
    return read if read.tzinfo is not None else read.replace(tzinfo=zones.zone(zone))
