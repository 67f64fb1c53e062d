"""Kinds about what people may ask for, and what may be refused."""

from consent.policies.kinds import shapes as s
from consent.policies.kinds.base import Kind, Parameters, Promise


def _sentence(parameters: Parameters, decided: Parameters) -> str:
    asked = s.plain(types_of(parameters))
    period = parameters["deadline"] if parameters["deadline"] != "unset" else decided.get("deadline", "")
    return f"{s.opening(str(parameters['persons']))} may ask for {asked}; we answer within {s.spoken(period)}."


def types_of(parameters: Parameters) -> list[str]:
    """The request types, however many the commitment names."""
    return s.as_list(parameters.get("request_types") or parameters.get("request_type"))


REQUEST_RIGHT = Kind(
    name="request-right",
    meaning="A request a person may make and the company undertakes to handle.",
    required={"persons": s.word(), "deadline": s.period_or("unset")},
    optional={
        "request_type": s.word(),
        "request_types": s.words(),
        "jurisdictions": s.word_or_words,
        "via": s.words(),
        "verification": s.word(),
        "frequency": s.word(),
        "fee": s.word("none"),
        "contacts": s.contacts,
    },
    decides={
        "deadline": s.period,
        "deadline_basis": s.word("calendar-day", "business-day"),
        "verification": s.words("login", "code-to-contact-on-file", "two-data-points-by-phone"),
    },
    must_decide=lambda p: tuple(one for one in ("deadline", "verification") if p.get(one) == "unset"),
    sentence=_sentence,
    doors=(),
    planned=("privacy_requests",),
    evidence=("E-REQ", "E-DISP"),
)

DELETION_EXCEPTION = Kind(
    name="deletion-exception",
    meaning="A ground on which a deletion request is refused or cut down.",
    required={"exceptions": s.words()},
    optional={"list_is_examples": s.flag},
    sentence=lambda p, d: f"Some data may stay despite a deletion request, for {s.plain(p['exceptions'])}.",
    doors=(),
    planned=("privacy_requests", "retention"),
    evidence=("E-REQ", "E-DISP"),
)

ALL = (REQUEST_RIGHT, DELETION_EXCEPTION)


def answer_within(promise: Promise, request_type: str) -> tuple[str, str] | None:
    """How long an answer to this request may take, as (period, counted in); None where it is not promised."""
    if promise.kind != "request-right" or request_type not in types_of(promise.parameters):
        return None
    stated = promise.parameters["deadline"]
    basis = str(promise.decided.get("deadline_basis", "calendar-day"))
    return (str(promise.decided["deadline"]) if stated == "unset" else str(stated)), basis


def may_be_kept_for(promise: Promise, ground: str) -> bool:
    """Is this a ground on which data stays despite a deletion request?"""
    return promise.kind == "deletion-exception" and ground in promise.parameters["exceptions"]
