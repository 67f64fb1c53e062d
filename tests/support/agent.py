"""An authorized agent: signs what it asks as libsodium does, and calls the doors of the protocol."""

import base64
import json
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consent import clock
from consent.db import Tx
from consent.drp import agents
from consent.house import House
from consent.organizations import service as organizations
from tests.support.valley import Tenant

AGENT, BASE = "CR_AA", "/drp/v1"
ADA = "ada@people.example"


def combined(key: Ed25519PrivateKey, message: bytes) -> bytes:
    """Signature and message in base64."""
    return base64.b64encode(key.sign(message) + message)


class AuthorizedAgent:
    """An agent with a key of its own."""

    def __init__(self, client: FlaskClient, tenant: Tenant, agent_id: str = AGENT) -> None:
        self.client, self.tenant, self.agent_id = client, tenant, agent_id
        self.key = Ed25519PrivateKey.generate()
        self.business_id = agents.business_id_of(tenant.slug)
        self.token = ""

    @property
    def verify_key(self) -> bytes:
        """The key that the operator pins."""
        return self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def registered(self, house: House, now: datetime) -> "AuthorizedAgent":
        """The operator has added it."""

        def work(tx: Tx) -> None:
            tenant = organizations.find(tx, self.tenant.slug)
            agents.add(tx, house.keyring, tenant, self.agent_id, "Permission", self.business_id, self.verify_key, now)

        house.db.write(work, self.tenant.id)
        return self

    def group(self, **changes: Any) -> dict[str, Any]:
        """The first group of every message; a change of None takes the member away."""
        now = clock.now()
        said: dict[str, Any] = {
            "agent-id": self.agent_id,
            "business-id": self.business_id,
            "issued-at": now.isoformat(),
            "expires-at": (now + timedelta(minutes=10)).isoformat(),
            "drp.version": "1.0",
        }
        return {name: value for name, value in (said | changes).items() if value is not None}

    def set_up(self, **changes: Any) -> TestResponse:
        """The token is asked for, and kept where it comes."""
        answer = self.call("POST", f"/agent/{self.agent_id}", self.sign(self.group(**changes)), token=None)
        if answer.status_code == 200:
            self.token = answer.get_json()["token"]
        return answer

    def asking(self, exercise: str, **changes: Any) -> dict[str, Any]:
        """A message that exercises a right for Ada."""
        asked: dict[str, Any] = {"exercise": exercise, "regime": "ccpa", "name": "Ada Example", "email": ADA}
        return self.group(**(asked | {"email_verified": True} | changes))

    def ask(self, exercise: str, **changes: Any) -> TestResponse:
        """The right is exercised."""
        return self.call("POST", "/data-rights-request", self.sign(self.asking(exercise, **changes)))

    def sign(self, message: Any) -> bytes:
        """A message as it goes over the wire."""
        return combined(self.key, message if isinstance(message, bytes) else json.dumps(message).encode())

    def call(self, method: str, path: str, body: bytes = b"", token: str | None = "") -> TestResponse:
        """A call with this agent's token, or with none."""
        shown = self.token if token == "" else token
        headers = {"Authorization": f"Bearer {shown}"} if shown is not None else {}
        return self.client.open(BASE + path, method=method, data=body, headers=headers, content_type="text/plain")
