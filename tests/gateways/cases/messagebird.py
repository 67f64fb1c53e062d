"""MessageBird."""

import json
from datetime import timedelta
from typing import Any

from tests.gateways.cases import Case
from tests.support.sending_api import Api, Asked, Said


class Rest(Api):
    """The messages resource."""

    known_id = "e8077d803532c0b5937c639b60216938"

    def answer(self, asked: Asked) -> Said:
        if asked.host != "rest.messagebird.com" or asked.headers.get("authorization") != "AccessKey live_0123456789":
            return Said(401, b'{"errors": [{"code": 2}]}')
        if asked.path != "/messages":
            return Said(404, b'{"errors": [{"code": 20}]}')
        if asked.method == "GET":
            return self._list(int(asked.query["offset"]))
        body = json.loads(asked.body)
        if {"originator", "recipients", "body"} - set(body):
            return Said(422, b'{"errors": [{"code": 9}]}')
        return Said(201, json.dumps({"id": self.known_id, "direction": "mt"}).encode())

    def _list(self, offset: int) -> Said:
        items: list[dict[str, Any]] = [
            {
                "id": one["id"],
                "direction": "mo",
                "type": "sms",
                "originator": one["from"].removeprefix("+"),
                "body": one["text"],
                "createdDatetime": f"{one['at']:%Y-%m-%dT%H:%M:%S}+00:00",
                "recipients": {"items": [{"recipient": int(one["to"].removeprefix("+"))}]},
            }
            for one in self.inbound[offset : offset + 2]
        ]
        said = {"offset": offset, "limit": 2, "totalCount": len(self.inbound), "items": items}
        return Said(200, json.dumps(said).encode())


CASE = Case(
    settings={"signing_key": "a-signing-key-of-the-account-0123", "access_key": "live_0123456789"},
    proof=("MessageBird-Signature-JWT",),
    old=timedelta(seconds=61),
    ahead=timedelta(seconds=1),
    has_media=False,
    api=Rest,
)
