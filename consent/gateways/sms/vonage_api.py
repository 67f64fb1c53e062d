"""What Vonage's two sending APIs are asked, and what their answers mean.

Source: Vonage's public documentation of the SMS API, its answers' statuses, and of the Messages API.
"""

from typing import Any

from consent.gateways.sms import calls
from consent.gateways.sms.base import HttpResponse, OutboundMessage, SendFailed, SendResult
from consent.gateways.sms.vonage_events import PROBLEMS, Problem, error_code

LONGEST_REF = 100
# Statuses of the SMS API: too fast or broken there; the account's own trouble; and what they say of the number.
AGAIN = frozenset({"1", "5", "13"})
OURS = frozenset({"4", "8", "9", "10", "11", "14", "29"})
SMS_PROBLEMS: dict[str, Problem] = {"6": "invalid", "7": "blocked", "33": "invalid"}


def sms_form(message: OutboundMessage, callback: str | None) -> dict[str, str]:
    """The fields of a text for the SMS API, without the login. Raises SendFailed for files, which it cannot carry."""
    if message.media_urls:
        raise SendFailed("no-files-by-sms", retryable=False)
    form = {"to": _digits(message.recipient), "from": _digits(message.sender), "text": message.text}
    if not message.text.isascii():
        form["type"] = "unicode"
    if message.client_ref and len(message.client_ref) <= LONGEST_REF:
        form["client-ref"] = message.client_ref
    if callback:
        form["callback"] = callback
    return form


def sms_result(answer: HttpResponse) -> SendResult:
    """The SMS API's word on the first part of the text. Raises SendFailed."""
    if answer.status_code != 200:
        raise calls.failure(answer)
    parts = calls.json_of(answer).get("messages")
    first = parts[0] if isinstance(parts, list) and parts else None
    found = first if isinstance(first, dict) else {}
    status, known = found.get("status"), found.get("message-id")
    if not isinstance(status, str) or not status.isdigit() or len(status) > 8:
        raise SendFailed("answer", retryable=False, maybe_sent=True)
    if status == "0":
        if not isinstance(known, str):
            raise SendFailed("answer", retryable=False, maybe_sent=True)
        return SendResult("accepted", known, "accepted")
    if status in AGAIN or status in OURS:
        raise SendFailed(f"sms-{status}", retryable=status in AGAIN)
    return SendResult("refused", code=status, recipient_problem=SMS_PROBLEMS.get(status))


def message_body(message: OutboundMessage, callback: str | None) -> dict[str, Any]:
    """The JSON of a text, or of one picture with words, for the Messages API. Raises SendFailed for more files."""
    body: dict[str, Any] = {"to": _digits(message.recipient), "from": _digits(message.sender)}
    if len(message.media_urls) > 1:
        raise SendFailed("more-than-one-file", retryable=False)
    if message.media_urls:
        image = {"url": message.media_urls[0], "caption": message.text}
        body |= {"channel": "mms", "message_type": "image", "image": image}
    else:
        body |= {"channel": "sms", "message_type": "text", "text": message.text}
    if message.client_ref and len(message.client_ref) <= LONGEST_REF:
        body["client_ref"] = message.client_ref
    if callback:
        body["webhook_url"] = callback
    return body


def message_result(answer: HttpResponse) -> SendResult:
    """The Messages API's word on the message. Raises SendFailed."""
    found = calls.json_of(answer)
    if answer.status_code in (200, 201, 202):
        if not isinstance(found.get("message_uuid"), str):
            raise SendFailed("answer", retryable=False, maybe_sent=True)
        return SendResult("accepted", found["message_uuid"], "submitted")
    code = error_code(found)
    if answer.status_code in (400, 422):
        return SendResult(
            "refused", code=code or f"http-{answer.status_code}", recipient_problem=PROBLEMS.get(code or "")
        )
    raise calls.failure(answer, code)


def _digits(number: str) -> str:
    """As Vonage writes numbers: without the plus sign."""
    return number.removeprefix("+")
