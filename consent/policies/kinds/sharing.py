"""Kinds about handing data on: who may get it and on which conditions, and what must never happen with it."""

from consent.policies.kinds import forms as f
from consent.policies.kinds import shapes as s
from consent.policies.kinds.base import Kind, Parameters, Promise


def _banned(parameters: Parameters, decided: Parameters) -> str:
    data = s.plain(s.as_list(parameters.get("data", "personal-data")))
    banned = s.as_list(parameters.get("banned_purpose")) + s.as_list(parameters.get("banned"))
    if "recipients" not in parameters:
        said = f"Never, whoever asks: {s.plain(banned)}"
    else:
        said = f"{s.opening(s.plain(parameters['recipients']))} never get {data} for {s.plain(banned or ['anything'])}"
    if "allowed_purpose" in parameters:
        said += f"; they work only to {s.plain([parameters['allowed_purpose']])}"
    if "allowed" in parameters:
        said += f"; what may go is {s.plain(s.as_list(parameters['allowed']))}"
    if parameters.get("override_by_consent") is False:
        said += ", not even with the person's consent"
    return said + "."


SHARE_BAN = Kind(
    name="share-ban",
    meaning="Data that is handed to nobody, or not for this.",
    required={},
    optional={
        "recipients": s.words(),
        "data": s.word_or_words,
        "allowed_purpose": s.word(),
        "allowed": s.word_or_words,
        "banned": s.words(),
        "banned_purpose": s.word_or_words,
        "exceptions": s.exceptions,
        "override_by_consent": s.flag,
    },
    sentence=_banned,
    doors=("disclosures", "policies.check"),
    evidence=("E-SHARE", "E-CFG", "E-REQ"),
)


def _allowed(parameters: Parameters, decided: Parameters) -> str:
    data = s.opening(s.plain(s.as_list(parameters.get("data", "personal-data"))))
    said = f"{data} may go to {s.plain(parameters['recipients'])}"
    if "fields" in parameters:
        said += f", these fields only: {s.plain(parameters['fields'])}"
    aims = s.as_list(parameters.get("purposes")) + s.as_list(parameters.get("purpose"))
    if aims:
        said += f", for {s.plain(aims)}"
    terms = [
        one
        for key in ("condition", "vendor_condition", "integration_condition", "grounds")
        for one in s.as_list(parameters.get(key))
    ]
    if terms:
        said += f" ({s.plain(terms)})"
    return said + "."


SHARE_ALLOWED_RECIPIENT = Kind(
    name="share-allowed-recipient",
    meaning="Who may get data, which, and why.",
    required={"recipients": s.words()},
    optional={
        "data": s.word_or_words,
        "condition": s.word_or_words,
        "vendor_functions": s.words(),
        "purposes": s.words(),
        "purpose": s.word(),
        "banned_purpose": s.word_or_words,
        "persons": s.word_or_words,
        "governed_by": s.word(),
        "vendor_condition": s.word("person-chose-vendor"),
        "integration_condition": s.word("customer-integrates"),
        "same_unit": s.flag,
        "grounds": s.words(),
        "threshold": s.word("sole-discretion", "company-belief"),
        "fields": s.words(),
    },
    decides={"purposes": s.words(), "consent_at": s.word("enrolment"), "retention": s.period},
    sentence=_allowed,
    doors=("disclosures", "gateways", "policies.check"),
    evidence=("E-SHARE", "E-CFG", "E-SHOWN", "E-SEND", "E-VER"),
)


def _conditions(parameters: Parameters, decided: Parameters) -> str:
    who = s.plain(s.as_list(parameters.get("recipients", "third-parties")))
    said = f"{s.opening(who)} get data only"
    if "conditions" in parameters:
        said += f" where all of this holds: {s.plain(parameters['conditions'])}"
    if "grounds" in parameters:
        said += f", on one of these grounds: {s.plain(parameters['grounds'])}"
    if "fields" in parameters:
        said += f" in these fields: {s.plain(parameters['fields'])}"
    if "banned_fields" in parameters:
        said += f"; never {s.plain(parameters['banned_fields'])}"
    if decided.get("without_consent"):
        said += f"; settled by us: {s.plain(decided['without_consent'])} need no consent"
    if decided.get("additional_transfer_basis"):
        said += "; settled by us: a transfer basis that holds today is needed besides"
    return said + "."


def _settle_condition(parameters: Parameters) -> tuple[str, ...]:
    conditions = s.as_list(parameters.get("conditions"))
    keys = {"explicit-consent": "consent_at", "privacy-shield-or-equivalent": "additional_transfer_basis"}
    return tuple(key for condition, key in keys.items() if condition in conditions)


SHARE_CONDITION = Kind(
    name="share-condition",
    meaning="What has to hold before data is handed on.",
    required={},
    optional={
        "conditions": s.words(),
        "rule": s.word("both", "all"),
        "grounds": s.words(),
        "recipients": s.words(),
        "fields": s.words(),
        "banned_fields": s.words(),
        "data": s.word_or_words,
    },
    decides={
        "consent_at": s.word("enrolment", "each-transfer"),
        "consent_covers": s.words(),  # recipients that the consent given at enrolment reaches
        "without_consent": s.words(),  # recipients or grounds that need none
        "additional_transfer_basis": s.flag,
    },
    must_decide=_settle_condition,
    sentence=_conditions,
    doors=("disclosures", "policies.check"),
    evidence=("E-SHARE", "E-CFG", "E-CONSENT"),
)

_ENTRY = f.table({"name": s.text, "purposes": s.words(), "location": f.place}, {"since": s.day})

RECIPIENT_REGISTER = Kind(
    name="recipient-register",
    meaning="The list of those who get data, open to all.",
    required={"fields": s.words("name", "purpose", "location"), "entries": s.listed(_ENTRY)},
    decides={"updated": s.word("before-first-transfer")},
    must_decide=lambda p: ("updated",),
    sentence=lambda p, d: (
        f"Our subprocessors are listed with {s.plain(p['fields'])}: "
        + "; ".join(f"{one['name']} ({f.where(one['location'])}: {s.plain(one['purposes'])})" for one in p["entries"])
        + ". Nobody else gets data as one."
    ),
    doors=("disclosures", "policies.check", "privacy.page"),
    evidence=("E-VER", "E-SHARE"),
)

ALL = (SHARE_BAN, SHARE_ALLOWED_RECIPIENT, SHARE_CONDITION, RECIPIENT_REGISTER)


def may_go_to(promise: Promise, data: str, recipient: str) -> bool | None:
    """May data of this class go to this recipient? None where the promise does not speak of the data."""
    if promise.kind != "share-allowed-recipient" or data not in s.as_list(promise.parameters.get("data")):
        return None
    return recipient in promise.parameters["recipients"]


def forbids(promise: Promise, data: str, recipient: str, purpose: str) -> bool:
    """Does the promise forbid this transfer, whatever anybody consented to?"""
    if promise.kind != "share-ban" or recipient not in promise.parameters.get("recipients", [recipient]):
        return False
    parameters = promise.parameters
    if "data" in parameters and data not in s.as_list(parameters["data"]):
        return False
    banned = s.as_list(parameters.get("banned_purpose")) + s.as_list(parameters.get("banned"))
    return purpose in banned or ("allowed_purpose" in parameters and purpose != parameters["allowed_purpose"])
