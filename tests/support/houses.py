"""An installation by its settings, opened when somebody needs it and let go before a command runs there."""

from flask import Flask

from consent.app import create_app
from consent.config import Config
from consent.house import House
from tests.support import sharing


class Opens:
    """Whoever has settings, and a house while it is open."""

    __slots__ = ()
    config: Config
    house: House | None

    def open(self) -> House:
        """The house, open."""
        if self.house is None:
            self.house = House.open(self.config)
        return self.house

    def app(self) -> Flask:
        """The application over it."""
        return sharing.share(create_app(self.open()))

    def close(self) -> None:
        """Nobody uses the database."""
        if self.house is not None:
            self.house.close()
            self.house = None
