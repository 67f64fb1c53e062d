"""One account of each provider as the contract tests set it up, and its API as a stand-in answers for it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import import_module
from typing import Any

from tests.support.sending_api import Api


@dataclass(frozen=True)
class Case:
    """What the contract needs to know of one gateway."""

    settings: Mapping[str, Any]
    # Headers or query parameters without which a call is not proved, in the provider's spelling.
    proof: tuple[str, ...]
    covers_body: bool = True
    covers_url: bool = True
    # How old and how far ahead a signed time may be; None where the provider signs no time.
    old: timedelta | None = None
    ahead: timedelta | None = None
    # What a refused call gets: 401 where the provider signs in with HTTP Basic.
    refused: int = 403
    # What a stored message gets.
    stored: int = 200
    has_media: bool = True
    private_key: str | None = None
    # A body that is proved and still unreadable, if the provider's format allows one; made from a good one.
    spoil: Callable[[bytes], bytes] | None = None
    # The provider's sending API; None only where the provider has none.
    api: Callable[[], Api] | None = None
    others: tuple[Mapping[str, Any], ...] = field(default=())  # further settings under which the contract must hold

    @property
    def secrets(self) -> tuple[str, ...]:
        """The settings that nobody may see."""
        return tuple(str(one) for name, one in self.settings.items() if re.search("token|secret|key|password", name))


def case_of(name: str) -> Case:
    """The case of a gateway: the module of its name beside this."""
    found: Case = import_module(f"tests.gateways.cases.{name}").CASE
    return found
