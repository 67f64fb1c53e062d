"""A gateway and a sender of the demo's organization, each text brought once and every answer kept."""

import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import requests

from tests.crash.installation import SLUG, Installation
from tests.support.twilio import ACCOUNT, FORM, SIGNATURE, sign
from tests.support.valley import WORDING

PROGRAM, CLASS = "account-service-notifications", "outage"
LONGEST = 30.0  # seconds a client waits: longer is no answer


@dataclass(frozen=True, slots=True)
class Answer:
    """What one call was answered: 0 when there was no answer."""

    status: int
    began: float  # both of the monotonic clock
    ended: float
    body: Any = None

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.ended - self.began

    @property
    def good(self) -> bool:
        """Whether it was acknowledged."""
        return 200 <= self.status < 300


class Client:
    """One client with a connection of its own."""

    def __init__(self, installation: Installation, key: str) -> None:
        self.base, self.path = installation.url, installation.path
        self.number, self.token, self.key = installation.number, installation.token, key
        self.http = requests.Session()
        self.http.trust_env = False

    def message(self, sid: str, text: str, sender: str) -> Answer:
        """A signed text at the webhook."""
        fields = {"From": sender, "To": self.number, "Body": text, "NumMedia": "0", "SmsStatus": "received"}
        return self._webhook({"MessageSid": sid, "AccountSid": ACCOUNT} | fields)

    def report(self, sid: str, recipient: str) -> Answer:
        """A signed report that the gateway would not take a text because the number is blocked there."""
        fields = {"From": self.number, "To": recipient, "MessageStatus": "undelivered", "ErrorCode": "21610"}
        return self._webhook({"MessageSid": sid, "AccountSid": ACCOUNT} | fields)

    def _webhook(self, fields: dict[str, str]) -> Answer:
        headers = {SIGNATURE: sign(self.token, self.base + self.path, fields), "Content-Type": FORM}
        return self._call("POST", self.path, data=urlencode(fields).encode(), headers=headers)

    def consent(self, address: str) -> Answer:
        """A consent, given now."""
        at = datetime.now(UTC).isoformat()
        said = {"program": PROGRAM, "channel": "sms", "address": address, "state": "given", "occurred_at": at}
        said |= {"method": "web-form", "ip": "203.0.113.7"}
        return self.api("consents", said | {"wording": {"text": WORDING, "language": "en"}})

    def decide(self, address: str, *, store: bool) -> Answer:
        """The gate's answer."""
        asked = {"program": PROGRAM, "message_class": CLASS, "channel": "sms", "address": address, "store": store}
        return self.api("decisions", asked)

    def import_opt_outs(self, addresses: list[str]) -> Answer:
        """A list of opt-outs was brought and worked off; `body` says what became of its rows."""
        at = datetime.now(UTC).isoformat()
        rows = "phone_number,date\n" + "".join(f"{one},{at}\n" for one in addresses)
        headers = {"Content-Type": "text/csv", "Authorization": f"Bearer {self.key}"}
        brought = self._call("POST", "/api/v1/imports?format=twilio-opt-outs", data=rows.encode(), headers=headers)
        if not brought.good:
            return brought
        deadline = time.monotonic() + LONGEST
        found = brought
        while found.good and found.body.get("stage") not in ("finished", "failed") and time.monotonic() < deadline:
            time.sleep(0.05)
            found = self._call("GET", f"/api/v1/imports/{brought.body['id']}", headers=headers)
        return Answer(found.status, brought.began, found.ended, found.body)

    def api(self, path: str, body: Any) -> Answer:
        """A POST of JSON with the key."""
        return self._call("POST", f"/api/v1/{path}", json=body, headers={"Authorization": f"Bearer {self.key}"})

    def _call(self, method: str, path: str, **options: Any) -> Answer:
        began = time.monotonic()
        try:
            answer = self.http.request(method, self.base + path, timeout=(5, LONGEST), **options)
            body = answer.json() if "json" in answer.headers.get("Content-Type", "") else None
            return Answer(answer.status_code, began, time.monotonic(), body)
        except requests.RequestException:
            return Answer(0, began, time.monotonic())


def new_key(installation: Installation) -> str:
    """A key that may everything, for the demo's organization."""
    house, tenant = installation.house, installation.tenant
    from consent.organizations import service as organizations

    return house.db.write(
        lambda tx: organizations.create_key(
            tx, house.keyring, tenant.id, "soak", organizations.SCOPES, datetime.now(UTC)
        ),
        tenant.id,
    )


def stored_ids(installation: Installation) -> list[str]:
    """The gateway ids of all stored texts, as an operator would list them."""
    return installation.ask("sms", "messages", "--organization", SLUG, "--ids").split()


def until(condition: Any, seconds: float) -> bool:
    """Whether it became true in that time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        threading.Event().wait(0.1)
    return bool(condition())
