"""Twilio."""

import json
from base64 import b64encode
from typing import Any
from urllib.parse import parse_qsl

from tests.gateways.cases import Case
from tests.support.sending_api import Api, Asked, Said

ACCOUNT = "AC" + "0b" * 16
TOKEN = "a-token-of-the-account"
LOGIN = "Basic " + b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()


class Messages(Api):
    """The Messages resource."""

    known_id = "SM" + "0d" * 16
    login = LOGIN
    host = "api.twilio.com"
    path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"

    def answer(self, asked: Asked) -> Said:
        if asked.headers.get("authorization") != self.login or asked.host != self.host:
            return Said(401, b'{"code": 20003}')
        if asked.path != self.path:
            return Said(404, b'{"code": 20404}')
        if asked.method == "GET":
            return self._list(asked.query)
        form = dict(parse_qsl(asked.body.decode()))
        if missing := {"To", "From", "Body"} - set(form):
            return Said(400, json.dumps({"code": 21604, "message": sorted(missing)}).encode())
        if form["To"] in self.opted_out:
            return Said(400, b'{"code": 21610}')
        return Said(201, json.dumps({"sid": self.known_id, "status": "queued"}).encode())

    def _list(self, query: dict[str, str]) -> Said:
        start, size = int(query.get("Page", "0")), 1
        entries: list[dict[str, Any]] = [
            {
                "sid": one["id"],
                "direction": "inbound",
                "from": one["from"],
                "to": one["to"],
                "body": one["text"],
                "account_sid": ACCOUNT,
                "num_media": "0",
                "date_sent": f"{one['at']:%a, %d %b %Y %H:%M:%S} +0000",
            }
            for one in self.inbound
        ]
        more = start + size < len(entries)
        following = f"{self.path}?Page={start + size}" if more else None
        page = {"messages": entries[start : start + size], "next_page_uri": following}
        return Said(200, json.dumps(page).encode())


CASE = Case(
    settings={"auth_token": TOKEN, "account_sid": ACCOUNT},
    proof=("X-Twilio-Signature",),
    api=Messages,
)
