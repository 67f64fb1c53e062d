"""Bird."""

import json
from datetime import timedelta
from typing import Any

from tests.gateways.cases import Case
from tests.support.sending_api import Api, Asked, Said

WORKSPACE, CHANNEL = "0a1b2c3d-0000-4000-8000-000000000001", "0a1b2c3d-0000-4000-8000-000000000002"


class Channel(Api):
    """The messages of one channel."""

    known_id = "6f7a4b0c-0000-4000-8000-0123456789ab"

    def answer(self, asked: Asked) -> Said:
        if asked.host != "api.bird.com" or asked.headers.get("authorization") != "AccessKey an-access-key-0":
            return Said(401, b'{"code": "Unauthorized"}')
        if asked.path != f"/workspaces/{WORKSPACE}/channels/{CHANNEL}/messages":
            return Said(404, b'{"code": "NotFound"}')
        if asked.method == "GET":
            return self._list(int(asked.query.get("pageToken", "0")))
        body = json.loads(asked.body)
        (contact,) = body["receiver"]["contacts"]
        if contact["identifierValue"] in self.opted_out:
            return Said(422, b'{"code": "ContactOptedOutSample"}')
        assert body["body"]["text"]["text"]
        return Said(202, json.dumps({"id": self.known_id, "status": "accepted"}).encode())

    def _list(self, start: int) -> Said:
        newest_first = sorted(self.inbound, key=lambda one: str(one["at"]), reverse=True)
        items: list[dict[str, Any]] = [
            {
                "id": one["id"],
                "direction": "incoming",
                "createdAt": f"{one['at']:%Y-%m-%dT%H:%M:%S}.000Z",
                "sender": {"contact": {"identifierValue": one["from"]}},
                "receiver": {"connectors": [{"identifierValue": one["to"]}]},
                "body": {"type": "text", "text": {"text": one["text"]}},
            }
            for one in newest_first[start : start + 2]
        ]
        more = {"nextPageToken": str(start + 2)} if start + 2 < len(newest_first) else {}
        return Said(200, json.dumps({"results": items} | more).encode())


CASE = Case(
    settings={
        "signing_key": "a-signing-key-of-the-subscription",
        "workspace_id": WORKSPACE,
        "channel_id": CHANNEL,
        "access_key": "an-access-key-0",
        "opt_out_codes": ["ContactOptedOutSample"],
    },
    proof=("messagebird-signature", "messagebird-request-timestamp"),
    old=timedelta(hours=24, minutes=5),
    ahead=timedelta(minutes=5),
    spoil=lambda body: body[:-3],
    api=Channel,
)
