"""One immutable answerer for an organization at an instant: the policy versions and the law in force then, compiled.

Pure and quick: no database, no clock, no text searched. Compiled once per content and shared by all threads.
"""

import hashlib
import threading
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from consent.deadlines import zones
from consent.errors import NotFound
from consent.ledger import base64url
from consent.policies.answers.ages import Ages
from consent.policies.answers.carrier import Carrier
from consent.policies.answers.choices import Choices
from consent.policies.answers.features import Features
from consent.policies.answers.forbidden import Forbidden
from consent.policies.answers.hours import Hours
from consent.policies.answers.incidents import Incidents
from consent.policies.answers.inventory import Inventory
from consent.policies.answers.notices import Notices
from consent.policies.answers.privacy_switches import PrivacySwitches, Switches
from consent.policies.answers.recording import Recording
from consent.policies.answers.requests import Requests
from consent.policies.answers.retention import Retention
from consent.policies.answers.roles import Roles
from consent.policies.answers.scope import Scope
from consent.policies.answers.sharing import Sharing
from consent.policies.answers.staffing import Staffing
from consent.policies.answers.statements import SAID_IN, StatementMissing, Statements
from consent.policies.answers.stopping import Stopping
from consent.policies.answers.trackers import Trackers
from consent.policies.consents import ConsentRules
from consent.policies.content import ContentGate
from consent.policies.gate import Gates
from consent.policies.kinds import KINDS, Promise, calling, refusing
from consent.policies.kinds import messaging as messages
from consent.policies.law import LawRule
from consent.policies.organization import OrganizationPack, Program
from consent.policies.questions import (
    ConsentDraft,
    ConsentFact,
    Facts,
    Missing,
    Question,
    Reason,
    Standing,
    StopFact,
    Verdict,
)
from consent.policies.reasons import declared, rest
from consent.policies.receipt_facts import receipt_facts
from consent.policies.replies import Replies
from consent.policies.timing import Timing
from consent.policies.version import PolicyVersionPack, main_version

__all__ = [
    "ConsentDraft",
    "ConsentFact",
    "Facts",
    "Missing",
    "PolicyRef",
    "Question",
    "Reason",
    "Rulebook",
    "Standing",
    "StopFact",
    "Verdict",
    "compile_rulebook",
]

_KEPT = 64  # compiled rulebooks kept; an organization needs one per version that still gets questions


class PolicyRef(NamedTuple):
    """The exact wording an event is bound to; `sha256` is base64url without padding, as the ledger writes it."""

    policy: str
    version: str
    sha256: str

    def cited(self) -> dict[str, object]:
        """The members by which an entry of the ledger names it."""
        return {"policy": self.policy, "policy_version": self.version, "policy_sha256": self.sha256}


