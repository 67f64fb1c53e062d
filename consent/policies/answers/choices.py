"""What a person may choose about a program on one channel, what holds before any word, and on which clause it rests.

Asked of the gate itself, so that the page of choices and the sending of messages never tell two stories.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from consent.policies.kinds import Promise
from consent.policies.kinds import messaging as messages
from consent.policies.law import LawRule
from consent.policies.organization import OrganizationPack, Program
from consent.policies.questions import ConsentFact, Facts, Question, Reason, Standing, StopFact, Verdict
from consent.policies.version import PolicyVersionPack

# What would stand in the way whatever the person says, by the codes of the gate.
_NEVER = frozenset({"marketing-banned", "no-legal-basis", "channel-not-allowed", "class-not-allowed"})
# Somebody of whom everything is known and nothing speaks against; where they are is not known.
_ANYBODY = Facts(reference="any", registered=True, materially_affects_delivery=True, member=True, minor=False, age=99)
_ONCE, _NOW = datetime(2000, 1, 1, tzinfo=UTC), datetime(2000, 1, 2, tzinfo=UTC)
_EVENT = UUID(int=1)

Ask = Callable[[Question, Standing], Verdict]


class Sort(StrEnum):
    """What there is to choose."""

    CHOICE = "choice"  # on or off, as the person says
    REQUIRED = "required"  # goes out whatever anybody chooses
    BANNED = "banned"  # promotion never goes this way, so there is nothing to agree to
    FORBIDDEN = "forbidden"  # the program is switched off for everybody
    UNUSED = "unused"  # nothing goes this way at present


class Clause(NamedTuple):
    """The words a choice rests on: a commitment with the heading it stands under, or a law with its citation."""

    id: str
    heading: str
    policy: str = ""
    version: str = ""


class Offer(NamedTuple):
    """What may be chosen; `before` is what holds before any word: on, off, or open where it depends on more."""

    sort: Sort
    before: str
    keeps: tuple[str, ...]  # classes of messages that go on after a stop on the channel
    clause: Clause | None

    @property
    def stays(self) -> bool:
        """Does anything of it go on after a stop on the channel?"""
        return bool(self.keeps)


class Choices:
    """The choices of one organization by program and channel, each worked out when it is first asked."""

    def __init__(
        self,
        organization: OrganizationPack,
        promises: Sequence[Promise],
        versions: Sequence[PolicyVersionPack],
        ask: Ask,
        stands_still: Callable[[Question], bool],
    ) -> None:
        self._organization, self._promises, self._ask = organization, tuple(promises), ask
        self._stands_still = stands_still
        self._clauses = {
            one.id: Clause(one.id, one.clause.heading, version.policy, version.version)
            for version in versions
            for one in version.commitments
        }
        self._made: dict[tuple[str, str], Offer] = {}
        self._always: dict[tuple[str, str, bool], bool] = {}

    def offer(self, program: Program, channel: str) -> Offer:
        """What somebody may choose about this program on this channel."""
        found = self._made.get((program.key, channel))
        return found or self._made.setdefault((program.key, channel), self._worked_out(program, channel))

    def always_goes(self, program: Program, channel: str, *, given: bool) -> bool:
        """Whether something of it may go at any time where one yes, or no word at all, is all that is on record."""
        known = self._always.get((program.key, channel, given))
        if known is None:
            said = (ConsentFact(program.key, None, "given", _ONCE, _EVENT, ""),) if given else ()
            questions = [Question(program.key, one, channel, _NOW, facts=_ANYBODY) for one in program.message_classes]
            known = any(
                self._stands_still(one) and self._ask(one, Standing(None, said)).answer == "allow" for one in questions
            )
            self._always[program.key, channel, given] = known
        return known

    def against(self, program: Program, channel: str, standing: Standing, at: datetime) -> Reason | None:
        """Why nothing of this program goes there as things stand, by the first reason; None where something may."""
        refused = None
        for one in program.message_classes:
            verdict = self._ask(Question(program.key, one, channel, at, facts=_ANYBODY), standing)
            if verdict.answer == "allow":
                return None
            refused = refused or verdict.reasons[0]
        return refused

    def ban(self, channel: str) -> Clause | None:
        """The clause by which no promotion ever goes this way, if there is one for all programs."""
        some = [one for one in self._promises if messages.bans_marketing(one, channel, "")]
        return self._named(some[0].id) if some else None

    def clause(self, identity: str) -> Clause | None:
        """The clause of that commitment or law."""
        return self._named(identity)

    def _worked_out(self, program: Program, channel: str) -> Offer:
        agreed = ConsentFact(program.key, None, "given", _ONCE, _EVENT, "")
        willing = self._verdicts(program, channel, Standing(None, (agreed,)))
        stopped = self._verdicts(program, channel, Standing(StopFact(_ONCE, _EVENT), ()))
        each = zip(program.message_classes, stopped, strict=True)
        keeps = tuple(key for key, one in each if one.answer == "allow")
        if program.footing == "forbidden":
            return Offer(Sort.FORBIDDEN, "off", (), self._why(willing, ("program-forbidden",)))
        never = [{reason.code for reason in one.reasons} & _NEVER for one in willing]
        if never and all(never):
            banned = all("marketing-banned" in one for one in never)
            clause = self._why(willing, ("marketing-banned",) if banned else tuple(_NEVER))
            return Offer(Sort.BANNED if banned else Sort.UNUSED, "off", (), clause)
        silent = self._verdicts(program, channel, Standing(None, ()))
        if program.footing == "required" and not program.member_only:
            codes = ("not-refusable", "no-consent-needed", "class-in-scope")
            return Offer(Sort.REQUIRED, "on", keeps, self._why([*stopped, *silent], codes))
        return Offer(Sort.CHOICE, self._before(program, silent), keeps, self._why(silent, ()))

    def _before(self, program: Program, silent: Sequence[Verdict]) -> str:
        # By a membership, a purchase or the law of some places it may go out unasked, and nobody here knows of those.
        if program.member_only:
            return "open"
        if any(one.answer == "allow" for one in silent):
            return "on"
        may = program.footing == "opt-out" or any(one.basis != "consent" for one in program.bases)
        return "open" if may else "off"

    def _verdicts(self, program: Program, channel: str, standing: Standing) -> list[Verdict]:
        return [
            self._ask(Question(program.key, one, channel, _NOW, facts=_ANYBODY), standing)
            for one in program.message_classes
        ]

    def _why(self, verdicts: Sequence[Verdict], codes: Sequence[str]) -> Clause | None:
        """The clause of the first reason with one of these codes, or of the first with any clause."""
        reasons = [reason for one in verdicts for reason in one.reasons if reason.commitment or reason.law]
        wanted = [one for one in reasons if one.code in codes] or ([] if codes else reasons)
        return self._named(wanted[0].commitment or wanted[0].law or "") if wanted else None

    def _named(self, identity: str) -> Clause | None:
        if identity in self._clauses:
            return self._clauses[identity]
        law = next((one for one in self._promises if one.id == identity and isinstance(one, LawRule)), None)
        return None if law is None else Clause(law.id, law.cite)
