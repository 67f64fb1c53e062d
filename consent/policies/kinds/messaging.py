"""Kinds about messages: what may go where, what never may, how a person says stop or asks for help."""

import re
from collections.abc import Iterable
from datetime import timedelta

from consent.policies.kinds import shapes as s
from consent.policies.kinds.base import Kind, Promise, channels_of

MESSAGING_SCOPE = Kind(
    name="messaging-scope",
    meaning="Which message classes may be sent on which channels, and on what footing.",
    required={"channel": s.channels, "message_classes": s.words()},
    optional={"marketing": s.flag, "consent": s.word("not-required", "required"), "program": s.word()},
    decides={
        "price_quote_needs": s.word("own-inquiry"),
        "feedback_request_needs": s.word("finished-service"),
    },
    sentence=lambda p, d: f"By {s.plain(p['channel'])} we send only: {s.plain(p['message_classes'])}.",
    doors=("api.decisions", "outbox.dispatch", "policies.check"),
    evidence=("E-SEND", "E-CFG"),
)

MARKETING_BAN = Kind(
    name="marketing-ban",
    meaning="A channel or program may never carry promotion, whatever the consent.",
    required={"channel": s.channels},
    optional={"program": s.word(), "override_by_consent": s.flag},
    decides={"reach": s.word("whole-channel", "program-only")},
    sentence=lambda p, d: f"We never send promotion by {s.plain(p['channel'])}, not even to somebody who agrees.",
    doors=("api.decisions", "api.consents", "outbox.dispatch", "policies.check"),
    evidence=("E-CFG", "E-SEND"),
)

OPT_OUT_CHANNEL = Kind(
    name="opt-out-channel",
    meaning="A way to refuse messages or processing that must be offered and honoured.",
    required={"channel": s.channels},
    optional={
        "keyword": s.text,
        "keywords": s.listed(s.text),
        "when": s.word("any-time"),
        "effect": s.word("immediate"),
        "scope": s.word("all-sms-programs-of-org", "all-robotexts", "category"),
        "purpose": s.word("marketing"),
        "mechanism": s.word("unsubscribe-in-message", "reply-keyword"),
        "consent": s.word("opt-out"),
        "via": s.words(),
        "contacts": s.contacts,
        "within": s.period,
        "within_basis": s.word("business-day", "calendar-day"),
        "exclusive_means": s.word("not-allowed", "allowed"),
    },
    decides={
        "keywords": s.listed(s.text),
        "matching": s.word("whole-message"),
        "effect": s.word("at-receipt"),
        "other_wording": s.word("review"),
        "scope": s.word("whole-channel"),
        "within": s.period,
        "within_basis": s.word("business-day", "calendar-day"),
    },
    sentence=lambda p, d: (
        f"Anybody may stop our {'marketing ' if p.get('purpose') else ''}messages by "
        f"{s.plain(p['channel'])} at any time."
    ),
    doors=("webhooks.sms", "api.consents", "api.decisions", "outbox.dispatch"),
    evidence=("E-SUPP", "E-SEND"),
)

HELP_REPLY = Kind(
    name="help-reply",
    meaning="A request for help on a channel must get an answer.",
    required={"channel": s.channels, "keyword": s.text},
    optional={"contacts": s.contacts, "independent_of_opt_status": s.flag},
    decides={
        "content": s.words(
            "company-name", "contact-points", "stop-wording", "frequency-varies", "message-and-data-rates"
        )
    },
    sentence=lambda p, d: f"Whoever writes {p['keyword']} gets an answer, also after saying stop.",
    doors=("webhooks.sms", "outbox.dispatch", "policies.check"),
    evidence=("E-SEND",),
)

SUPPRESSION_RECORD = Kind(
    name="suppression-record",
    meaning="A do-not-contact list must be kept and honoured.",
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
    sentence=lambda p, d: f"We keep a list of who must not be reached by {s.plain(p['channel'])}, and obey it.",
    doors=("webhooks.sms", "api.decisions", "outbox.dispatch"),
    evidence=("E-SUPP", "E-SEND"),
)

DEADLINE = Kind(
    name="deadline",
    meaning="A time limit, exact or vague, attached to an act other than retention.",
    required={"act": s.word(), "period": s.period_or("unset")},
    optional={
        "period_basis": s.word("calendar-day", "business-day", "elapsed"),
        "trigger": s.word(),
        "bound": s.word("at-most", "at-least"),
        "at_most_messages": s.whole(1),
        "marketing": s.flag,
    },
    decides={"period": s.period},
    sentence=lambda p, d: f"{s.opening(s.plain([p['act']]))} happens within {s.spoken(p['period'])}.",
    doors=("outbox.dispatch",),
    evidence=("E-SEND", "E-REQ"),
)

