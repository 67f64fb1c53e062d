"""The ways in which mail may leave. A new one is a file beside this and a line here."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Protocol

from consent.errors import SetupProblem
from consent.gateways.email.base import Mailer
from consent.gateways.sms.settings import GatewaySettings, read

# Each in the module of its name; loaded when first asked for, since a web process sends nothing.
MAILERS: dict[str, str] = {"smtp": "Smtp", "file": "File"}
DEVELOPMENT_ONLY = frozenset({"file"})


class MailerClass(Protocol):
    """What a way out is made from."""

    Settings: type[GatewaySettings]

    def __call__(self, settings: Mapping[str, Any], env: str) -> Mailer:
        """The way out with these checked settings."""
        ...


def names(env: str = "production") -> tuple[str, ...]:
    """The ways that may be used in this environment."""
    return tuple(name for name in MAILERS if env == "development" or name not in DEVELOPMENT_ONLY)


def mailer_class(name: str, env: str = "production") -> MailerClass:
    """The class of a way out. Raises SetupProblem."""
    if name not in MAILERS:
        raise SetupProblem(f"There is no way of this name to send mail; there are {', '.join(names(env))}.")
    if name in DEVELOPMENT_ONLY and env != "development":
        raise SetupProblem(f"Gateway {name} mails nobody and is for development only.", field="name")
    found: MailerClass = getattr(import_module(f"consent.gateways.email.{name}"), MAILERS[name])
    return found


def load(name: str, settings: Mapping[str, Any], env: str = "production") -> Mailer:
    """The way out with these settings. Raises SetupProblem that names the setting at fault."""
    made = mailer_class(name, env)
    return made(read(name, made.Settings(), settings), env)
