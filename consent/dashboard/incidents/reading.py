"""What the forms of incidents say, read by the organization's clock; nothing is guessed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from consent.deadlines import zones
from consent.incidents import rules
from consent.web.messages import N_

NO_TIME = N_("Give a day and a time, such as 2026-11-22T14:30.")
NO_DAY = N_("Give a day, such as 2026-11-22.")
LONG = N_("This is too long.")
ANSWERS = {"yes": True, "no": False, "": None}
LONGEST = {"title": 200, "subject": 200}


def facts(sent: Mapping[str, str], zone: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The facts that were sent, and what is wrong with them by field; an empty field says that nothing is known."""
    found: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name in rules.INSTANTS:
        if name not in sent:
            continue
        text = sent[name].strip()
        try:
            found[name] = datetime.fromisoformat(text).replace(tzinfo=zones.zone(zone)) if text else None
            if found[name] is not None and not 1970 <= found[name].year <= 2199:
                raise ValueError
        except ValueError:
            wrong[name] = NO_TIME
    for name in ("law_requires", "feasible_before"):
        if name in sent:
            found[name] = ANSWERS.get(sent[name])
    if "forbidden_asked" in sent:
        found["forbidden"] = "forbidden" in sent
    if "places" in sent:
        found["places"] = tuple(dict.fromkeys(sent["places"].upper().replace(",", " ").split()))
    for name in ("delay_ground", "delay_body"):
        if name in sent:
            found[name] = sent[name].strip()[:200]
    if "delay_review_on" in sent:
        try:
            found["delay_review_on"] = date.fromisoformat(text) if (text := sent["delay_review_on"].strip()) else None
        except ValueError:
            wrong["delay_review_on"] = NO_DAY
    if found.get("detected_at", 0) is None:
        wrong["detected_at"] = NO_TIME
    return found, wrong


def words(sent: Mapping[str, str], names: tuple[str, ...]) -> tuple[dict[str, str], dict[str, str]]:
    """The words that were sent under these names, and what is wrong with them."""
    found = {name: sent[name].replace("\r\n", "\n").strip() for name in names if name in sent}
    wrong = {name: LONG for name, text in found.items() if len(text) > LONGEST.get(name, 20_000)}
    return found, wrong
