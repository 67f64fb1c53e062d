"""What is the same in all applications of a test run is made once: making them took a third of it."""

import pickle
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from flask import Flask
from flask_smorest import arguments, blueprint, response
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import rules

from consent.policies import reading


class Compiled(BytecodeCache):
    """What was compiled, by name and source; it lasts as long as the process."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """What is kept of this template, if its source is still the same."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """It is kept from now on."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED = Compiled()
_READ: "dict[str, _Read]" = {}
_parse = rules.Rule._parse_rule


def share(app: Flask) -> Flask:
    """This application takes templates that another one compiled."""
    app.jinja_env.bytecode_cache = _COMPILED
    return app


def share_what_is_read() -> None:
    """Rules and packs of the same words are read once; what describes a door is copied without the schemas in it."""
    rules.Rule._parse_rule = _parse_once
    for module in (arguments, blueprint, response):
        module.deepcopy = _copied
    reading.tomllib = SimpleNamespace(loads=_pack, TOMLDecodeError=tomllib.TOMLDecodeError)


def _pack(text: str) -> dict[str, Any]:
    """The tables of this text, nobody else's."""
    try:
        found: dict[str, Any] = pickle.loads(_pickled(text))
    except RecursionError:  # deeper than can be kept
        return tomllib.loads(text)
    return found


@lru_cache(maxsize=64)
def _pickled(text: str) -> bytes:
    return pickle.dumps(tomllib.loads(text))


class _Read:
    """What reading a rule leaves behind."""

    def __init__(self, rule: rules.Rule, words: str) -> None:
        before = len(rule._trace)
        self.parts = list(_parse(rule, words))
        self.trace, self.converters, self.arguments = rule._trace[before:], rule._converters, rule.arguments


def _parse_once(rule: rules.Rule, words: str) -> Iterable[rules.RulePart]:
    found = _READ.get(words)
    if found is None:
        found = _READ[words] = _Read(rule, words)
        return found.parts
    rule._trace += found.trace
    rule._converters.update(found.converters)
    rule.arguments |= found.arguments
    return found.parts


def _copied(held: Any) -> Any:
    if isinstance(held, dict):
        return {key: _copied(value) for key, value in held.items()}
    return [_copied(one) for one in held] if isinstance(held, list) else held
