"""Kinds about saying no: how a person says stop or asks for help, and the list of who must not be reached."""

from collections.abc import Iterable
from datetime import timedelta

from consent.policies.kinds import shapes as s
from consent.policies.kinds.base import Kind, Parameters, Promise, channels_of, ways_of
from consent.policies.kinds.consent import FOOTING_DECIDES


def _refuse_sentence(parameters: Parameters, decided: Parameters) -> str:
    what = "marketing messages" if parameters.get("purpose") else "messages"
    if "message_classes" in parameters:
        what = f"messages of these kinds: {s.plain(parameters['message_classes'])}"
    said = f"Anybody may refuse our {what} by {ways_of(parameters)} at any time"
    how = s.as_list(parameters.get("mechanism")) + s.as_list(parameters.get("via"))
    how += s.as_list(decided.get("mechanisms"))
    words = [str(parameters["keyword"])] if "keyword" in parameters else s.as_list(parameters.get("keywords"))
    if words:
        said += f" by writing {s.plain_texts(words)}"
    if how:
        said += f" ({s.plain(how)})"
    if "placed_in" in parameters:
        said += f"; the way is shown in {s.plain([parameters['placed_in']])}"
    if parameters.get("per_list"):
        said += "; each list has a switch of its own"
    within = parameters.get("within") or decided.get("within")
    if within:
        unit = parameters.get("within_basis") or decided.get("within_basis") or "calendar-day"
        said += f"; it holds at once, at the latest within {s.spoken(within)} ({s.plain([unit])})"
    if "opt_in_for" in decided:
        where = f" in {s.plain_texts(s.as_list(decided['opt_in_in']))}" if "opt_in_in" in decided else ""
        said += f"; only after opting in{where}: {s.plain(decided['opt_in_for'])}"
    return f"{said}."


OPT_OUT_CHANNEL = Kind(
    name="opt-out-channel",
    meaning="How somebody says no, how far that reaches and when it holds.",
    required={"channel": s.channels},
    optional={
        "keyword": s.text,
        "keywords": s.listed(s.text),
        "message_classes": s.words(),
        "when": s.word("any-time", "any-time-after-registration"),
        "effect": s.word("immediate"),
        "scope": s.some("all-sms-programs-of-org", "all-robotexts", "category", "services", "mailing-lists"),
        "to_marketing": s.word("category", "all-marketing", "all-robotexts"),
        "to_informational": s.word("category", "all-robotexts"),
        "to_exempt": s.word("category", "all-robotexts"),
        "purpose": s.word("marketing"),
        "mechanism": s.word(
            "unsubscribe-in-message",
            "reply-keyword",
            "in-message-instructions",
            "unsubscribe-footer",
            "one-click",
            "spoken",
        ),
        "placed_in": s.word("all-emails", "marketing-emails"),
        "per_list": s.flag,
        "consent": s.word("opt-out"),
        "via": s.words(),
        "contacts": s.contacts,
        "within": s.period,
        "within_basis": s.basis,
        "exclusive_means": s.word("not-allowed", "allowed"),
    },
    decides={
        **FOOTING_DECIDES,
        "matching": s.word("whole-message"),
        "other_wording": s.word("review"),
        "scope": s.word("whole-channel"),
    },
    # Who has not registered is not covered by an opt-out that begins with registering.
    must_decide=lambda p: ("opt_in_for",) if p.get("when") == "any-time-after-registration" else (),
    sentence=_refuse_sentence,
    doors=(
        "webhooks.sms",
        "sms.reviews",
        "api.consents",
        "api.revocations",
        "imports",
        "api.decisions",
        "api.messages",
        "outbox.dispatch",
        "preferences.page",
    ),
    evidence=("E-SUPP", "E-SEND", "E-CFG"),
)


HELP_REPLY = Kind(
    name="help-reply",
    meaning="Who asks for help by a keyword is answered.",
    required={"channel": s.channels, "keyword": s.text},
    optional={"contacts": s.contacts, "independent_of_opt_status": s.flag},
    decides={
        "content": s.words(
            "company-name", "contact-points", "stop-wording", "frequency-varies", "message-and-data-rates"
        )
    },
    sentence=lambda p, d: (
        f"Whoever writes {p['keyword']} gets an answer, also after saying stop"
        + (f"; it holds {s.plain(d['content'])}" if "content" in d else "")
        + "."
    ),
    doors=("webhooks.sms", "outbox.dispatch", "policies.check"),
    evidence=("E-SEND",),
)

