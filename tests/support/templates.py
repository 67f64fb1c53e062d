"""Templates compiled once for all applications of a test run: compiling them took a third of it."""

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


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


def share(app: Flask) -> Flask:
    """This application takes templates that another one compiled."""
    app.jinja_env.bytecode_cache = _COMPILED
    return app
