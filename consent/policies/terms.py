"""On what footing a message goes, where that depends on what the asker knows: the place, a purchase, a membership.

The strictest rule binds first: a demand for consent that knows no other basis is not softened by any entry of
organization.toml. Bases are looked up by channel and jurisdiction, never for everything at once (T-19).
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from consent.deadlines import Period, zone
from consent.policies.jurisdictions import any_may_hold, holds
from consent.policies.kinds import Promise, channels_of
from consent.policies.kinds import messaging as messages
from consent.policies.kinds import shapes as s
from consent.policies.kinds.base import CHANNEL_OF, EVERY_CHANNEL
from consent.policies.kinds.calling import implies_for
from consent.policies.kinds.consent import admits, needs_opt_in
from consent.policies.law import LawRule
from consent.policies.organization import Basis, MessageClass, OrganizationPack, Program
from consent.policies.questions import Facts, Reason
from consent.policies.reasons import lacking, rest

_KEPT = 512  # answers at hand for one gate
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


class Settled(NamedTuple):
    """The footing of one question: opt-in with what is missing, opt-out, required or enrolled; and its basis."""

    footing: str
    basis: str
    missing: tuple[Reason, ...] = ()


class Terms:
    """The footing of one (program, class, channel); `fixed` where no fact changes it."""

    def __init__(
        self,
        organization: OrganizationPack,
        program: Program,
        message_class: MessageClass,
        channel: str,
        promises: Sequence[Promise],
    ) -> None:
        marketing = message_class.marketing or program.marketing
        self._at_hand: dict[tuple[object, ...], Settled] = {}
        self._channel, self._class, self._zone = channel, message_class.key, zone(organization.zone)
        self._footing, self.unasked = program.footing, _unasked(program)
        asked = [
            one
            for one in promises
            if needs_opt_in(one, channel, marketing, program.key, message_class.key)
            or messages.footing_settled(one, channel, message_class.key)
            or machine_asks(one, channel, program)
        ]
        self._local = [one for one in asked if isinstance(one, LawRule) and not everywhere(one, organization)]
        self._asked = [one for one in asked if one not in self._local]
        self._some = [one for one in promises if _waits_for_some(one, channel, message_class, marketing)]
        self._implying = [(*told, one) for one in promises if (told := implies_for(one)) is not None]
        self._enrolment = [one for one in promises if messages.by_enrolment(one, message_class.key)]
        self._entries = tuple(one for one in program.bases if one.channel == channel)
        self.opt_in = tuple(asked)
        self.members_only = program.member_only or bool(self._enrolment)
        self._enrolled = bool(self._enrolment) or (program.member_only and program.footing != "opt-in")
        alternatives = self._entries or [one for one in asked if admits(one, channel)]
        depends = self._local or self._some or self._enrolled or (alternatives and not self._hard(self._asked))
        self.fixed = None if depends else self.settle(Facts(), _ANY_TIME)

    def settle(self, facts: Facts, at: datetime) -> Settled:
        """The footing under these facts; what was settled for the same facts on the same day is kept at hand."""
        _, place, registered, bought, _, member, _, _, asked = facts
        key = (place, registered, bought, member, asked, at.astimezone(self._zone).date())
        found = self._at_hand.get(key)
        if found is None:
            if len(self._at_hand) >= _KEPT:
                self._at_hand.clear()
            found = self._at_hand[key] = self._settle(facts, at)
        return found

    def implied_until(self, facts: Facts, at: datetime) -> date | None:
        """The last day on which what the person did lately implies consent; None where it does not at that instant."""
        if self.settle(facts, at).basis != "implied":
            return None
        today = at.astimezone(self._zone).date()

        def is_over(days: int) -> bool:
            return self._settle(facts, at + timedelta(days=days)).basis != "implied"

        ahead = range((date.max - today).days - 1)  # by halves: once it is over it stays over
        return today + timedelta(days=bisect_left(ahead, True, key=is_over) - 1)

    def _settle(self, facts: Facts, at: datetime) -> Settled:
        asked, wanted = list(self._asked), []
        for rule in self._local:
            if facts.jurisdiction is None:
                wanted.append(lacking("jurisdiction", [rule]))
            if facts.jurisdiction is None or any_may_hold(rule.jurisdictions, facts.jurisdiction):
                asked.append(rule)
        hard = self._hard(asked)
        # Joining is consent where a promise says so, unless something knows no other basis than consent to messages;
        # that a program is for members only never stands in for a consent that anything asks for.
        if facts.member and self._enrolled and not (hard if self._enrolment else asked):
            return Settled("enrolled", "enrolment")
        for one in self._some:
            fact = self._awaited(one, facts)
            if fact is not None:
                hard.append(one)
                wanted += [lacking(fact, [one])] if fact else []
        if hard:
            return Settled("opt-in", "consent", (rest("no-consent", hard), *wanted))
        if self._entries and self._footing != "required":
            return self._by_entry(asked, facts, at)
        if asked:
            periods = [one.decided["implied_for"] for one in asked if "implied_for" in one.decided]
            if periods and all("implied" in admits(one, self._channel) for one in asked):
                return self._implied(periods, asked, facts, at)
            return Settled("opt-in", "consent", (rest("no-consent", asked), *wanted))
        if self._footing == "opt-in":
            return Settled("opt-in", "consent", (rest("no-consent", ()),))
        return Settled(self._footing, self.unasked)

    def _hard(self, asked: Iterable[Promise]) -> list[Promise]:
        """The promises that know no other basis than consent."""
        return [one for one in asked if not admits(one, self._channel)]

    def _by_entry(self, asked: list[Promise], facts: Facts, at: datetime) -> Settled:
        if all(one.basis == "consent" for one in self._entries):
            return Settled("opt-in", "consent", (rest("no-consent", asked),))
        if facts.jurisdiction is None:
            return Settled("opt-in", "consent", (rest("no-consent", asked), lacking("jurisdiction", asked)))
        entry = _nearest(self._entries, facts.jurisdiction)
        if entry is None:
            return Settled("opt-in", "consent", (rest("no-basis-here", asked),))
        if entry.basis == "consent" or not all(_bears(one, entry) for one in asked):
            return Settled("opt-in", "consent", (rest("no-consent", asked),))
        if entry.basis == "implied":
            periods = [one.decided["implied_for"] for one in asked if "implied_for" in one.decided]
            return self._implied([*periods, entry.until or "P0D"], asked, facts, at)
        if entry.customers_only and not (facts.registered or facts.member or facts.last_purchase_on):
            wanted = (lacking("registered", asked),) if facts.registered is None else ()
            return Settled("opt-in", "consent", (rest("not-a-customer", asked), *wanted))
        return Settled("opt-out", entry.basis)

    def _implied(self, periods: Iterable[str], asked: list[Promise], facts: Facts, at: datetime) -> Settled:
        """A purchase implies consent for a while, by some laws an inquiry too; the shortest of the periods counts,
        its last day included."""
        by_law = [one for one in self._implying if any(_beside(one[2], other) for other in asked)]
        bought = [*periods, *(period for trigger, period, _ in by_law if trigger == "purchase")]
        # A promise of the company that speaks of purchases is not widened by what the law would allow.
        inquired = [] if any(not isinstance(one, LawRule) for one in asked) else by_law
        asked_lately = [period for trigger, period, _ in inquired if trigger == "inquiry"]
        resting = [*(rule for _, _, rule in by_law), *asked]
        if facts.last_purchase_on is None and (facts.last_inquiry_on is None or not asked_lately):
            return Settled("opt-in", "consent", (rest("no-consent", asked), lacking("last_purchase_on", resting)))
        today = at.astimezone(self._zone).date()
        if not (_within(facts.last_purchase_on, bought, today) or _within(facts.last_inquiry_on, asked_lately, today)):
            return Settled("opt-in", "consent", (rest("implied-over", resting),))
        return Settled("opt-out", "implied")

    def _awaited(self, promise: Promise, facts: Facts) -> str | None:
        """None where this person need not opt in; else the fact that would tell, empty where none is missing."""
        named = s.as_list(promise.decided.get("opt_in_for"))
        if "unregistered" in named and not facts.registered:
            return "registered" if facts.registered is None else ""
        if self._class in named:
            places = s.as_list(promise.decided.get("opt_in_in"))
            if not places:
                return ""
            if facts.jurisdiction is None:
                return "jurisdiction"
            return "" if any_may_hold(places, facts.jurisdiction) else None
        return None


def _within(day: date | None, periods: Sequence[str], today: date) -> bool:
    """Is today at most so long after that day? Without a period there is nothing to be within."""
    return day is not None and bool(periods) and day <= today <= min(Period.parse(one).after(day) for one in periods)


def _beside(rule: Promise, asked: Promise) -> bool:
    """Is the period of a law that lets consent be implied one of those that this promise or law means?"""
    if not isinstance(rule, LawRule) or not isinstance(asked, LawRule):
        return False
    return bool(set(rule.jurisdictions) & set(asked.jurisdictions))


def machine_asks(promise: Promise, channel: str, program: Program) -> bool:
    """Was it settled that calls or texts a machine makes wait for consent, although others do not?"""
    named = s.as_list(promise.decided.get("opt_in_for"))
    automated = {CHANNEL_OF[one] for one in named if one in ("automated-call", "automated-text")}
    return program.automated and channel in automated and promise.kind in ("messaging-scope", "consent-required")


def _waits_for_some(promise: Promise, channel: str, message_class: MessageClass, marketing: bool) -> bool:
    """Does the promise let some people be asked first, and others not?"""
    if promise.kind != "opt-out-channel" or channel not in channels_of(promise.parameters, otherwise=EVERY_CHANNEL):
        return False
    named = s.as_list(promise.decided.get("opt_in_for"))
    return message_class.key in named or (marketing and "unregistered" in named)


def _bears(promise: Promise, entry: Basis) -> bool:
    """May this basis stand in for the consent that the promise asks for?"""
    found = admits(promise, entry.channel)
    if promise.decided.get("legitimate_interest_to") == "customers" and not entry.customers_only:
        return False  # settled for customers alone, so an entry that reaches everybody carries nothing (VAL-11)
    # What a law calls implied is the existing relationship; an interest in one's own customers is that relationship.
    return entry.basis in found or ("implied" in found and isinstance(promise, LawRule) and entry.customers_only)


def everywhere(promise: Promise, organization: OrganizationPack) -> bool:
    """Does it hold in every place the organization names? A promise does; a law where it is in force."""
    rule = promise if isinstance(promise, LawRule) else None
    return rule is None or all(any_may_hold(rule.jurisdictions, place) for place in organization.jurisdictions)


def _nearest(entries: Iterable[Basis], somebody: str) -> Basis | None:
    """The entry for the smallest place somebody is surely in."""
    fitting = [one for one in entries if holds(one.jurisdiction, somebody)]
    return max(fitting, key=lambda one: len(one.jurisdiction), default=None)


def _unasked(program: Program) -> str:
    """What the program rests on where nobody is asked, by its receipt: dpv:LegalObligation is legal-obligation."""
    said = str(program.receipt.get("lawful_basis", "")).partition(":")[2]
    words = "".join(f"-{one.lower()}" if one.isupper() else one for one in said).strip("-")
    return words if words and words != "consent" else ("opt-out" if program.footing == "opt-out" else "service")
