"""A case and a rulebook without a database: what the pure parts of the work are asked with."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from consent.policies.answers.requests import Requests
from consent.policies.kinds import Promise
from consent.policies.organization import OrganizationPack
from consent.policies.packs import load_law
from consent.policies.rulebook import Rulebook
from consent.privacy_requests.casework import Case
from tests.policies.answers.companies import organization, promises
from tests.policies.house import POLICIES

_EMPTY: dict[str, Any] = {"state": "open", "version": 1, "pauses": (), "reference": "", "how": "letter", "binding": "",
                          "escalated": ""}  # fmt: skip


@dataclass(frozen=True)
class Rules:
    """As much of a rulebook as requests are judged by."""

    organization: OrganizationPack
    promises: Sequence[Promise]
    requests: Requests


def rules(prefix: str, day: date, *places: str) -> Rulebook:
    """What this company promises, with the law of that day for people in these places."""
    law = [one for one in load_law(POLICIES / "law") if one.binds(day, places)]
    known = (*promises(prefix), *law)
    return cast(Rulebook, Rules(organization(prefix), known, Requests(organization(prefix), known)))


def case(rulebook: Rulebook, request_type: str, received: str, place: str | None = None, **more: Any) -> Case:
    """A request that arrived at this local time of the company."""
    received_at = datetime.fromisoformat(received).replace(tzinfo=ZoneInfo(rulebook.organization.zone))
    given: dict[str, Any] = dict.fromkeys((one.name for one in fields(Case)), None)
    ids: dict[str, Any] = dict.fromkeys(("organization_id", "id", "contact_point_id", "entry_id"), UUID(int=1))
    return Case(
        **(given | _EMPTY | ids | {"request_type": request_type, "received_at": received_at, "place": place} | more)
    )
