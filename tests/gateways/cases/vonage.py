"""Vonage: both sending APIs and the records."""

import json
from base64 import b64encode
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from tests.gateways.cases import Case
from tests.support.sending_api import Api, Asked, Said

KEY, SECRET, SIGNING = "abcd1234", "a-password-of-the-account", "a-signature-secret-of-the-account"
LOGIN = "Basic " + b64encode(f"{KEY}:{SECRET}".encode()).decode()
DAY = timedelta(hours=24, minutes=5)


def problem(status: int, title: str) -> Said:
    """A failure of the Messages API."""
    said = {"type": f"https://developer.vonage.com/api-errors/messages#{title}", "title": title, "detail": "d"}
    return Said(status, json.dumps(said).encode())


class Apis(Api):
    """rest.nexmo.com for the SMS API, api.nexmo.com for everything else."""

    known_id = "0A0000000123ABCD1"

    def answer(self, asked: Asked) -> Said:
        if (asked.method, asked.host, asked.path) == ("POST", "rest.nexmo.com", "/sms/json"):
            return self._sms(dict(parse_qsl(asked.body.decode())))
        if asked.host != "api.nexmo.com" or asked.headers.get("authorization") != LOGIN:
            return problem(401, "Unauthorized")
        if (asked.method, asked.path) == ("GET", "/v2/reports/records"):
            return self._records(asked.query)
        if (asked.method, asked.path) != ("POST", "/v1/messages"):
            return problem(404, "Not found")
        body = json.loads(asked.body)
        if not {"to", "from", "channel", "message_type"} <= set(body) or body["to"].startswith("+"):
            return problem(422, "1020")
        return Said(202, json.dumps({"message_uuid": self.known_id}).encode())

    def _sms(self, form: dict[str, str]) -> Said:
        if (form.get("api_key"), form.get("api_secret")) != (KEY, SECRET):
            return self.sms("4")
        if not {"to", "from", "text"} <= set(form):
            return self.sms("2")
        return self.sms("3" if form["to"].startswith("+") else "0")

    def sms(self, status: str) -> Said:
        """The SMS API's answer to one text; it is 200 whatever happened."""
        said = {"status": status, **({"message-id": self.known_id} if status == "0" else {"error-text": "a text"})}
        return Said(200, json.dumps({"message-count": "1", "messages": [said]}).encode())

    def _records(self, query: dict[str, str]) -> Said:
        wanted = {"account_id": KEY, "direction": "inbound", "include_message": "true"}
        if any(query.get(name) != value for name, value in wanted.items()) or not {"date_start", "date_end"} <= set(
            query
        ):
            return problem(422, "Unprocessable entity")
        found = [
            {
                "account_id": KEY,
                "message_id": one["id"],
                "direction": "inbound",
                "from": one["from"].removeprefix("+"),
                "to": one["to"].removeprefix("+"),
                "message_body": one["text"],
                "date_received": f"{one['at']:%Y-%m-%dT%H:%M:%S}+0000",
            }
            for one in self.inbound
            if query["product"] == "SMS"
            and query["date_start"] <= f"{one['at']:%Y-%m-%dT%H:%M:%SZ}" < query["date_end"]
        ]
        start = int(query.get("cursor", "0"))
        page: dict[str, Any] = {"items_count": len(found), "records": found[start : start + 1], "_links": {}}
        if start + 1 < len(found):
            following = urlencode({**query, "cursor": start + 1})
            page["_links"]["next"] = {"href": f"https://api.nexmo.com/v2/reports/records?{following}"}
        return Said(200, json.dumps(page).encode())


CASE = Case(
    settings={"api_key": KEY, "api_secret": SECRET, "signature_secret": SIGNING},
    proof=("sig", "timestamp", "nonce"),
    covers_url=False,
    old=DAY,
    ahead=timedelta(minutes=5),
    spoil=lambda body: body.replace(b"messageId=", b"another=", 1),
    api=Apis,
    others=(*({"signature_method": one} for one in ("md5hash", "md5", "sha1", "sha512")), {"webhooks": "sms"}),
)
