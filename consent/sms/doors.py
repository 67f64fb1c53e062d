"""The gateway accounts whose webhooks are called: found by their address, remembered while the database is away."""

import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from prometheus_client import Counter

from consent.db import Database
from consent.gateways.sms.base import Gateway
from consent.gateways.sms.numbers import confirmed_at
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.sms import service
from consent.web import metrics

FRESH_FOR = 2.0  # seconds an account is taken as it was read: a new secret or a closed account counts by then
REMEMBERED_FOR = 24 * 3600.0  # seconds an account is good for proving a call while the database is away
LONGEST_ENDPOINT = 64

LoadGateway = Callable[[str, Mapping[str, Any]], Gateway]


@dataclass(frozen=True, slots=True)
class Door:
    """A gateway account ready to be called."""

    account: service.Account
    gateway: Gateway
    numbers: Mapping[str, str]  # number -> who answers a STOP, "self" or "gateway"
    accepted: Counter

    def answering_for(self, number: str) -> service.Account:
        """The account with what the gateway answers by itself on this number: nothing where nobody registered it."""
        if self.numbers.get(number, "self") == "self":
            return self.account
        return replace(self.account, confirms=confirmed_at(number, self.gateway.answers_itself))


def door_of(organization_id: uuid.UUID, found: organizations.Account, gateway: Gateway) -> Door:
    """The same for an account that was not called."""
    account = service.Account(organization_id, found.id, found.gateway, found.can_send)
    return Door(account, gateway, found.numbers, metrics.WEBHOOKS.labels(gateway.name, "accepted"))


class Doors:
    """The accounts that were called lately."""

    def __init__(self, db: Database, keyring: Keyring, load: LoadGateway) -> None:
        self._db, self._keyring, self._load = db, keyring, load
        self._known: dict[str, tuple[float, Door]] = {}

    def find(self, endpoint: str) -> Door | None:
        """The account behind an address, or None. Raises Unavailable when nobody can be asked."""
        known = self._known.get(endpoint)
        if known is not None and time.monotonic() - known[0] < FRESH_FOR:
            return known[1]
        if len(endpoint) > LONGEST_ENDPOINT:
            return None
        with self._db.read() as tx:
            found = organizations.account_at_door(tx, self._keyring, endpoint)
        if found is None:
            self._known.pop(endpoint, None)
            return None
        door = self._made(found)
        self._known[endpoint] = (time.monotonic(), door)
        return door

    def remembered(self, endpoint: str) -> Door | None:
        """The account as it was when the database last answered, for a day."""
        known = self._known.get(endpoint)
        return known[1] if known is not None and time.monotonic() - known[0] < REMEMBERED_FOR else None

    def _made(self, found: organizations.AccountAtDoor) -> Door:
        gateway = self._load(found.gateway, found.settings)
        account = service.Account(found.organization_id, found.id, found.gateway, found.can_send)
        return Door(account, gateway, found.numbers, metrics.WEBHOOKS.labels(gateway.name, "accepted"))
