"""Records as an organization's own systems register them: at 1VALET, whose buildings stand in two countries."""

import json
from dataclasses import dataclass
from typing import Any

from werkzeug.test import TestResponse

from consent import clock
from consent.db import Sql
from consent.db.types import as_id
from consent.house import House
from consent.retention import disposing
from tests.support.systems import Json, Systems
from tests.support.valley import Tenant

NYC, ONTARIO = "US-NY-NYC", "CA-ON"
OLD = "2026-07-01T12:00:00-04:00"  # ninety days later it is September
EVENTS = Sql("SELECT body FROM ledger_event WHERE organization_id = :organization_id ORDER BY log_id, event_id")
BATCH = Sql("SELECT id FROM disposal_batch WHERE organization_id = :organization_id AND store = 'shelf'")


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

    def fill(self, count: int, **said: Any) -> None:
        """So many records of nobody that are due, in the store by the name of shelf."""
        made = [self.said(**{"collected_at": OLD, "store": "shelf", "person": None} | said) for _ in range(count)]
        assert self.systems.post("records/batch", {"records": made}).status_code == 200

    def left(self) -> list[str]:
        """The references of what is on the list."""
        return [one["reference"] for one in _json(self.systems.get("records?limit=200"), 200)["records"]]

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


def rows(house: House, tenant: Tenant, sql: Sql) -> list[Any]:
    """What the tenant has there."""
    with house.db.read(tenant.id) as tx:
        return tx.all(sql, {"organization_id": tenant.id})


def events(house: House, tenant: Tenant) -> list[Json]:
    """The ledger, event by event."""
    return [json.loads(bytes(row[0])) for row in rows(house, tenant, EVENTS)]


def disposed(house: House, tenant: Tenant) -> list[Json]:
    """What the ledger says of disposals."""
    return [one["data"] for one in events(house, tenant) if one["type"] == "record.disposed"]


def confirmed(house: House, tenant: Tenant) -> bool:
    """Somebody says that the batch is gone, if there is one; whether that was believed."""
    now = clock.now()
    in_force = house.governing.now(tenant.id, now)
    batch_id = as_id(rows(house, tenant, BATCH)[0][0])
    return house.db.write(
        lambda tx: disposing.confirm(tx, house.keyring, in_force, batch_id, "member", 2, now), tenant.id
    )