ALL = (MESSAGING_SCOPE, MARKETING_BAN, OPT_OUT_CHANNEL, HELP_REPLY, SUPPRESSION_RECORD, DEADLINE)


def bans_marketing(promise: Promise, channel: str, program: str) -> bool:
    """May promotion never go out here? A ban on one program reaches the whole channel unless decided otherwise."""
    if promise.kind != "marketing-ban" or channel not in channels_of(promise.parameters):
        return False
    only = promise.parameters.get("program")
    whole = promise.decided.get("reach", "whole-channel") == "whole-channel"
    return whole or only is None or only == program


def allowed_classes(promise: Promise, channel: str) -> frozenset[str] | None:
    """The closed list of classes for this channel, or None where the promise says nothing about it."""
    if promise.kind != "messaging-scope" or channel not in channels_of(promise.parameters):
        return None
    return frozenset(promise.parameters["message_classes"])


def needs_no_consent(promise: Promise, channel: str) -> bool:
    """Does the promise let these classes go without asking first?"""
    return allowed_classes(promise, channel) is not None and promise.parameters.get("consent") == "not-required"


def stops_channel(promise: Promise, channel: str) -> bool:
    """Does a stop by this promise end everything on the channel, and not only marketing?"""
    return (
        promise.kind == "opt-out-channel"
        and channel in channels_of(promise.parameters)
        and promise.parameters.get("purpose") is None
    )


def stops_marketing(promise: Promise, channel: str) -> bool:
    """Does the promise let people refuse marketing on this channel?"""
    return (
        promise.kind == "opt-out-channel"
        and channel in channels_of(promise.parameters)
        and promise.parameters.get("purpose") == "marketing"
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
        return channel == "sms" and promise.parameters["act"] == "stop-confirmation"
    return stops_channel(promise, channel)


# Where nobody promises a time: the one within which 47 CFR 64.1200(a)(12) presumes a confirmation to be allowed.
_CONFIRMED_WITHIN = "PT5M"


def confirmed_within(promises: Iterable[Promise]) -> timedelta:
    """How long after a stop its confirmation may go; a later one is not sent."""
    stated = [one for one in promises if one.kind == "deadline" and one.parameters["act"] == "stop-confirmation"]
    settled = [one.decided.get("period", "unset") if one.parameters["period"] == "unset" else one.parameters["period"]
               for one in stated]  # fmt: skip
    periods = [str(one) for one in settled if one != "unset"] or [_CONFIRMED_WITHIN]
    return min(s.elapsed(one) for one in periods)


# Wording that makes a message promotion, whatever class it is filed under. A false alarm holds one message back
# until a person has looked; a miss would break a promise that no consent can mend.
_OFFER_WORDS = (
    r"\d ?% (?:off|discount)",
    r"\$ ?\d+(?:\.\d\d)? off\b",
    r"\b(?:discount|promo|promotion|promotional|voucher) codes?\b",
    r"\bcoupons?\b",
    r"\b(?:special|exclusive) (?:offer|deal|price|discount)s?\b",
    r"\blimited[- ]time\b",
    r"\bbuy (?:now|one)\b",
    r"\b(?:upgrade|order|sign up|subscribe) (?:now|today)\b",
    r"\bsave (?:up to|\$ ?\d)",
    r"\bfree (?:gift|trial|month)\b",
    r"\brefer a friend\b",
    r"\b(?:on sale|black friday)\b",
)
_OFFER = re.compile("|".join(_OFFER_WORDS))


# A text without any of these holds none of the above; looking for them costs a hundredth of looking for the rest.
_HINTS = (
    "%", " off", "discount", "promo", "voucher", "coupon", "special", "exclusive", "limited", "buy ", "upgrade ",
    "order ", "sign up", "subscribe ", "save ", "free ", "refer a", "on sale", "black friday",
)  # fmt: skip


def holds_offer(text: str) -> bool:
    """Does the text hold an offer, so that it is promotion however it is labelled?"""
    said = text.lower()
    for hint in _HINTS:
        if hint in said:
            return _OFFER.search(said) is not None
    return False
