"""Bandwidth."""

import json
from base64 import b64encode

from tests.gateways.cases import Case
from tests.support.sending_api import Api, Asked, Said

LOGIN = "Basic " + b64encode(b"api-user:api-password-0").decode()


class Messages(Api):
    """The messages resource."""

    known_id = "1589228074636lm4k2je7j7jklbn2"

    def answer(self, asked: Asked) -> Said:
        if asked.headers.get("authorization") != LOGIN or asked.host != "messaging.bandwidth.com":
            return Said(401, b'{"type": "unauthorized"}')
        if (asked.method, asked.path) != ("POST", "/api/v2/users/5500000/messages"):
            return Said(404, b"{}")
        body = json.loads(asked.body)
        if {"applicationId", "to", "from", "text"} - set(body) or not isinstance(body["to"], list):
            return Said(400, b'{"type": "request-validation"}')
        return Said(202, json.dumps({"id": self.known_id, "direction": "out", "tag": body.get("tag")}).encode())


CASE = Case(
    settings={
        "webhook_user": "consent",
        "webhook_password": "a password: with colon",
        "account_id": "5500000",
        "application_id": "93de2206-9669-4e07-948d-329f4b722ee2",
        "api_user": "api-user",
        "api_password": "api-password-0",
    },
    proof=("Authorization",),
    covers_body=False,
    covers_url=False,
    refused=401,
    stored=204,
    spoil=lambda body: body[:-3],
    api=Messages,
)
