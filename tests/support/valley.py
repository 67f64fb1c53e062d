"""Valley Smart Homes as tests meet it: founded from the shipped pack, with a key, a gateway account and a number."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient

from consent import config as configuration
from consent.commands.demo.command import create_secrets
from consent.config import Config
from consent.house import House
from consent.organizations import service as organizations
from consent.policies.founding import found
from tests.support.packs import POLICIES
from tests.support.twilio import Twilio

PACK = POLICIES / "valley-smart-homes"
PUBLIC_URL = "https://consent.example"
NUMBER = "+15095550100"
PERSON = "+15095550142"
TOKEN = "0123456789abcdef0123456789abcdef"
TEXTS = "account-service-notifications"
WORDING = (
    "Text me about my account and service. Message frequency may vary. Message and data rates may apply. "
    "Reply HELP for help, STOP to stop. Not required to buy anything."
)


@dataclass(frozen=True, slots=True)
class Tenant:
    """An organization with a way in for its systems and one for its gateway."""

    id: UUID
    slug: str
    name: str
    key: str
    endpoint: str
    token: str = TOKEN
    number: str = NUMBER

    @property
    def headers(self) -> dict[str, str]:
        """What the organization's own systems send along."""
        return {"Authorization": f"Bearer {self.key}"}

    def gateway(self, client: FlaskClient) -> Twilio:
        """Twilio, calling this organization's webhook."""
        return Twilio(client, PUBLIC_URL, f"/webhooks/sms/{self.endpoint}", self.token, self.number)


def settings(data_dir: Path, database_url: str, **more: str) -> Config:
    """The settings of a test: development, with a public address of its own."""
    given = {
        "CONSENT_DATA_DIR": str(data_dir),
        "CONSENT_DATABASE_URL": database_url,
        "CONSENT_PUBLIC_URL": PUBLIC_URL,
        "CONSENT_DATABASE_CONNECTIONS": "8",
    }
    return configuration.load(given | more)


def found_tenant(house: House, now: datetime, pack: Path = PACK) -> Tenant:
    """The organization of this pack is served, with a key that may everything and a Twilio account that can send."""
    tenant = found(house.config, house.db, house.keyring, pack, now)
    key = make_key(house, tenant.id, now, *organizations.SCOPES)
    endpoint = make_account(house, tenant.id, now)
    return Tenant(tenant.id, tenant.slug, tenant.name, key, endpoint)


def make_key(house: House, organization_id: UUID, now: datetime, *scopes: str) -> str:
    """An API key with these scopes."""
    return house.db.write(
        lambda tx: organizations.create_key(tx, house.keyring, organization_id, "tests", scopes, now), organization_id
    )


def make_account(
    house: House,
    organization_id: UUID,
    now: datetime,
    *,
    can_send: bool = True,
    stop_reply: str = "self",
    number: str = NUMBER,
    **more: Any,
) -> str:
    """A Twilio account; its endpoint comes back. `stop_reply` says who confirms a STOP: self or gateway."""
    account = {"auth_token": TOKEN, "account_sid": "AC" + "0" * 32} | more
    return house.db.write(
        lambda tx: organizations.create_account(
            tx,
            house.keyring,
            organization_id,
            gateway="twilio",
            can_send=can_send,
            name="tests",
            settings=account,
            numbers={number: stop_reply},
            now=now,
        ),
        organization_id,
    )


def new_data_dir(folder: Path) -> Path:
    """A data folder with the root key and the cookie secret."""
    folder.mkdir(parents=True, exist_ok=True)
    create_secrets(settings(folder, f"sqlite:///{folder / 'none.db'}"))
    return folder


def copy_keys(source: Path, target: Path) -> None:
    """The keys of a prepared organization, with their modes, in another data folder."""
    shutil.copytree(source / "keys", target / "keys")


def consent_of(program: str = TEXTS, **changes: Any) -> dict[str, Any]:
    """A complete consent as a system would send it; a change of None takes the member away."""
    complete: dict[str, Any] = {
        "program": program,
        "channel": "sms",
        "address": PERSON,
        "state": "given",
        "occurred_at": "2026-11-20T10:15:00-08:00",
        "method": "web-form",
        "wording": {"text": WORDING, "language": "en"},
        "ip": "203.0.113.7",
    }
    return {name: value for name, value in (complete | changes).items() if value is not None}


def question(**changes: Any) -> dict[str, Any]:
    """May an outage text go to the person now?"""
    asked: dict[str, Any] = {"program": TEXTS, "message_class": "outage", "channel": "sms", "address": PERSON}
    return {name: value for name, value in (asked | changes).items() if value is not None}
