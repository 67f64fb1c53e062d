"""Somebody of an organization's staff, made and signed in without their forms."""

import itertools
import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext

from consent.db import Tx
from consent.house import House
from consent.staff import accounts, sign_ins
from consent.staff.roles import Role
from consent.staff.sign_ins import Ticket
from tests.support.valley import PUBLIC_URL

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Seated:
    """A member of the staff who is signed in, with a factor shown at `member`'s `now`."""

    house: House
    id: UUID
    organization_id: UUID
    role: Role
    name: str
    email: str
    ticket: Ticket

    @property
    def cookie(self) -> str:
        """What the browser holds."""
        return sign_ins.cookie_value(self.house.keyring, self.ticket)

    def client(self, app: Flask) -> FlaskClient:
        """Their browser."""
        client = app.test_client()
        name = "__Host-staff" if app.config["SESSION_COOKIE_SECURE"] else "staff"
        for domain in ("localhost", PUBLIC_URL.removeprefix("https://")):
            client.set_cookie(name, self.cookie, domain=domain)
        return client

    def sit(self, context: BrowserContext, address: str) -> None:
        """The same in Chromium, for the service at this address."""
        context.add_cookies([{"name": "staff", "value": self.cookie, "url": address, "sameSite": "Strict"}])

    def csrf(self, client: FlaskClient | None = None) -> str:
        """The token that each of their forms carries."""
        return sign_ins.csrf(self.house.keyring, self.ticket)


def member(house: House, organization_id: UUID, now: datetime, role: Role = Role.ADMIN, name: str = "") -> Seated:
    """A new account of this role, active, and signed in at one browser."""
    number = next(_numbers)
    name, email = name or f"Ana {number}", f"staff-{number}@valley.example"

    def work(tx: Tx) -> tuple[UUID, Ticket]:
        place = {"email": email, "name": name, "role": role, "language": "en", "now": now}
        account = accounts.create(tx, house.keyring, organization_id, **place)
        accounts.set_state(tx, organization_id, account, "active")
        return account, sign_ins.begin(tx, organization_id, account, "Firefox, Linux", "app", now)

    account, ticket = house.db.write(work, organization_id)
    return Seated(house, account, organization_id, role, name, email, ticket)


def token_in(page: str) -> str:
    """The token that the first form of this page carries."""
    return hidden_in(page, "csrf")


def hidden_in(page: str, name: str) -> str:
    """What the first hidden field of this name carries."""
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found is not None
    return found[1]
