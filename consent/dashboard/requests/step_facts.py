"""The facts of a step of a request as staff read them: our own words by name and value, anything else as it stands."""

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from consent.dashboard.requests import by_hand, naming
from consent.dashboard.requests.letters import catalogue
from consent.privacy_requests import confirming, types
from consent.privacy_requests.answers.words import Speaker
from consent.web.i18n import in_words
from consent.web.messages import N_

LEFT_OUT = frozenset({"state", "version", "type", "request", "stage"})  # known from the title or the head of the page
YES, NO = N_("Yes"), N_("No")
METHODS = {
    "contact-point": N_("They answered from the address on record"),
    "account": N_("They were signed in to their account"),
    "facts": N_("They knew facts of record that others do not"),
    "document": N_("A document, looked at and deleted with this step"),
    "in-person": N_("In person, at the counter"),
}
# A code that the person entered on our page is noted by itself, and so is none of the boxes above.
PROVEN = METHODS | {confirming.CODE: N_("They entered a code that went to the address on record, and said it was they")}
SHOWN = {
    "authority": N_("That they may act for the person"),
    "principal-identity": N_("Who the person is"),
    "representative-identity": N_("Who they are themselves"),
}
NAMES = {
    "acknowledge_by": N_("Confirm receipt by"),
    "action": N_("What becomes of it"),
    "category": N_("Kind of data"),
    "certificate": N_("The certificate"),
    "count": N_("Records"),
    "days": N_("Days"),
    "days_late": N_("Days late"),
    "due": N_("Answer by"),
    "evidence_deleted": N_("Files deleted"),
    "fallback_on": N_("If nothing happens, you step in on"),
    "from": N_("Answer by, before"),
    "ground": N_("Ground"),
    "histories": N_("Histories to erase"),
    "how": N_("Came by"),
    "item": N_("Step of the list"),
    "language": N_("Language"),
    "letter": N_("Letter"),
    "methods": N_("By what it was made sure"),
    "on_time": N_("On time"),
    "outcomes": N_("What was decided"),
    "place": N_("Where the person lives"),
    "reopened_from": N_("State before"),
    "role": N_("Asks as"),
    "shown": N_("What was shown"),
    "store": N_("System"),
    "streams": N_("Histories to erase"),
    "tasks": N_("Tasks"),
    "to": N_("To"),
    "told": N_("How they were told"),
    "until": N_("Answer by, now"),
    "verified": N_("Known to be them"),
}
ITEMS = {one.key: one.title for kind in types.ALL for one in kind.checklist}
_DAYS = frozenset({"acknowledge_by", "due", "fallback_on", "from", "until"})


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact; `plain` says that its value is a word of a policy or of ours, and not of the page's language."""

    name: str
    named: bool
    value: str
    plain: bool


def told(
    facts: Mapping[str, Any], names: Mapping[uuid.UUID, str], speaker: Speaker, request_type: str = ""
) -> tuple[Fact, ...]:
    """The facts in the language of the page; what is empty or known from the title is left out.

    `request_type` is that of the request, by which what was decided has its words.
    """
    made = []
    for name, value in sorted(facts.items()):
        if name in LEFT_OUT or value in (None, "", [], {}):
            continue
        said = _day(value) if name in _DAYS else _named(name, value, speaker, request_type)
        title = naming.said(NAMES[name]) if name in NAMES else name.replace("_", " ")
        made.append(Fact(title, name in NAMES, said or _word(value, names), not said))
    return tuple(made)


def _day(value: Any) -> str:
    try:
        return in_words(date.fromisoformat(str(value)))
    except ValueError:
        return ""


def _named(name: str, value: Any, speaker: Speaker, request_type: str) -> str:
    """What our own words mean; empty for any other fact."""
    if isinstance(value, bool):
        return naming.said(YES if value else NO)
    if isinstance(value, list):
        return _listed(name, [str(one) for one in value], speaker, request_type)
    if name == "action":
        return speaker.action(str(value), done=True)
    if name == "category":
        return naming.category_name(str(value), speaker)
    if name == "item":
        return naming.said(ITEMS[value]) if value in ITEMS else ""
    if name == "letter":
        return naming.said(catalogue.BY_KEY[value].title) if value in catalogue.BY_KEY else ""
    plain: dict[str, Callable[[str], str]] = {
        "how": naming.way_name, "told": _way, "place": naming.place_name, "ground": naming.ground_name,
        "reopened_from": naming.state_name, "store": naming.store_name,
    }  # fmt: skip
    said = plain[name](str(value)) if name in plain else ""
    return said if said != value else ""


def _way(told: str) -> str:
    return naming.said(by_hand.TOLD[told]) if told in by_hand.TOLD else naming.way_name(told)


def _listed(name: str, values: list[str], speaker: Speaker, request_type: str) -> str:
    if name == "outcomes":
        return naming.outcome_lines(values, speaker, request_type)
    known = {"methods": PROVEN, "shown": SHOWN}.get(name, {})
    return ", ".join(naming.said(known[one]) for one in values) if set(values) <= set(known) else ""


def _word(value: Any, names: Mapping[uuid.UUID, str]) -> str:
    if isinstance(value, str):
        try:
            return names.get(uuid.UUID(value), value)
        except ValueError:
            return value
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
