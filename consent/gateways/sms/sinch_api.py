"""What Sinch's two APIs are asked to send, and what their answers mean.

Source: Sinch's public documentation of the SMS REST API (batches) and of the Conversation API (messages).
"""

from typing import Any

from consent.gateways.sms import calls
from consent.gateways.sms.base import HttpResponse, OutboundMessage, SendFailed, SendResult

LONGEST_CODE = 64


def batch(message: OutboundMessage, callback: str | None) -> dict[str, Any]:
    """The JSON of a text, or of one file with words, for the SMS REST API. Raises SendFailed for more files."""
    body: dict[str, Any] = {"from": message.sender, "to": [message.recipient], "delivery_report": "per_recipient"}
    if len(message.media_urls) > 1:
        raise SendFailed("more-than-one-file", retryable=False)
    if message.media_urls:
        body |= {"type": "mt_media", "body": {"url": message.media_urls[0], "message": message.text}}
    else:
        body |= {"type": "mt_text", "body": message.text}
    if message.client_ref:
        body["client_reference"] = message.client_ref
    if callback:
        body["callback_url"] = callback
    return body


def conversation_message(message: OutboundMessage, app_id: str, callback: str | None) -> dict[str, Any]:
    """The JSON of a text for the Conversation API. Raises SendFailed for files."""
    if message.media_urls:
        raise SendFailed("no-files-by-conversation", retryable=False)
    who = {"channel": "SMS", "identity": message.recipient.removeprefix("+")}
    body: dict[str, Any] = {
        "app_id": app_id,
        "recipient": {"identified_by": {"channel_identities": [who]}},
        "message": {"text_message": {"text": message.text}},
        "channel_priority_order": ["SMS"],
        "channel_properties": {"SMS_SENDER": message.sender.removeprefix("+")},
    }
    if message.client_ref:
        body["message_metadata"] = message.client_ref
    if callback:
        body["callback_url"] = callback
    return body


def result(answer: HttpResponse, identity: str) -> SendResult:
    """Either API's word on the message, whose id stands under this name. Raises SendFailed."""
    found = calls.json_of(answer)
    if answer.status_code in (200, 201, 202):
        if not isinstance(found.get(identity), str):
            raise SendFailed("answer", retryable=False, maybe_sent=True)
        return SendResult("accepted", found[identity], "queued")
    code = _code(found)
    if answer.status_code in (400, 422):
        return SendResult("refused", code=code or f"http-{answer.status_code}")
    raise calls.failure(answer, code)


def _code(found: dict[str, Any]) -> str | None:
    """`code` of the SMS REST API, `error.status` of the Conversation API: short words."""
    error = found.get("error")
    said = error.get("status") if isinstance(error, dict) else found.get("code")
    if isinstance(said, str) and 0 < len(said) <= LONGEST_CODE and said.isascii() and said.replace("_", "").isalnum():
        return said
    return None
