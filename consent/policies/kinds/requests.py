"""Kinds about what people may ask for: who, how often, how far back, at what price, and what may be refused."""

from consent.policies.kinds import forms as f
from consent.policies.kinds import shapes as s
from consent.policies.kinds.base import Kind, Parameters, Promise
from consent.policies.kinds.forms import ANSWER
from consent.policies.kinds.shape import Shape


def types_of(parameters: Parameters) -> list[str]:
    """The request types, however many the commitment names."""
    return s.as_list(parameters.get("request_types") or parameters.get("request_type"))


def _within(parameters: Parameters, decided: Parameters) -> str:
    stated = parameters.get("deadline", "unset")
    period = stated if stated != "unset" else decided.get("deadline")
    if period is None:
        return ""
    if period == "at-once":
        return "; it is answered at once"
    units = {"business-day": ", counted in business days", "calendar-month": ", counted in calendar months"}
    unit = units.get(str(decided.get("deadline_basis")), "")
    return f"; we answer within {s.spoken(str(period))}{unit}"


def _right(parameters: Parameters, decided: Parameters) -> str:
    who = s.opening(s.plain(s.as_list(parameters.get("persons", "anyone"))))
    places = [one for one in s.as_list(parameters.get("jurisdictions")) if one != "any"]
    said = f"{who}{' in ' + f.where(places) if places else ''} may ask for {s.plain(types_of(parameters))}"
    if "grounds" in parameters:
        said += f", for {s.plain(parameters['grounds'])}"
    said += _within(parameters, decided)
    if parameters.get("representative") == "allowed":
        said += "; a representative may ask too"
    return said + "."


def _open_right(parameters: Parameters) -> tuple[str, ...]:
    return tuple(one for one in ("deadline", "verification") if parameters.get(one) == "unset")


_RIGHT: dict[str, Shape] = {
    "request_type": s.word(),
    "request_types": s.words(),
    "deadline": s.period_or("unset"),
    "jurisdictions": s.either(f.jurisdictions, f.place),
    "via": f.ways,
    "verification": s.word(),
    "frequency": s.word("unlimited", "not-capped", "any-time"),
    "fee": s.word("none", "none-stated"),
    "contacts": s.contacts,
    "representative": s.word("allowed", "not-stated"),
    "limits": f.ids,
    "exceptions": f.ids_or_words,
    "expected_answer": s.word(),
    "data_scope": s.word("collected-from-person"),
    "outcomes": s.words("removed", "deleted", "anonymized"),
    "grounds": s.words(),
    "data": s.words(),
}

REQUEST_RIGHT = Kind(
    name="request-right",
    meaning="What somebody may ask for, and by when it is answered.",
    required={},
    optional={"persons": s.word_or_words, **_RIGHT},
    decides=ANSWER,
    must_decide=_open_right,
    sentence=_right,
    doors=("privacy_requests", "privacy_requests.work"),
    evidence=("E-REQ", "E-DISP", "E-SHARE", "E-CFG"),
)

SELF_SERVICE = Kind(
    name="self-service",
    meaning="What people do themselves, without asking anybody.",
    required={},
    optional={
        **_RIGHT,
        "persons": s.word_or_words,
        "settings": s.words(),
        "default": s.word("registered", "not-registered"),
        "feature": s.word(),
        "marketing_consent": s.flag,
    },
    decides=ANSWER,
    must_decide=_open_right,
    sentence=lambda p, d: _alone(p, d),
    doors=("preferences.page", "privacy_requests"),
    evidence=("E-REQ", "E-CFG", "E-CONSENT"),
)


def _alone(parameters: Parameters, decided: Parameters) -> str:
    who = s.opening(s.plain(s.as_list(parameters.get("persons", "every-new-user"))))
    if "feature" in parameters:
        lists = "" if parameters.get("marketing_consent") else "; that signs them up to no mailing list"
        return f"{who} is {parameters.get('default', 'registered')} for {s.plain([parameters['feature']])}{lists}."
    what = types_of(parameters) or s.as_list(parameters.get("settings"))
    place = f" ({s.plain(s.as_list(parameters['via']))})" if "via" in parameters else ""
    return f"{who} can do this alone{place}: {s.plain(what)}{_within(parameters, decided)}."


