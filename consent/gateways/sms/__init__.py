"""SMS gateways: verified webhooks in, texts out, one file per provider and one contract for all (base.py)."""

from consent.gateways.sms.base import (
    Answer,
    BasicUnauthenticated,
    DeliveryReport,
    Gateway,
    Headers,
    HttpRequest,
    HttpSession,
    InboundMessage,
    Malformed,
    Media,
    OptOut,
    OutboundMessage,
    Received,
    SendFailed,
    SendResult,
    Subscription,
    Unauthenticated,
)
from consent.gateways.sms.registry import load, names

__all__ = [
    "Answer",
    "BasicUnauthenticated",
    "DeliveryReport",
    "Gateway",
    "Headers",
    "HttpRequest",
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
    "load",
    "names",
]
