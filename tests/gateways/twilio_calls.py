"""Requests as Twilio makes them: form fields as its documentation shows them, signed with an account's token."""

from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import urlencode

from consent.gateways.sms import HttpRequest
from consent.gateways.sms.twilio_signature import sign

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
URL = "https://consent.example/webhooks/sms/k3yOfOneAccount"
TOKEN = "a-token-of-the-account"
FORM = "application/x-www-form-urlencoded; charset=UTF-8"
SID = "SM" + "0a" * 16

Fields = list[tuple[str, str]]


def inbound(text: str = "Stop", **others: str) -> Fields:
    """The fields of a text from +15095550142 to +15095550100."""
    fields = {
        **dict.fromkeys(("ToCountry", "FromCountry"), "US"),
        **dict.fromkeys(("ToCity", "ToState", "ToZip", "FromCity", "FromState", "FromZip"), ""),
        **dict.fromkeys(("MessageSid", "SmsSid", "SmsMessageSid"), SID),
        "AccountSid": "AC" + "0b" * 16,
        "MessagingServiceSid": "MG" + "0c" * 16,
        "From": "+15095550142",
        "To": "+15095550100",
        "Body": text,
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsStatus": "received",
        "ApiVersion": "2010-04-01",
    }
    return list({**fields, **others}.items())


def status(word: str, **others: str) -> Fields:
    """The fields of a status callback for a text from +15095550100 to +15095550142."""
    fields = {
        "MessageSid": SID,
        "SmsSid": SID,
        "MessageStatus": word,
        "SmsStatus": word,
        "AccountSid": "AC" + "0b" * 16,
        "From": "+15095550100",
        "To": "+15095550142",
        "ApiVersion": "2010-04-01",
    }
    return list({**fields, **others}.items())


def post(fields: Iterable[tuple[str, str]], *, url: str = URL, token: str = TOKEN, **headers: str) -> HttpRequest:
    """The signed POST of these fields; a header given by name (with underscores) replaces ours."""
    fields = list(fields)
    ours = {"Content-Type": FORM, "X-Twilio-Signature": sign(url, fields, token)}
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpRequest("POST", url, {**ours, **given}, urlencode(fields).encode())