REQUEST_ELIGIBILITY = Kind(
    name="request-eligibility",
    meaning="From whom a request is taken, and through whom it goes.",
    required={"request_types": s.words(), "persons": s.word_or_words},
    optional={"conditions": s.words(), "frequency": s.word("any-time"), "route": s.word()},
    decides=ANSWER,
    must_decide=lambda p: ("fallback", "fallback_after", "deadline") if "route" in p else (),
    sentence=lambda p, d: (
        f"{s.opening(s.plain(s.as_list(p['persons'])))} may ask for {s.plain(p['request_types'])}"
        + (f" through the {s.plain([p['route']])}" if "route" in p else "")
        + (f", if {s.plain(p['conditions'])}" if "conditions" in p else "")
        + (f"; after {s.spoken(d['fallback_after'])} {s.plain([d['fallback']])} steps in" if "fallback" in d else "")
        + "."
    ),
    doors=("privacy_requests", "privacy_requests.work"),
    evidence=("E-REQ",),
)

REQUEST_FREQUENCY = Kind(
    name="request-frequency",
    meaning="How many times something may be asked for.",
    required={"request_type": s.word(), "max": s.whole(1), "per": s.period},
    optional={"jurisdictions": f.jurisdictions},
    decides={"counted": s.word("calendar-year", "rolling"), "beyond": s.word("staff-decides")},
    must_decide=lambda p: ("counted", "beyond"),
    sentence=lambda p, d: (
        f"{s.opening(s.plain([p['request_type']]))} may be asked for {p['max']} times in {s.spoken(p['per'])}"
        + (f" ({s.plain([d['counted']])})" if "counted" in d else "")
        + "; beyond that a person decides, never the machine."
    ),
    doors=("privacy_requests.work",),
    evidence=("E-REQ",),
)

REQUEST_SCOPE = Kind(
    name="request-scope",
    meaning="How far back an answer reaches.",
    required={"request_type": s.word(), "window": s.period},
    optional={"period_basis": f.basis, "anchor_event": s.word("request-receipt")},
    decides={"aligned": s.word("first-of-month", "same-day"), "keep_for": s.period},
    sentence=lambda p, d: (
        f"{s.opening(s.plain([p['request_type']]))} reaches back {s.spoken(p['window'])} before its receipt"
        + (", from the first of that month" if d.get("aligned") == "first-of-month" else "")
        + (f"; kept for {s.spoken(d['keep_for'])}, so that it can" if "keep_for" in d else "")
        + "."
    ),
    doors=("privacy_requests.work", "retention"),
    evidence=("E-REQ",),
)

REQUEST_FEE = Kind(
    name="request-fee",
    meaning="What a request costs, and when it is paid.",
    required={"request_type": s.word(), "fee": s.word()},
    optional={"per": s.word("request"), "due_before": s.words("eligibility", "tabulation", "release")},
    decides={"charged": s.word("after-eligibility", "before-eligibility"), "waived_for": s.words()},
    must_decide=lambda p: ("charged",),
    sentence=lambda p, d: (
        f"Each {s.plain([p['request_type']])} costs what the {s.plain([p['fee']])} says"
        + (f", paid before {s.plain(p['due_before'])}" if "due_before" in p else "")
        + "; nobody pays for a refusal."
    ),
    doors=("policies.check", "privacy_requests.work"),
    evidence=("E-REQ",),
)


def _kept(parameters: Parameters, decided: Parameters) -> str:
    said = f"Some data may stay despite a deletion request, for {s.plain(parameters['exceptions'])}"
    if "recheck_trigger" in parameters:
        said += f"; what stays is looked at again at {s.plain([parameters['recheck_trigger']])}"
    if "outcome" in parameters:
        said += f"; the outcome is {' or '.join(s.plain([one]) for one in s.as_list(parameters['outcome']))}"
    if decided.get("periods"):
        ends = [f"{s.plain([key])} {s.spoken(one['for'])}" for key, one in decided["periods"].items()]
        said += f". Settled by us: {'; '.join(ends)}"
    return said + "."