class Rulebook:
    """What the organization has promised and the law demands, ready to be asked."""

    def __init__(
        self,
        organization: OrganizationPack,
        versions: Sequence[PolicyVersionPack],
        law: Sequence[LawRule],
        content_hash: str,
        hours: Sequence[LawRule] = (),
    ) -> None:
        self.organization = organization
        self.versions = tuple(versions)
        self.law = tuple(law)
        self.content_hash = content_hash
        promises: list[Promise] = [one for version in versions for one in version.commitments if one.kind in KINDS]
        promises += [one for one in law if one.kind in KINDS]
        self.promises = tuple(promises)
        main = main_version(self.versions)  # no companion binds in its place
        self.policy_version = PolicyRef(main.policy, main.version, base64url.encode(main.text_sha256))
        self.inventory = Inventory(organization, self.promises)
        self.sharing = Sharing(organization, self.promises)
        self.forbidden = Forbidden(self.promises)
        self.staffing = Staffing(organization, self.promises)
        self.roles = Roles(organization, self.promises)
        self.retention = Retention(organization, self.promises)
        self.requests = Requests(organization, self.promises)
        self.notices = Notices(organization, self.promises)
        self.incidents = Incidents(organization, self.promises)
        self.hours = Hours(organization, self.promises, hours)  # of every place: the people may be anywhere
        self.timing = Timing(organization, self.promises, hours, self.hours)
        self.ages = Ages(organization, self.promises)
        self.features = Features(organization, self.promises, self.versions)
        self.carrier = Carrier(organization, self.promises, self.features)
        self.scope = Scope(organization, self.versions)
        self.trackers = Trackers(organization, self.promises, self.scope)
        self.recording = Recording(organization, self.promises)
        self._switches = PrivacySwitches(self.promises)
        self.stopping = Stopping(organization, self.promises)
        self.statements = Statements(organization, self.promises)
        self._programs = {one.key: one for one in organization.programs}
        self._classes = {one.key: one for one in organization.message_classes}
        self.choices = Choices(organization, self.promises, self.versions, self.may_contact, self._stands_still)
        self._sms = tuple(one for one in organization.programs if "sms" in one.channels)
        self._gates = Gates(organization, self.promises, self._answer_on)
        self._consents = ConsentRules(organization, self.promises, self.features)
        self.stop_confirmed_within = refusing.confirmed_within(self.promises)
        self._replies = Replies(organization, self._sms)
        self._said: dict[tuple[str, str | None, str | None], str] = {}  # answers in which nothing lacks
        self._receipts = {
            one.key: receipt_facts(organization, one, self.versions, self.policy_version)
            for one in organization.programs
        }
        named = [(name, sender.id) for sender in organization.senders for name in (sender.id, sender.number)]
        self._renewable = {name: self._renewed_by(sender) for name, sender in named}

    def program(self, key: str) -> Program | None:
        """The program of that key."""
        return self._programs.get(key)

    def may_contact(self, question: Question, standing: Standing) -> Verdict:
        """May this go, now? Law and policy are asked together and the strictest binds."""
        gate = self._gates.get((question.program, question.message_class, question.channel))
        if gate is None:
            return self._unknown(question)
        verdict = gate.verdict(question, standing)
        if standing.where is not None:
            verdict = self.timing.bound(verdict, question, standing)
        return declared(verdict, "programs", question.program)

    def implied_until(self, question: Question) -> date | None:
        """The last day on which a purchase or an inquiry implies consent to this; None where none does now."""
        gate = self._gates.get((question.program, question.message_class, question.channel))
        return None if gate is None else gate.implied_until(question)

    def _stands_still(self, question: Question) -> bool:
        gate = self._gates.get((question.program, question.message_class, question.channel))
        return gate is not None and gate.stands_still

    def privacy_switches(self, where: str | None = None) -> Switches:
        """Which switches over their data people there are owed, and which sentence stands in the place of one."""
        return self._switches.of(where)

    def scrubs(self, program: str, message_class: str, channel: str) -> bool:
        """Does the answer depend on copies of do-not-call registries?"""
        gate = self._gates.get((program, message_class, channel))
        return gate is not None and gate.scrubs

    def service_texts(self, program: str | None) -> ContentGate:
        """What is asked of the words of service texts; of one program, or of any."""
        known = self.program(program or "")
        if program is not None and known is None:
            raise NotFound("This organization has no program of that name.")
        bearing = [
            one
            for one in self.promises
            if messages.bans_marketing(one, "sms", program or "") or messages.allowed_classes(one, "sms") is not None
        ]
        return ContentGate(known, "sms", self.promises, bearing, False)

    def registries(self) -> tuple[str, ...]:
        """The public do-not-call registries that the law or a promise names."""
        found = {name for channel in ("sms", "voice") for name in calling.registries(self.promises, channel)}
        return tuple(sorted(found))

    def asks_reassigned_after(self, channel: str) -> str | None:
        """The age from which a consent to sales is used only after asking; None where the company does not ask."""
        if not self.organization.numbers.ask_reassigned:
            return None
        return next((period for one in self.promises if (period := calling.asked_after(one, channel))), None)

    def consent_findings(self, draft: ConsentDraft) -> tuple[Missing, ...]:
        """What keeps this draft from being a consent; nothing when it may be recorded."""
        return self._consents.findings(draft)

    def stop_scope(self, sender: str) -> tuple[str, ...]:
        """The programs a STOP to this sender ends that answers nobody knows what: all by text, sorted."""
        return self.stopping.reach("sms", sender, None).programs

    def renewable_by_start(self, sender: str) -> tuple[str, ...]:
        """The programs of this sender whose consent a START may renew after a STOP, sorted."""
        return self._renewable.get(sender, ())

    def keyword_programs(self, sender: str) -> tuple[str, ...]:
        """The programs of this sender that a number may join by keyword without ever having consented, sorted."""
        return tuple(key for key in self.renewable_by_start(sender) if self._programs[key].keyword_opt_in)

    def keyword_wording(self, program: str, language: str | None = None) -> tuple[str, str]:
        """The wording a person who sends START to this program agrees to, as (text, language)."""
        return self._replies.keyword_wording(program, language)

    @property
    def answers_texts(self) -> bool:
        """Whether the pack has words for those who text: an organization may have numbers before it has such words."""
        return bool(self._replies)

    def reply(self, kind: str, program: str | None = None, language: str | None = None) -> str:
        """The pack's answer of this kind: stop, help, start, already or how_to_opt_in; never without what it owes."""
        asked = kind, program, language
        if asked not in self._said:
            self._said[asked] = self._checked_reply(*asked)
        return self._said[asked]

    def _checked_reply(self, kind: str, program: str | None, language: str | None) -> str:
        text, spoken = self._replies.text(kind, program, language), self.organization.languages
        said_in = language if language in spoken else spoken[0]
        if lacking := self.statements.lacking(SAID_IN.get(kind, kind), "sms", said_in or spoken[0], text):
            raise StatementMissing(f'The answer "{kind}" lacks {", ".join(lacking)}, which must be said in it.')
        return text

    def stop_question(self, language: str | None = None) -> str | None:
        """The pack's confirmation of a STOP that also asks which messages were meant; None where it has none."""
        return self._replies.question(language)

    def receipt_facts(self, program: str) -> dict[str, Any]:
        """What a consent receipt says about this program: notice, processing and parties."""
        return self._receipts[program]

    def promise(self, identity: str) -> Promise | None:
        """The commitment or law of that id."""
        return next((one for one in self.promises if one.id == identity), None)

    def _unknown(self, question: Question) -> Verdict:
        if question.program not in self._programs:
            code = "unknown-program"
        elif question.message_class not in self._classes:
            code = "unknown-message-class"
        else:
            code = "unknown-channel"
        return Verdict("deny", (rest(code, ()),))

    def _answer_on(self, channel: str) -> Verdict | None:
        """The direct answer to the person's own keyword: always allowed where there is a keyword to answer."""
        helps = [one for one in self.promises if refusing.answers_help(one, channel)]
        stops = [one for one in self.promises if refusing.confirms_stop(one, channel)]
        if not helps and not stops:
            return None
        stops.sort(key=lambda one: one.kind != "deadline")  # the rule on the confirmation itself is named first
        return Verdict("allow", tuple(rest("answer-to-keyword", some) for some in (stops, helps) if some))

    def _renewed_by(self, sender: str) -> tuple[str, ...]:
        return tuple(
            sorted(
                one.key
                for one in self._sms
                if sender in one.senders and one.footing == "opt-in" and one.keyword_wording
            )
        )


