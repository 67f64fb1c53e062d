"""Kinds about time kept: how long data stays, what may keep it longer, and how it goes."""

from consent.policies.kinds import forms as f
from consent.policies.kinds import shapes as s
from consent.policies.kinds.base import Kind, Parameters, Promise


def _sentence(parameters: Parameters, decided: Parameters) -> str:
    data = s.opening(s.plain(one.removesuffix("-data") for one in s.as_list(parameters["data"])))
    if parameters["period"] == "unset":
        kept = settled(decided)
        return f"{data} data stays only as long as needed. Settled by us: {kept or 'nothing yet'}."
    bound = "at least" if parameters.get("bound") == "at-least" else "at most"
    said = f"{data} data stays {bound} {s.spoken(parameters['period'])}"
    triggers = s.as_list(parameters.get("trigger"))
    if triggers:
        either = ", whichever comes first" if parameters.get("trigger_rule") == "earliest" else ""
        said += f", counted from {' or '.join(s.plain([one]) for one in triggers)}{either}"
    return said + "."


def settled(decided: Parameters) -> str:
    """The decided periods in words."""
    return "; ".join(
        f"{s.plain([name])} {s.spoken(one['for'])}"
        + (f" from {s.plain([one['from']])}" if "from" in one and one["for"] != "unlimited" else "")
        for name, one in decided.get("periods", {}).items()
    )


def _open_limit(parameters: Parameters) -> tuple[str, ...]:
    if parameters.get("period") == "unset":
        return ("periods",)
    return ("stops_on",) if isinstance(parameters.get("trigger"), list) else ()


RETENTION_LIMIT = Kind(
    name="retention-limit",
    meaning="How long data stays.",
    required={"data": s.word_or_words, "period": s.period_or("unset", "unlimited")},
    optional={
        "criteria": s.words(),
        "bound": s.word("at-most", "at-least"),
        "trigger": s.word_or_words,
        "trigger_rule": s.word("earliest", "latest"),
        "period_basis": f.basis,
        "jurisdictions": f.jurisdictions,
        "persons": s.word_or_words,
        "outcomes": s.words("removed", "deleted", "anonymized", "isolated-pending-deletion"),
        "exceptions": f.ids_or_words,
        "source": s.word(),
    },
    decides={
        "periods": f.kept,
        "trigger_rule": s.word("earliest"),
        "stops_on": s.word("new-consent"),
        "source_version": s.text,
    },
    must_decide=_open_limit,
    sentence=_sentence,
    doors=("policies.check", "retention"),
    evidence=("E-CFG", "E-DISP", "E-CONSENT"),
)


def _excepted(parameters: Parameters, decided: Parameters) -> str:
    grounds = s.plain(parameters["exceptions"])
    only = "only for" if parameters.get("closed_list") else "for"
    where = f" in {f.where(parameters['jurisdictions'])}" if "jurisdictions" in parameters else ""
    said = f"Data may stay longer{where} {only} {grounds}, with ground and end date on record"
    if parameters.get("applies_to_tdpa_data") is False:
        said += "; never data of keyless entry in New York City"
    kept = settled(decided) or (f"{s.spoken(decided['hold_for'])} at a time" if "hold_for" in decided else "")
    return f"{said}. Settled by us: {kept}." if kept else f"{said}."


RETENTION_EXCEPTION = Kind(
    name="retention-exception",
    meaning="What lets data stay longer.",
    required={"exceptions": s.words()},
    optional={
        "jurisdictions": f.jurisdictions,
        "closed_list": s.flag,
        "list_is_examples": s.flag,
        "applies_to_tdpa_data": s.flag,
        "data": s.word_or_words,
    },
    decides={
        "periods": f.kept,
        "hold_for": s.period,  # how long one hold lasts, whatever its ground
        "renewable": s.flag,
        "renewal_needs": s.word("written-reason"),
        "recheck_every": s.period,
        "ground_until": s.word(),
    },
    sentence=_excepted,
    doors=("policies.check", "privacy_requests.work", "retention"),
    evidence=("E-DISP", "E-REQ"),
)

DISPOSAL_METHOD = Kind(
    name="disposal-method",
    meaning="How data goes when its time is over.",
    required={"outcomes": s.words("removed", "deleted", "anonymized", "isolated-pending-deletion")},
    optional={"trigger": s.word(), "backup_handling": s.word("isolate"), "data": s.word_or_words},
    decides={"backup_rotation": s.period, "periods": f.kept, "recheck_every": s.period},
    sentence=lambda p, d: (
        f"When its time ends, data is {' or '.join(s.plain([one]) for one in p['outcomes'])}"
        + (f"; backups turn over within {s.spoken(d['backup_rotation'])}" if "backup_rotation" in d else "")
        + "."
    ),
    doors=("policies.check", "retention", "api.records"),
    evidence=("E-DISP",),
)

ALL = (RETENTION_LIMIT, RETENTION_EXCEPTION, DISPOSAL_METHOD)


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
