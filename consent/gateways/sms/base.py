"""What every SMS gateway gives and takes: the normalised events, the answers, the sends and their failures.

Nothing here shows a number or a text in a repr: events end up in tracebacks.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Literal, Protocol

from consent.errors import ConsentError, Malformed

__all__ = [
    "Answer",
    "BasicUnauthenticated",
    "DeliveryReport",
    "Event",
    "Gateway",
    "Headers",
    "HttpRequest",
    "HttpResponse",
    "HttpSession",
    "InboundMessage",
    "Malformed",
    "Media",
    "OptOut",
    "OutboundMessage",
    "Received",
    "SendFailed",
    "SendResult",
    "Subscription",
    "Unauthenticated",
]


class Unauthenticated(ConsentError):
    """The request is not proved to come from the gateway; nothing in it may be used."""

    status, slug, title = 403, "webhook-refused", "The request is not signed as it must be"


class BasicUnauthenticated(Unauthenticated):
    """As above, where the gateway signs in with HTTP Basic: the answer is 401 with WWW-Authenticate."""

    status: ClassVar[int] = 401
    challenge: ClassVar[str] = 'Basic realm="webhook", charset="UTF-8"'


class HeaderMap(Protocol):
    """Anything that finds a header whatever its case."""

    def get(self, name: str, /) -> str | None: ...


class Headers:
    """Headers found by name whatever the case; of a repeated name the first counts."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> None:
        pairs = items.items() if isinstance(items, Mapping) else items
        self._items: dict[str, str] = {}
        for name, value in pairs:
            self._items.setdefault(name.lower(), value)

    def get(self, name: str, /) -> str | None:
        return self._items.get(name.lower())

    def __repr__(self) -> str:
        return f"Headers({len(self._items)})"


class HttpRequest:
    """A request as the gateway sent it: `url` is the public URL it called, `body` the raw bytes."""

    __slots__ = ("body", "headers", "method", "url")

    def __init__(self, method: str, url: str, headers: HeaderMap, body: bytes = b"") -> None:
        self.method = method
        self.url = url
        # A plain dict would find a header in one spelling only.
        self.headers: HeaderMap = Headers(headers) if type(headers) is dict else headers
        self.body = body

    def __repr__(self) -> str:
        return f"HttpRequest({self.method}, {len(self.body)} bytes)"


@dataclass(frozen=True, slots=True)
class Media:
    """A file sent with a message. Never fetched while the webhook waits, and only from hosts we expect."""

    url: str = field(repr=False)
    content_type: str | None = None


Bearer = Literal["sms", "mms", "rcs", "whatsapp", "other"]
OptOutType = Literal["STOP", "START", "HELP"]


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """A text somebody sent to one of our numbers."""

    gateway: str
    message_id: str
    event_id: str
    sender: str = field(repr=False)
    recipient: str = field(repr=False)
    text: str = field(repr=False)
    received_at: datetime | None = None  # None when the gateway gives no time: arrival is then the order
    media: tuple[Media, ...] = ()
    provider_opt_out_type: OptOutType | None = None  # set: the gateway knew the word and answered it
    client_ref: str | None = None
    account: str | None = None
    bearer: Bearer = "sms"
    is_text: bool = True  # False for binary content, which is never classified
    echo: bool = False  # a message of our own coming back, or from our own number: stored, never answered
    sender_raw: str = field(default="", repr=False)
    recipient_raw: str = field(default="", repr=False)
    type: Literal["inbound"] = "inbound"


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What became of a message of ours; `sender` is our number, `recipient` the person's."""

    gateway: str
    message_id: str
    event_id: str  # message id and status: a repeat has the same one
    status: str
    sender: str = field(repr=False)
    recipient: str = field(repr=False)
    received_at: datetime | None = None
    error_code: str | None = None
    recipient_opted_out: bool = False  # the gateway refuses to text this person: record it as an opt-out
    recipient_problem: Literal["invalid", "not_textable", "blocked"] | None = None
    client_ref: str | None = None
    account: str | None = None
    type: Literal["status"] = "status"


@dataclass(frozen=True, slots=True)
class Subscription:
    """The gateway asks whether this webhook is really ours, or says that it stops calling it."""

    gateway: str
    event_id: str
    kind: Literal["confirm", "validate", "ended"]
    confirm_url: str | None = field(default=None, repr=False)
    validation_code: str | None = field(default=None, repr=False)
    account: str | None = None
    type: Literal["subscription"] = "subscription"


Event = InboundMessage | DeliveryReport | Subscription


