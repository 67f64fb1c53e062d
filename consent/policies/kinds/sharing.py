"""Kinds about handing data on: who may get it, and what must never happen with it."""

from consent.policies.kinds import shapes as s
from consent.policies.kinds.base import Kind, Promise

SHARE_BAN = Kind(
    name="share-ban",
    meaning="A sale, transfer or publication that must not happen.",
    required={"recipients": s.words()},
    optional={
        "data": s.word_or_words,
        "allowed_purpose": s.word(),
        "banned": s.words(),
        "banned_purpose": s.word_or_words,
        "exceptions": s.exceptions,
        "override_by_consent": s.flag,
    },
    sentence=lambda p, d: (
        f"{s.opening(s.plain(p['recipients']))} never get this data for "
        f"{s.plain(s.as_list(p.get('banned_purpose')) or p.get('banned', ['any purpose']))}."
    ),
    doors=("policies.check",),
    planned=("disclosures",),
    evidence=("E-SHARE", "E-CFG"),
)

SHARE_ALLOWED_RECIPIENT = Kind(
    name="share-allowed-recipient",
    meaning="A recipient class to whom data may go, and for what.",
    required={"data": s.word_or_words, "recipients": s.words()},
    optional={
        "condition": s.word_or_words,
        "vendor_functions": s.words(),
        "purposes": s.words(),
        "banned_purpose": s.word(),
    },
    sentence=lambda p, d: f"{s.opening(s.plain(s.as_list(p['data'])))} data may go only to {s.plain(p['recipients'])}.",
    doors=("policies.check",),
    planned=("disclosures", "gateways"),
    evidence=("E-SHARE", "E-CFG"),
)

ALL = (SHARE_BAN, SHARE_ALLOWED_RECIPIENT)


def may_go_to(promise: Promise, data: str, recipient: str) -> bool | None:
    """May data of this class go to this recipient? None where the promise does not speak of the data."""
    if promise.kind != "share-allowed-recipient" or data not in s.as_list(promise.parameters["data"]):
        return None
    return recipient in promise.parameters["recipients"]


def forbids(promise: Promise, data: str, recipient: str, purpose: str) -> bool:
    """Does the promise forbid this transfer, whatever anybody consented to?"""
    if promise.kind != "share-ban" or recipient not in promise.parameters["recipients"]:
        return False
    parameters = promise.parameters
    if "data" in parameters and data not in s.as_list(parameters["data"]):
        return False
    banned = s.as_list(parameters.get("banned_purpose")) + s.as_list(parameters.get("banned"))
    return purpose in banned or ("allowed_purpose" in parameters and purpose != parameters["allowed_purpose"])
