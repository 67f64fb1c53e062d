"""Kinds about permission: when it is needed, what its record holds, what it must not be tied to."""

from consent.policies.kinds import shapes as s
from consent.policies.kinds.base import EVERY_CHANNEL, Kind, Parameters, Promise, channels_of

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
    "preset-checkbox": "pre_ticked",
    "price-tied-to-opt-in": "bundled",
    "order-blocked-without-opt-in": "mandatory",
    "order-blocked-without-consent": "mandatory",
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
# What settles the footing of messages where the wording leaves it open; shared by the kinds that speak of it.
FOOTING_DECIDES = {
    "bases": s.words("consent", "legitimate-interest", "implied"),
    "legitimate_interest_for": s.channels,  # the ways on which it may stand in for consent
    "legitimate_interest_to": s.word("customers"),
    "needs_assessment": s.flag,
    "implied_for": s.period,
    "opt_in_for": s.words(),  # message classes, ways of sending or persons that wait for consent …
    "opt_in_in": s.places,  # … in these places; everywhere where none is named
    "refusable": s.words(),  # message classes a member may refuse and stay a member
    "covers": s.words(),
    "mechanisms": s.words(),
    "keywords": s.listed(s.text),
    "effect": s.word("at-receipt"),
    "within": s.period,
    "within_basis": s.basis,
    "first_channel": s.channels,
}


def _required_sentence(parameters: Parameters, decided: Parameters) -> str:
    if "feature" in parameters:
        who = f" by the {s.plain([parameters['granted_by']])}" if "granted_by" in parameters else ""
        said = f"{s.opening(s.plain([parameters['feature']]))} starts only after it was allowed{who}, never by default"
        if "companion_document" in parameters:
            said += f"; the {s.plain([parameters['companion_document']])} is shown first"
        for key, words in (("needs", "it needs"), ("covers", "it covers"), ("purposes", "it serves")):
            if key in parameters:
                said += f"; {words} {s.plain(parameters[key])}"
        for key, words in (("recipients", "it lets"), ("data", "of this data:")):
            if key in parameters:
                said += f"; {words} {s.plain(s.as_list(parameters[key]))}{' see it' if key == 'recipients' else ''}"
        if "consent_from" in decided:
            said += f"; asked are {s.plain([decided['consent_from']])}"
        if "recordings" in decided:
            said += f"; recordings stay {s.spoken(decided['recordings'])}"
        return f"{said}."
    if "trackers" in parameters:
        where = f" ({s.plain([parameters['condition']])})" if "condition" in parameters else ""
        return f"{s.opening(s.plain(parameters['trackers']))}{where} wait for the person's explicit consent."
    if "message_classes" in parameters:
        said = f"{s.opening(s.plain(parameters['message_classes']))} messages go out only on one of these bases: "
        said += s.plain(s.as_list(decided.get("bases")) or s.as_list(parameters.get("bases")) or ["consent"])
        if "legitimate_interest_for" in decided:
            said += f"; without consent only by {s.plain(s.as_list(decided['legitimate_interest_for']))}"
        if "legitimate_interest_to" in decided:
            said += f" and to {s.plain([decided['legitimate_interest_to']])}"
        return f"{said}."
    where = " typed on the website" if parameters.get("medium") == "web-form" else ""
    lists = f" ({s.plain(s.as_list(parameters['program']))})" if "program" in parameters else ""
    by = s.plain(s.as_list(parameters.get("channel", "messages")))
    return f"We use {by}{where}{lists} only after the person has opted in."


