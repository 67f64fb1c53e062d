"""The five organizations as tests meet them, side by side in one house: each with a key, and texts where it has any."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask.testing import FlaskClient

from consent.house import House
from consent.organizations import service as organizations
from consent.policies.founding import found
from consent.policies.packs import load_organization
from tests.support.packs import POLICIES
from tests.support.systems import Json, Systems
from tests.support.twilio import Twilio
from tests.support.valley import TOKEN, Tenant, make_key

VALLEY, VALET, VALTT, VOX, SMARTT = "valley-smart-homes", "1valet", "valtt", "voxvalley", "smartt"
FIVE = (VALLEY, VALET, VALTT, VOX, SMARTT)


def found_shipped(house: House, slug: str, now: datetime) -> Tenant:
    """The organization of this shipped pack is served; its texting numbers belong to a Twilio account that can send."""
    folder = POLICIES / slug
    tenant = found(house.config, house.db, house.keyring, folder, now)
    key = make_key(house, tenant.id, now, *organizations.SCOPES)
    numbers = {one.number: "self" for one in load_organization(folder).senders if one.channel == "sms"}
    endpoint = ""
    if numbers:
        endpoint = house.db.write(
            lambda tx: organizations.create_account(
                tx,
                house.keyring,
                tenant.id,
                gateway="twilio",
                can_send=True,
                name="tests",
                settings={"auth_token": TOKEN, "account_sid": "AC" + "0" * 32},
                numbers=numbers,
                now=now,
            ),
            tenant.id,
        )
    return Tenant(tenant.id, tenant.slug, tenant.name, key, endpoint, number=next(iter(numbers), ""))


@dataclass(frozen=True, slots=True)
class Five(Mapping[str, Systems]):
    """Every organization's own systems, by its slug."""

    systems: dict[str, Systems]

    @classmethod
    def of(cls, client: FlaskClient, tenants: Iterable[Tenant]) -> "Five":
        """These organizations behind one client."""
        return cls({tenant.slug: Systems(client, tenant) for tenant in tenants})

    def __getitem__(self, slug: str) -> Systems:
        return self.systems[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self.systems)

    def __len__(self) -> int:
        return len(self.systems)

    def twilio(self, slug: str) -> Twilio:
        """Twilio, which signs what it brings to this organization's webhook."""
        at = self[slug]
        return at.tenant.gateway(at.client)


def consent_to(program: str, channel: str, address: str, **changes: Any) -> Json:
    """A complete consent to any program or feature; a change of None takes the member away."""
    complete: Json = {
        "program": program,
        "channel": channel,
        "address": address,
        "state": "given",
        "occurred_at": "2026-11-20T18:15:00Z",
        "method": "web-form",
        "wording": {
            "text": "I agree to this and can end it at any time. It is no condition of buying.",
            "language": "en",
        },
        "ip": "203.0.113.7",
    }
    return {name: value for name, value in (complete | changes).items() if value is not None}
