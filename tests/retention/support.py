"""Records as an organization's own systems register them: at 1VALET, whose buildings stand in two countries."""

from dataclasses import dataclass
from typing import Any

from werkzeug.test import TestResponse

from tests.support.systems import Json, Systems

NYC, ONTARIO = "US-NY-NYC", "CA-ON"


@dataclass(slots=True)
class Shelves:
    """What one organization registers; each reference is new unless it is named."""

    systems: Systems
    count: int = 0

    def said(self, **changes: Any) -> Json:
        """A complete record; a change of None takes the member away."""
        self.count += 1
        complete: Json = {
            "category": "authentication-data",
            "store": "own",
            "reference": f"entry-{self.count}",
            "collected_at": "2026-09-01T12:00:00-04:00",
            "purpose": "letting the tenant in",
            "source": "automatic",
            "person": "tenant-7",
            "role": "tenant",
            "jurisdiction": NYC,
            "site": "building-1",
        }
        return {name: value for name, value in (complete | changes).items() if value is not None}

    def register(self, **changes: Any) -> Json:
        """The record as the door shows it."""
        return _json(self.systems.post("records", self.said(**changes)), 201)

    def reference_data(self, **changes: Any) -> Json:
        """A template to which faces are compared."""
        return self.register(category="reference-data", **changes)

    def refused(self, **changes: Any) -> Json:
        """The problem with which it is refused."""
        return _json(self.systems.post("records", self.said(**changes)), 422)

    def read(self, record: Json) -> Json:
        """As it stands now."""
        return _json(self.systems.get(f"records/{record['id']}"), 200)

    def happened(self, event: str, at: str, **what: Any) -> list[Json]:
        """What happened to a person, and the records it moved."""
        told = {"event": event, "happened_at": at, "person": "tenant-7", **what}
        moved: list[Json] = _json(self.systems.post("records/events", told), 200)["records"]
        return moved

    def hold(self, **said: Any) -> TestResponse:
        """The answer to a hold that is asked for."""
        complete = {"kind": "legal", "ground": "tax", "reason": "An audit.", "owner": "Ana", "until": "2027-06-30"}
        asked = {name: value for name, value in (complete | said).items() if value is not None}
        return self.systems.post("holds", asked)


def _json(response: TestResponse, status: int) -> Json:
    assert response.status_code == status, (response.status_code, response.get_data(as_text=True)[:2000])
    body: Json = response.get_json()
    return body
