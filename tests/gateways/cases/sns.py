"""AWS End User Messaging, with a certificate of our own in the place of SNS's."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from consent.gateways.sms.aws_signature import signed_headers
from tests.gateways.cases import Case
from tests.support.sending_api import Api, Asked, Said

TOPIC = "arn:aws:sns:us-east-1:000000000001:consent-inbound"


def pair(
    since: datetime = datetime(2020, 1, 1, tzinfo=UTC), until: datetime = datetime(2100, 1, 1, tzinfo=UTC)
) -> tuple[str, str]:
    """A private key and its self-signed certificate, both PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.example")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(since)
        .not_valid_after(until)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private.decode(), certificate.public_bytes(serialization.Encoding.PEM).decode()


PRIVATE_KEY, CERTIFICATE = pair()
SECRET = "wJalrXUtnFEMI/0123456789"


class SmsVoice(Api):
    """The SMS and Voice v2 API in one region."""

    known_id = "4b0c7a52-0000-4000-8000-0123456789ab"

    def answer(self, asked: Asked) -> Said:
        if asked.host != "sms-voice.us-east-1.amazonaws.com" or not self._is_signed(asked):
            return Said(403, b'{"__type": "AccessDeniedException"}')
        action = asked.headers.get("x-amz-target", "").removeprefix("PinpointSMSVoiceV2.")
        body = json.loads(asked.body)
        if action == "SendTextMessage":
            return self._send(body)
        if action == "DescribeOptedOutNumbers" and body["OptOutListName"] == "Default":
            return self._list(int(body.get("NextToken", "0")))
        if action == "PutOptedOutNumber" and body["OptOutListName"] == "Default":
            self.blocked = [*self.blocked, body["OptedOutNumber"]]
            return Said(200, b"{}")
        return Said(400, b'{"__type": "ResourceNotFoundException"}')

    def _is_signed(self, asked: Asked) -> bool:
        at = datetime.strptime(asked.headers["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        wanted = signed_headers(
            asked.method,
            asked.host,
            asked.path,
            asked.body,
            {"Content-Type": asked.headers["content-type"], "X-Amz-Target": asked.headers["x-amz-target"]},
            access_key="AKIAEXAMPLE",
            secret_key=SECRET,
            region="us-east-1",
            service="sms-voice",
            now=at,
        )
        return asked.headers.get("authorization") == wanted["Authorization"]

    def _send(self, body: dict[str, Any]) -> Said:
        if body["DestinationPhoneNumber"] in self.opted_out:
            problem = {"__type": "ConflictException", "Reason": "DESTINATION_PHONE_NUMBER_OPTED_OUT"}
            return Said(400, json.dumps(problem).encode())
        return Said(200, json.dumps({"MessageId": self.known_id}).encode())

    def _list(self, start: int) -> Said:
        numbers = [
            {"OptedOutNumber": one, "OptedOutTimestamp": (datetime(2026, 11, 1, tzinfo=UTC) + timedelta(0)).timestamp()}
            for one in self.blocked[start : start + 2]
        ]
        page: dict[str, Any] = {"OptedOutNumbers": numbers}
        if start + 2 < len(self.blocked):
            page["NextToken"] = str(start + 2)
        return Said(200, json.dumps(page).encode())


CASE = Case(
    settings={
        "topics": [TOPIC],
        "signing_certificate": CERTIFICATE,
        "region": "us-east-1",
        "access_key_id": "AKIAEXAMPLE",
        "secret_access_key": SECRET,
    },
    proof=(),
    covers_url=False,
    old=timedelta(hours=1, minutes=5),
    ahead=timedelta(minutes=5),
    has_media=False,
    private_key=PRIVATE_KEY,
    api=SmsVoice,
    others=({"require_version_2": True}, {"self_managed_opt_outs": True}),
)
