"""Run by hatchling before it builds a wheel or installs the checkout: every catalogue of messages is compiled."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileMessages(BuildHookInterface[Any]):
    """messages.mo stands beside each messages.po."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile what is there; git ignores the result, the wheel carries it."""
        for source in Path(self.root).glob("consent/web/translations/*/LC_MESSAGES/messages.po"):
            with source.open("rb") as po:
                catalogue = read_po(po, locale=source.parts[-3])
            with source.with_suffix(".mo").open("wb") as mo:
                write_mo(mo, catalogue)
