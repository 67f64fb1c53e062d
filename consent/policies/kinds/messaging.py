"""Kinds about messages: what may go where and on what footing, what never may, what nobody can refuse."""

from consent.policies.kinds import shapes as s
from consent.policies.kinds.base import EVERY_CHANNEL, Kind, Parameters, Promise, channels_of, names_way, ways_of
from consent.policies.kinds.consent import FOOTING_DECIDES


def _scope_sentence(parameters: Parameters, decided: Parameters) -> str:
    who = f"In {s.plain([parameters['program']])} we" if "program" in parameters else "We"
    if "message_classes" not in parameters:
        said = f"{who} use no other ways than these: {ways_of(parameters)}"
    else:
        said = f"{who} send by {ways_of(parameters)} only: {s.plain(parameters['message_classes'])}"
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
    meaning="What may be sent, by which ways, and whether people are asked first.",
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
    meaning="Where no promotion goes, even to somebody who agrees.",
    required={"channel": s.channels},
    optional={"program": s.word(), "override_by_consent": s.flag},
    decides={"reach": s.word("whole-channel", "program-only")},
    sentence=lambda p, d: f"We never send promotion by {ways_of(p)}, not even to somebody who agrees.",
    doors=("api.decisions", "api.consents", "outbox.dispatch", "policies.check", "preferences.page"),
    evidence=("E-CFG", "E-SEND"),
)


def _always_sentence(parameters: Parameters, decided: Parameters) -> str:
    said = f"These go out by {ways_of(parameters)} whatever was refused: {s.plain(parameters['message_classes'])}"
    for one, condition in parameters.get("condition", {}).items():
        said += f"; {s.plain([one])} only if it {s.plain([condition])}"
    return f"{said}. They never hold an offer."


NON_OPT_OUTABLE = Kind(
    name="non-opt-outable",
    meaning="Messages that go out although somebody refused.",
    required={"message_classes": s.words()},
    optional={
        "channel": s.channels,
        "offers_inside": s.word("banned"),
        "condition": s.table(s.word("materially-affects-delivery")),
        "list_is_examples": s.flag,
    },
    decides=FOOTING_DECIDES,
    sentence=_always_sentence,
    doors=("api.decisions", "outbox.dispatch", "policies.check", "preferences.page"),
    evidence=("E-SEND", "E-CFG"),
)

ALL = (
    MESSAGING_SCOPE,
    MARKETING_BAN,
    NON_OPT_OUTABLE,
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
    if channel not in channels_of(promise.parameters, otherwise=EVERY_CHANNEL):
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
        and channel in channels_of(parameters, otherwise=EVERY_CHANNEL)
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
