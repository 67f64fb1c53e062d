"""AWS End User Messaging SMS: signed SNS envelopes in, the SMS and Voice v2 API to send, list opt-outs and block.

Source: AWS's public documentation of two-way SMS, of its event types and of SNS; the API reference of SMS and Voice v2.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal
from urllib.parse import urlsplit

from cryptography import x509
from marshmallow import ValidationError, fields, validate, validates_schema

from consent import clock
from consent.errors import Malformed, SetupProblem, Unavailable
from consent.gateways.sms import aws_signature, calls, json_bodies, sns_envelope
from consent.gateways.sms.account import Account
from consent.gateways.sms.base import (
    Answer,
    DeliveryReport,
    HttpRequest,
    HttpResponse,
    HttpSession,
    InboundMessage,
    OptOut,
    OptOutType,
    OutboundMessage,
    Received,
    SendFailed,
    SendResult,
    Subscription,
    Unauthenticated,
)
from consent.gateways.sms.numbers import as_e164
from consent.gateways.sms.proofs import check_age
from consent.gateways.sms.samples import Call
from consent.gateways.sms.settings import GatewaySettings, https_url, secret

# SNS repeats for at most an hour.
OLD = timedelta(hours=1, minutes=5)
STORED = Answer(200, "text/plain", b"")
MOST_PAGES = 1000
# AWS, required opt-out keywords: what it answers and blocks by itself unless opt-outs are self-managed.
KEYWORDS: dict[str, OptOutType] = {
    **dict.fromkeys(
        ("ARRET", "CANCEL", "END", "OPT-OUT", "OPTOUT", "QUIT", "REMOVE", "STOP", "TD", "UNSUBSCRIBE"), "STOP"
    ),
    "HELP": "HELP",
}
PROBLEMS: dict[str, Literal["invalid", "not_textable", "blocked"]] = {
    "TEXT_INVALID": "invalid",
    "TEXT_CARRIER_BLOCKED": "blocked",
    "TEXT_BLOCKED": "blocked",
}


def _boolean(**options: Any) -> fields.Boolean:
    return fields.Boolean(truthy={True, "true"}, falsy={False, "false"}, **options)


class Settings(GatewaySettings):
    """The topics that may call; region and keys only where we also send."""

    topics = fields.List(
        fields.String(validate=validate.Regexp(r"^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}\Z")),
        required=True,
        validate=validate.Length(min=1, max=20),
    )
    require_version_2 = _boolean(load_default=False)
    self_managed_opt_outs = _boolean(load_default=False)
    signing_certificate = fields.String(validate=validate.Length(min=1, max=10_000))
    region = fields.String(validate=validate.Regexp(r"^[a-z0-9-]{1,32}\Z"))
    access_key_id = fields.String(validate=validate.Regexp(r"^[A-Z0-9]{4,128}\Z"))
    secret_access_key = secret()
    opt_out_list = fields.String(validate=validate.Regexp(r"^[A-Za-z0-9_:/-]{1,256}\Z"), load_default="Default")
    api_url = https_url()

    @validates_schema
    def check_login(self, data: Mapping[str, Any], **_: object) -> None:
        """Sending needs all of its three settings."""
        names = ("region", "access_key_id", "secret_access_key")
        missing = [name for name in names if name not in data]
        if 0 < len(missing) < len(names):
            raise ValidationError("To send give region, access_key_id and secret_access_key.", missing[0])

    @validates_schema
    def check_certificate(self, data: Mapping[str, Any], **_: object) -> None:
        """A certificate that is given can be read."""
        try:
            if "signing_certificate" in data:
                x509.load_pem_x509_certificate(data["signing_certificate"].encode())
        except ValueError:
            raise ValidationError("This is no certificate in PEM.", "signing_certificate") from None


class Sns(Account):
    """One AWS account, by the SNS topics its numbers publish to."""

    name = "sns"
    Settings: ClassVar[type[GatewaySettings]] = Settings

    def __init__(self, settings: Mapping[str, Any], http: HttpSession | None = None) -> None:
        super().__init__(http)
        self._settings = settings
        pinned = settings.get("signing_certificate")
        self._pinned = x509.load_pem_x509_certificate(pinned.encode()) if pinned else None
        self._keywords = {} if settings["self_managed_opt_outs"] else KEYWORDS
        self.can_send = self.lists_opt_outs = self.blocks = "region" in settings

    # What comes in

    def receive(self, request: HttpRequest, now: datetime) -> Received:
        """The message, report or subscription of an envelope that SNS signed for one of our topics."""
        envelope = self._proved(request, now)
        message_id = json_bodies.identity(envelope, "MessageId")
        kind, at = envelope["Type"], json_bodies.instant(envelope["Timestamp"])
        if kind == sns_envelope.CONFIRM:
            return Received((Subscription(self.name, message_id, "confirm", confirm_url=envelope["SubscribeURL"]),))
        if kind == sns_envelope.ENDED:
            return Received((Subscription(self.name, message_id, "ended"),))
        inner = json_bodies.read(envelope["Message"].encode("utf-8", "surrogatepass"))
        if not isinstance(inner, dict):
            return Received(())
        if "inboundMessageId" in inner:
            return Received((self._inbound(inner, message_id, at),))
        kind = json_bodies.word(inner, "eventType")
        return Received((self._report(inner, kind),) if kind.startswith("TEXT_") else ())

    def _proved(self, request: HttpRequest, now: datetime) -> dict[str, Any]:
        """The envelope. Raises Unauthenticated before anything else is read, and Unavailable without a certificate."""
        if request.method.upper() != "POST" or request.headers.get("x-amz-sns-rawdelivery"):
            raise Unauthenticated("SNS posts envelopes; raw delivery has no signature.")
        try:
            envelope = json_bodies.read_object(request)
        except Malformed:
            raise Unauthenticated("This is no SNS message.") from None
        if envelope.get("TopicArn") not in self._settings["topics"]:
            raise Unauthenticated("This SNS topic may not call here.")
        at = json_bodies.instant(envelope.get("Timestamp"))
        if at is None:
            raise Unauthenticated("The SNS message has no time.")
        sns_envelope.string_to_sign(envelope)  # complete, before anything is fetched for it
        certificate = self._pinned or sns_envelope.CERTIFICATES.get(envelope.get("SigningCertURL"), self._fetch)
        sns_envelope.check(envelope, certificate, now, newest_only=self._settings["require_version_2"])
        check_age(at, now, old=OLD)
        if envelope["Type"] == sns_envelope.CONFIRM and not sns_envelope.is_of_sns(envelope["SubscribeURL"]):
            raise Unauthenticated("The confirmation does not lie at SNS.")
        return envelope

    def _fetch(self, url: str) -> bytes:
        """What lies at an address of SNS; a failure is ours, and SNS tries again."""
        try:
            answer = self._call("GET", url, None)
        except SendFailed:
            raise Unavailable("The certificate of SNS cannot be fetched right now.") from None
        if answer.status_code != 200:
            raise Unavailable("The certificate of SNS cannot be fetched right now.")
        return answer.content

    def _inbound(self, inner: Mapping[str, Any], event_id: str, at: datetime | None) -> InboundMessage:
        sender_raw = json_bodies.number(inner, "originationNumber")
        recipient_raw = json_bodies.word(inner, "destinationNumber", 128)
        sender, recipient = as_e164(sender_raw), as_e164(recipient_raw)
        keyword = json_bodies.word(inner, "messageKeyword", 256).strip().upper()
        return InboundMessage(
            gateway=self.name,
            message_id=json_bodies.identity(inner, "inboundMessageId"),
            event_id=event_id,
            sender=sender,
            recipient=recipient,
            text=json_bodies.text(inner, "messageBody"),
            received_at=at,
            provider_opt_out_type=self._keywords.get(keyword),
            echo=sender == recipient,
            sender_raw=sender_raw,
            recipient_raw=recipient_raw,
        )

    def _report(self, inner: Mapping[str, Any], kind: str) -> DeliveryReport:
        message_id = json_bodies.identity(inner, "messageId")
        millis = inner.get("eventTimestamp")
        context = inner.get("context")
        ref = context.get("ref") if isinstance(context, dict) else None
        status = kind.removeprefix("TEXT_").lower()
        return DeliveryReport(
            gateway=self.name,
            message_id=message_id,
            event_id=f"{message_id}:{status}",
            status=status,
            sender=as_e164(json_bodies.word(inner, "originationPhoneNumber", 128)),
            recipient=as_e164(json_bodies.number(inner, "destinationPhoneNumber")),
            received_at=json_bodies.unix(millis / 1000) if isinstance(millis, int) and abs(millis) < 10**14 else None,
            error_code=kind if kind in PROBLEMS else None,
            recipient_problem=PROBLEMS.get(kind),
            client_ref=ref[:128] if isinstance(ref, str) else None,
        )

    # What goes back

    def answer(self, reply: str | None, to: InboundMessage | None = None) -> Answer:
        """200; SNS reads nothing from it."""
        return STORED

    def confirm(self, subscription: Subscription, http: HttpSession | None = None) -> None:
        """The subscription was confirmed at SNS; the address was checked when the request was proved."""
        url = subscription.confirm_url
        if url is None or not sns_envelope.is_of_sns(url):
            raise SendFailed("confirm-url", retryable=False)
        answer = self._call("GET", url, http)
        if answer.status_code != 200:
            raise calls.failure(answer)

    @classmethod
    def setup_steps(cls, url: str, settings: Mapping[str, Any]) -> tuple[str, ...]:
        """The subscription of the topic, and who answers STOP."""
        return (
            "End User Messaging, your number, Two-way SMS: on, destination the SNS topic named in topics.",
            f"SNS, that topic: create a subscription, protocol HTTPS, endpoint {url}, raw message delivery off. It is"
            " confirmed by itself within a minute.",
            "Set the topic's delivery policy to at least 50 retries and signature version 2.",
            "AWS answers STOP and HELP by itself unless the number has self-managed opt-outs: then add the number with"
            " --stop-reply gateway.",
            "For reports of delivery send the events of a configuration set to the same topic.",
        )

    @staticmethod
    def as_sent(call: Call, settings: Mapping[str, Any], now: datetime, private_key: str | None = None) -> Call:
        """In an envelope signed with the private half of `signing_certificate`."""
        if private_key is None:
            raise SetupProblem(
                "Give the private key of signing_certificate (docs/gateways/sns.md).", field="private_key"
            )
        envelope = json.loads(call.body)
        if not isinstance(envelope, dict):
            return call
        if not isinstance(envelope.get("Message"), str):
            envelope["Message"] = json.dumps(envelope.get("Message"), ensure_ascii=False)
        envelope["TopicArn"] = envelope.get("TopicArn") or settings["topics"][0]
        envelope |= {"SignatureVersion": "2", "SigningCertURL": "https://sns.us-east-1.amazonaws.com/sample.pem"}
        envelope["Signature"] = sns_envelope.sign(envelope, private_key)
        headers = {**call.headers, "Content-Type": "text/plain; charset=UTF-8"}
        headers["x-amz-sns-message-type"] = envelope["Type"]
        return call._replace(headers=headers, body=json.dumps(envelope, ensure_ascii=False).encode())

    def send(self, message: OutboundMessage, http: HttpSession | None = None) -> SendResult:
        """AWS has accepted the message or refused it for good."""
        body: dict[str, Any] = {
            "DestinationPhoneNumber": message.recipient,
            "OriginationIdentity": message.sender,
            "MessageBody": message.text,
        }
        if message.client_ref:
            body["Context"] = {"ref": message.client_ref}
        answer = self._ask("SendTextMessage", body, http, changes=True)
        found = calls.json_of(answer)
        if answer.status_code == 200:
            if not isinstance(found.get("MessageId"), str):
                raise SendFailed("answer", retryable=False, maybe_sent=True)
            return SendResult("accepted", found["MessageId"], "queued")
        kind, reason = _problem(found)
        if reason == "DESTINATION_PHONE_NUMBER_OPTED_OUT":
            return SendResult("refused", code=reason, recipient_opted_out=True)
        if answer.status_code == 400 and kind in ("ConflictException", "ValidationException"):
            return SendResult("refused", code=(reason or kind)[:64])
        if kind == "ThrottlingException":
            raise SendFailed(kind, retryable=True, retry_after=calls.retry_after(answer))
        raise calls.failure(answer)

    def list_opt_outs(self, since: datetime | None, http: HttpSession | None = None) -> Iterator[OptOut]:
        """Every number on the opt-out list, page by page."""
        body: dict[str, Any] = {"OptOutListName": self._settings["opt_out_list"], "MaxResults": 100}
        for _ in range(MOST_PAGES):
            answer = self._ask("DescribeOptedOutNumbers", body, http, changes=False)
            page = calls.json_of(answer)
            if answer.status_code != 200:
                raise calls.failure(answer)
            numbers = page.get("OptedOutNumbers")
            if not isinstance(numbers, list):
                raise SendFailed("answer", retryable=True)
            for one in numbers:
                if isinstance(one, dict) and isinstance(one.get("OptedOutNumber"), str):
                    at = json_bodies.unix(one.get("OptedOutTimestamp"))
                    if since is None or at is None or at >= since:
                        yield OptOut(as_e164(one["OptedOutNumber"]), at)
            token = page.get("NextToken")
            if not isinstance(token, str) or not token:
                return
            body["NextToken"] = token

    def block(self, number: str, sender: str, http: HttpSession | None = None) -> None:
        """The number is on the opt-out list."""
        body = {"OptOutListName": self._settings["opt_out_list"], "OptedOutNumber": number}
        answer = self._ask("PutOptedOutNumber", body, http, changes=False)
        if answer.status_code != 200:
            raise calls.failure(answer)

    def _ask(self, action: str, body: Mapping[str, Any], http: HttpSession | None, *, changes: bool) -> HttpResponse:
        given = self._settings
        if "region" not in given:
            raise SendFailed("no-login", retryable=False)
        url = given.get("api_url") or f"https://sms-voice.{given['region']}.amazonaws.com/"
        raw = json.dumps(body).encode()
        headers = aws_signature.signed_headers(
            "POST",
            urlsplit(url).netloc,
            urlsplit(url).path or "/",
            raw,
            {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": f"PinpointSMSVoiceV2.{action}"},
            access_key=given["access_key_id"],
            secret_key=given["secret_access_key"],
            region=given["region"],
            service="sms-voice",
            now=clock.now(),
        )
        return self._call("POST", url, http, changes=changes, data=raw, headers=headers)


def _problem(found: Mapping[str, Any]) -> tuple[str, str]:
    """The kind of an AWS error and its reason, as far as given."""
    kind, reason = found.get("__type"), found.get("Reason")
    kind = kind.rpartition("#")[2][:64] if isinstance(kind, str) else ""
    return kind, reason[:64] if isinstance(reason, str) else ""
