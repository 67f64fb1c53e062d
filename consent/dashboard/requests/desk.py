"""What every verb of the desk stands on: who acts, with which keys, and by the rules of the day the request arrived."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from consent.db import Tx
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.privacy_requests import steps
from consent.privacy_requests.casework import cases
from consent.privacy_requests.casework.cases import Case, Desk, Hand
from consent.staff.accounts import Account
from consent.staff.doors import Member
from consent.staff.roles import Act, may


def of(governing: Governing, keyring: Keyring, case: Case) -> Desk:
    """The desk of one request: a rule that changed later does not judge it."""
    in_force = governing.at(case.organization_id, case.counts_from)
    return Desk(keyring, in_force.log, in_force.rulebook)


def hand(member: Member) -> Hand:
    """The member as the ledger and the timeline name them."""
    return Hand(member.id, member.name)


def at_work(members: Iterable[Account]) -> tuple[Account, ...]:
    """Those of them who work on requests and can be in charge of one."""
    return tuple(one for one in members if one.state == "active" and may(one.role, Act.REQUESTS_DECIDE))


def note(
    tx: Tx, desk: Desk, case: Case, kind: str, by: Hand, now: datetime, data: Mapping[str, object], words: str = ""
) -> None:
    """Something was done that leads to no other state: one entry in the ledger, one line in the timeline.

    `data` hold nothing personal; `words` are sealed with the entry.
    """
    told = {"request": str(case.id), "type": case.request_type} | dict(data)
    who = {"staff": by.name}
    event = ledger.Event(f"privacy_request.{kind}", by.source, "none", (), told, None, who, words or None)
    entry = ledger.append(tx, desk.log, cases.stream_of(tx, desk, case), event, now)
    steps.add(tx, case.organization_id, case.id, kind, now, by.member_id, entry.event_id, data)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a form knew of the request: its version, and the number of the newest line of its timeline."""

    version: int
    line: int


def seen(form: Mapping[str, str]) -> Seen:
    """What the form that was sent had in it; one without a version is of none, and refused as stale."""
    version, line = form.get("version", ""), form.get("seen", "")
    return Seen(int(version) if _is_number(version) else 0, int(line) if _is_number(line) else 0)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
