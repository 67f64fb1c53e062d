"""Sinch: the SMS REST API of a service plan and the Conversation API of a project."""

import json
from base64 import b64encode
from datetime import timedelta
from typing import Any

from tests.gateways.cases import Case
from tests.support.sending_api import Api, Asked, Said

PLAN, TOKEN = "jd63jf88477ll123ab4567cd89012ef3", "a-token-of-the-plan"
PROJECT, APP = "c36f3d3d-1513-2edd-ae42-11995557ff61", "01EB37HMH1M6SV18BSNS3G135H"
KEY, PASSWORD = "an-access-key", "an-access-password"
BASIC = "Basic " + b64encode(f"{KEY}:{PASSWORD}".encode()).decode()
SMS, CONVERSATION = "us.sms.api.sinch.com", "us.conversation.api.sinch.com"


def said(status: int, value: Any) -> Said:
    """JSON."""
    return Said(status, json.dumps(value).encode())


class Apis(Api):
    """Both APIs."""

    known_id = "01FC66621XHDBN119Z8PMV1QPQ"

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[dict[str, Any]] = []

    def answer(self, asked: Asked) -> Said:
        if asked.host == SMS:
            return self._sms(asked)
        if asked.host != CONVERSATION or asked.headers.get("authorization") != BASIC:
            return said(401, {"error": {"code": 401, "status": "UNAUTHENTICATED"}})
        project = f"/v1/projects/{PROJECT}"
        if (asked.method, asked.path) == ("POST", f"{project}/messages:send"):
            body = json.loads(asked.body)
            if body.get("app_id") != APP or not {"recipient", "message"} <= set(body):
                return said(400, {"error": {"code": 400, "status": "INVALID_ARGUMENT"}})
            return said(200, {"message_id": self.known_id, "accepted_time": "2026-11-21T20:00:00Z"})
        if (asked.method, asked.path) == ("GET", f"{project}/messages"):
            wanted = {"app_id": APP, "direction": "TO_APP", "messages_source": "CONVERSATION_SOURCE"}
            fits = all(asked.query.get(name) == value for name, value in wanted.items())
            return said(200, {"messages": []}) if fits else said(400, {"error": {"status": "INVALID_ARGUMENT"}})
        if (asked.method, asked.path) == ("GET", f"{project}/apps/{APP}/consents/OPT_OUT_ALL"):
            return self._consents(asked.query)
        return said(404, {"error": {"code": 404, "status": "NOT_FOUND"}})

    def _consents(self, query: dict[str, str]) -> Said:
        if not self.blocked:
            return said(404, {"error": {"code": 404, "status": "NOT_FOUND"}})
        start = int(query.get("page_token", "0"))
        found = [{"identity": one.removeprefix("+")} for one in self.blocked[start : start + 1]]
        more = str(start + 1) if start + 1 < len(self.blocked) else ""
        return said(200, {"identities": found, "next_page_token": more})

    def _sms(self, asked: Asked) -> Said:
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return said(401, {"code": "unauthorized", "text": "a text"})
        if (asked.method, asked.path) == ("POST", f"/xms/v1/{PLAN}/batches"):
            body = json.loads(asked.body)
            if not {"to", "body"} <= set(body) or not isinstance(body["to"], list):
                return said(400, {"code": "syntax_constraint_violation", "text": "a text"})
            return said(201, {**body, "id": self.known_id, "canceled": False})
        lists = {
            f"/xms/v1/{PLAN}/inbounds": ("inbounds", [self._inbound(one) for one in self.inbound]),
            f"/xms/v1/{PLAN}/batches": ("batches", self.batches),
        }
        if asked.method != "GET" or asked.path not in lists or "start_date" not in asked.query:
            return said(404, {"code": "not_found", "text": "a text"})
        name, found = lists[asked.path]
        page = int(asked.query.get("page", "0"))
        return said(200, {"count": len(found), "page": page, "page_size": 1, name: found[page : page + 1]})

    def _inbound(self, one: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "mo_text",
            "id": one["id"],
            "from": one["from"].removeprefix("+"),
            "to": one["to"].removeprefix("+"),
            "body": one["text"],
            "received_at": f"{one['at']:%Y-%m-%dT%H:%M:%S}.000Z",
        }


CASE = Case(
    settings={
        "webhook_secret": "a-secret-of-the-webhooks",
        "service_plan_id": PLAN,
        "api_token": TOKEN,
        "project_id": PROJECT,
        "app_id": APP,
        "access_key": KEY,
        "access_secret": PASSWORD,
    },
    proof=("x-sinch-webhook-signature", "x-sinch-webhook-signature-nonce", "x-sinch-webhook-signature-timestamp"),
    covers_url=False,
    old=timedelta(hours=24, minutes=5),
    ahead=timedelta(minutes=5),
    stored=204,
    spoil=lambda body: body[:-1],
    api=Apis,
    others=({"conversation_secret": "another-secret"}, {"basic_user": "sinch", "basic_password": "a-password"}),
)
