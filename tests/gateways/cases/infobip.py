"""Infobip."""

import json

from tests.gateways.cases import Case
from tests.support.sending_api import Api, Asked, Said


class Sms(Api):
    """The SMS part of the API, at the account's own host."""

    known_id = "1688025180464000014"

    def answer(self, asked: Asked) -> Said:
        if asked.host != "abcde.api.infobip.com" or asked.headers.get("authorization") != "App an-api-key-0123":
            return Said(401, b'{"requestError": {}}')
        if (asked.method, asked.path) == ("GET", "/sms/1/inbox/logs"):
            return self._list()
        if (asked.method, asked.path) != ("POST", "/sms/3/messages"):
            return Said(404, b"{}")
        (one,) = json.loads(asked.body)["messages"]
        (to,) = one["destinations"]
        if {"sender", "content"} - set(one) or "+" in to["to"]:
            return Said(400, b'{"requestError": {}}')
        status = {"groupId": 1, "groupName": "PENDING", "id": 26, "name": "PENDING_ACCEPTED"}
        if "+" + to["to"] in self.opted_out:
            status = {"groupId": 5, "groupName": "REJECTED", "id": 12, "name": "REJECTED_OPTED_OUT_SAMPLE"}
        said = {"messages": [{"messageId": self.known_id, "status": status, "destination": to["to"]}]}
        return Said(200, json.dumps(said).encode())

    def _list(self) -> Said:
        entries = [
            {
                "messageId": one["id"],
                "from": one["from"].removeprefix("+"),
                "to": one["to"].removeprefix("+"),
                "text": one["text"],
                "receivedAt": f"{one['at']:%Y-%m-%dT%H:%M:%S}.000+0000",
            }
            for one in self.inbound
        ]
        return Said(200, json.dumps({"results": entries}).encode())


CASE = Case(
    settings={
        "webhook_user": "consent",
        "webhook_password": "a-webhook-password",
        "base_url": "https://abcde.api.infobip.com",
        "api_key": "an-api-key-0123",
        "opt_out_errors": ["REJECTED_OPTED_OUT_SAMPLE"],
    },
    proof=("Authorization",),
    covers_body=False,
    covers_url=False,
    refused=401,
    has_media=False,
    spoil=lambda body: body[:-3],
    api=Sms,
)
