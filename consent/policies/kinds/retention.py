"""Kinds about time kept: how long data stays."""

from consent.policies.kinds import shapes as s
from consent.policies.kinds.base import Kind, Parameters, Promise


def _sentence(parameters: Parameters, decided: Parameters) -> str:
    data = s.opening(s.plain(s.as_list(parameters["data"])))
    if parameters["period"] != "unset":
        bound = "at least" if parameters.get("bound") == "at-least" else "at most"
        return f"{data} data stays {bound} {s.spoken(parameters['period'])}."
    kept = "; ".join(f"{s.plain([name])} {s.spoken(one['for'])}" for name, one in decided.get("periods", {}).items())
    return f"{data} data stays only as long as needed. Settled by us: {kept or 'nothing yet'}."


RETENTION_LIMIT = Kind(
    name="retention-limit",
    meaning="How long data may be kept, by figure or by criterion.",
    required={"data": s.word_or_words, "period": s.period_or("unset", "unlimited")},
    optional={
        "criteria": s.words(),
        "bound": s.word("at-most", "at-least"),
        "trigger": s.word(),
        "period_basis": s.word("calendar-day", "calendar-month", "business-day"),
    },
    decides={"periods": s.periods},
    must_decide=lambda p: ("periods",) if p.get("period") == "unset" else (),
    sentence=_sentence,
    doors=("policies.check",),
    planned=("retention",),
    evidence=("E-CFG", "E-DISP"),
)

ALL = (RETENTION_LIMIT,)


def kept_for(promise: Promise, category: str) -> tuple[str, str] | None:
    """How long this class of data stays and from when, as (period, start); None where the promise is silent on it."""
    if promise.kind != "retention-limit":
        return None
    settled = promise.decided.get("periods", {}).get(category)
    if settled is not None:
        return str(settled["for"]), str(settled["from"])
    if promise.parameters["period"] != "unset" and category in s.as_list(promise.parameters["data"]):
        return str(promise.parameters["period"]), str(promise.parameters.get("trigger", "recorded"))
    return None


def at_least(promise: Promise, category: str) -> str | None:
    """The shortest time for which this class of data must stay, where the promise states one."""
    parameters = promise.parameters
    if promise.kind != "retention-limit" or parameters.get("bound") != "at-least":
        return None
    return str(parameters["period"]) if category in s.as_list(parameters["data"]) else None
