"""Kinds about permission: when it is needed, what its record holds, what it must not be tied to, how it ends."""

from consent.policies.kinds import shapes as s
from consent.policies.kinds.base import Kind, Parameters, Promise, channels_of

# The field of a consent record that each name in a commitment or law stands for.
RECORD_FIELDS = {
    "consent-timestamp": "occurred_at",
    "method-medium": "method",
    "opt-in-language-shown": "wording",
    "program": "program",
    "ip-address": "ip",
    "phone-number-enrolled": "address",
    "seller-named": "wording",
    "automated-marketing-disclosure": "wording",
    "not-a-condition-disclosure": "wording",
}
# The design of an opt-in control that each ban stands for.
CONTROL_FLAGS = {
    "mandatory-checkbox": "mandatory",
    "price-tied-to-opt-in": "bundled",
    "order-blocked-without-opt-in": "mandatory",
}
# Words in the name of a method by which the person's own address is never seen: an IP there is somebody else's.
_NO_IP = frozenset(
    {
        "keyword",
        "sms",
        "mms",
        "text",
        "paper",
        "letter",
        "voice",
        "phone",
        "call",
        "verbal",
        "person",
        "staff",
    }
)


def _required_sentence(parameters: Parameters, decided: Parameters) -> str:
    if "channel" in parameters:
        where = " typed on the website" if parameters.get("medium") == "web-form" else ""
        return f"We use {s.plain(parameters['channel'])}{where} only after the person has opted in."
    what = s.plain([parameters["feature"]])
    return f"{s.opening(what)} starts only with the customer's permission or notice, and never by default."


CONSENT_REQUIRED = Kind(
    name="consent-required",
    meaning="An act, feature, message or transfer is allowed only after the person's prior permission.",
    required={},
    optional={
        "channel": s.channels,
        "program": s.word(),
        "feature": s.word(),
        "granted_by": s.word(),
        "purposes": s.words(),
        "consent": s.word_or_words,
        "needs": s.words(),
        "medium": s.word("web-form", "paper"),
        "governed_by": s.listed(s.commitment_id),
        "default": s.word("disabled", "enabled"),
        "covers": s.words(),
        "for": s.word("all", "marketing"),
        "applies_to": s.words(),
    },
    decides={
        "messages": s.word("every-text", "recurring-only"),
        "exempt": s.words("help-answer", "stop-answer"),
        "consent_from": s.word("all-parties", "one-party"),
        "recordings": s.period,
    },
    sentence=_required_sentence,
    doors=("api.consents", "api.decisions", "outbox.dispatch"),
    planned=("api.features",),
    evidence=("E-CONSENT", "E-SEND", "E-ACC", "E-CFG"),
)

CONSENT_NOT_CONDITION = Kind(
    name="consent-not-condition",
    meaning="Permission must not be made a condition of buying.",
    required={"banned": s.words(*CONTROL_FLAGS)},
    optional={"channel": s.channels, "applies_to": s.words()},
    sentence=lambda p, d: f"Buying never depends on agreeing to {s.plain(p.get('channel', ['messages']))}.",
    doors=("policies.check", "api.consents"),
    evidence=("E-CFG", "E-SHOWN"),
)

CONSENT_RECORD_FIELDS = Kind(
    name="consent-record-fields",
    meaning="Fields that a record of permission must hold.",
    required={"fields": s.words(*RECORD_FIELDS)},
    optional={
        "added_by_service": s.words("policy-version", "text-hash", "actor", "source-event-id"),
        "as_applicable": s.words(*RECORD_FIELDS),
        "applies_to": s.word("marketing", "all"),
        "channel": s.channels,
    },
    sentence=lambda p, d: f"Every consent is stored with {s.plain(p['fields'])}.",
    doors=("api.consents",),
    evidence=("E-CONSENT",),
)

