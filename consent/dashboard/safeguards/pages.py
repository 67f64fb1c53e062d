"""/staff/safeguards: each promised measure with who answers for it, its evidence and when it is reviewed next."""

from flask import Blueprint

from consent.dashboard.contacts import pages as contacts
from consent.dashboard.safeguards import register
from consent.db import Database
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.web.messages import N_

SAFEGUARDS = contacts.Register(
    "staff_safeguards",
    "/staff/safeguards",
    "dashboard/safeguards.html",
    lambda here: register.places(here.rulebook, here.now),
    N_("No policy in force promises such a measure."),
)


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> Blueprint:
    """/staff/safeguards."""
    return contacts.blueprint(db, keyring, governing, SAFEGUARDS)
