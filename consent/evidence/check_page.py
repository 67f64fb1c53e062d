"""The page on which anybody checks a receipt in their own browser; saved, it works with the network off."""

from flask import Blueprint, render_template, request

from consent.ledger import published
from consent.ledger.keys import Keyring

COMMAND = "consent receipts verify FILE --jwks jwks.json --log-key log-keys.txt"


def blueprint(keyring: Keyring) -> Blueprint:
    """/check, with the published keys inside; `?of=<organization>` leaves out those of others."""
    pages = Blueprint("receipt_check", __name__, template_folder="templates")

    @pages.get("/check")
    def check() -> str:
        served = list(keyring.organizations())
        asked = request.args.get("of", "")
        mine = [one for one in served if any(_slug(origin) == asked for origin in keyring.origins(one))]
        trusted = mine or served
        keys = {"jwks": published.jwks(keyring, trusted), "logs": published.log_vkeys(keyring, trusted)}
        return render_template("evidence/check.html", keys=keys, command=COMMAND)

    return pages


def _slug(origin: str) -> str:
    """The organization in the name of a log: `consent.example/log/acme/1`."""
    return origin.rsplit("/", 2)[1]