CONSENT_WITHDRAWAL = Kind(
    name="consent-withdrawal",
    meaning="Permission or enrolment can be ended, and what follows.",
    required={"feature": s.word()},
    optional={
        "trigger": s.word(),
        "consequence": s.word(),
        "refusal_allowed": s.flag,
        "via": s.words(),
        "contacts": s.contacts,
        "effect": s.word(),
    },
    decides={
        "effect": s.word("at-receipt"),
        "finished_within": s.period,
        "finished_within_basis": s.word("business-day", "calendar-day"),
        "already_in_progress": s.word("review"),
    },
    sentence=lambda p, d: f"{s.opening(s.plain([p['feature']]))} can be ended at any time by asking.",
    doors=("api.consents",),
    planned=("api.features", "privacy_requests"),
    evidence=("E-REQ", "E-CONSENT"),
)

FEATURE_GATE = Kind(
    name="feature-gate",
    meaning="Data may be taken or an activity done only while a service, option or mandatory input is present.",
    required={"feature": s.word(), "gate": s.word_or_words},
    optional={"default": s.word("disabled", "enabled"), "scope": s.word_or_words},
    decides={"purge_after": s.period},
    sentence=lambda p, d: f"{s.opening(s.plain([p['feature']]))} works only while it is switched on.",
    doors=(),
    planned=("api.features", "retention"),
    evidence=("E-CONSENT", "E-ACC", "E-CFG", "E-DISP"),
)

AGE_LIMIT = Kind(
    name="age-limit",
    meaning="Minimum age and what follows below it.",
    required={"min_age": s.whole(1)},
    optional={"knowing_collection": s.word("banned"), "remedy": s.word("not-stated", "delete")},
    decides={"delete_within": s.period},
    must_decide=lambda p: ("delete_within",) if p.get("remedy") == "not-stated" else (),
    sentence=lambda p, d: f"We take no consent from anybody younger than {p['min_age']}.",
    doors=("api.consents",),
    planned=("privacy_requests", "retention"),
    evidence=("E-REQ", "E-DISP"),
)

ALL = (
    CONSENT_REQUIRED,
    CONSENT_NOT_CONDITION,
    CONSENT_RECORD_FIELDS,
    CONSENT_WITHDRAWAL,
    FEATURE_GATE,
    AGE_LIMIT,
)


def needs_opt_in(promise: Promise, channel: str, marketing: bool) -> bool:
    """Must a person have opted in before anything goes out on this channel?"""
    parameters = promise.parameters
    if promise.kind != "consent-required" or channel not in channels_of(parameters):
        return False
    return parameters.get("for", "all") == "all" or marketing


def fields_demanded(promise: Promise, channel: str, marketing: bool) -> dict[str, bool]:
    """The fields a consent record on this channel must hold; True where a reason may stand in for the value."""
    if promise.kind != "consent-record-fields":
        return {}
    parameters = promise.parameters
    if channel not in channels_of(parameters, otherwise=(channel,)):
        return {}
    if parameters.get("applies_to") == "marketing" and not marketing:
        return {}
    replaceable = {RECORD_FIELDS[name] for name in parameters.get("as_applicable", ())}
    return {RECORD_FIELDS[name]: RECORD_FIELDS[name] in replaceable for name in parameters["fields"]}


def controls_refused(promise: Promise, channel: str) -> frozenset[str]:
    """The designs of an opt-in control that may not produce a consent on this channel."""
    parameters = promise.parameters
    if promise.kind == "consent-not-condition" and channel in channels_of(parameters, otherwise=(channel,)):
        # A box that is ticked in advance asks for nothing: it is refused together with the mandatory one.
        return frozenset(CONTROL_FLAGS[one] for one in parameters["banned"]) | {"pre_ticked"}
    if promise.kind == "consent-required" and channel in channels_of(parameters):
        affirmative = "opt-in-affirmative" in s.as_list(parameters.get("consent"))
        return frozenset({"pre_ticked", "bundled"}) if affirmative else frozenset()
    return frozenset()


def minimum_age(promise: Promise) -> int:
    """The age below which no consent is taken; 0 where the promise sets none."""
    return int(promise.parameters["min_age"]) if promise.kind == "age-limit" else 0


def shows_no_ip(method: str) -> bool:
    """Does this method (keyword, paper, voice, staff …) leave no trace of the person's own IP address?"""
    return not _NO_IP.isdisjoint(method.casefold().replace("_", "-").replace(" ", "-").split("-"))
