"""The organization's own systems at the API: billing records consents, the sender asks before it sends."""

from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consent import clock
from tests.support.valley import PERSON, TEXTS, Tenant, consent_of, question

Json = dict[str, Any]


@dataclass(slots=True)
class Systems:
    """One key at the door of the API. What is not asked for as a response must succeed."""

    client: FlaskClient
    tenant: Tenant
    key: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """The bearer key."""
        return {"Authorization": f"Bearer {self.key or self.tenant.key}"}

    def post(self, path: str, body: Any, **headers: str) -> TestResponse:
        """A POST of JSON; `Idempotency_Key=…` becomes that header."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(f"/api/v1/{path}", json=body, headers=self.headers | sent)

    def get(self, path: str) -> TestResponse:
        """A GET."""
        return self.client.get(f"/api/v1/{path}", headers=self.headers)

    def consent(self, program: str = TEXTS, **changes: Any) -> Json:
        """A complete consent, recorded."""
        return _ok(self.post("consents", consent_of(**({"program": program} | changes))), 201)

    def refused(self, **changes: Any) -> Json:
        """The problem with which such a consent is refused."""
        return _ok(self.post("consents", consent_of(**changes)), 422)

    def opened(self, **changes: Any) -> Json:
        """A request of a person for their data that came by letter just now, as staff enter it."""
        asked = {
            "type": "access", "channel": "sms", "address": PERSON, "how": "letter", "place": "US-WA",
            "received_at": clock.now().isoformat(), "role": "customer", "entered_by": "Ana",
        }  # fmt: skip
        return _ok(self.post("privacy-requests", asked | changes), 201)

    def decide(self, **changes: Any) -> Json:
        """The gate's answer."""
        return _ok(self.post("decisions", question(**changes)), 200)

    def may(self, **changes: Any) -> bool:
        """Whether the gate allows it."""
        answer: str = self.decide(**changes)["answer"]
        return answer == "allow"

    def lookup(self, address: str = PERSON, channel: str = "sms") -> str:
        """The id of a contact point."""
        found: str = _ok(self.post("contact-points/lookup", {"channel": channel, "address": address}), 200)["id"]
        return found

    def preferences(self, address: str = PERSON, channel: str = "sms") -> Json:
        """What holds for a contact point."""
        return _ok(self.get(f"contact-points/{self.lookup(address, channel)}/preferences"), 200)

    def history(self, address: str = PERSON, channel: str = "sms") -> list[Json]:
        """What happened to a contact point, newest first."""
        events: list[Json] = _ok(self.get(f"contact-points/{self.lookup(address, channel)}/history"), 200)["events"]
        return events


def codes(decision: Json) -> list[str]:
    """The codes of its reasons, in order."""
    return [reason["code"] for reason in decision["reasons"]]


def _ok(response: TestResponse, status: int) -> Json:
    assert response.status_code == status, (response.status_code, response.get_data(as_text=True)[:2000])
    body: Json = response.get_json()
    return body
