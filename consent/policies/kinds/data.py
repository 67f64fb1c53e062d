"""Kinds about data: what is collected, what never is, for what it is used, what a site leaves in a browser."""

from consent.policies.kinds import shapes as s
from consent.policies.kinds.base import Kind, Promise

DATA_CATEGORY_COLLECTED = Kind(
    name="data-category-collected",
    meaning="A class of data the company says it may collect.",
    required={"data_categories": s.words()},
    optional={
        "gate": s.commitment_id,
        "voluntary": s.flag,
        "purposes": s.words(),
        "call_detail_purposes": s.words(),
    },
    decides={
        "retention": s.period,
        "then": s.word("aggregate"),
        "finest_destination": s.word("registrable-domain"),
    },
    sentence=lambda p, d: f"We may hold {s.plain(p['data_categories'])}.",
    doors=("policies.check",),
    planned=("api.records", "retention", "privacy_requests"),
    evidence=("E-CFG", "E-SEND", "E-CONSENT"),
)

CONTENT_NOT_COLLECTED = Kind(
    name="content-not-collected",
    meaning="Data that must never be collected, inspected or stored.",
    required={"banned": s.words(), "exceptions": s.exceptions},
    optional={"subject": s.word(), "allowed": s.words(), "data": s.word_or_words},
    decides={"reach": s.word("network-derived-data")},
    sentence=lambda p, d: f"Never taken, inspected or done: {s.plain(p['banned'])}.",
    doors=("policies.check", "webhooks.sms"),
    planned=("api.records", "imports"),
    evidence=("E-CFG",),
)

PURPOSE_LIMIT = Kind(
    name="purpose-limit",
    meaning="Data may be used for the listed purposes only.",
    required={"purposes": s.words()},
    optional={
        "data": s.word_or_words,
        "persons": s.word(),
        "closed_list": s.flag,
        "recipients": s.words(),
        "gate": s.word(),
    },
    sentence=lambda p, d: (
        f"{s.opening(s.plain(s.as_list(p.get('data', 'this data'))))} serves only {s.plain(p['purposes'])}."
    ),
    doors=("policies.check",),
    planned=("disclosures", "api.records"),
    evidence=("E-CFG", "E-SHARE", "E-REQ"),
)

COOKIE = Kind(
    name="cookie",
    meaning="Rule on cookies, analytics, advertising tags or similar trackers.",
    required={"cookie_purposes": s.words()},
    optional={"controls": s.words(), "optional": s.words()},
    decides={"on_site_control": s.flag, "separately_switchable": s.words()},
    sentence=lambda p, d: (
        f"Cookies serve {s.plain(p['cookie_purposes'])}; {s.plain(p.get('optional', ['none']))} can be refused."
    ),
    doors=(),
    planned=("preferences.page",),
    evidence=("E-SHOWN", "E-CONSENT"),
)

ALL = (DATA_CATEGORY_COLLECTED, CONTENT_NOT_COLLECTED, PURPOSE_LIMIT, COOKIE)


def may_use(promise: Promise, data: str, purpose: str) -> bool | None:
    """May data of this class serve this purpose? None where the promise does not speak of the data."""
    if promise.kind != "purpose-limit" or data not in s.as_list(promise.parameters.get("data")):
        return None
    return purpose in promise.parameters["purposes"]


def must_not_hold(promise: Promise, category: str, subject: str | None = None) -> bool:
    """Does the promise forbid to hold this class of data (about this subject, where the ban names one)?"""
    if promise.kind != "content-not-collected" or category not in promise.parameters["banned"]:
        return False
    about = promise.parameters.get("subject")
    return about is None or subject is None or about == subject


def categories_declared(promise: Promise) -> tuple[str, ...]:
    """The classes of data the promise says may be collected."""
    declares = promise.kind == "data-category-collected"
    return tuple(promise.parameters["data_categories"]) if declares else ()
