"""What a consent must be to be recorded: complete, freely given, for something that exists, and honest about the IP."""

from collections.abc import Sequence

from consent.policies.answers.features import Features
from consent.policies.grounds import ground_ids
from consent.policies.kinds import Promise
from consent.policies.kinds import messaging as messages
from consent.policies.kinds.consent import (
    controls_refused,
    feature_permission,
    fields_demanded,
    shows_no_ip,
)
from consent.policies.kinds.persons import minimum_age
from consent.policies.law import LawRule
from consent.policies.organization import Feature, OrganizationPack, Program
from consent.policies.questions import ConsentDraft, Missing
from consent.policies.version import Commitment

STATES = ("given", "refused", "withdrawn")
# What proves a consent, whoever asked for it; a commitment or law that asks for the same is named with it.
_PROOF = ("program", "address", "occurred_at", "method", "wording", "ip")
# Acts that some documents take as agreement to themselves. Nobody consents to a message or feature by them (T-27).
_NO_ACT = frozenset(
    {
        "use",
        "usage",
        "continued-use",
        "account-creation",
        "account-registration",
        "portal-registration",
        "login",
        "visit",
        "silence",
        "terms",
        "acceptance",
        "acceptance-of-terms",
        "purchase",
        "order",
    }
)
_REGISTERED = frozenset({"account-registration", "portal-registration"})
# A refusal or withdrawal is never held up by a form: only what makes it understandable is asked.
_ALWAYS = ("program", "address", "occurred_at", "method")

# What a consent is asked for where nothing more is demanded, each field once.
_GIVEN = tuple(dict.fromkeys((*_ALWAYS, *_PROOF)))
_SENTENCES = {
    "occurred_at": "Say when the person acted, as a time with its offset.",
    "method": "Say how the person acted, for instance web-form, keyword, paper, voice or staff.",
    "wording": "Give the exact wording the person saw or heard, with its language.",
    "program": "Name the program the person spoke about.",
    "address": "Give the number or address the consent is for.",
    "ip": "Give the IP address the person acted from, or the reason why there is none.",
}
_CONTROLS = {
    "pre_ticked": "A box ticked in advance is no consent; the person must tick it.",
    "bundled": "The consent was bundled with something else; it must be asked for by itself.",
    "mandatory": "The consent was a condition of ordering; it must be possible to order without it.",
}


