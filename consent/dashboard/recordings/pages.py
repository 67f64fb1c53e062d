"""/staff/recordings: each recorded line with its rule, its owner, its evidence and its next review."""

from flask import Blueprint

from consent.dashboard.contacts import pages as contacts
from consent.dashboard.recordings import register
from consent.db import Database
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.web.messages import N_

RECORDINGS = contacts.Register(
    "staff_recordings",
    "/staff/recordings",
    "dashboard/recordings.html",
    lambda here: register.places(here.rulebook, here.now),
    N_("No such line is recorded any more."),
)


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> Blueprint:
    """/staff/recordings."""
    return contacts.blueprint(db, keyring, governing, RECORDINGS)
