"""What the columns of known exports are called. Each is a mapping of its own that a mapping file may override."""

from typing import Any

GENERIC = "generic"
RECORDS = "records"

# Twilio publishes no list of the columns of its opt-out exports; these are the names in its Consent Management API
# (contact_id, sender_id, status, date_of_consent) and what spreadsheets made from the console use.
_TWILIO: dict[str, Any] = {
    "columns": {
        "address": ["contact_id", "phone number", "phone_number", "phone", "number", "from", "to"],
        "occurred_at": ["date_of_consent", "opted out at", "opt-out date", "date_updated", "date", "timestamp"],
        "sender": ["sender_id", "messaging service", "messaging_service_sid", "sender"],
        "state": ["status", "opt_out_type", "optouttype", "consent"],
    },
    "optional": ["occurred_at", "sender", "state"],
    "constants": {"channel": "sms", "program": "*", "method": "keyword", "state": "withdrawn"},
    "values": {
        "state": {
            "opt-out": "withdrawn",
            "opted-out": "withdrawn",
            "optout": "withdrawn",
            "opted out": "withdrawn",
            "stop": "withdrawn",
        }
    },
    "only": ["withdrawn"],
}

# The names that mail services give their lists of the unsubscribed; everything else is said in a mapping file.
_ESP: dict[str, Any] = {
    "columns": {
        "address": ["email address", "email", "email_address", "e-mail", "e-mail address", "mail", "recipient"],
        "occurred_at": [
            "unsub_time",
            "unsubscribed at",
            "unsubscribed_at",
            "unsubscribe date",
            "optout_date",
            "opt-out date",
            "dateunsubscribed",
            "created",
            "date",
            "timestamp",
            "time",
            "ts",
        ],
    },
    "optional": ["occurred_at"],
    "constants": {"channel": "email", "program": "*", "state": "withdrawn", "method": "unsubscribe-link"},
    "only": ["withdrawn"],
}

# Every column is called like its field.
_GENERIC: dict[str, Any] = {
    "optional": [
        "channel",
        "program",
        "state",
        "occurred_at",
        "zone",
        "method",
        "wording",
        "wording_text",
        "wording_language",
        "ip",
        "ip_absent_reason",
        "person",
        "sender",
        "proof_note",
        "entered_by",
    ]
}

RECORD_FIELDS = (
    "category",
    "store",
    "reference",
    "collected_at",
    "zone",
    "purpose",
    "person",
    "role",
    "jurisdiction",
    "site",
    "use",
    "source",
)
# Things that other systems hold, each of which has a day on which it goes: no consents.
_RECORDS: dict[str, Any] = {
    "columns": {name: [name] for name in RECORD_FIELDS},
    "optional": ["zone", "person", "role", "jurisdiction", "site", "use", "source"],
}

FORMATS: dict[str, dict[str, Any]] = {
    GENERIC: _GENERIC,
    "twilio-opt-outs": _TWILIO,
    "esp-opt-outs": _ESP,
    RECORDS: _RECORDS,
}
OF_CONSENTS = tuple(sorted(set(FORMATS) - {RECORDS}))
