"""Twilio as it stands at our door: forms and JSON, really signed, by a signer that shares no code with ours."""

import hashlib
import hmac
import itertools
import json
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

ACCOUNT = "AC" + "0" * 32
SIGNATURE = "X-Twilio-Signature"
FORM = "application/x-www-form-urlencoded"


def sign(token: str, url: str, fields: dict[str, str] | None = None) -> str:
    """Base64 of HMAC-SHA1 over the URL and the sorted fields (Twilio's documentation, "Validating Requests")."""
    said = url + "".join(name + value for name, value in sorted((fields or {}).items()))
    return b64encode(hmac.digest(token.encode(), said.encode(), "sha1")).decode()


@dataclass(slots=True)
class Twilio:
    """One account whose messages arrive at `path`."""

    client: FlaskClient
    public_url: str
    path: str
    token: str
    number: str
    sids: Any = field(default_factory=lambda: itertools.count(1))

    def text(self, body: str, sender: str = "+15095550142", *, sid: str | None = None, **fields: str) -> TestResponse:
        """An inbound text; a new message unless `sid` names one."""
        return self.post(self.message(body, sender, sid=sid, **fields))

    def message(
        self, body: str, sender: str = "+15095550142", *, sid: str | None = None, **fields: str
    ) -> dict[str, str]:
        """The fields of an inbound text."""
        sid = sid or f"SM{next(self.sids):032x}"
        return {
            "MessageSid": sid,
            "SmsSid": sid,
            "SmsMessageSid": sid,
            "AccountSid": ACCOUNT,
            "From": sender,
            "To": self.number,
            "Body": body,
            "NumMedia": "0",
            "NumSegments": "1",
            "SmsStatus": "received",
            "ApiVersion": "2010-04-01",
        } | fields

    def status(self, sid: str, status: str, recipient: str = "+15095550142", **fields: str) -> TestResponse:
        """A delivery report on a text of ours."""
        report = {"MessageSid": sid, "MessageStatus": status, "AccountSid": ACCOUNT, "From": self.number}
        return self.post(report | {"To": recipient} | fields)

    def post(self, fields: dict[str, str], *, signature: str | None = None, **options: Any) -> TestResponse:
        """A form, signed unless another signature is given."""
        signature = sign(self.token, self.public_url + self.path, fields) if signature is None else signature
        headers = {SIGNATURE: signature} | options.pop("headers", {})
        kind = options.pop("content_type", FORM)
        return self.client.post(
            self.path, data=urlencode(fields).encode(), content_type=kind, headers=headers, **options
        )

    def post_json(self, fields: dict[str, str]) -> TestResponse:
        """The same as JSON, whose hash stands in the signed URL."""
        body = json.dumps(fields).encode()
        target = f"{self.path}?bodySHA256={hashlib.sha256(body).hexdigest()}"
        headers = {SIGNATURE: sign(self.token, self.public_url + target)}
        return self.client.post(target, data=body, content_type="application/json", headers=headers)

    def get(self, fields: dict[str, str]) -> TestResponse:
        """The same as a GET request, signed over the whole URL."""
        target = f"{self.path}?{urlencode(fields)}"
        return self.client.get(target, headers={SIGNATURE: sign(self.token, self.public_url + target)})
