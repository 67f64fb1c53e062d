"""Which tables travel with an organization and which stay, and what becomes of a row on the way. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

KIND = "organization-archive"
LEAST_PASSPHRASE = 12  # characters; whoever has the file may try for years
ROWS, POLICIES, CHECKPOINTS, READABLE = "rows", "policies", "checkpoints", "readable"
README, SEALED_KEYS, SIGNING_KEYS = "README.txt", "keys/purposes.sealed", "keys/signing-keys.json"
JWKS, LOG_KEYS = "keys/jwks.json", "keys/log-keys.txt"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")
LONGEST_NAME = 300

# What belongs to the organization wherever it is.
TRAVELS = frozenset(
    {
        "carrier_change", "carrier_letter", "carrier_matter",
        "clock_event", "contact_point", "corrected_value", "correction_change", "correction_conflict",
        "customer_taken_on", "daily_figure", "decision", "delivery_status", "disclosure", "disposal_batch",
        "do_not_call_copy", "do_not_call_listing", "drp_agent", "drp_request", "erasure_journal", "evidence_count",
        "evidence_cursor", "gateway_account", "held_record", "import_entry", "import_quarantine", "import_record",
        "import_run", "inbound", "inbound_conflict", "inbound_mail", "incident", "incident_duty", "incident_miss",
        "incident_former", "incident_person",
        "job", "ledger_anchor", "ledger_checkpoint", "ledger_checkpoint_sig", "ledger_disclosure", "ledger_event",
        "ledger_leaf", "ledger_log", "ledger_pending", "ledger_tile", "message_log", "notice_campaign",
        "notice_recipient", "organization", "organization_settings", "person", "policy_first_use",
        "policy_translation", "policy_version", "preference", "privacy_request", "proof", "request_certificate",
        "request_identity", "request_outcome", "request_step", "request_task", "retention_hold", "retention_miss",
        "retention_walk", "revocation", "revocation_sender", "sms_review", "stream_head", "stream_key",
        "unsubscription", "wording",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Left:
    """Something that stays behind: what to call it, an expression that names one, and how it is set up anew."""

    title: str
    named_by: str = ""
    anew: str = ""
    only: str = ""  # a condition on its rows, where some are over


# What opens a door here, is bound to somebody's account here, or ends by itself within days. Without a title nobody
# has to do anything about it.
STAYS: Mapping[str, Left] = {
    "answer_file": Left("answers that wait to be fetched", "", "make them again on the pages of their requests",
                        "removed_at IS NULL"),
    "api_key": Left("API keys", "name", "consent keys create", "revoked_at IS NULL"),
    "challenge": Left(""),
    "consent_proposal": Left("consents that wait for a second person", "", "enter them again", "entry_id IS NULL"),
    "data_store": Left("systems that hold data", "name", "consent stores add"),
    "drp_token": Left("tokens of data rights agents", "", "each agent asks for a new one"),
    "form_sent": Left(""),
    "gateway_progress": Left(""),
    "idempotency_key": Left(""),
    "staff_account": Left("accounts of staff", "", "consent staff first-admin"),
    "staff_approval": Left("proposals that wait for a second person", "", "propose them again", "state = 'waiting'"),
    "staff_attempt": Left(""),
    "staff_invitation": Left(""),
    "staff_passkey": Left(""),
    "staff_recovery_code": Left(""),
    "staff_sign_in": Left(""),
    "visit": Left(""),
    "watched_contact": Left("contact points and registers that somebody looks after", "contact",
                            "choose again who does"),
    "webhook_endpoint": Left("webhooks", "", "consent webhooks add"),
}  # fmt: skip
# Gateway accounts travel without what opens them, so that what came through them keeps its origin.
GATEWAYS = Left(
    "accounts at gateways and mail servers", "gateway || ' ' || name", "consent gateways add", "closed_at IS NULL"
)

WITH_FILES = ("proof", "request_identity")  # tables whose rows may hold a whole file each
SET_ASIDE = "waited when the organization left, may have gone out"


def as_it_travels(table: str, row: Mapping[str, Any], taken_at: datetime) -> dict[str, Any]:
    """The row without what only holds at one place: who works on it, whether it is about to be sent."""
    changed = dict(row)
    for name in ("locked_by", "locked_until", "assigned_to"):
        if name in changed:
            changed[name] = None
    if table == "gateway_account":
        changed["closed_at"] = row["closed_at"] or taken_at
    if table == "job" and row["done_at"] is None:  # the place that is left may send it: nobody gets it twice
        changed |= {"done_at": taken_at, "outcome": "dead", "last_error": SET_ASIDE}
    if table == "job" and row["contact_point_id"] is None:  # codes and links of the place that is left
        changed["payload"] = b""
    return changed


def name_of(table: str) -> str:
    """The part of an archive that holds the rows of a table."""
    return f"{ROWS}/{table}.jsonl"


def why_not(manifest: Mapping[str, Any], revision: str, revisions: Iterable[str]) -> str:
    """Why an archive with this manifest cannot be taken in by this release, in a sentence; an empty text if it can."""
    made = str(manifest.get("revision"))
    if made == revision:
        return ""
    if made in set(revisions):
        return (
            f"This archive was made by an older release (schema {made}; this one has {revision}). Upgrade the"
            " installation that it comes from, and export again."
        )
    return f"This archive was made by a newer release (schema {made}). Install that release here, then import."


def bad_name(names: Iterable[str]) -> str | None:
    """The first name of a part that could lead out of its folder, or that nobody would write."""
    return next((one for one in names if len(one) > LONGEST_NAME or not _NAME.fullmatch(one) or ".." in one), None)
