"""Requests as each provider makes them, filled in from the files under samples/: for tests and `sms simulate`.

A file holds one `[[request]]` per kind of call, with `${…}` where a value goes. The same files are the contract tests.
"""

import base64
import json
import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple
from urllib.parse import urlencode

from consent.errors import NotFound
from consent.gateways.sms.base import HttpRequest

FORM = "application/x-www-form-urlencoded"


class Call(NamedTuple):
    """A request on its way to us, with the public URL it is for."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes

    def as_request(self) -> HttpRequest:
        """As the adapter gets it."""
        return HttpRequest(self.method, self.url, dict(self.headers), self.body)


class Sample(NamedTuple):
    """One kind of call: its parts with placeholders, and the events it becomes, with the same placeholders."""

    name: str
    method: str
    headers: dict[str, str]
    query: list[list[str]]
    form: list[list[str]] | None
    json: Any
    events: list[dict[str, Any]]


_FORMATS: dict[str, Callable[[Any], Any]] = {
    "digits": lambda value: str(value).removeprefix("+"),
    "iso": lambda at: f"{at:%Y-%m-%dT%H:%M:%S}Z",
    "iso_millis": lambda at: f"{at:%Y-%m-%dT%H:%M:%S}.000Z",
    "iso_seven": lambda at: f"{at:%Y-%m-%dT%H:%M:%S}.0000000Z",
    "iso_offset": lambda at: f"{at:%Y-%m-%dT%H:%M:%S}+00:00",
    "iso_plain_offset": lambda at: f"{at:%Y-%m-%dT%H:%M:%S}.000+0000",
    "spaced": lambda at: f"{at:%Y-%m-%d %H:%M:%S}",
    "minutes": lambda at: f"{at:%y%m%d%H%M}",
    "unix": lambda at: str(int(at.timestamp())),
    "unix_number": lambda at: int(at.timestamp()),
    "millis_number": lambda at: int(at.timestamp() * 1000),
    "upper_word": lambda text: (str(text).split() or [""])[0].upper(),
    "base64": lambda text: base64.b64encode(str(text).encode()).decode(),
}
_PLACE = re.compile(r"\$\{(\w+)(?:\|(\w+))?\}")


@cache
def samples_of(gateway: str) -> dict[str, Sample]:
    """Every kind of call of this gateway, by name. Raises NotFound."""
    source = files("consent.gateways.sms") / "samples" / f"{gateway}.toml"
    if not source.is_file():
        raise NotFound(f"There are no sample calls of {gateway}.")
    return {one["name"]: _sample(one) for one in tomllib.loads(source.read_text("utf-8"))["request"]}


def _sample(found: Mapping[str, Any]) -> Sample:
    return Sample(
        found["name"],
        found.get("method", "POST"),
        dict(found.get("headers", {})),
        found.get("query", []),
        found.get("form"),
        json.loads(found["json"]) if "json" in found else None,
        found.get("events", []),
    )


def fill(sample: Sample, url: str, values: Mapping[str, Any]) -> Call:
    """The call with these values in place, not yet signed. A value that is not given stays empty."""
    query = urlencode(_pairs(sample.query, values))
    headers: dict[str, str] = _filled(sample.headers, values)
    body = b""
    if sample.form is not None:
        headers.setdefault("Content-Type", FORM)
        body = urlencode(_pairs(sample.form, values)).encode()
    elif sample.json is not None:
        headers.setdefault("Content-Type", "application/json")
        body = json.dumps(_filled(sample.json, values), ensure_ascii=False).encode()
    return Call(sample.method, f"{url}?{query}" if query else url, headers, body)


def expected(sample: Sample, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The events the call must become, field by field."""
    found: list[dict[str, Any]] = _filled(sample.events, values)
    return found


def values_of(
    settings: Mapping[str, Any], *, message_id: str, sender: str, recipient: str, text: str, at: datetime
) -> dict[str, Any]:
    """What the placeholders stand for; settings of the account by their names."""
    return {**settings, "id": message_id, "from": sender, "to": recipient, "text": text, "at": at}


def _pairs(parts: list[list[str]], values: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(name, str(_filled(value, values))) for name, value in parts]


def _filled(part: Any, values: Mapping[str, Any]) -> Any:
    """The part with every placeholder replaced; one that fills a whole string keeps its type."""
    if isinstance(part, dict):
        return {name: _filled(value, values) for name, value in part.items()}
    if isinstance(part, list):
        return [_filled(value, values) for value in part]
    if not isinstance(part, str):
        return part
    whole = _PLACE.fullmatch(part)
    if whole:
        return _value(whole, values)
    return _PLACE.sub(lambda found: str(_value(found, values)), part)


def _value(found: re.Match[str], values: Mapping[str, Any]) -> Any:
    value = values.get(found[1], "")
    return _FORMATS[found[2]](value) if found[2] else value