DELETION_EXCEPTION = Kind(
    name="deletion-exception",
    meaning="Why something stays although its deletion was asked for.",
    required={"exceptions": s.words()},
    optional={
        "list_is_examples": s.flag,
        "closed_list": s.flag,
        "applies_to_tdpa_data": s.flag,
        "outcome": s.word_or_words,
        "recheck_trigger": s.word(),
        "absolute": s.flag,
    },
    decides={
        "periods": f.kept,
        "renewable": s.flag,
        "recheck_every": s.period,
        "ground_until": s.word(),
        "yields_to": f.ids,  # the special rule that this ground does not reach, such as the removal of a child's data
    },
    must_decide=lambda p: ("periods",) if p.get("absolute") or p.get("outcome") == "pending-backup-expiry" else (),
    sentence=_kept,
    doors=("privacy_requests.work", "retention"),
    evidence=("E-REQ", "E-DISP"),
)

IDENTITY_VERIFICATION = Kind(
    name="identity-verification",
    meaning="How it is made sure who asks.",
    required={"request_types": s.words()},
    optional={
        "methods": s.word_or_words,
        "check": s.word("authorized-on-file"),
        "discretion": s.word(),
    },
    decides={**ANSWER, "checked_at": s.words("receipt", "release")},
    must_decide=lambda p: ("verification", "pauses") if p.get("methods") == "additional-information" else (),
    sentence=lambda p, d: (
        f"Before {s.plain(p['request_types'])} we check who asks"
        + (f" by {s.plain(d['verification'])}" if "verification" in d else "")
        + (f": {s.plain([p['check']])}" if "check" in p else "")
        + (f", at the discretion of {s.plain([p['discretion']])} with reasons on record" if "discretion" in p else "")
        + ("; the clock does not stop meanwhile" if d.get("pauses") is False else "")
        + "."
    ),
    doors=("privacy_requests.work",),
    evidence=("E-REQ",),
)

AUTHORIZED_AGENT = Kind(
    name="authorized-agent",
    meaning="Asking in somebody's name.",
    required={"request_types": s.words()},
    optional={"jurisdictions": f.jurisdictions, "not_stated_for": s.words()},
    decides={"verification": s.words()},
    must_decide=lambda p: ("verification",),
    sentence=lambda p, d: (
        f"A representative may ask for {s.plain(p['request_types'])}"
        + (f" in {f.where(p['jurisdictions'])}" if isinstance(p.get("jurisdictions"), list) else "")
        + (f", once this is shown: {s.plain(d['verification'])}" if "verification" in d else "")
        + "."
    ),
    doors=("privacy_requests.work",),
    evidence=("E-REQ",),
)

ALL = (
    REQUEST_RIGHT,
    SELF_SERVICE,
    REQUEST_ELIGIBILITY,
    REQUEST_FREQUENCY,
    REQUEST_SCOPE,
    REQUEST_FEE,
    DELETION_EXCEPTION,
    IDENTITY_VERIFICATION,
    AUTHORIZED_AGENT,
)


def answer_within(promise: Promise, request_type: str) -> tuple[str, str] | None:
    """How long an answer to this request may take, as (period, counted in); None where it is not promised."""
    if promise.kind != "request-right" or request_type not in types_of(promise.parameters):
        return None
    stated = promise.parameters.get("deadline", "unset")
    if stated == "unset" and "deadline" not in promise.decided:
        return None
    basis = str(promise.decided.get("deadline_basis", "calendar-day"))
    return (str(promise.decided["deadline"]) if stated == "unset" else str(stated)), basis


def may_be_kept_for(promise: Promise, ground: str) -> bool:
    """Is this a ground on which data stays despite a deletion request?"""
    return promise.kind == "deletion-exception" and ground in promise.parameters["exceptions"]
