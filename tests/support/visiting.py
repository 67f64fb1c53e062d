"""A person before the doors of the preference page: asks for a code, reads it, types it."""

import json
import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consent.db import Sql
from consent.db.types import as_id
from consent.house import House
from consent.ledger import keys
from consent.outbox.service import JOB
from tests.support.valley import PUBLIC_URL, Tenant

_NEWEST = Sql(
    "SELECT id, queue, payload FROM job WHERE organization_id = :organization_id AND kind IN ('code', 'mail.code')"
    " ORDER BY created_at DESC, id DESC LIMIT 1"
)


class Visitor:
    """Somebody with a browser, before one organization."""

    def __init__(self, client: FlaskClient, house: House, tenant: Tenant) -> None:
        self.client, self.house, self.tenant = client, house, tenant
        self.base = f"/{tenant.slug}/preferences"

    def get(self, path: str, **more: Any) -> TestResponse:
        """A page below /<organization>/preferences."""
        return self.client.get(self.base + path, base_url=PUBLIC_URL, **more)

    def post(self, path: str, caller: str | None = None, **fields: str) -> TestResponse:
        """A form of ours, sent with the token of this browser's session; by a proxy of ours that names the caller."""
        headers = {"X-Forwarded-For": caller} if caller is not None else {}
        data = {"csrf": self.csrf()} | fields
        return self.client.post(self.base + path, data=data, base_url=PUBLIC_URL, headers=headers)

    def csrf(self) -> str:
        """The token that the forms of this browser carry."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.get("/code").get_data(as_text=True))
        assert found is not None
        return found[1]

    def ask(self, contact: str, caller: str | None = None) -> TestResponse:
        """Somebody types an address and presses the button."""
        return self.post("/code", caller, contact=contact)

    def sent(self) -> dict[str, str]:
        """What the newest job with a code carries."""
        with self.house.db.read(self.tenant.id) as tx:
            row = tx.one(_NEWEST, {"organization_id": self.tenant.id})
        assert row is not None
        key = self.house.keyring.challenge_key(self.tenant.id)
        payload: dict[str, str] = json.loads(keys.open_facts(key, bytes(row[2]), self.tenant.id, as_id(row[0]), JOB))
        return payload | {"queue": row[1]}

    def code(self) -> str:
        """The code of the newest message."""
        found = re.search(r"\b(\d{6})\b", self.sent()["text"])
        assert found is not None
        return found[1]

    def link(self) -> str:
        """The path of the link in the newest mail, below /<organization>/preferences."""
        found = re.search(rf"{re.escape(PUBLIC_URL + self.base)}(/enter/\S+)", self.sent()["text"])
        assert found is not None
        return found[1]

    def come_in(self, contact: str) -> TestResponse:
        """Asks for a code and types it."""
        assert self.ask(contact).status_code == 303
        return self.post("/enter", code=self.code())
