"""The kinds of stores. A new one is a file beside this and a line here."""

from collections.abc import Mapping
from typing import Any

from consent.config import STORE_URL
from consent.errors import BadInput
from consent.gateways.stores.base import Store
from consent.gateways.stores.description import parse
from consent.gateways.stores.manual import ManualStore, instruction_of
from consent.gateways.stores.sql import SqlStore
from consent.gateways.stores.webhook import WebhookStore, Wires, checked

KINDS = ("manual", "sql", "webhook")
_KNOWN = {
    "manual": frozenset({"categories", "instruction"}),
    "sql": frozenset({"url_setting", "description"}),
    "webhook": frozenset({"categories", "url", "secret"}),
}


def settings_of(kind: str, given: Mapping[str, Any], *, development: bool) -> dict[str, Any]:
    """The settings as they are kept; BadInput that names what is missing or wrong."""
    if kind not in KINDS:
        raise BadInput(f"There is no such kind of store; there are {', '.join(KINDS)}.", field="kind")
    if unknown := sorted(set(given) - _KNOWN[kind]):
        raise BadInput(f"{unknown[0]} is no setting of a {kind} store.", field=unknown[0])
    if kind == "sql":
        parse(str(given.get("description", "")))
        if not STORE_URL.fullmatch(str(given.get("url_setting", ""))):
            raise BadInput(
                "url_setting is the NAME of the environment variable that holds the URL, as CONSENT_STORE_CRM_URL.",
                field="url_setting",
            )
        return dict(given)
    categories = given.get("categories")
    if not isinstance(categories, list) or not categories or not all(isinstance(one, str) for one in categories):
        raise BadInput("Say which classes of data it holds: categories.", field="categories")
    if kind == "manual":
        return {"categories": categories, "instruction": instruction_of(given)}
    return checked(given, development=development)


def load(kind: str, name: str, settings: Mapping[str, Any], endpoint: str, wires: Wires) -> Store:
    """The store behind an account; BadInput for settings that no longer fit."""
    if kind == "manual":
        return ManualStore(name, settings)
    if kind == "sql":
        return SqlStore(name, settings, wires)
    if kind == "webhook":
        return WebhookStore(name, settings, endpoint, wires)
    raise BadInput(f"There is no such kind of store; there are {', '.join(KINDS)}.", field="kind")
