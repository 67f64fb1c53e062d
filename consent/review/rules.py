"""Which commitments an entry or a decision is evidence of. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from consent.policies.kinds import channels_of
from consent.policies.kinds.shapes import as_list
from consent.policies.version import Commitment, PolicyVersionPack

# What an entry of the ledger shows: the code of the evidence, and the kinds of promises it is evidence of.
SHOWN_BY: dict[str, tuple[tuple[str, frozenset[str]], ...]] = {
    "consent.given": (
        (
            "E-CONSENT",
            frozenset(
                {
                    "consent-required",
                    "consent-record-fields",
                    "role-allocation",
                    "data-source",
                    "feature-gate",
                    "data-category-collected",
                    "messaging-scope",
                    "self-service",
                }
            ),
        ),
        ("E-SHOWN", frozenset({"consent-not-condition"})),
    ),
    "consent.refused": (("E-CONSENT", frozenset({"consent-required"})),),
    "consent.renewed": (("E-CONSENT", frozenset({"consent-required", "consent-record-fields"})),),
    "consent.withdrawn": (
        ("E-SUPP", frozenset({"opt-out-channel", "suppression-record"})),
        ("E-CONSENT", frozenset({"consent-withdrawal", "feature-gate", "self-service"})),
    ),
    "consent.narrowed": (("E-SUPP", frozenset({"opt-out-channel", "suppression-record"})),),
    "policy.first_used": (("E-VER", frozenset({"acceptance"})), ("E-CONSENT", frozenset({"acceptance"}))),
    "policy.published": (("E-VER", frozenset({"policy-metadata", "notice-of-change", "recipient-register"})),),
}
ANSWERED_HELP = ("E-SEND", frozenset({"help-reply", "disclosure-required"}))
MASKED = ("E-CFG", frozenset({"content-not-collected"}))
# Publishing and applying settings run every check of the configuration.
CHECKED = ("policy.published", "settings.applied")
SENT = "E-SEND"
# Entries that name the promises they rest on are evidence of those: by the first part of their type, the code.
NAMING = {
    "access": "E-ACC",
    "consent": "E-CONSENT",
    "customer": "E-CONSENT",
    "disclosure": "E-SHARE",
    "disposal": "E-DISP",
    "erasure": "E-DISP",
    "evidence": "E-ACC",
    "gateway": "E-SHARE",
    "import": "E-CFG",
    "incident": "E-BREACH",
    "notice": "E-NOTICE",
    "privacy_request": "E-REQ",
    "record": "E-DISP",
    "retention": "E-DISP",
    "suppression": "E-SUPP",
}
RECORDED = ("call.recorded", ("E-CONSENT", "E-SHOWN"))  # everybody on it was told, and asked where that is promised
SHOWN = ("notice.shown", "E-SHOWN")  # what was displayed, where other notices are sent
NAMES = ("rests_on", "commitments", "commitment", "binding")
READ = ("intent", "masked", "policy", "type", *NAMES)  # all that `evidence_of_entry` asks of an entry's data
# What a step of a request shows, of promises about requests of its type.
OF_REQUESTS: dict[str, tuple[tuple[str, frozenset[str]], ...]] = {
    "privacy_request.opened": (
        ("E-REQ", frozenset({"request-right", "request-frequency", "request-scope", "self-service"})),
    ),
    "privacy_request.verified": (("E-REQ", frozenset({"identity-verification", "request-eligibility"})),),
    "privacy_request.decided": (("E-REQ", frozenset({"request-right", "request-eligibility"})),),
    "privacy_request.fulfilled": (("E-DISP", frozenset({"request-right"})),),
}

Evidence = tuple[str, str]  # commitment, code


def evidence_of_entry(
    versions: Sequence[PolicyVersionPack], kind: str, channel: str, purposes: Iterable[str], data: Mapping[str, Any]
) -> Iterator[Evidence]:
    """What one entry of the ledger is evidence of, under the versions that bound it."""
    about = frozenset(purposes)
    shown = list(SHOWN_BY.get(kind, ()))
    if data.get("intent") == "help":
        shown.append(ANSWERED_HELP)
    if data.get("masked"):
        shown.append(MASKED)
    naming = SHOWN[1] if kind == SHOWN[0] else NAMING.get(kind.partition(".")[0], "")
    named = _named(data)
    policy = data.get("policy") if kind == "policy.published" else None
    for version in versions:
        if policy is not None and version.policy != policy:
            continue
        for one in version.commitments:
            for code, kinds in shown:
                if one.kind in kinds and code in one.evidence and _concerns(one, channel, about):
                    yield one.id, code
            if naming in one.evidence and one.id in named:
                yield one.id, naming
            if kind == RECORDED[0] and one.id in named:
                yield from ((one.id, code) for code in RECORDED[1] if code in one.evidence)
            for code, kinds in OF_REQUESTS.get(kind, ()):
                if one.kind in kinds and code in one.evidence and _asks_for(one, data.get("type")):
                    yield one.id, code
            if kind in CHECKED and "E-CFG" in one.evidence:
                yield one.id, "E-CFG"


def evidence_of_decision(answer: Mapping[str, Any]) -> Iterator[Evidence]:
    """The commitments that a decision of the gate named, each once."""
    named = dict.fromkeys(reason["commitment"] for reason in answer.get("reasons", ()) if "commitment" in reason)
    for commitment in named:
        yield commitment, SENT


def _concerns(one: Commitment, channel: str, about: frozenset[str]) -> bool:
    """Whether the promise speaks of this channel, and of one of these programs or features if it names any."""
    parameters = one.parameters
    named = [*as_list(parameters.get("program")), *as_list(parameters.get("feature"))]
    if named:
        return not about.isdisjoint(named)
    return channel == "none" or channel in channels_of(parameters, otherwise=(channel,))


def _named(data: Mapping[str, Any]) -> frozenset[str]:
    """The promises that an entry says it rests on, in a list or with commas between them."""
    said = [one for name in NAMES for one in as_list(data.get(name))]
    return frozenset(part.strip() for one in said if isinstance(one, str) for part in one.split(","))


def _asks_for(one: Commitment, request_type: object) -> bool:
    """Whether the promise is about requests of this type."""
    parameters = one.parameters
    return request_type in (*as_list(parameters.get("request_types")), *as_list(parameters.get("request_type")))
