"""Kinds about the document itself: its date, its reach, where the company is found, how changes are told."""

from datetime import date

from consent.policies.kinds import shapes as s
from consent.policies.kinds.base import Kind, Parameters, Promise

DATE_FORMATS = ("Month DD, YYYY", "YYYY-MM-DD", "MM-DD-YYYY", "DDth Mon YYYY")


def _undated(parameters: Parameters) -> tuple[str, ...]:
    return ("effective",) if parameters.get("effective_date") == "not-stated" else ()


POLICY_METADATA = Kind(
    name="policy-metadata",
    meaning="Title, revision date and similar header facts that identify one policy version.",
    required={"title": s.text, "last_updated": s.day},
    # Dates are written by people in many styles; the style is named so that nobody guesses month and day.
    optional={
        "date_format": lambda v: None if v in DATE_FORMATS else f"must be one of {', '.join(DATE_FORMATS)}",
        "effective_date": s.either(s.word("not-stated"), s.day),
    },
    decides={"effective": s.word("last-updated-midnight-local")},
    must_decide=_undated,
    sentence=lambda p, d: f"{p['title']}, last changed on {p['last_updated']}.",
    doors=("policies.publish", "policies.check"),
    evidence=("E-VER",),
)

SCOPE = Kind(
    name="scope",
    meaning="Which services, surfaces or persons the document covers.",
    required={"surfaces": s.words()},
    optional={"persons": s.word_or_words},
    sentence=lambda p, d: f"The policy covers {s.plain(p['surfaces'])}.",
    doors=("policies.check",),
    evidence=("E-CFG",),
)

CONTACT_POINT = Kind(
    name="contact-point",
    meaning="Address, number or page where a person may reach the company.",
    required={"email": s.mail},
    optional={"phone": s.phone, "postal": s.text},
    sentence=lambda p, d: f"We are reached at {s.plain([one for one in (p['email'], p.get('phone')) if one])}.",
    doors=("policies.check", "webhooks.sms"),
    planned=("preferences.page", "privacy_requests"),
    evidence=("E-SHOWN",),
)

NOTICE_OF_CHANGE = Kind(
    name="notice-of-change",
    meaning="How and when people learn that the policy or a purpose changes.",
    required={"channel": s.channels, "lead_time": s.period_or("none", "unset")},
    optional={"audience": s.word()},
    sentence=lambda p, d: "A changed policy carries a newer date at its top.",
    doors=("policies.publish", "policies.check"),
    planned=("notices",),
    evidence=("E-VER", "E-NOTICE"),
)

DISCLOSURE_REQUIRED = Kind(
    name="disclosure-required",
    meaning="A statement or warning that has to be shown.",
    required={"where": s.words()},
    optional={
        "channel": s.channels,
        "statements": s.words("frequency-varies", "message-and-data-rates"),
        "contacts": s.contacts,
        "surface": s.word_or_words,
    },
    sentence=lambda p, d: f"What people must know is shown here: {s.plain(p['where'])}.",
    doors=("policies.check", "webhooks.sms"),
    planned=("programs.page", "privacy.page"),
    evidence=("E-SHOWN", "E-SEND"),
)

SECURITY_MEASURE = Kind(
    name="security-measure",
    meaning="A safeguard the company says it has.",
    required={"measures": s.words()},
    optional={"guarantee": s.word("none"), "data": s.word_or_words},
    decides={"review_every": s.period},
    must_decide=lambda p: ("review_every",),
    sentence=lambda p, d: f"Data is guarded by {s.plain(p['measures'])} measures; nobody can promise perfection.",
    doors=("policies.check",),
    planned=("policies.measures",),
    evidence=("E-CFG",),
)

ALL = (POLICY_METADATA, SCOPE, CONTACT_POINT, NOTICE_OF_CHANGE, DISCLOSURE_REQUIRED, SECURITY_MEASURE)

# What a text must say to carry each statement, per language (all of the phrases, any of the spellings).
STATEMENT_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "frequency-varies": {"en": ("frequency varies", "frequency may vary"), "fr": ("fréquence", "frequence")},
    "message-and-data-rates": {"en": ("data rates",), "fr": ("tarifs", "frais")},
}


def effective_day(promise: Promise) -> date | None:
    """The local day on which the version takes effect by its own header; its midnight is the instant."""
    if promise.kind != "policy-metadata":
        return None
    stated = promise.parameters.get("effective_date", "not-stated")
    if stated != "not-stated":
        return date.fromisoformat(str(stated))
    if promise.decided.get("effective") == "last-updated-midnight-local":
        return date.fromisoformat(str(promise.parameters["last_updated"]))
    return None


def statements_lacking(promise: Promise, place: str, channel: str, language: str, text: str) -> list[str]:
    """The demanded statements and contacts that `text`, shown at `place`, does not carry."""
    parameters = promise.parameters
    if promise.kind != "disclosure-required" or place not in parameters["where"]:
        return []
    if channel not in parameters.get("channel", [channel]):
        return []
    said = text.casefold()
    lacking = [
        one
        for one in parameters.get("statements", [])
        if not any(words in said for words in STATEMENT_WORDS[one].get(language, (one,)))
    ]
    return lacking + contacts_lacking(parameters.get("contacts", []), text)


def contacts_lacking(contacts: list[str], text: str) -> list[str]:
    """The contact points that `text` does not name; phone numbers are compared by their digits."""
    digits = "".join(one for one in text if one.isdigit())
    return [
        one
        for one in contacts
        if one not in text and not (one[-1].isdigit() and "".join(filter(str.isdigit, one)) in digits)
    ]


def lead_time(promise: Promise) -> str | None:
    """How long before it takes effect a change must be announced, where the policy promises that."""
    if promise.kind != "notice-of-change" or promise.parameters["lead_time"] in ("none", "unset"):
        return None
    return str(promise.parameters["lead_time"])
