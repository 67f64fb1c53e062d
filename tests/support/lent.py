"""One application that is lent to test after test, each with a house of its own: to make one takes longer than most
tests, and to clear one away half as long again."""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from flask import Flask

from consent import app as application
from consent import gauges
from consent.config import Config
from consent.guards import ApiKey
from consent.house import House
from tests.support import sharing

WHAT_DOORS_ARE = ("view_functions", "blueprints", "before_request_funcs", "after_request_funcs", "error_handler_spec")


class Behind:
    """Whatever is asked of it is asked of what stands behind it at that moment."""

    def __init__(self, found: Callable[[], Any]) -> None:
        self._found = found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._found(), name)


class Folder(Behind):
    """The same for a folder, as far as doors go into one."""

    def __truediv__(self, name: str) -> Path:
        return cast(Path, self._found() / name)

    def __fspath__(self) -> str:
        return os.fspath(self._found())


class Lines:
    """Access lines go to the standard error stream of whichever test runs."""

    def write(self, line: str) -> object:
        """One line."""
        return sys.stderr.write(line)


class Lent:
    """An application whose house is exchanged."""

    def __init__(self, house: House) -> None:
        self._house, self._config = house, _but_for_its_place(house.config)
        self._guards: list[ApiKey] = []
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(application, "ApiKey", self._guard)
            self._app = sharing.share(application.create_app(cast(House, self._stand_in()), Lines()))
        self._settings = dict(self._app.config)
        self._doors = self._seen()

    def fits(self, house: House) -> bool:
        """Whether this application is the one that would be made for the house."""
        return _but_for_its_place(house.config) == self._config and self._seen() == self._doors

    def to(self, house: House) -> Flask:
        """The application over this house, as if it were new."""
        self._house = house
        self._app.config.clear()
        self._app.config.update(self._settings, SECRET_KEY=house.config.secret_key())
        self._app.extensions["consent"] = house
        gauges.watch_ages(house)
        for guard in self._guards:
            guard._known.clear()
        return self._app

    def _guard(self, db: Any) -> ApiKey:
        self._guards.append(ApiKey(db))
        return self._guards[-1]

    def _seen(self) -> list[Any]:
        """How many doors there are, and who stands before and behind them."""
        kept = (getattr(self._app, name) for name in WHAT_DOORS_ARE)
        return [{of: len(held) if isinstance(held, list | dict) else 1 for of, held in one.items()} for one in kept]

    def _stand_in(self) -> Behind:
        house = Behind(lambda: self._house)
        vars(house).update(
            config=replace(self._config, data_dir=cast(Path, Folder(lambda: self._house.config.data_dir))),
            db=Behind(lambda: self._house.db),
            keyring=Behind(lambda: self._house.keyring),
            governing=Behind(lambda: self._house.governing),
            frames=Behind(lambda: self._house.frames),
            spooling=Behind(lambda: self._house.spooling),
        )
        house.frames.__dict__["find"] = lambda *asked: self._house.frames.find(*asked)
        house.spooling.__dict__["spool"] = Behind(lambda: self._house.spooling.spool)
        return house


def _but_for_its_place(config: Config) -> Config:
    return replace(config, data_dir=Path(), database_url="", migration_url="")
