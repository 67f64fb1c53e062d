"""Telnyx. The key pair is that of the first Ed25519 test of RFC 8032, section 7.1."""

import json
from base64 import b64encode
from datetime import timedelta
from typing import Any

from tests.gateways.cases import Case
from tests.support.sending_api import Api, Asked, Said

_SEED = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
_PUBLIC = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
_DER = bytes.fromhex("302e020100300506032b657004220420") + _SEED  # RFC 8410, section 7
PRIVATE_KEY = f"-----BEGIN PRIVATE KEY-----\n{b64encode(_DER).decode()}\n-----END PRIVATE KEY-----\n"
PUBLIC_KEY = b64encode(_PUBLIC).decode()
API_KEY = "KEY0123456789-of-the-account"


def errors(status: int, code: str) -> Said:
    """A failure as Telnyx tells it."""
    return Said(status, json.dumps({"errors": [{"code": code, "title": "A title", "detail": "A detail"}]}).encode())


class V2(Api):
    """The v2 API: messages and opt-outs."""

    known_id = "40385f64-5717-4562-b3fc-2c963f66afa6"

    def answer(self, asked: Asked) -> Said:
        if asked.headers.get("authorization") != f"Bearer {API_KEY}" or asked.host != "api.telnyx.com":
            return errors(401, "10009")
        if (asked.method, asked.path) == ("GET", "/v2/messaging_optouts"):
            return self._opt_outs(asked.query)
        if (asked.method, asked.path) != ("POST", "/v2/messages"):
            return errors(404, "10005")
        body: dict[str, Any] = json.loads(asked.body)
        if not {"from", "to", "text"} <= set(body):
            return errors(422, "10004")
        if body["to"] in self.opted_out:
            return errors(400, "40300")
        data = {"id": self.known_id, "to": [{"phone_number": body["to"], "status": "queued"}], "errors": []}
        return Said(200, json.dumps({"data": data}).encode())

    def _opt_outs(self, query: dict[str, str]) -> Said:
        page = int(query.get("page[number]", "1"))
        entries = [
            {
                "from": "+15095550100",
                "to": number,
                "messaging_profile_id": "40000000-0000-4000-8000-000000000001",
                "keyword": "STOP",
                "created_at": "2026-11-21 12:00:38.631252+00:00",
            }
            for number in self.blocked[page - 1 : page]
        ]
        meta = {"total_pages": len(self.blocked), "total_results": len(self.blocked), "page_number": page}
        return Said(200, json.dumps({"data": entries, "meta": meta}).encode())


CASE = Case(
    settings={"public_key": PUBLIC_KEY, "api_key": API_KEY},
    proof=("Telnyx-Signature-Ed25519", "Telnyx-Timestamp"),
    covers_url=False,
    old=timedelta(seconds=300),
    ahead=timedelta(seconds=300),
    stored=204,
    private_key=PRIVATE_KEY,
    spoil=lambda body: body[:-1],
    api=V2,
    others=({"messaging_profile_id": "40000000-0000-4000-8000-000000000001"},),
)
