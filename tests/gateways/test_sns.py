"""What is AWS's own: envelopes, certificates, topics, confirmations, and Signature Version 4."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from consent.errors import Malformed, SetupProblem, Unavailable
from consent.gateways.sms import Gateway, HttpRequest, SendFailed, Unauthenticated, load, sns_envelope
from consent.gateways.sms.aws_signature import signed_headers
from tests.gateways.cases.sns import CASE, CERTIFICATE, PRIVATE_KEY, TOPIC, pair

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
URL = "https://consent.example/webhooks/sms/k"
AT_SNS = "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123.pem"
INNER = {
    "originationNumber": "+15095550142",
    "destinationNumber": "+15095550100",
    "messageKeyword": "KEYWORD_1",
    "messageBody": "Stop",
    "inboundMessageId": "m1",
}


def gateway(**settings: Any) -> Gateway:
    return load("sns", {**CASE.settings, **settings})


def envelope(**changes: Any) -> dict[str, Any]:
    said: dict[str, Any] = {
        "Type": "Notification",
        "MessageId": "e1",
        "TopicArn": TOPIC,
        "Message": json.dumps(INNER),
        "Timestamp": "2026-11-21T19:59:00.000Z",
        "SignatureVersion": "2",
        "SigningCertURL": AT_SNS,
    }
    return {name: value for name, value in (said | changes).items() if value is not None}


def documented_string(said: dict[str, Any]) -> str:
    """As the SNS developer guide tells to build it, in a few lines that share nothing with ours."""
    names = ["Message", "MessageId"]
    names += ["Subject"] if said["Type"] == "Notification" and "Subject" in said else []
    names += ["SubscribeURL"] if said["Type"] != "Notification" else []
    names += ["Timestamp"] + (["Token"] if said["Type"] != "Notification" else []) + ["TopicArn", "Type"]
    return "".join(f"{name}\n{said[name]}\n" for name in names)


def signed(said: dict[str, Any], private_key: str = PRIVATE_KEY) -> HttpRequest:
    key = serialization.load_pem_private_key(private_key.encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    digest: hashes.HashAlgorithm = hashes.SHA1() if said["SignatureVersion"] == "1" else hashes.SHA256()
    signature = base64.b64encode(key.sign(documented_string(said).encode(), padding.PKCS1v15(), digest)).decode()
    return post({**said, "Signature": signature})


def post(said: Any, **headers: str) -> HttpRequest:
    return HttpRequest("POST", URL, {"Content-Type": "text/plain", **headers}, json.dumps(said).encode())


@pytest.mark.parametrize("version", ["1", "2"])
@pytest.mark.parametrize("more", [{}, {"Subject": "told"}, {"Subject": None}])
def test_both_versions_prove_a_notification_with_and_without_subject(version: str, more: dict[str, Any]) -> None:
    assert len(gateway().receive(signed(envelope(SignatureVersion=version, **more)), NOW).events) == 1


def test_version_1_can_be_switched_off() -> None:
    with pytest.raises(Unauthenticated):
        gateway(require_version_2=True).receive(signed(envelope(SignatureVersion="1")), NOW)


@pytest.mark.parametrize("version", ["3", "0", "", 2, None])
def test_other_versions_are_refused(version: Any) -> None:
    request = signed(envelope())
    said = json.loads(request.body) | {"SignatureVersion": version}
    with pytest.raises(Unauthenticated):
        gateway().receive(post(said), NOW)


def test_a_foreign_topic_is_refused_though_its_signature_is_right() -> None:
    with pytest.raises(Unauthenticated):
        gateway().receive(signed(envelope(TopicArn=TOPIC.replace("consent", "elsewhere"))), NOW)


def test_raw_delivery_is_refused() -> None:
    with pytest.raises(Unauthenticated):
        gateway().receive(post(INNER, **{"x-amz-sns-rawdelivery": "true"}), NOW)


@pytest.mark.parametrize("name", ["Message", "MessageId", "Timestamp", "TopicArn", "Type", "Signature"])
def test_each_signed_member_matters(name: str) -> None:
    said = json.loads(signed(envelope()).body)
    for changed in ({**said, name: said[name] + "x"}, {k: v for k, v in said.items() if k != name}, {**said, name: 7}):
        with pytest.raises(Unauthenticated):
            gateway().receive(post(changed), NOW)


def test_a_subject_that_was_not_signed_is_refused() -> None:
    said = json.loads(signed(envelope()).body) | {"Subject": "added"}
    with pytest.raises(Unauthenticated):
        gateway().receive(post(said), NOW)


# Certificates


class Host:
    """What lies at addresses, and who asked."""

    def __init__(self, content: bytes = CERTIFICATE.encode(), status: int = 200) -> None:
        self.content, self.status_code, self.headers, self.asked = content, status, dict[str, str](), list[str]()

    def request(self, method: str, url: str, **_: Any) -> "Host":
        self.asked.append(f"{method} {url}")
        return self


@pytest.fixture
def unpinned(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setattr(sns_envelope, "CERTIFICATES", sns_envelope.Certificates())
    return {name: value for name, value in CASE.settings.items() if name != "signing_certificate"}


def test_the_certificate_is_fetched_once_from_sns(unpinned: dict[str, Any]) -> None:
    host = Host()
    for _ in range(3):
        assert load("sns", unpinned, http=host).receive(signed(envelope()), NOW).events
    assert host.asked == [f"GET {AT_SNS}"]


@pytest.mark.parametrize(
    "url",
    [
        "http://sns.us-east-1.amazonaws.com/a.pem",
        "https://sns.us-east-1.amazonaws.com.evil.example/a.pem",
        "https://evil.example/sns.us-east-1.amazonaws.com/a.pem",
        "https://sns.us-east-1.amazonaws.com@evil.example/a.pem",
        "https://sns.us-east-1.amazonaws.com:8443/a.pem",
        "https://sns.us-east-1.amazonaws.com/a.pem?x=.pem",
        "https://sns.us-east-1.amazonaws.com/a.crt",
        "https://s3.amazonaws.com/a.pem",
        "https://sns..amazonaws.com/a.pem",
        "https://sns.us-east-1.amazonaws.com/a.pem\n",
        "file:///etc/a.pem",
        "",
        7,
        None,
    ],
)
def test_nothing_is_fetched_from_elsewhere(unpinned: dict[str, Any], url: Any) -> None:
    host = Host()
    with pytest.raises(Unauthenticated):
        load("sns", unpinned, http=host).receive(signed(envelope(SigningCertURL=url)), NOW)
    assert host.asked == []


def test_a_certificate_that_is_away_makes_sns_come_again(unpinned: dict[str, Any]) -> None:
    with pytest.raises(Unavailable):
        load("sns", unpinned, http=Host(status=500)).receive(signed(envelope()), NOW)


def test_a_certificate_that_is_none_is_refused(unpinned: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        load("sns", unpinned, http=Host(b"<html>")).receive(signed(envelope()), NOW)


def test_an_expired_certificate_is_refused() -> None:
    key, certificate = pair(until=NOW - timedelta(days=1))
    with pytest.raises(Unauthenticated):
        gateway(signing_certificate=certificate).receive(signed(envelope(), key), NOW)


def test_another_key_is_refused() -> None:
    with pytest.raises(Unauthenticated):
        gateway().receive(signed(envelope(), pair()[0]), NOW)


# Confirmations


def confirmation(url: str) -> HttpRequest:
    return signed(envelope(Type="SubscriptionConfirmation", Token="t", SubscribeURL=url, Message="join"))


def test_a_confirmation_is_visited_at_sns() -> None:
    url = "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&Token=t"
    (event,) = gateway().receive(confirmation(url), NOW).events
    host = Host()
    gateway().confirm(event, host)  # type: ignore[arg-type]
    assert host.asked == [f"GET {url}"]
    with pytest.raises(SendFailed):
        gateway().confirm(event, Host(status=500))  # type: ignore[arg-type]


def test_a_confirmation_elsewhere_is_refused() -> None:
    with pytest.raises(Unauthenticated):
        gateway().receive(confirmation("https://evil.example/?Action=ConfirmSubscription"), NOW)


# The message


def test_what_aws_has_answered_is_told() -> None:
    request = signed(envelope(Message=json.dumps(INNER | {"messageKeyword": "stop"})))
    (message,) = gateway().receive(request, NOW).events
    assert message.type == "inbound"
    assert message.provider_opt_out_type == "STOP"
    (message,) = gateway(self_managed_opt_outs=True).receive(request, NOW).events
    assert message.type == "inbound"
    assert message.provider_opt_out_type is None


@pytest.mark.parametrize("inner", ["not json", "", "[" * 50_000])
def test_a_message_that_is_no_json_is_malformed(inner: str) -> None:
    with pytest.raises(Malformed):
        gateway().receive(signed(envelope(Message=inner)), NOW)


@pytest.mark.parametrize("inner", ["7", "null", "[]", '{"eventType": "VOICE_ANSWERED"}', "{}"])
def test_what_does_not_concern_us_is_left(inner: str) -> None:
    assert gateway().receive(signed(envelope(Message=inner)), NOW).events == ()


# Settings and Signature Version 4


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({}, "topics"),
        ({"topics": []}, "topics"),
        ({"topics": ["consent-inbound"]}, "topics.0"),
        ({"topics": [TOPIC], "region": "us-east-1"}, "access_key_id"),
        ({"topics": [TOPIC], "signing_certificate": "x"}, "signing_certificate"),
    ],
)
def test_a_wrong_setting_is_named(settings: dict[str, Any], field: str) -> None:
    with pytest.raises(SetupProblem) as problem:
        load("sns", settings)
    assert problem.value.field == field


@pytest.mark.parametrize(
    ("method", "signature"),
    [
        ("GET", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        ("POST", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
    ],
)
def test_signature_version_4_gives_the_values_of_the_published_suite(method: str, signature: str) -> None:
    headers = signed_headers(
        method,
        "example.amazonaws.com",
        "/",
        b"",
        {},
        access_key="AKIDEXAMPLE",
        secret_key="wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        region="us-east-1",
        service="service",
        now=datetime(2015, 8, 30, 12, 36, tzinfo=UTC),
    )
    assert headers["Authorization"].endswith(f"SignedHeaders=host;x-amz-date, Signature={signature}")