SUPPRESSION_RECORD = Kind(
    name="suppression-record",
    meaning="A list of who must not be reached.",
    required={"channel": s.channels},
    optional={
        "key": s.word("phone-number", "email-address"),
        "expiry": s.word("none"),
        "survives": s.words(),
        "purpose": s.word("marketing"),
        "condition": s.word("where-permitted"),
        "list": s.word(),
        "keep_at_least": s.period,
    },
    decides={
        "until": s.word("fresh-opt-in-by-the-same-person"),
        "expiry": s.word("none"),
        "keep": s.words("number-or-keyed-hash", "date", "source"),
        "without_legal_basis": s.word("forbidden"),
    },
    must_decide=lambda p: ("without_legal_basis",) if p.get("condition") == "where-permitted" else (),
    sentence=lambda p, d: (
        f"We keep a list of who must not be reached by {ways_of(p)}, and obey it"
        + (f"; it outlasts {s.plain(p['survives'])}" if "survives" in p else "")
        + (f"; an entry stays at least {s.spoken(p['keep_at_least'])}" if "keep_at_least" in p else "")
        + "."
    ),
    doors=("webhooks.sms", "api.do-not-call", "imports", "api.decisions", "api.messages", "outbox.dispatch"),
    evidence=("E-SUPP", "E-SEND"),
)

ALL = (OPT_OUT_CHANNEL, HELP_REPLY, SUPPRESSION_RECORD)


def stops_channel(promise: Promise, channel: str, message_class: str | None = None) -> bool:
    """Does a stop by this promise end everything on the channel, and not only marketing, some classes or one list?"""
    parameters = promise.parameters
    if promise.kind != "opt-out-channel" or channel not in channels_of(parameters):
        return False
    if parameters.get("purpose") is not None or parameters.get("per_list"):
        return False
    return "message_classes" not in parameters or message_class in parameters["message_classes"]


def stops_marketing(promise: Promise, channel: str) -> bool:
    """Does the promise let people refuse marketing, or the lists it is sent to, on this channel?"""
    parameters = promise.parameters
    if promise.kind != "opt-out-channel" or channel not in channels_of(parameters):
        return False
    return parameters.get("purpose") == "marketing" or bool(parameters.get("per_list"))


def stops_list(promise: Promise, message_classes: Iterable[str]) -> bool:
    """Does a no by this promise end one list, or these kinds of messages, and nothing beside them?"""
    parameters = promise.parameters
    if promise.kind != "opt-out-channel":
        return False
    return bool(parameters.get("per_list")) or bool(set(parameters.get("message_classes", ())) & set(message_classes))


def refusable_by(promise: Promise, channel: str) -> bool:
    """Does the promise set an opt-out footing for something on this channel?"""
    return (
        promise.kind == "opt-out-channel"
        and channel in channels_of(promise.parameters)
        and promise.parameters.get("consent") == "opt-out"
    )


def keeps_list(promise: Promise, channel: str, marketing: bool) -> bool:
    """Must a do-not-contact list be honoured for such messages on this channel?"""
    if promise.kind != "suppression-record" or channel not in channels_of(promise.parameters):
        return False
    return promise.parameters.get("purpose") is None or marketing


def needs_legal_basis(promise: Promise, channel: str) -> bool:
    """Is marketing on this channel off until the operator has written down why it is permitted?"""
    return (
        promise.kind == "suppression-record"
        and channel in channels_of(promise.parameters)
        and promise.parameters.get("condition") == "where-permitted"
        and promise.decided.get("without_legal_basis") == "forbidden"
    )


def answers_help(promise: Promise, channel: str) -> bool:
    """Must a request for help on this channel be answered, whatever the person's status?"""
    return promise.kind == "help-reply" and channel in channels_of(promise.parameters)


def confirms_stop(promise: Promise, channel: str) -> bool:
    """Does the promise cover the one neutral text that confirms a stop?"""
    if promise.kind == "deadline":
        return channel == "sms" and promise.parameters.get("act") == "stop-confirmation"
    return stops_channel(promise, channel)


# Where nobody promises a time: the one within which 47 CFR 64.1200(a)(12) presumes a confirmation to be allowed.
_CONFIRMED_WITHIN = "PT5M"


def confirmed_within(promises: Iterable[Promise]) -> timedelta:
    """How long after a stop its confirmation may go; a later one is not sent."""
    stated = [one for one in promises if one.kind == "deadline" and one.parameters.get("act") == "stop-confirmation"]
    settled = [one.decided.get("period", "unset") if one.parameters["period"] == "unset" else one.parameters["period"]
               for one in stated]  # fmt: skip
    periods = [str(one) for one in settled if one != "unset"] or [_CONFIRMED_WITHIN]
    return min(s.elapsed(one) for one in periods)
