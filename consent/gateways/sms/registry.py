"""The gateways there are. A new one is a file beside this and a line here."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from consent.errors import SetupProblem
from consent.gateways.sms.account import Adapter
from consent.gateways.sms.base import Gateway, HttpSession
from consent.gateways.sms.settings import read

# Each in the module of its name; loaded when first asked for, since most processes need one or two.
GATEWAYS: dict[str, str] = {
    "twilio": "Twilio",
    "plivo": "Plivo",
    "bandwidth": "Bandwidth",
    "messagebird": "MessageBird",
    "bird": "Bird",
    "infobip": "Infobip",
    "sns": "Sns",
    "azure": "Azure",
    "signalwire": "SignalWire",
    "clicksend": "ClickSend",
    "telnyx": "Telnyx",
    "vonage": "Vonage",
    "sinch": "Sinch",
    "console": "Console",
}
DEVELOPMENT_ONLY = frozenset({"console"})


def names(env: str = "production") -> tuple[str, ...]:
    """The gateways that may be used in this environment."""
    return tuple(name for name in GATEWAYS if env == "development" or name not in DEVELOPMENT_ONLY)


def adapter(name: str, env: str = "production") -> Adapter:
    """The class of a gateway. Raises SetupProblem."""
    if name not in GATEWAYS:
        known = ", ".join(names(env))
        raise SetupProblem(f"There is no gateway of this name; there are {known}.", field="name")
    if name in DEVELOPMENT_ONLY and env != "development":
        raise SetupProblem(f"Gateway {name} texts nobody and is for development only.", field="name")
    found: Adapter = getattr(import_module(f"consent.gateways.sms.{name}"), GATEWAYS[name])
    return found


def load(
    name: str, settings: Mapping[str, Any], *, http: HttpSession | None = None, env: str = "production"
) -> Gateway:
    """The gateway with these settings. Raises SetupProblem that names the setting at fault."""
    made = adapter(name, env)
    return made(read(name, made.Settings(), settings), http)
