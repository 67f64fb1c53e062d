"""A provider whose lists can be read: Twilio's list of messages over a session that makes no calls."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any


@dataclass(slots=True)
class Answer:
    """One answer of the provider."""

    status_code: int
    content: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Provider:
    """What one account received, as its API shows it, newest first; `failing` is answered instead while it is set."""

    number: str
    messages: list[dict[str, Any]] = field(default_factory=list)
    failing: int | None = None
    page: int = 3
    asked: int = 0

    def received(self, sid: str, text: str, sender: str, at: datetime) -> None:
        """A text came in at the provider."""
        self.messages.append(
            {
                "sid": sid,
                "direction": "inbound",
                "status": "received",
                "from": sender,
                "to": self.number,
                "body": text,
                "num_media": "0",
                "date_sent": format_datetime(at),
                "date_created": format_datetime(at),
            }
        )

    def request(self, method: str, url: str, **options: Any) -> Answer:
        """A page of the list."""
        self.asked += 1
        if self.failing is not None:
            return Answer(self.failing, b"{}", {"Retry-After": "600"})
        start = int(url.rpartition("Page=")[2]) if "Page=" in url else 0
        newest = sorted(self.messages, key=lambda one: str(one["sid"]), reverse=True)
        shown = newest[start : start + self.page]
        more = start + self.page < len(newest)
        path = url.partition("api.twilio.com")[2].partition("?")[0] or url
        found = {"messages": shown, "next_page_uri": f"{path}?Page={start + self.page}" if more else None}
        return Answer(200, json.dumps(found).encode())
