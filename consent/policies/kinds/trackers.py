"""Kinds about cookies and other trackers: for what, where, with whose consent, and what a browser's signal does."""

from consent.policies.kinds import shapes as s
from consent.policies.kinds.base import Kind, Parameters

_SIGNAL = s.word("honoured", "not-honoured", "not-stated")


def _cookie_sentence(parameters: Parameters, decided: Parameters) -> str:
    said = []
    if purposes := s.as_list(parameters.get("cookie_purposes")):
        said.append(f"cookies serve {s.plain(purposes)}")
    if consented := s.as_list(parameters.get("consent_for")):
        said.append(f"those for {s.plain(consented)} wait for consent")
    for key, words in (("allowed_surfaces", "on"), ("surfaces", "on"), ("banned_surfaces", "never on")):
        if surfaces := s.as_list(parameters.get(key)):
            said.append(f"trackers stand {words} {s.plain(surfaces)}")
    for key, words in (("banned", "never allowed"), ("allowed", "allowed"), ("optional", "can be refused")):
        if named := s.as_list(parameters.get(key)):
            said.append(f"{words}: {s.plain(named)}")
    if recipients := s.as_list(parameters.get("recipients")):
        said.append(f"data reaches {s.plain(recipients)}")
    if "lifetime" in parameters:
        said.append(f"a cookie typically stays {s.spoken(parameters['lifetime'])}")
    if "exception" in parameters:
        said.append(f"the site works without cookies but for the {s.plain([parameters['exception']])}")
    if controls := s.as_list(parameters.get("controls")):
        said.append(f"control: {s.plain(controls)}")
    if decided.get("on_site_control"):
        said.append("the site offers a switch")
    return f"{s.opening('; '.join(said))}."


COOKIE = Kind(
    name="cookie",
    meaning="What may watch or remember a visitor: for what, where, and with whose consent.",
    required={},
    one_of=(
        (
            "cookie_purposes",
            "allowed_surfaces",
            "banned_surfaces",
            "surfaces",
            "controls",
            "banned",
            "lifetime",
            "on_site_opt_out",
            "exception",
        ),
    ),
    optional={
        "cookie_purposes": s.words(),
        "controls": s.some(),
        "optional": s.words(),
        "allowed_surfaces": s.words(),
        "banned_surfaces": s.words(),
        "surfaces": s.words(),
        "recipients": s.words(),
        "data": s.words(),
        "cookie_data": s.words(),
        "opt_out_url": s.url,
        "info_url": s.url,
        "on_site_control": s.word("promised", "not-promised"),
        "on_site_opt_out": s.word("none", "offered"),
        "banned": s.words(),
        "allowed": s.words(),
        "dnt": _SIGNAL,
        "gpc": _SIGNAL,
        "consent_for": s.words(),
        "consent": s.word("affirmative", "explicit-opt-in", "opt-out"),
        "scope": s.word(),
        "lifetime": s.period,
        "bound": s.word("typical-not-maximum", "at-most"),
        "exceptions": s.words(),
        "exception": s.word(),
    },
    decides={
        "on_site_control": s.flag,
        "separately_switchable": s.words(),
        "app_analytics": s.word("cookieless-non-behavioural", "forbidden"),
        "opt_in_for": s.words(),  # purposes that wait for consent …
        "opt_in_in": s.places,  # … in these places; everywhere where none is named
        "gpc": s.word("honour", "ignore"),
        "dnt": s.word("honour", "ignore"),
        "retention": s.period_or("unlimited"),
        "retention_from": s.word(),
    },
    must_decide=lambda p: ("on_site_control",) if p.get("controls") == "not-stated" else (),
    sentence=_cookie_sentence,
    doors=("preferences.page", "trackers", "trackers.choices"),
    evidence=("E-SHOWN", "E-CONSENT", "E-CFG"),
)


def _signal_sentence(parameters: Parameters, decided: Parameters) -> str:
    honoured = parameters.get("gpc") == "honoured" or decided.get("gpc") == "honour"
    dnt = "We follow" if parameters["dnt"] == "honoured" else "We do not react to"
    where = f" on {s.plain(decided['surfaces'])}" if "surfaces" in decided else ""
    gpc = f"we obey it{where}" if honoured else "we make no promise"
    return f'{dnt} the browser\'s "Do Not Track"; as to the Global Privacy Control, {gpc}.'


DNT_GPC = Kind(
    name="dnt-gpc",
    meaning="What is done when a browser sends a wish for privacy.",
    required={"dnt": _SIGNAL, "gpc": _SIGNAL},
    decides={"gpc": s.word("honour", "ignore"), "surfaces": s.words(), "purposes": s.words()},
    # Silence about a signal that some laws give force to is not a decision (T-85).
    must_decide=lambda p: ("gpc",) if p.get("gpc") == "not-stated" else (),
    sentence=_signal_sentence,
    doors=("privacy.page", "trackers", "trackers.choices"),
    evidence=("E-SHOWN", "E-CFG"),
)

ALL = (COOKIE, DNT_GPC)
