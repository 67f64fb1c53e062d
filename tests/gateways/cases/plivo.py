"""Plivo."""

import json
from base64 import b64encode

from tests.gateways.cases import Case
from tests.support.sending_api import Api, Asked, Said

ACCOUNT, TOKEN = "MA0123456789ABCDEF01", "a-token-of-the-account"
LOGIN = "Basic " + b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()


class Messages(Api):
    """The Message resource; it learns of opt-outs only afterwards, by status callback."""

    known_id = "db3ce55a-7f1d-11e1-8ea7-1231380bc196"

    def answer(self, asked: Asked) -> Said:
        if asked.headers.get("authorization") != LOGIN or asked.host != "api.plivo.com":
            return Said(401, b'{"error": "authentication"}')
        if (asked.method, asked.path) != ("POST", f"/v1/Account/{ACCOUNT}/Message/"):
            return Said(404, b"{}")
        body = json.loads(asked.body)
        if {"src", "dst", "text"} - set(body) or "+" in body["dst"]:
            return Said(400, b'{"error": "missing or wrong parameter"}')
        return Said(202, json.dumps({"message": "message(s) queued", "message_uuid": [self.known_id]}).encode())


CASE = Case(
    settings={"auth_token": TOKEN, "auth_id": ACCOUNT},
    proof=("X-Plivo-Signature-V3", "X-Plivo-Signature-V3-Nonce"),
    api=Messages,
)
