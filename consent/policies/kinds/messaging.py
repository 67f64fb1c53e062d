"""Kinds about messages: what may go where, what never may, how a person says stop or asks for help."""

from collections.abc import Iterable
from datetime import timedelta

from consent.policies.kinds import shapes as s
from consent.policies.kinds.base import EVERYWHERE, Kind, Parameters, Promise, channels_of, names_way
from consent.policies.kinds.consent import FOOTING_DECIDES


def _by(parameters: Parameters) -> str:
    return s.plain(s.as_list(parameters.get("channel", "every channel")))


def _scope_sentence(parameters: Parameters, decided: Parameters) -> str:
    who = f"In {s.plain([parameters['program']])} we" if "program" in parameters else "We"
    if "message_classes" not in parameters:
        said = f"{who} use no other ways than these: {_by(parameters)}"
    else:
        said = f"{who} send by {_by(parameters)} only: {s.plain(parameters['message_classes'])}"
    footing = parameters.get("consent")
    if footing is not None:
        said += f"; consent: {s.plain([footing])}"
    if "sender" in parameters:
        said += f"; sent by {s.plain(parameters['sender'])}"
    if "data" in parameters:
        said += f"; chosen by {s.plain(s.as_list(parameters['data']))}"
    if "opt_in_for" in decided:
        said += f"; only after opting in: {s.plain(decided['opt_in_for'])}"
    if "refusable" in decided:
        said += f"; members may refuse {s.plain(decided['refusable'])}"
    if "implied_for" in decided:
        said += f"; customers get them for {s.spoken(decided['implied_for'])} after a purchase, others after opting in"
    if "mechanisms" in decided:
        said += f"; ways to refuse: {s.plain(decided['mechanisms'])}"
    return f"{said}."


MESSAGING_SCOPE = Kind(
    name="messaging-scope",
    meaning="Which message classes may be sent on which channels, and on what footing.",
    required={},
    one_of=(("message_classes", "channel"),),
    optional={
        "channel": s.channels,
        "message_classes": s.words(),
        "marketing": s.flag,
        "consent": s.word("not-required", "required", "programme-enrolment", "not-stated"),
        "program": s.word(),
        "sender": s.words(),
        "opt_out_channel": s.word("not-stated"),
        "help_reply": s.word("not-stated"),
        "data": s.some(),
    },
    decides={
        **FOOTING_DECIDES,
        "price_quote_needs": s.word("own-inquiry"),
        "feedback_request_needs": s.word("finished-service"),
    },
    # Where nothing is said of a footing or a way to refuse, the operator has to say it: silence is no permission.
    must_decide=lambda p: (
        (("implied_for",) if p.get("consent") == "not-stated" else ())
        + (("mechanisms",) if p.get("opt_out_channel") == "not-stated" else ())
    ),
    sentence=_scope_sentence,
    doors=("api.decisions", "outbox.dispatch", "policies.check"),
    evidence=("E-SEND", "E-CFG", "E-CONSENT"),
)

MARKETING_BAN = Kind(
    name="marketing-ban",
    meaning="A channel or program may never carry promotion, whatever the consent.",
    required={"channel": s.channels},
    optional={"program": s.word(), "override_by_consent": s.flag},
    decides={"reach": s.word("whole-channel", "program-only")},
    sentence=lambda p, d: f"We never send promotion by {_by(p)}, not even to somebody who agrees.",
    doors=("api.decisions", "api.consents", "outbox.dispatch", "policies.check"),
    evidence=("E-CFG", "E-SEND"),
)


def _refuse_sentence(parameters: Parameters, decided: Parameters) -> str:
    what = "marketing messages" if parameters.get("purpose") else "messages"
    if "message_classes" in parameters:
        what = f"messages of these kinds: {s.plain(parameters['message_classes'])}"
    said = f"Anybody may refuse our {what} by {_by(parameters)} at any time"
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
    meaning="A way to refuse messages or processing that must be offered and honoured.",
    required={"channel": s.channels},
    optional={
        "keyword": s.text,
        "keywords": s.listed(s.text),
        "message_classes": s.words(),
        "when": s.word("any-time", "any-time-after-registration"),
        "effect": s.word("immediate"),
        "scope": s.some("all-sms-programs-of-org", "all-robotexts", "category", "services", "mailing-lists"),
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
    doors=("webhooks.sms", "api.consents", "api.decisions", "outbox.dispatch"),
    evidence=("E-SUPP", "E-SEND", "E-CFG"),
)


def _always_sentence(parameters: Parameters, decided: Parameters) -> str:
    said = f"These go out by {_by(parameters)} whatever was refused: {s.plain(parameters['message_classes'])}"
    for one, condition in parameters.get("condition", {}).items():
        said += f"; {s.plain([one])} only if it {s.plain([condition])}"
    return f"{said}. They never hold an offer."


