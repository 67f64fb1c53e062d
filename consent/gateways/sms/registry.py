"""The gateways there are. A new one is a file beside this and a line here."""

from collections.abc import Mapping
from typing import Any

from consent.errors import SetupProblem
from consent.gateways.sms.base import Gateway, HttpSession
from consent.gateways.sms.console import Console
from consent.gateways.sms.settings import read
from consent.gateways.sms.twilio import Twilio

Adapter = type[Twilio] | type[Console]

GATEWAYS: dict[str, Adapter] = {
    "twilio": Twilio,
    "console": Console,
}


def names(env: str = "production") -> tuple[str, ...]:
    """The gateways that may be used in this environment."""
    return tuple(name for name, one in GATEWAYS.items() if env == "development" or not one.development_only)


def load(
    name: str, settings: Mapping[str, Any], *, http: HttpSession | None = None, env: str = "production"
) -> Gateway:
    """The gateway with these settings. Raises SetupProblem that names the setting at fault."""
    adapter = GATEWAYS.get(name)
    if adapter is None:
        known = ", ".join(names(env))
        raise SetupProblem(f"There is no gateway of this name; there are {known}.", field="name")
    if adapter.development_only and env != "development":
        raise SetupProblem(f"Gateway {name} texts nobody and is for development only.", field="name")
    gateway: Gateway = adapter(read(name, adapter.Settings(), settings), http)
    return gateway
