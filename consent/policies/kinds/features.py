"""Kinds about features: what switches them on, what ends them, and what follows."""

from consent.policies.kinds import shapes as s
from consent.policies.kinds.base import Kind, Parameters


def _ended_sentence(parameters: Parameters, decided: Parameters) -> str:
    said = f"{s.opening(s.plain(s.as_list(parameters['feature'])))} can be ended at any time by asking"
    via = s.as_list(parameters.get("via")) or s.as_list(decided.get("via"))
    if via:
        said += f" ({s.plain(via)})"
    if parameters.get("refusal_allowed") is False:
        said += ", and nobody may say no to that"
    if "finished_within" in decided:
        unit = s.plain([decided.get("finished_within_basis", "calendar-day")])
        said += f"; it stops at once and is finished within {s.spoken(decided['finished_within'])} ({unit})"
    if effects := s.as_list(parameters.get("effect")):
        said += f"; what follows: {s.plain(effects)}"
    if "consequence" in parameters:
        said += f"; known consequence: {s.plain([parameters['consequence']])}"
    return f"{said}."


CONSENT_WITHDRAWAL = Kind(
    name="consent-withdrawal",
    meaning="How a feature or programme is left, and what comes of leaving.",
    required={"feature": s.some()},
    optional={
        "trigger": s.word(),
        "consequence": s.word(),
        "refusal_allowed": s.flag,
        "via": s.some(),
        "contacts": s.contacts,
        "effect": s.one_or_more(s.mark),
    },
    decides={
        "effect": s.word("at-receipt"),
        "via": s.words(),
        "contacts": s.contacts,
        "finished_within": s.period,
        "finished_within_basis": s.basis,
        "already_in_progress": s.word("review"),
    },
    sentence=_ended_sentence,
    doors=("api.consents", "api.features", "preferences.page", "privacy_requests.work"),
    evidence=("E-REQ", "E-CONSENT", "E-DISP", "E-ACC"),
)


def _gate_sentence(parameters: Parameters, decided: Parameters) -> str:
    gate = s.plain(s.as_list(parameters["gate"]))
    if "feature" not in parameters:
        return f"What needs {gate} is closed without it; the reach is {s.plain(s.as_list(parameters['scope']))}."
    said = f"{s.opening(s.plain(s.as_list(parameters['feature'])))} works only with {gate}"
    if parameters.get("default") == "disabled":
        said += " and is off until then"
    if "purge_after" in decided:
        said += f"; what it stored goes {s.spoken(decided['purge_after'])} after it ends"
    return f"{said}."


FEATURE_GATE = Kind(
    name="feature-gate",
    meaning="A feature, or data, that waits for something else to be there.",
    required={"gate": s.some()},
    one_of=(("feature", "scope"),),
    optional={"feature": s.some(), "default": s.word("disabled", "enabled"), "scope": s.some()},
    decides={"purge_after": s.period, "retention": s.period, "retention_from": s.word()},
    sentence=_gate_sentence,
    doors=("api.features", "retention"),
    evidence=("E-CONSENT", "E-ACC", "E-CFG", "E-DISP"),
)

ALL = (CONSENT_WITHDRAWAL, FEATURE_GATE)
