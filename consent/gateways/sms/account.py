"""What adapters have in common: an account that proves and reads webhooks, and can do no more until it says so."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar, NoReturn, Protocol

from consent.gateways.sms import calls
from consent.gateways.sms.base import (
    Answer,
    Gateway,
    HttpResponse,
    HttpSession,
    InboundMessage,
    OptOut,
    OutboundMessage,
    SendFailed,
    SendResult,
    Subscription,
)
from consent.gateways.sms.samples import Call
from consent.gateways.sms.settings import GatewaySettings

STORED = Answer(204, "text/plain", b"")


class Adapter(Protocol):
    """The class of a gateway: how an account is set up, made, and what its provider does on its side."""

    name: ClassVar[str]
    Settings: ClassVar[type[GatewaySettings]]
    development_only: ClassVar[bool]
    replies_inline: ClassVar[bool]
    answers_itself: ClassVar[frozenset[str]]

    def __call__(self, settings: Mapping[str, Any], http: HttpSession | None = None) -> Gateway: ...

    def setup_steps(self, url: str, settings: Mapping[str, Any]) -> tuple[str, ...]:
        """What to do in the provider's console, one sentence each, with this account's webhook address."""
        ...

    def as_sent(self, call: Call, settings: Mapping[str, Any], now: datetime, private_key: str | None = None) -> Call:
        """The call with everything the provider adds to prove it, as if sent at `now`.

        `private_key` (PEM) is the provider's half where the settings hold only the public one.
        """
        ...


class Account:
    """One account at one provider; what a provider does not offer fails with the code `not-offered`."""

    name: ClassVar[str]
    development_only: ClassVar[bool] = False
    replies_inline: ClassVar[bool] = False  # whether the webhook's answer can carry a text to the person
    # Opt-out words the provider answers without telling us, for numbers set up so. A word too few means that we confirm
    # what the provider then refuses to send; a word too many that nobody confirms: what is doubtful is left out.
    answers_itself: ClassVar[frozenset[str]] = frozenset()
    can_send: bool = False
    lists_inbound: bool = False
    lists_opt_outs: bool = False
    blocks: bool = False

    def __init__(self, http: HttpSession | None = None) -> None:
        self._http = http

    def __repr__(self) -> str:
        return f"{type(self).__name__}(can_send={self.can_send})"

    def answer(self, reply: str | None, to: InboundMessage | None = None) -> Answer:
        """204: stored. The provider reads no text from the answer."""
        return STORED

    def confirm(self, subscription: Subscription, http: HttpSession | None = None) -> None:
        """The provider asks for no confirmation."""
        not_offered()

    def send(self, message: OutboundMessage, http: HttpSession | None = None) -> SendResult:
        """Nothing is sent: this account only receives."""
        not_offered()

    def find_sent(
        self, message: OutboundMessage, since: datetime, http: HttpSession | None = None
    ) -> Iterator[SendResult]:
        """The provider cannot tell what it took."""
        not_offered()

    def list_inbound(self, since: datetime, http: HttpSession | None = None) -> Iterator[InboundMessage]:
        """The provider keeps no list of what it received."""
        not_offered()

    def list_opt_outs(self, since: datetime | None, http: HttpSession | None = None) -> Iterator[OptOut]:
        """The provider keeps no list of opt-outs, or does not show it."""
        not_offered()

    def block(self, number: str, sender: str, http: HttpSession | None = None) -> None:
        """The provider takes no block from us."""
        not_offered()

    def _call(
        self, method: str, url: str, http: HttpSession | None, *, changes: bool | None = None, **options: Any
    ) -> HttpResponse:
        """The API's answer, whatever its status. Raises SendFailed where none came."""
        if http is None:
            http = self._http = self._http or calls.new_session()
        return calls.call(http, method, url, changes=method != "GET" if changes is None else changes, **options)


def not_offered() -> NoReturn:
    """Fail for good: this gateway has no such call."""
    raise SendFailed("not-offered", retryable=False)
