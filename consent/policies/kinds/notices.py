"""Kinds about telling people: that the policy or a purpose changes, that data went out under compulsion."""

from collections.abc import Iterable

from consent.policies.kinds import forms as f
from consent.policies.kinds import shapes as s
from consent.policies.kinds.base import Kind, Parameters, Promise

# The sides of people's lives that a change can touch; `material` lists those that make it a material one.
SIDES = ("purposes", "recipients", "retention", "rights", "channels")

# Where a notice can stand or go.
PLACES = (
    "policy-page",
    "policy-page-date",
    "homepage-notice",
    "website-notice",
    "other-places",
    "email",
    "sms",
    "post",
    "portal",
)


_LEARN = {
    "public": "the public learns",
    "affected-users": "affected users learn",
    "opted-in-users": "opted-in users learn",
    "everybody": "everybody learns",
}


def _change(parameters: Parameters, decided: Parameters) -> str:
    what = {
        "material-change": "a material change of the policy",
        "any-change": "any change of the policy",
    }.get(str(parameters.get("applies_to")), "a change of the policy")
    if parameters.get("trigger") == "purpose-differs-from-collection":
        what = "a use other than the one stated when the data was collected"
    who = _LEARN[str(parameters.get("audience", "everybody"))]
    joint = " or " if str(parameters.get("channel_rule", "")).startswith("any-one") else ", "
    ways = joint.join(s.plain([one]) for one in parameters["channel"])
    said = f"Of {what} {who} by {ways}"
    period = lead_of(parameters, decided)
    if period is not None:
        said += f", at least {s.spoken(period)} before"
    if parameters.get("optional"):
        said += ", in some cases"
    if parameters.get("additional_to"):
        said += f", besides the {s.plain([parameters['additional_to']])}"
    if parameters.get("opt_out_applies") is False:
        said += ", also those who refused our mail"
    return said + "."


def lead_of(parameters: Parameters, decided: Parameters) -> str | None:
    """How long before it takes effect a change is to be told, or nothing where no time is promised."""
    stated = str(parameters.get("period", parameters.get("lead_time", "none")))
    if stated == "unset":
        stated = str(decided.get("lead_time", "none"))
    return None if stated == "none" else stated


def _open_change(parameters: Parameters) -> tuple[str, ...]:
    if parameters.get("lead_time") == "unset":
        return ("lead_time",)
    if parameters.get("channel_rule") == "any-one-authorized":
        return ("email_unless",)
    return ("material", "counts_from") if "period" in parameters else ()


NOTICE_OF_CHANGE = Kind(
    name="notice-of-change",
    meaning="Who is told of a change, by which ways, and how long before.",
    required={"channel": s.words(*PLACES)},
    optional={
        "lead_time": s.period_or("none", "unset"),
        "period": s.period,
        "period_basis": f.basis,
        "bound": s.word("at-least", "at-most"),
        "trigger": s.word("notice-published", "purpose-differs-from-collection"),
        "applies_to": s.word("any-change", "material-change"),
        "channel_rule": s.word("any-one", "any-one-authorized", "all"),
        "audience": s.word("public", "affected-users", "opted-in-users", "everybody"),
        "opt_out_applies": s.flag,
        "optional": s.flag,
        "additional_to": s.word(*PLACES),
    },
    decides={
        "lead_time": s.period,
        "material": s.words(*SIDES),
        "counts_from": s.word("last-batch", "first-batch"),
        "before_use": s.flag,
        "email_unless": s.word("refused-policy-email"),
        "always_post": s.flag,
        "full_days": s.flag,
    },
    must_decide=_open_change,
    sentence=_change,
    doors=("policies.publish", "policies.check", "notices"),
    evidence=("E-VER", "E-NOTICE", "E-CFG"),
)

LEGAL_PROCESS_NOTICE = Kind(
    name="legal-process-notice",
    meaning="What a person is told when an authority took data.",
    required={"trigger": s.word("compelled-disclosure"), "deadline": s.period_or("unset")},
    optional={
        "channel": s.either(s.word("unset"), s.words(*PLACES)),
        "exceptions": s.words("legally-forbidden"),
        "period_basis": f.basis,
    },
    decides={
        "period": s.period,
        "period_basis": f.basis,
        "channel": s.words(*PLACES),
        "starts": s.word("disclosure"),
        "attempt": s.word("before-disclosure-if-feasible", "before-disclosure"),
        "audience": s.word(),
        "holidays": s.word("common-to-all-jurisdictions"),
    },
    must_decide=lambda p: ("period",) if p.get("deadline") == "unset" else (),
    sentence=lambda p, d: (
        "Whoever's data we are compelled to hand over is told"
        + (f" by {s.plain(d['channel'])}" if "channel" in d else "")
        + (", before it goes out if that can be done," if "attempt" in d else "")
        + (f" or within {s.spoken(d['period'])} after" if "period" in d else "")
        + (f", unless {s.plain(p['exceptions'])}" if "exceptions" in p else "")
        + "."
    ),
    doors=("disclosures",),
    evidence=("E-NOTICE", "E-SHARE"),
)

ALL = (NOTICE_OF_CHANGE, LEGAL_PROCESS_NOTICE)


def concerns(promise: Promise, *, material: bool, new_purpose: bool) -> bool:
    """Does the promise speak of such a change: of any, of a material one, of one that brings a new purpose?"""
    if promise.parameters.get("trigger") == "purpose-differs-from-collection":
        return new_purpose
    return promise.parameters.get("applies_to") != "material-change" or material


def tells_material_apart(promise: Promise) -> bool:
    """Must the company say of every change whether it is material (VAL-23, VOX-03, SMT-36)?"""
    return promise.kind == "notice-of-change" and "applies_to" in promise.parameters


def settled_material(promises: Iterable[Promise]) -> frozenset[str]:
    """The sides of a policy whose change is material, as the company settled it; empty where nothing was settled."""
    settled = (one.decided.get("material", ()) for one in promises if one.kind == "notice-of-change")
    return frozenset(side for sides in settled for side in sides)
