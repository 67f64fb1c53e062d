"""Kinds about data: what is collected and where it comes from, what never is, on which ground, for what it is used."""

from consent.policies.kinds import forms as f
from consent.policies.kinds import shapes as s
from consent.policies.kinds.base import Kind, Parameters, Promise


def _collected(parameters: Parameters, decided: Parameters) -> str:
    said = f"We may hold {s.plain(parameters['data_categories'])}"
    if "persons" in parameters or "financial_persons" in parameters:
        about = s.as_list(parameters.get("persons")) or s.as_list(parameters.get("financial_persons"))
        said += f" ({'financial data ' if 'financial_persons' in parameters else ''}of {s.plain(about)} only)"
    if "gate" in parameters:
        said += ", only while what another clause demands is met"
    if "geolocation_precision" in parameters:
        said += f", location no finer than {s.plain(parameters['geolocation_precision'])}"
    if "retention" in decided:
        said += f"; settled by us: for {s.spoken(decided['retention'])}"
    return said + "."


DATA_CATEGORY_COLLECTED = Kind(
    name="data-category-collected",
    meaning="Data that may be held, with its purpose, its moment and its end.",
    required={"data_categories": s.words()},
    optional={
        "gate": s.commitment_id,
        "voluntary": s.flag,
        "purposes": s.words(),
        "call_detail_purposes": s.words(),
        "automatic_purposes": s.words(),
        "passcode_storage": s.word("encrypted-only"),
        "financial_persons": s.words(),
        "persons": s.word_or_words,
        "geolocation_precision": s.words(),
        "navigation_data": s.word("anonymized"),
        "trigger": s.word_or_words,
        "moments": f.by_word(s.words()),
        "independent_of": s.commitment_id,
    },
    decides={
        "retention": s.period_or("unlimited"),
        "retention_from": s.word(),
        "periods": f.kept,
        "then": s.word("aggregate"),
        "finest_destination": s.word("registrable-domain"),
        "storage": s.words(),  # what of pass-through data may stay, such as a token and the last four digits
        "never_stored": s.words(),
        "treat_as": s.word(),
        "treat_where": f.jurisdictions,
        "treat_when": s.word(),
        "treat_as_personal": s.words(),
    },
    sentence=_collected,
    doors=("policies.check", "privacy_requests.work", "api.records", "api.collections", "retention"),
    evidence=("E-CFG", "E-SEND", "E-CONSENT", "E-DISP", "E-SHOWN"),
)

DATA_SOURCE = Kind(
    name="data-source",
    meaning="From whom and by which means data comes.",
    required={"sources": s.words()},
    sentence=lambda p, d: f"We get data from these sources only, and note which: {s.plain(p['sources'])}.",
    doors=("privacy_requests.work", "api.records", "api.collections"),
    evidence=("E-CFG", "E-CONSENT"),
)


def _never(parameters: Parameters, decided: Parameters) -> str:
    if "banned" not in parameters:
        life = f", and then for {s.spoken(decided['cache_for'])} at most" if "cache_for" in decided else ""
        return (
            f"{s.opening(s.plain(s.as_list(parameters.get('data', 'content'))))} is not kept unless "
            f"{s.plain([parameters.get('gate', 'nothing')])}{life}."
        )
    about = f" of {s.plain([parameters['subject']])}" if "subject" in parameters else ""
    said = f"Never taken, inspected or done: {s.plain(parameters['banned'])}{about}"
    if "allowed" in parameters:
        said += f"; what may stay is {s.plain(parameters['allowed'])}"
    return said + "."


def _cache(parameters: Parameters) -> tuple[str, ...]:
    return ("cache_for",) if parameters.get("default") == "no-cache" else ()


CONTENT_NOT_COLLECTED = Kind(
    name="content-not-collected",
    meaning="Data nobody takes, looks into or keeps.",
    required={},
    optional={
        "banned": s.words(),
        "exceptions": s.exceptions,
        "subject": s.word(),
        "allowed": s.words(),
        "data": s.word_or_words,
        "default": s.word("no-cache"),
        "gate": s.word_or_words,
    },
    decides={
        "reach": s.word("network-derived-data"),
        "retention": s.period,
        "retention_from": s.word(),
        "cache_for": s.period,
    },
    must_decide=_cache,
    sentence=_never,
    doors=("policies.check", "webhooks.sms", "api.records", "api.collections", "imports.records"),
    evidence=("E-CFG", "E-CONSENT", "E-DISP"),
)

