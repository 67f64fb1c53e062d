"""/staff/scope: what each policy covers, who governs where it does not, who answers for the map, its next review."""

from flask import Blueprint

from consent.dashboard.contacts import pages as contacts
from consent.dashboard.scope import register
from consent.db import Database
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.web.messages import N_

SCOPES = contacts.Register(
    "staff_scope",
    "/staff/scope",
    "dashboard/scope.html",
    lambda here: register.places(here.rulebook),
    N_("No policy in force says this, and the settings no longer list it."),
)


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> Blueprint:
    """/staff/scope."""
    return contacts.blueprint(db, keyring, governing, SCOPES)
