"""The doors of the desk: the queue, entry by hand, and the page of each request."""

from datetime import timedelta

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from consent.dashboard.requests import (
    awaiting,
    bulk_pages,
    case_actions,
    case_pages,
    change_pages,
    decision_pages,
    entry_pages,
    evidence_pages,
    letter_pages,
    queue_pages,
    step_pages,
    task_pages,
)
from consent.db import Database
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.staff.approval_pages import ELSEWHERE


def blueprint(db: Database, keyring: Keyring, governing: Governing, public_url: str, lasts: timedelta) -> Blueprint:
    """/staff/requests. `lasts` is how long an answer waits to be fetched."""
    pages = Blueprint("staff_requests", __name__, template_folder="templates")
    pages.record_once(_lists_decided)
    queue_pages.add(pages, db, keyring, governing)
    entry_pages.add(pages, db, keyring, governing)
    show = case_pages.add(pages, db, keyring, governing)
    case_actions.add(pages, db, keyring, governing, show)
    decision_pages.add(pages, db, keyring, governing, show)
    change_pages.add(pages, db, keyring, governing, show)
    task_pages.add(pages, db, keyring, governing, show)
    evidence_pages.add(pages, db, keyring, governing, show)
    bulk_pages.add(pages, db, keyring, governing, public_url)
    letter_pages.add(pages, db, keyring, governing, public_url)
    step_pages.add(pages, db, keyring, governing, show, public_url, lasts)
    return pages


def _lists_decided(setting_up: BlueprintSetupState) -> None:
    """The page of approvals shows what of the queue waits for an officer."""
    setting_up.app.extensions.setdefault(ELSEWHERE, {})["requests"] = awaiting.requests