CONSENT_REQUIRED = Kind(
    name="consent-required",
    meaning="Nothing of this happens before the person has said yes: no message, feature, tracker or transfer.",
    required={},
    optional={
        "channel": s.channels,
        "program": s.some(),
        "feature": s.word(),
        "message_classes": s.words(),
        "bases": s.words("consent", "legitimate-interest-where-allowed", "implied", "existing-relationship"),
        "granted_by": s.word(),
        "purposes": s.words(),
        "consent": s.some(),
        "companion_document": s.word(),
        "trackers": s.words(),
        "condition": s.word(),
        "recipients": s.words(),
        "data": s.some(),
        "needs": s.words(),
        "medium": s.word("web-form", "paper"),
        "governed_by": s.listed(s.commitment_id),
        "default": s.word("disabled", "enabled"),
        "covers": s.words(),
        "for": s.word("all", "marketing"),
        "applies_to": s.words(),
    },
    decides={
        **FOOTING_DECIDES,
        "messages": s.word("every-text", "recurring-only"),
        "exempt": s.words("help-answer", "stop-answer"),
        "consent_from": s.word("all-parties", "one-party"),
        "recordings": s.period,
        "retention": s.period_or("unlimited"),
        "retention_from": s.word(),
    },
    must_decide=lambda p: (
        ("legitimate_interest_for",) if "legitimate-interest-where-allowed" in s.as_list(p.get("bases")) else ()
    ),
    sentence=_required_sentence,
    doors=("api.consents", "imports", "api.decisions", "outbox.dispatch", "api.features", "trackers", "recordings"),
    evidence=("E-CONSENT", "E-SEND", "E-ACC", "E-CFG", "E-SHOWN", "E-SHARE"),
)

CONSENT_NOT_CONDITION = Kind(
    name="consent-not-condition",
    meaning="Nobody has to agree in order to buy.",
    required={"banned": s.words(*CONTROL_FLAGS)},
    optional={"channel": s.channels, "applies_to": s.words()},
    sentence=lambda p, d: (
        f"Buying never depends on agreeing to {s.plain(s.as_list(p.get('channel', 'messages')))}; "
        f"never used: {s.plain(p['banned'])}."
    ),
    doors=("policies.check", "api.consents"),
    evidence=("E-CFG", "E-SHOWN"),
)

CONSENT_RECORD_FIELDS = Kind(
    name="consent-record-fields",
    meaning="What is written down when somebody agrees.",
    required={"fields": s.words(*RECORD_FIELDS)},
    optional={
        "added_by_service": s.words("policy-version", "text-hash", "actor", "source-event-id"),
        "as_applicable": s.words(*RECORD_FIELDS),
        "applies_to": s.word("marketing", "all"),
        "channel": s.channels,
    },
    sentence=lambda p, d: (
        f"Every consent is stored with {s.plain([*p['fields'], *p.get('added_by_service', ())])}"
        + (f"; where there is none, with the reason: {s.plain(p['as_applicable'])}" if "as_applicable" in p else "")
        + "."
    ),
    doors=("api.consents", "imports"),
    evidence=("E-CONSENT",),
)


ALL = (
    CONSENT_REQUIRED,
    CONSENT_NOT_CONDITION,
    CONSENT_RECORD_FIELDS,
)


def needs_opt_in(promise: Promise, channel: str, marketing: bool, program: str = "", message_class: str = "") -> bool:
    """Must a person have opted in before such a message goes out on this channel?"""
    parameters = promise.parameters
    if promise.kind != "consent-required" or not _about_messages(parameters):
        return False
    if channel not in channels_of(parameters, otherwise=EVERY_CHANNEL):
        return False
    if parameters.get("for", "all") == "marketing" and not marketing:
        return False
    if "message_classes" in parameters and message_class not in parameters["message_classes"]:
        return False
    # A program is named where lists are told apart; a decision may widen the promise to every message.
    named = s.as_list(parameters.get("program"))
    return not named or program in named or promise.decided.get("messages") == "every-text"


def _about_messages(parameters: Parameters) -> bool:
    """Features, trackers and transfers wait for permission too, but at doors of their own."""
    if "feature" in parameters or "trackers" in parameters:
        return False
    return any(key in parameters for key in ("channel", "program", "message_classes"))


def admits(promise: Promise, channel: str) -> frozenset[str]:
    """The bases that may stand in for consent under this promise; none where it knows no other."""
    parameters, decided = promise.parameters, promise.decided
    found = set()
    if channel in channels_of({"channel": decided.get("legitimate_interest_for", [])}):
        found.add("legitimate-interest")
    if "implied" in s.as_list(parameters.get("bases")) or "implied_for" in decided:
        found.add("implied")
    return frozenset(found)


def feature_permission(promise: Promise, feature: str) -> bool:
    """Does this feature wait for permission by this promise?"""
    return promise.kind == "consent-required" and promise.parameters.get("feature") == feature


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


def shows_no_ip(method: str) -> bool:
    """Does this method (keyword, paper, voice, staff …) leave no trace of the person's own IP address?"""
    return not _NO_IP.isdisjoint(method.casefold().replace("_", "-").replace(" ", "-").split("-"))
