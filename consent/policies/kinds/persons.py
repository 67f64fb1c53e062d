"""Kinds about the people themselves: how old they must be, and that using a right costs them nothing."""

from consent.policies.kinds import shapes as s
from consent.policies.kinds.base import Kind, Parameters, Promise


def _age_sentence(parameters: Parameters, decided: Parameters) -> str:
    said = f"We take no consent from anybody younger than {minimum_of(parameters, decided)}"
    if "applies_to" in parameters:
        said += f"; that holds for {s.plain(s.as_list(parameters['applies_to']))}"
    if "banned" in parameters:
        said += f"; below it we never {s.plain(s.as_list(parameters['banned']))}"
    if parameters.get("marketing_to_under") == "banned":
        said += "; nothing is marketed to them"
    if parameters.get("knowing_collection") == "banned":
        said += "; their data is not knowingly collected"
    if "delete_within" in decided:
        said += f"; once known it goes within {s.spoken(decided['delete_within'])}"
    return f"{said}."


AGE_LIMIT = Kind(
    name="age-limit",
    meaning="How old somebody must be, and what happens with those who are younger.",
    required={"min_age": s.whole(1)},
    optional={
        "knowing_collection": s.word("banned"),
        "remedy": s.word("not-stated", "delete"),
        "marketing_to_under": s.word("banned"),
        "applies_to": s.words(),
        "banned": s.words("engage", "collect", "solicit", "register"),
    },
    decides={
        "delete_within": s.period,
        "delete_within_basis": s.basis,
        "counts_as_adult": s.whole(1),
        "threshold": s.whole(1),
    },
    must_decide=lambda p: ("delete_within",) if p.get("remedy") == "not-stated" else (),
    sentence=_age_sentence,
    doors=("api.consents", "api.decisions", "api.features", "privacy_requests.work", "retention"),
    evidence=("E-REQ", "E-DISP", "E-CFG", "E-SEND"),
)

NON_DISCRIMINATION = Kind(
    name="non-discrimination",
    meaning="Using a right has no price.",
    required={"covers": s.some()},
    optional={"persons": s.some()},
    sentence=lambda p, d: (
        f"Nobody ({s.plain(s.as_list(p.get('persons', 'anyone')))}) is treated worse in price, access, service or "
        f"order of work for using {s.plain(s.as_list(p['covers']))}."
    ),
    doors=("policies.check", "privacy_requests.work"),
    evidence=("E-CFG",),
)

ALL = (AGE_LIMIT, NON_DISCRIMINATION)


def minimum_of(parameters: Parameters, decided: Parameters) -> int:
    """The youngest age that is let in; what was settled for an unclear wording counts before the figure."""
    return int(decided.get("counts_as_adult", parameters["min_age"]))


def minimum_age(promise: Promise) -> int:
    """The age below which no consent is taken; 0 where the promise sets none."""
    return minimum_of(promise.parameters, promise.decided) if promise.kind == "age-limit" else 0