class ConsentRules:
    """The demands on a consent, prepared per channel."""

    def __init__(self, organization: OrganizationPack, promises: Sequence[Promise], features: Features) -> None:
        self._organization = organization
        self._promises = tuple(promises)
        self._feature_answers = features
        self._programs = {one.key: one for one in organization.programs}
        self._features = {one.key: one for one in organization.features}
        named = [one.channels for one in organization.programs] + [one.channels for one in organization.features]
        self._channels = frozenset(channel for channels in named for channel in channels)
        self._demands = {
            (channel, marketing): self._demanded(channel, marketing)
            for channel in self._channels
            for marketing in (False, True)
        }
        self._fields = {asked: tuple(dict.fromkeys((*_GIVEN, *more))) for asked, more in self._demands.items()}
        self._bans: dict[tuple[str, str], list[Promise]] = {}

    def findings(self, draft: ConsentDraft) -> tuple[Missing, ...]:
        """Everything that is wrong with the draft; empty when it may be recorded."""
        program = self._programs.get(draft.program or "")
        asked = draft.channel or "", program is not None and program.marketing
        demands = self._demands.get(asked, {})
        found = self._place(draft, *demands.get("program", (None, None)))
        for field in self._fields.get(asked, _GIVEN) if draft.state == "given" else _ALWAYS:
            if field != "program" and (sentence := _lacks(draft, field)):
                found.append(Missing(_shown(draft, field), *demands.get(field, (None, None)), sentence))
        found += self._provenance(draft, *demands.get("ip", (None, None)))
        if draft.state == "given":
            found += self._act(draft)
            found += self._freedom(draft)
        return tuple(found)

    def _demanded(self, channel: str, marketing: bool) -> dict[str, tuple[str | None, str | None]]:
        """Each field with the commitment and the law that demand it."""
        demands: dict[str, tuple[str | None, str | None]] = {}
        for promise in self._promises:
            for field in fields_demanded(promise, channel, marketing):
                commitment, law = demands.get(field, (None, None))
                if isinstance(promise, Commitment):
                    commitment = commitment or promise.id
                elif isinstance(promise, LawRule):
                    law = law or promise.id
                demands[field] = (commitment, law)
        return demands

    def _place(self, draft: ConsentDraft, commitment: str | None, law: str | None) -> list[Missing]:
        """Is there such a program on such a channel, and is it one that people are asked about?"""
        if draft.state not in STATES:
            return [Missing("state", None, None, f"The state is one of {', '.join(STATES)}.")]
        if not draft.program:
            return [Missing("program", commitment, law, _SENTENCES["program"])]
        program = self._programs.get(draft.program)
        if program is None and draft.program in self._features:
            return self._feature(self._features[draft.program], draft)
        if program is None:
            return [Missing("program", commitment, law, "There is no program of this name to consent to.")]
        used = ", ".join(program.channels)
        if not draft.channel:
            return [Missing("channel", None, None, f"Name the channel; the program uses {used}.")]
        if program.marketing and draft.state == "given" and (bans := self._banned(draft.channel, program.key)):
            nothing = "Promotion never goes out on this channel, so there is nothing to consent to."
            return [Missing("channel", *ground_ids(bans), nothing)]
        if draft.channel not in program.channels:
            return [Missing("channel", None, None, f"The program does not use this channel; it uses {used}.")]
        return self._askable(program, draft.channel)

    def _banned(self, channel: str, program: str) -> list[Promise]:
        """What forbids promotion of this program there; looked through once."""
        known = self._bans.get((channel, program))
        if known is None:
            known = [one for one in self._promises if messages.bans_marketing(one, channel, program)]
            if channel in self._channels:  # any other is what somebody wrote, and nothing to remember
                self._bans[channel, program] = known
        return known

    def _askable(self, program: Program, channel: str) -> list[Missing]:
        if program.footing != "required":
            return []
        free = [one for one in self._promises if messages.needs_no_consent(one, channel)]
        if program.member_only:  # a member may refuse offers, and the refusal is kept even where nothing was asked
            return []
        sentence = "Messages of this program need no consent, so there is none to give, refuse or withdraw."
        return [Missing("program", *ground_ids(free), sentence)]

    def _feature(self, feature: Feature, draft: ConsentDraft) -> list[Missing]:
        """Is the feature one that people are asked about, and is everything there that they agree to?"""
        permission = [one for one in self._promises if feature_permission(one, feature.key)]
        if draft.channel not in feature.channels:
            used = ", ".join(feature.channels)
            return [Missing("channel", None, None, f"Name a channel by which the person is known here: {used}.")]
        if feature.footing == "required" and not permission:
            sentence = "This feature is part of the service, so there is nothing to give, refuse or withdraw."
            return [Missing("program", None, None, sentence)]
        if draft.state != "given":
            return []
        if self._feature_answers.companion_missing(feature.key):
            sentence = f'The document "{feature.companion}" is agreed to together with this and is not published.'
            return [Missing("program", *ground_ids(permission), sentence)]
        if feature.granted_by and draft.granted_by is None:
            sentence = f'Say who allows it: "granted_by" is "{feature.granted_by}"; it is never on by default.'
            return [Missing("granted_by", *ground_ids(permission), sentence)]
        if feature.granted_by and draft.granted_by != feature.granted_by:
            sentence = f"Only the {feature.granted_by} may allow this; nobody else, and never by default."
            return [Missing("granted_by", *ground_ids(permission), sentence)]
        return []

    def _act(self, draft: ConsentDraft) -> list[Missing]:
        """Using something, having an account or being registered for a portal is no consent to anything else."""
        method = (draft.method or "").casefold().strip().replace("_", "-").replace(" ", "-")
        if method not in _NO_ACT:
            return []
        said = [one for one in self._promises if one.kind == "acceptance" or _registers_only(one)]
        if method in _REGISTERED:  # the promise about registering speaks of this act itself (SMT-24)
            said.sort(key=lambda one: not _registers_only(one))
        sentence = "Using a service, buying or being registered is no consent; the person must agree to this by itself."
        return [Missing("method", *ground_ids(said), sentence)]

    def _provenance(self, draft: ConsentDraft, commitment: str | None, law: str | None) -> list[Missing]:
        """An IP seen where the person was not is somebody else's: the gateway's or the clerk's."""
        if draft.ip and shows_no_ip(draft.method or ""):
            sentence = (
                "With this method the IP would be the gateway's or a staff member's; leave it out "
                "and give the reason instead."
            )
            return [Missing("ip", commitment, law, sentence)]
        if draft.ip and draft.ip_absent_reason:
            return [Missing("ip_absent_reason", commitment, law, "Give an IP or the reason for its absence, not both.")]
        return []

    def _freedom(self, draft: ConsentDraft) -> list[Missing]:
        """Was the person free to say no, and old enough to say yes?"""
        found = []
        for flag, sentence in _CONTROLS.items():
            if getattr(draft, flag):
                refusing = [one for one in self._promises if flag in controls_refused(one, draft.channel or "")]
                found.append(Missing(flag, *ground_ids(refusing), sentence))
        if draft.declared_age is None:
            return found
        for one in self._promises:
            if draft.declared_age < minimum_age(one):
                sentence = f"No consent is taken from anybody younger than {minimum_age(one)}."
                found.append(Missing("declared_age", *ground_ids([one]), sentence))
        return found


def _registers_only(promise: Promise) -> bool:
    """Does the promise say that being registered carries no consent to marketing (SMT-24)?"""
    return promise.kind == "self-service" and promise.parameters.get("marketing_consent") is False


def _lacks(draft: ConsentDraft, field: str) -> str | None:
    """The sentence to say when the field is missing or unusable."""
    sentence = _SENTENCES[field]
    if field == "occurred_at":
        usable = draft.occurred_at is not None and draft.occurred_at.tzinfo is not None
    elif field == "method":
        usable = bool((draft.method or "").strip())
    elif field == "wording":
        usable = bool((draft.wording_text or "").strip() and (draft.wording_language or "").strip())
    elif field == "ip":
        if shows_no_ip(draft.method or ""):
            usable, sentence = (
                bool(draft.ip_absent_reason) or bool(draft.ip),
                "Give the reason why there is no IP.",
            )
        else:
            usable = bool(draft.ip or draft.ip_absent_reason)
    else:
        usable = bool((draft.address or "").strip())
    return None if usable else sentence


def _shown(draft: ConsentDraft, field: str) -> str:
    """The name of the input at fault, as callers write it."""
    if field == "wording" and (draft.wording_text or "").strip():
        return "wording.language"
    if field == "wording":
        return "wording.text" if draft.wording_language else "wording"
    return "ip_absent_reason" if field == "ip" and shows_no_ip(draft.method or "") else field
