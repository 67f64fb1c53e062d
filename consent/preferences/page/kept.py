"""What this browser remembers of a visit: what was chosen before there was a code, and which acts were its own."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from flask import session

from consent.verification.visits import Visit

WANTED, ACTS = "wanted", "acts"
WANTED_FOR = timedelta(minutes=30)  # as long as a visit lasts without a look
MOST_WANTED, MOST_ACTS = 50, 10


def want(visit: Visit, fields: Iterable[str], now: datetime) -> None:
    """These switches were moved to on; who proves to have the same address may find them marked."""
    until = (now + WANTED_FOR).timestamp()
    session[WANTED] = {"of": _places(visit), "on": sorted(fields)[:MOST_WANTED], "until": until}


def wanted(visit: Visit, now: datetime) -> frozenset[str]:
    """What was chosen in this browser for an address of this visit; nothing that was chosen for another."""
    found = session.get(WANTED)
    if not isinstance(found, dict) or found["until"] < now.timestamp() or not set(found["of"]) & set(_places(visit)):
        return frozenset()
    return frozenset(found["on"])


def want_nothing() -> None:
    """Nothing is marked any more."""
    session.pop(WANTED, None)


def pressed(visit: Visit, mark: str) -> None:
    """The act of this mark is this visitor's own."""
    session[ACTS] = [*session.get(ACTS, []), [mark, _person(visit)]][-MOST_ACTS:]


def is_own(visit: Visit, mark: str) -> bool:
    """Was the act pressed in this browser, by nobody else of those who share the address?"""
    return [mark, _person(visit)] in session.get(ACTS, [])


def _places(visit: Visit) -> list[str]:
    return [f"{visit.organization_id.hex}:{one.tagged.address.channel}:{one.tagged.tag64}" for one in visit.places]


def _person(visit: Visit) -> str:
    return visit.person_id.hex if visit.person_id is not None else ""