COLLECTION_LIMIT = Kind(
    name="collection-limit",
    meaning="Less is gathered: on named grounds alone, without names, or not twice.",
    required={},
    optional={
        "grounds": s.words(),
        "data": s.word_or_words,
        "linkage": s.word("banned"),
        "extent": s.word(),
        "rule": s.word("no-repeat-collection"),
        "exceptions": s.words(),
    },
    decides={"strength": s.word("ban"), "instead": s.word("prefill-for-confirmation"), "grounds": s.words()},
    must_decide=lambda p: ("strength",) if p.get("rule") == "no-repeat-collection" else (),
    sentence=lambda p, d: _limited(p),
    doors=("disclosures", "policies.check", "api.records", "api.collections"),
    evidence=("E-CFG", "E-CONSENT"),
)


def _limited(parameters: Parameters) -> str:
    if "grounds" in parameters:
        return f"Data is gathered and used only on one of these grounds: {s.plain(parameters['grounds'])}."
    if "linkage" in parameters:
        return f"{s.opening(s.plain(s.as_list(parameters.get('data'))))} carry nothing that names a person."
    but = f", except where {s.plain(parameters['exceptions'])}" if "exceptions" in parameters else ""
    return f"What we already have is not asked for again{but}."


def _used(parameters: Parameters, decided: Parameters) -> str:
    about = s.plain(s.as_list(parameters.get("data", "this data")))
    said = f"{s.opening(about)} serves only {s.plain(parameters['purposes'])}"
    if "persons" in parameters:
        said += f" (for {s.plain(s.as_list(parameters['persons']))})"
    if "recipients" in parameters:
        said += f"; it goes to {s.plain(parameters['recipients'])} alone"
    if "bases" in parameters:
        said += f", on one of these bases: {s.plain(parameters['bases'])}"
    return said + "."


PURPOSE_LIMIT = Kind(
    name="purpose-limit",
    meaning="What data serves, and nothing beside it.",
    required={"purposes": s.words()},
    optional={
        "data": s.word_or_words,
        "persons": s.word_or_words,
        "closed_list": s.flag,
        "recipients": s.words(),
        "gate": s.word(),
        "bases": s.words(),
        "selection": s.word("random"),
        "link": s.words(),
        "safeguards": s.word(),
    },
    decides={
        "retention": s.period_or("unlimited"),
        "retention_from": s.word(),
        "unless": s.word("open-ticket"),
        "announcement": s.word("every-recordable-call"),
        "excluded": s.words(),  # purposes that a general word might seem to cover and does not
        "messages": s.word("own-only"),
        "periods": f.kept,
    },
    sentence=_used,
    doors=("disclosures", "policies.check", "api.records", "api.uses", "recordings"),
    evidence=("E-CFG", "E-SHARE", "E-REQ", "E-SEND", "E-ACC", "E-SHOWN"),
)

ALL = (
    DATA_CATEGORY_COLLECTED,
    DATA_SOURCE,
    CONTENT_NOT_COLLECTED,
    COLLECTION_LIMIT,
    PURPOSE_LIMIT,
)


def may_use(promise: Promise, data: str, purpose: str) -> bool | None:
    """May data of this class serve this purpose? None where the promise does not speak of the data."""
    if promise.kind != "purpose-limit" or data not in s.as_list(promise.parameters.get("data")):
        return None
    return purpose in promise.parameters["purposes"]


def must_not_hold(promise: Promise, category: str, subject: str | None = None) -> bool:
    """Does the promise forbid to hold this class of data (about this subject, where the ban names one)?"""
    if promise.kind != "content-not-collected" or category not in promise.parameters.get("banned", ()):
        return False
    about = promise.parameters.get("subject")
    return about is None or subject is None or about == subject


def categories_declared(promise: Promise) -> tuple[str, ...]:
    """The classes of data the promise says may be collected."""
    declares = promise.kind == "data-category-collected"
    return tuple(promise.parameters["data_categories"]) if declares else ()
