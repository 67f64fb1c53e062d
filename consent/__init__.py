"""Consent makes a privacy policy run: what it promises decides at run time, and every answer can be proved."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def create_app() -> "Flask":
    """The application for `flask --app consent`: every command of `consent` stands beside Flask's own."""
    # Imported only when Flask asks: `import consent` stays light for the commands.
    from consent import cli, config
    from consent.app import create_app
    from consent.house import House

    app = create_app(House.open(config.load()))
    for name in cli.PLACES:
        app.cli.add_command(cli.command(name), name)
    return app
