"""Kinds about what must be done in time when something went wrong, and time limits in general."""

from consent.policies.kinds import forms as f
from consent.policies.kinds import hours
from consent.policies.kinds import shapes as s
from consent.policies.kinds.base import Kind, Parameters


def period_of(parameters: Parameters, decided: Parameters) -> tuple[str, str] | None:
    """The limit as (period, counted in), stated or settled; nothing where the promise counts no time."""
    stated = parameters.get("period", "unset")
    period = decided.get("period") if stated == "unset" else stated
    if period is None:
        return None
    basis = parameters.get("period_basis") or decided.get("period_basis") or "calendar-day"
    return str(period), str(basis)


def _limit(parameters: Parameters, decided: Parameters) -> str:
    if "window" in parameters:
        return hours.sentence(parameters)
    act = parameters.get("act")
    named = [act] if act else parameters.get("actions", ["the-notice-of-another-clause"])
    what = s.plain(named)
    limit = period_of(parameters, decided)
    when = f"within {s.spoken(limit[0])}" if limit else "as soon as it can"
    unit = " (business days)" if limit and limit[1] == "business-day" else ""
    start = decided.get("starts") or parameters.get("trigger")
    after = f" of {s.plain([start])}" if start else ""
    said = f"{s.opening(what)} happens {when}{unit}{after}"
    if "exceptions" in parameters:
        said += f"; later only where {s.plain(parameters['exceptions'])}"
    return said + "."


def _open_deadline(parameters: Parameters) -> tuple[str, ...]:
    return ("period",) if parameters.get("period") == "unset" else ()


DEADLINE = Kind(
    name="deadline",
    meaning="By when something is done, other than deleting.",
    required={"period": s.period_or("unset", "none")},
    optional={
        "act": s.word(),
        "actions": s.words(),
        "applies_to": s.either(s.commitment_id, s.word()),
        "request_types": s.words(),
        "exceptions": s.words(),
        "period_basis": f.basis,
        "trigger": s.word_or_words,
        "bound": s.word("at-most", "at-least"),
        "at_most_messages": s.whole(1),
        "marketing": s.flag,
        "channel": s.channels,
        "without_result": s.word("deny", "allow"),
        "window": hours.window,
        "frequency": hours.frequency,
        "closed_on": hours.closed_on,
        "content": s.words(),  # what the letter or report says
    },
    decides={
        "period": s.period,
        "period_basis": f.basis,
        "starts": s.word(),
        "suspend_within": s.period,
        "suspend_within_basis": f.basis,
        "holidays": s.word("common-to-all-jurisdictions"),
        "keep_only": s.words(),
    },
    must_decide=_open_deadline,
    sentence=_limit,
    doors=("outbox.dispatch", "privacy_requests", "privacy_requests.work", "incidents"),
    evidence=("E-SEND", "E-REQ", "E-DISP", "E-BREACH"),
)


def _told(parameters: Parameters, decided: Parameters) -> str:
    if "duties" in parameters and "channel" not in parameters:
        return f"After a breach we {s.plain(parameters['duties'])}."
    who = s.opening(s.plain(s.as_list(parameters.get("audience", "affected-persons"))))
    said = f"{who} are told by {s.plain(parameters.get('channel', ['email']))}"
    limit = period_of(parameters, decided)
    if limit:
        unit = " (business days)" if limit[1] == "business-day" else ""
        said += f" within {s.spoken(limit[0])}{unit}"
    start = [decided["starts"]] if "starts" in decided else s.as_list(parameters.get("trigger"))
    if start:
        said += f" of {' or '.join(s.plain([one]) for one in start)}"
    if "condition" in parameters:
        said += f", where {s.plain([parameters['condition']])}"
    return said + ", whatever messages they refused."


def _open_breach(parameters: Parameters) -> tuple[str, ...]:
    keys = ["starts"] if "period" in parameters else []
    if parameters.get("period_basis") == "business-day":
        keys.append("holidays")
    return tuple(keys)


BREACH_NOTICE = Kind(
    name="breach-notice",
    meaning="What is done, and who is told, when data fell into the wrong hands.",
    required={},
    optional={
        "channel": s.words("email", "post", "phone-call", "website-notice"),
        "period": s.period_or("unset", "none"),
        "period_basis": f.basis,
        "bound": s.word("at-most", "at-least"),
        "trigger": s.word_or_words,
        "condition": s.word(),
        "audience": s.word_or_words,
        "duties": s.words(),
        "content": s.words(),
        "exceptions": s.words(),
        "act": s.word(),
    },
    decides={
        "period": s.period,
        "period_basis": f.basis,
        "starts": s.word("occurrence", "detection", "confirmation", "reasonable-belief"),
        "holidays": s.word("common-to-all-jurisdictions"),
        "audience": s.word_or_words,
    },
    must_decide=_open_breach,
    sentence=_told,
    doors=("incidents",),
    evidence=("E-BREACH", "E-NOTICE"),
)

ALL = (DEADLINE, BREACH_NOTICE)
