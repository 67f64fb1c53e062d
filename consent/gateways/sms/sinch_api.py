"""What Sinch's two APIs are asked to send, what their answers mean, and how their lists go on.

Source: Sinch's public documentation of the SMS REST API (batches, inbounds) and of the Conversation API (messages,
consents).
"""

from collections.abc import Callable, Iterator
from typing import Any

from consent.gateways.sms import calls
from consent.gateways.sms.base import HttpResponse, OutboundMessage, SendFailed, SendResult

LONGEST_CODE = 64
PAGE_SIZE, CONSENTS_PAGE_SIZE, MOST_PAGES = 100, 50, 1000
Ask = Callable[[dict[str, str]], HttpResponse]  # the list, with these parameters of one page


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


def numbered(ask: Ask, name: str) -> Iterator[Any]:
    """The entries of a list of the SMS REST API, page after page. Raises SendFailed."""
    seen = 0
    for page in range(MOST_PAGES):
        answer = ask({"page": str(page), "page_size": str(PAGE_SIZE)})
        if answer.status_code != 200:
            raise calls.failure(answer)
        found = calls.json_of(answer)
        entries, count = found.get(name), found.get("count")
        # Half a list must not look like a whole one.
        if not isinstance(entries, list) or not isinstance(count, int):
            raise SendFailed("answer", retryable=True)
        yield from entries
        seen += len(entries)
        if seen >= count or not entries:
            return
    raise SendFailed("too-many-pages", retryable=False)


def by_token(ask: Ask, name: str, *, may_be_missing: bool = False) -> Iterator[Any]:
    """The entries of a list of the Conversation API, page after page. Raises SendFailed.

    `may_be_missing`: the list begins to be with its first entry, and 404 says that it has none yet.
    """
    token = ""
    for _ in range(MOST_PAGES):
        answer = ask({"page_token": token} if token else {})
        if answer.status_code == 404 and may_be_missing and not token:
            return
        if answer.status_code != 200:
            raise calls.failure(answer)
        found = calls.json_of(answer)
        entries, following = found.get(name), found.get("next_page_token") or ""
        if not isinstance(entries, list) or not isinstance(following, str):
            raise SendFailed("answer", retryable=True)
        yield from entries
        if not following:
            return
        token = following
    raise SendFailed("too-many-pages", retryable=False)


def _code(found: dict[str, Any]) -> str | None:
    """`code` of the SMS REST API, `error.status` of the Conversation API: short words."""
    error = found.get("error")
    said = error.get("status") if isinstance(error, dict) else found.get("code")
    if isinstance(said, str) and 0 < len(said) <= LONGEST_CODE and said.isascii() and said.replace("_", "").isalnum():
        return said
    return None