@dataclass(frozen=True, slots=True)
class OptOut:
    """A number that the gateway blocks, as its list of opt-outs says; `sender` empty: for all of the account."""

    number: str = field(repr=False)
    since: datetime | None = None
    sender: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gateway wants to read from us."""

    status: int
    content_type: str
    body: bytes = field(repr=False)
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Received:
    """A request proved to come from the gateway, in our words; no events: nothing in it concerns us.

    `reply_style` is `inline` when the HTTP answer may carry a text to the sender, else `none`. `answer` is given where
    the request wants one of its own, such as a handshake. `pieces`: of a call that told of several, what it said of
    each event, in their order; without them the whole call is about its one event.
    """

    events: tuple[Event, ...]
    reply_style: Literal["inline", "none"] = "none"
    answer: Answer | None = None
    unread: int = 0
    pieces: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class OutboundMessage:
    """A text to be sent; `client_ref` comes back with the delivery reports where the gateway can carry it."""

    sender: str = field(repr=False)
    recipient: str = field(repr=False)
    text: str = field(repr=False)
    client_ref: str | None = None
    media_urls: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class SendResult:
    """The gateway's word on one message: accepted with its id, or refused for good with a code."""

    status: Literal["accepted", "refused"]
    provider_id: str | None = None
    provider_status: str | None = None
    code: str | None = None
    recipient_opted_out: bool = False
    recipient_problem: Literal["invalid", "not_textable", "blocked"] | None = None


class SendFailed(ConsentError):
    """The call did not work out. `retryable`: trying again later is right and does not double the message.

    `maybe_sent`: we have no answer, yet the gateway may have taken the message: `find_sent` tells before a second try.
    """

    status, slug, title = 502, "gateway-failed", "The message gateway did not do what was asked"

    def __init__(
        self, code: str, *, retryable: bool, retry_after: float | None = None, maybe_sent: bool = False
    ) -> None:
        super().__init__(f"The gateway call failed ({code}).")
        self.code = code
        self.retryable = retryable
        self.retry_after = retry_after
        self.maybe_sent = maybe_sent


class HttpResponse(Protocol):
    """The part of a response that adapters read."""

    status_code: int

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def content(self) -> bytes: ...


class HttpSession(Protocol):
    """The one way out: a requests.Session or anything that calls like one."""

    @property
    def request(self) -> Callable[..., Any]: ...


class Gateway(Protocol):
    """One account at one provider."""

    @property
    def name(self) -> str: ...

    @property
    def can_send(self) -> bool:
        """Whether the settings suffice to send; if not, replies can only ride on the webhook's answer."""
        ...

    @property
    def answers_itself(self) -> frozenset[str]:
        """The opt-out words that the provider confirms by itself without saying so, in small letters.

        Only a message that is such a word and nothing else is meant, whatever its case.
        """
        ...

    @property
    def lists_inbound(self) -> bool:
        """Whether the provider shows what it received, and the settings suffice to ask."""
        ...

    @property
    def lists_opt_outs(self) -> bool:
        """Whether the provider shows which numbers it blocks, and the settings suffice to ask."""
        ...

    @property
    def blocks(self) -> bool:
        """Whether the provider takes a block from us, and the settings suffice."""
        ...

    def receive(self, request: HttpRequest, now: datetime) -> Received:
        """The events of a proved request. Raises Unauthenticated or Malformed and nothing else."""
        ...

    def answer(self, reply: str | None, to: InboundMessage | None = None) -> Answer:
        """The HTTP answer that tells the gateway all is stored, with a text to whoever sent `to` if there is one."""
        ...

    def confirm(self, subscription: Subscription, http: HttpSession | None = None) -> None:
        """The gateway knows that this webhook is ours: its confirmation was answered. Raises SendFailed."""
        ...

    def send(self, message: OutboundMessage, http: HttpSession | None = None) -> SendResult:
        """The gateway has accepted or refused the message. Raises SendFailed."""
        ...

    def find_sent(
        self, message: OutboundMessage, since: datetime, http: HttpSession | None = None
    ) -> Iterator[SendResult]:
        """What the gateway took since then that is this message, or reads the same to the same person.

        Asked before a second try. Raises SendFailed, not retryable where the gateway cannot tell.
        """
        ...

    def list_inbound(self, since: datetime, http: HttpSession | None = None) -> Iterator[InboundMessage]:
        """What the gateway says it received since then: to find what never reached us. Raises SendFailed."""
        ...

    def list_opt_outs(self, since: datetime | None, http: HttpSession | None = None) -> Iterator[OptOut]:
        """The numbers the gateway blocks, those newer than `since` where it can tell. Raises SendFailed."""
        ...

    def block(self, number: str, sender: str, http: HttpSession | None = None) -> None:
        """The gateway sends nothing from this sender to this number any more. Safe to repeat. Raises SendFailed."""
        ...
