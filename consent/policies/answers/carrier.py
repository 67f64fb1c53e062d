"""What a telephone carrier may do with what it knows of its customers' calls (CPNI, 47 CFR 64.2001 ff.), and owes them.

Every period, way and list here is read from the rules of law in force; whom none of them binds is no carrier.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import NamedTuple

from consent.deadlines import Facts, compute, zone
from consent.deadlines.zones import local_date
from consent.policies.answers.features import Features
from consent.policies.answers.reasons import allowed, denied
from consent.policies.answers.silence import OptOutNotice, Outage, Wait, wait
from consent.policies.kinds import Promise
from consent.policies.kinds import shapes as s
from consent.policies.law import LawRule
from consent.policies.organization import OrganizationPack
from consent.policies.questions import ConsentFact, Reason, Verdict
from consent.policies.reasons import told

CPNI, NOTICES, NOTICE = "cpni", "cpni-notices", "cpni-notice"
# The acts in time that rules of carriers speak of.
ASSUME, REPEAT, CERTIFY = "assume-cpni-approval", "repeat-opt-out-notice", "file-cpni-certificate"
TELL_FCC, TELL_CUSTOMER = "tell-the-fcc", "tell-customer-of-account-change"


class MayUse(NamedTuple):
    """The answer; `counts_from` is the first day on which silence counts, `repeat_by` the last of the notice.

    `lost` are the outages whose days do not count; while one of them lasts there is no `counts_from`.
    """

    verdict: Verdict
    counts_from: date | None = None
    repeat_by: date | None = None
    steps: tuple[str, ...] = ()
    lost: tuple[Outage, ...] = ()


class DueOn(NamedTuple):
    """A day by which something is done, how it came about, and the rule."""

    day: date
    steps: tuple[str, ...]
    rests_on: str


@dataclass(frozen=True)
class _Span:
    notice: OptOutNotice
    wait: Wait
    repeat_by: date | None

    def covers(self, day: date) -> bool:
        first = self.wait.counts_from
        return first is not None and first <= day and not self.is_too_old(day)

    def is_too_old(self, day: date) -> bool:
        return self.repeat_by is not None and day > self.repeat_by

    def answers(self, verdict: Verdict) -> MayUse:
        return MayUse(verdict, self.wait.counts_from, self.repeat_by, self.wait.steps, self.wait.lost)


class Carrier:
    """The rules of carriers, ready to be asked."""

    def __init__(self, organization: OrganizationPack, promises: Sequence[Promise], features: Features) -> None:
        law = [one for one in promises if isinstance(one, LawRule)]
        asking = [one for one in law if one.kind == "consent-required" and "feature" in one.parameters]
        self._zone = zone(organization.zone)
        self._features = features
        self._uses = {
            str(one.parameters["feature"]): one for one in asking if CPNI in s.as_list(one.parameters.get("data"))
        }
        self._mail = next((one for one in asking if NOTICES in s.as_list(one.parameters.get("covers"))), None)
        self._says = next((one for one in law if NOTICE in s.as_list(one.parameters.get("where"))), None)
        self._acts: Mapping[str, LawRule] = MappingProxyType(
            {str(one.parameters.get("act")): one for one in law if one.kind == "deadline" and "act" in one.parameters}
        )

    @property
    def on(self) -> bool:
        """Does any rule of carriers bind?"""
        return bool(self._uses)

    @property
    def uses(self) -> tuple[str, ...]:
        """The uses of CPNI that wait for an approval, by the features that stand for them."""
        return tuple(self._uses)

    @property
    def by_silence(self) -> tuple[str, ...]:
        """The uses that silence after a notice may approve."""
        return tuple(one for one in self._uses if self._silence(one))

    @property
    def mail_approval(self) -> str | None:
        """The feature by which somebody approved notices by e-mail; None where no rule asks for it."""
        return str(self._mail.parameters["feature"]) if self._mail is not None else None

    @property
    def notice_says(self) -> tuple[str, ...]:
        """What the opt-out notice must say, in the order of the rule."""
        return tuple(s.as_list(self._says.parameters.get("content"))) if self._says is not None else ()

    @property
    def notice_rule(self) -> str:
        """The rule on what the notice says; empty where there is none."""
        return self._says.id if self._says is not None else ""

    @property
    def account_changes(self) -> tuple[str, ...]:
        """The changes of an account of which the customer hears at once."""
        return self._listed(TELL_CUSTOMER, "actions")

    @property
    def ways_to_tell(self) -> tuple[str, ...]:
        """The ways by which such a customer may be told."""
        return self._listed(TELL_CUSTOMER, "channel")

    def says(self, act: str) -> tuple[str, ...]:
        """What the letter or report of this act must hold."""
        return self._listed(act, "content")

    def rule_of(self, act: str) -> str:
        """The rule that asks for this act; empty where none does."""
        found = self._acts.get(act)
        return found.id if found is not None else ""

    def cite_of(self, act: str) -> str:
        """Where that rule stands in the law; empty where none asks for the act."""
        found = self._acts.get(act)
        return found.cite if found is not None else ""

    def may_use(
        self, use: str, consents: Sequence[ConsentFact], notices: Iterable[OptOutNotice], outages: Iterable[Outage],
        now: datetime,
    ) -> MayUse:  # fmt: skip
        """May CPNI of whoever said this, and got these notices, serve this use now?

        Silence takes nothing from the days of an outage of the way to say no.
        """
        rule = self._uses.get(use)
        if rule is None:
            return MayUse(denied([told("unknown-use", "No rule knows such a use of CPNI.", ())]))
        verdict = self._features.may_run(use, consents)
        if verdict.answer == "allow":
            return MayUse(verdict)
        silent = all(one.code == "feature-off" for one in verdict.reasons)
        if not silent or not self._silence(use):
            return MayUse(verdict)
        return self._of_silence(tuple(notices), tuple(outages), now)

    def counts_from(self, sent_at: datetime, *, letter: bool) -> date | None:
        """The first day on which silence after a notice of that instant counts, unless the way to say no fails.

        None where no rule waits.
        """
        span = self._span(OptOutNotice(sent_at, letter), ())
        return span.wait.counts_from if span is not None else None

    def repeat_by(self, sent_at: datetime) -> date | None:
        """The day by which such a notice is repeated."""
        due = self._due(REPEAT, sent_at)
        return due.day if due is not None else None

    def failure_due(self, noticed_at: datetime) -> DueOn | None:
        """By when the FCC is told in writing that the way to opt out did not work."""
        return self._due(TELL_FCC, noticed_at)

    def certificate_due(self, year: int) -> DueOn | None:
        """By when the certificate for that calendar year is filed."""
        return self._due(CERTIFY, datetime(year, 12, 31, 12, tzinfo=self._zone))

    def _of_silence(self, notices: tuple[OptOutNotice, ...], outages: tuple[Outage, ...], now: datetime) -> MayUse:
        arrived = [one for one in notices if not one.came_back]
        known = filter(None, (self._span(one, outages) for one in arrived))
        spans = sorted(known, key=lambda one: one.notice.sent_at)
        today = local_date(now, self._zone)
        counting = [one for one in spans if one.covers(today)]
        if counting:
            last = counting[-1]
            text = f"The customer was told on {self._day(last)} and has not said no; silence counts since "
            reason = told("silence-counts", f"{text}{last.wait.counts_from}.", [self._acts[ASSUME]])
            return last.answers(allowed(reason))
        if not spans:
            back = bool(notices) and not arrived
            code, text = (
                ("notice-came-back", "The notice came back: it must be sent another way, and silence does not count.")
                if back
                else ("no-notice", "No notice went to this customer, so silence says nothing.")
            )
            return MayUse(denied([told(code, text, [self._says] if self._says else ())]))
        last = spans[-1]
        if last.is_too_old(today):
            text = f"The notice of {self._day(last)} was to be repeated by {last.repeat_by}; silence no longer counts."
            return last.answers(denied([told("notice-too-old", text, [self._acts[REPEAT]])]))
        return last.answers(denied([self._waits(last)]))

    def _waits(self, span: _Span) -> Reason:
        first, lost, _ = span.wait
        when = f"silence counts from {first} on"
        if first is None:
            when = (
                f"the way to say no does not work since {lost[-1].since}, so silence gives no approval until it works"
                " again and the rest of the wait is over"
            )
        elif lost:
            when += "; days on which the way to say no did not work do not count"
        text = f"The customer was told on {self._day(span)}: {when}."
        return told("opt-out-failed" if lost else "notice-waits", text, [self._acts[ASSUME]])

    def _span(self, notice: OptOutNotice, outages: Iterable[Outage]) -> _Span | None:
        rule = self._acts.get(ASSUME)
        if rule is None or rule.clock is None:
            return None
        found = wait(rule.clock, notice, outages, self._zone)
        return _Span(notice, found, self.repeat_by(notice.sent_at)) if found is not None else None

    def _day(self, span: _Span) -> date:
        return local_date(span.notice.sent_at, self._zone)

    def _due(self, act: str, at: datetime) -> DueOn | None:
        rule = self._acts.get(act)
        if rule is None or rule.clock is None:
            return None
        found = compute(rule.clock, Facts(received_at=at), self._zone)
        return None if found.due is None else DueOn(local_date(found.due, self._zone), found.steps, rule.id)

    def _listed(self, act: str, key: str) -> tuple[str, ...]:
        found = self._acts.get(act)
        return tuple(s.as_list(found.parameters.get(key))) if found is not None else ()

    def _silence(self, use: str) -> bool:
        return "after-notice" in s.as_list(self._uses[use].parameters.get("consent"))
