"""A gateway that texts nobody: what was sent is in a list, what goes wrong is planned."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from consent.gateways.sms.base import OutboundMessage, SendResult


class SendingGateway:
    """Takes every message, unless an outcome was planned for it."""

    def __init__(self) -> None:
        self.sent: list[OutboundMessage] = []
        self.planned: list[Exception | SendResult] = []

    def send(self, message: OutboundMessage, http: object = None) -> SendResult:
        """The next planned outcome, else accepted."""
        outcome = self.planned.pop(0) if self.planned else SendResult("accepted", f"OUT{len(self.sent)}", "queued")
        if isinstance(outcome, Exception):
            raise outcome
        self.sent.append(message)
        return outcome

    def find_sent(self, message: OutboundMessage, since: datetime, http: object = None) -> Iterator[SendResult]:
        """What was taken under this message's reference."""
        for number, taken in enumerate(self.sent):
            if taken.client_ref == message.client_ref:
                yield SendResult("accepted", f"OUT{number}", "queued")

    def load(self, name: str, settings: Mapping[str, Any]) -> Any:
        """Stands in for the registry of gateways."""
        return self

    @property
    def texts(self) -> list[str]:
        """What was sent, in order."""
        return [message.text for message in self.sent]