_compiled: dict[str, Rulebook] = {}
_compiling = threading.Lock()


def compile_rulebook(
    organization: OrganizationPack,
    versions: Sequence[PolicyVersionPack],
    law: Sequence[LawRule],
    at: datetime,
) -> Rulebook:
    """The rulebook of these versions and of the law in force at `at` in the organization's zone."""
    day = at.astimezone(zones.zone(organization.zone)).date()
    mine = [one for one in law if one.is_for(organization.services)]
    in_force = [one for one in mine if one.binds(day, organization.jurisdictions)]
    hours = [one for one in law if one.of_hours and one.is_in_force(day)]
    digest = hashlib.sha256(organization.sha256)
    for version in versions:
        digest.update(
            f"{version.policy}\n{version.version}\n".encode() + version.text_sha256 + version.commitments_sha256
        )
    for rule in (*in_force, *hours):
        digest.update(f"{rule.id}\n{rule.in_force_from}\n".encode() + rule.sha256)
    key = digest.hexdigest()
    found = _compiled.get(key)
    if found is None:
        with _compiling:
            found = _compiled.get(key) or Rulebook(organization, versions, in_force, key, hours)
            while len(_compiled) >= _KEPT:
                _compiled.pop(next(iter(_compiled)))
            _compiled[key] = found
    return found
