"""Azure Communication Services."""

import base64
import hashlib
import hmac
import json

from tests.gateways.cases import Case
from tests.support.sending_api import Api, Asked, Said

KEY = base64.b64encode(b"a key of the resource, 32 bytes.").decode()
HOST = "consent-sample.communication.azure.com"


class Resource(Api):
    """The SMS part of one resource."""

    known_id = "Outgoing_202611212000000000_noam"

    def answer(self, asked: Asked) -> Said:
        if asked.host != HOST or not self._is_signed(asked):
            return Said(401, b"{}")
        body = json.loads(asked.body)
        if asked.path == "/sms/optouts:add" and asked.query["api-version"]:
            self.blocked = [*self.blocked, body["recipients"][0]["to"]]
            return Said(200, json.dumps({"value": [{"to": self.blocked[-1], "httpStatusCode": 200}]}).encode())
        if asked.path != "/sms" or {"from", "smsRecipients", "message"} - set(body):
            return Said(400, b"{}")
        (to,) = body["smsRecipients"]
        if to["to"] in self.opted_out:
            said = {"to": to["to"], "httpStatusCode": 400, "successful": False}
            return Said(
                202, json.dumps({"value": [said | {"errorMessage": "Sender blocked for given recipient."}]}).encode()
            )
        said = {"to": to["to"], "messageId": self.known_id, "httpStatusCode": 202, "successful": True}
        return Said(202, json.dumps({"value": [said]}).encode())

    def _is_signed(self, asked: Asked) -> bool:
        """By the recipe of Microsoft's documentation, in a few lines of their own."""
        digest = base64.b64encode(hashlib.sha256(asked.body).digest()).decode()
        target = f"{asked.path}?api-version={asked.query['api-version']}"
        text = f"{asked.method}\n{target}\n{asked.headers['x-ms-date']};{HOST};{digest}"
        signature = base64.b64encode(hmac.new(base64.b64decode(KEY), text.encode(), hashlib.sha256).digest()).decode()
        wanted = f"HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature={signature}"
        return asked.headers.get("authorization") == wanted and asked.headers["x-ms-content-sha256"] == digest


CASE = Case(
    settings={
        "url_secret": "0123456789abcdef0123456789abcdef",
        "endpoint": f"https://{HOST}/",
        "access_key": KEY,
        "opt_out_api": True,
    },
    proof=("secret",),
    covers_body=False,
    covers_url=False,
    has_media=False,
    spoil=lambda body: body[:-3],
    api=Resource,
)