NON_OPT_OUTABLE = Kind(
    name="non-opt-outable",
    meaning="A message class that the person cannot refuse.",
    required={"message_classes": s.words()},
    optional={
        "channel": s.channels,
        "offers_inside": s.word("banned"),
        "condition": s.table(s.word("materially-affects-delivery")),
        "list_is_examples": s.flag,
    },
    decides=FOOTING_DECIDES,
    sentence=_always_sentence,
    doors=("api.decisions", "outbox.dispatch", "policies.check"),
    evidence=("E-SEND", "E-CFG"),
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
    sentence=lambda p, d: (
        f"We keep a list of who must not be reached by {_by(p)}, and obey it"
        + (f"; it outlasts {s.plain(p['survives'])}" if "survives" in p else "")
        + (f"; an entry stays at least {s.spoken(p['keep_at_least'])}" if "keep_at_least" in p else "")
        + "."
    ),
    doors=("webhooks.sms", "api.decisions", "outbox.dispatch"),
    evidence=("E-SUPP", "E-SEND"),
)

ALL = (
    MESSAGING_SCOPE,
    MARKETING_BAN,
    OPT_OUT_CHANNEL,
    NON_OPT_OUTABLE,
    HELP_REPLY,
    SUPPRESSION_RECORD,
)


def bans_marketing(promise: Promise, channel: str, program: str) -> bool:
    """May promotion never go out here? A ban on one program reaches the whole channel unless decided otherwise."""
    if promise.kind != "marketing-ban" or channel not in channels_of(promise.parameters):
        return False
    only = promise.parameters.get("program")
    whole = promise.decided.get("reach", "whole-channel") == "whole-channel"
    return whole or only is None or only == program


def allowed_classes(
    promise: Promise, channel: str, program: str | None = None, automated: bool = False
) -> frozenset[str] | None:
    """The closed list of classes for this channel, or None where the promise says nothing about it."""
    parameters = promise.parameters
    if promise.kind != "messaging-scope" or "message_classes" not in parameters:
        return None
    if not names_way(parameters, channel, automated):
        return None
    if program is not None and parameters.get("program", program) != program:
        return None
    return frozenset(parameters["message_classes"])


def closes_list(promise: Promise, channel: str, program: str, automated: bool) -> bool:
    """Does the promise list what may go on this channel, or in this program, so that nothing else may?"""
    if allowed_classes(promise, channel, program, automated) is None:
        return False
    return "channel" in promise.parameters or promise.parameters.get("program") == program


def classes_named(promise: Promise, channel: str) -> frozenset[str]:
    """The classes for which the promise gives a footing on this channel, whatever its kind."""
    if promise.kind not in ("messaging-scope", "non-opt-outable", "opt-out-channel", "consent-required"):
        return frozenset()
    if channel not in channels_of(promise.parameters, otherwise=EVERYWHERE):
        return frozenset()
    return frozenset(promise.parameters.get("message_classes", ()))


def closes_other_channels(promise: Promise, channel: str, automated: bool) -> bool:
    """Does the promise name the ways of reaching people, and not this one?"""
    if promise.kind != "messaging-scope" or "message_classes" in promise.parameters:
        return False
    return not names_way(promise.parameters, channel, automated)


def needs_no_consent(promise: Promise, channel: str) -> bool:
    """Does the promise let these classes go without asking first?"""
    return allowed_classes(promise, channel) is not None and promise.parameters.get("consent") == "not-required"


def needs_reference(promise: Promise, message_class: str) -> bool:
    """Was it settled that such a message goes only with the inquiry, order or finished service it belongs to?"""
    return promise.kind == "messaging-scope" and f"{message_class.replace('-', '_')}_needs" in promise.decided


def by_enrolment(promise: Promise, message_class: str) -> bool:
    """Are such messages part of a programme, so that its members, and nobody else, get them?"""
    parameters = promise.parameters
    return (
        promise.kind == "messaging-scope"
        and parameters.get("consent") == "programme-enrolment"
        and message_class in parameters.get("message_classes", ())
    )


def footing_settled(promise: Promise, channel: str, message_class: str) -> bool:
    """Does the promise leave the footing of this class unsaid, so that the operator's decision makes it opt-in?"""
    parameters = promise.parameters
    return (
        promise.kind == "messaging-scope"
        and parameters.get("consent") == "not-stated"
        and message_class in parameters.get("message_classes", ())
        and channel in channels_of(parameters, otherwise=EVERYWHERE)
    )


def keeps_going(promise: Promise, channel: str, message_class: str) -> bool:
    """Can messages of this class not be refused?"""
    return promise.kind == "non-opt-outable" and message_class in classes_named(promise, channel)


def needs_materiality(promise: Promise, channel: str, message_class: str) -> bool:
    """Does this class count as not refusable only with a person's mark that delivery is affected (T-24)?"""
    condition = promise.parameters.get("condition", {})
    return (
        keeps_going(promise, channel, message_class) and condition.get(message_class) == "materially-affects-delivery"
    )


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
