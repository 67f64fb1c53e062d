"""ClickSend."""

import json
from base64 import b64encode

from tests.gateways.cases import Case
from tests.support.sending_api import Api, Asked, Said

LOGIN = "Basic " + b64encode(b"operator:api-key-0123").decode()


class Rest(Api):
    """The SMS part of the REST API."""

    known_id = "BF7AD270-0DE2-418B-B606-71D527D9C1AE"

    def answer(self, asked: Asked) -> Said:
        if asked.headers.get("authorization") != LOGIN or asked.host != "rest.clicksend.com":
            return Said(401, b'{"response_code": "UNAUTHORIZED"}')
        if (asked.method, asked.path) == ("GET", "/v3/sms/inbound"):
            return self._list(int(asked.query["page"]))
        if (asked.method, asked.path) != ("POST", "/v3/sms/send"):
            return Said(404, b"{}")
        (one,) = json.loads(asked.body)["messages"]
        status = "SUCCESS" if {"to", "body", "from"} <= set(one) else "MISSING_REQUIRED_FIELDS"
        said = {"data": {"messages": [{"message_id": self.known_id, "status": status}]}, "response_code": "SUCCESS"}
        return Said(200, json.dumps(said).encode())

    def _list(self, page: int) -> Said:
        entries = [
            {
                "timestamp": str(int(one["at"].timestamp())),
                "from": one["from"],
                "to": one["to"],
                "body": one["text"],
                "message_id": one["id"],
            }
            for one in self.inbound[page - 1 : page]
        ]
        data = {"data": entries, "current_page": page, "last_page": len(self.inbound)}
        return Said(200, json.dumps({"data": data}).encode())


CASE = Case(
    settings={"url_secret": "0123456789abcdef0123456789abcdef", "username": "operator", "api_key": "api-key-0123"},
    proof=("secret",),
    covers_body=False,
    covers_url=False,
    has_media=False,
    api=Rest,
)
