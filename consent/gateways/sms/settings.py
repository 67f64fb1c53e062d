"""Settings of a gateway account, read strictly: the field at fault is named, a value is never shown."""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from consent.errors import SetupProblem

SECRET = validate.Length(min=1, max=512)


class GatewaySettings(Schema):
    """What every gateway's settings have in common: nothing is guessed, nothing is ignored."""

    class Meta:
        unknown = RAISE

    docs: ClassVar[str]


def secret(**options: Any) -> fields.String:
    """A secret string."""
    return fields.String(validate=SECRET, **options)


def https_url(**options: Any) -> fields.Url:
    """An absolute http or https URL; development hosts have no dot in their names."""
    length = validate.Length(max=2000)
    return fields.Url(schemes={"http", "https"}, require_tld=False, validate=length, **options)


def is_secret(name: str) -> bool:
    """Whether a setting of this name is one that nobody may see."""
    return any(word in name for word in ("token", "secret", "password", "key"))


def read(name: str, schema: GatewaySettings, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The checked settings. Raises SetupProblem that names the first field at fault."""
    try:
        checked: dict[str, Any] = schema.load(dict(settings))
    except ValidationError as problem:
        field, why = _first(problem.messages_dict)
        raise SetupProblem(
            f"Gateway {name}, setting {field}: {why} See docs/gateways/{name}.md.", field=field
        ) from None
    return checked


def _first(messages: Mapping[str, Any]) -> tuple[str, str]:
    """The path of the first field at fault and what is wrong with it."""
    name, found = next(iter(messages.items()))
    if isinstance(found, Mapping):
        inner, why = _first({str(key): value for key, value in found.items()})
        return f"{name}.{inner}", why
    return name, str(found[0] if isinstance(found, list) else found)
