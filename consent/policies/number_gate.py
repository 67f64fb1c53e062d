"""What speaks against a number itself: that it went to somebody else, gets no texts, or must not be sold to."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from consent.deadlines import Period, zone
from consent.policies.kinds import Promise, calling, refusing
from consent.policies.kinds.speech import spoken
from consent.policies.law import LawRule
from consent.policies.organization import MessageClass, OrganizationPack, Program
from consent.policies.questions import ConsentFact, CopyFact, Facts, NumberFact, NumberFacts, Question, Reason
from consent.policies.reasons import proved, rest, told


class NumberGate:
    """The demands on the number for one (program, class, channel); `scrubs` where registries have to be looked at,
    `asks` where something is asked even of a number nothing is known of."""

    def __init__(
        self,
        organization: OrganizationPack,
        program: Program,
        message_class: MessageClass,
        channel: str,
        promises: Sequence[Promise],
        asked: Sequence[Promise],
    ) -> None:
        marketing = message_class.marketing or program.marketing
        care = organization.numbers
        self._zone = zone(organization.zone)
        after = [(period, one) for one in promises if (period := calling.asked_after(one, channel)) is not None]
        resting = [*asked, *(one for _, one in after)]
        self._gone, self._deaf = rest("number-changed-hands", resting), rest("number-not-textable", resting)
        self._bounced = rest("address-bounced", resting)
        self._by_text, self._by_mail = channel == "sms", channel == "email"
        own = [
            one
            for one in promises
            if refusing.keeps_list(one, channel, marketing) or refusing.stops_marketing(one, channel)
        ]
        self._own = rest("on-do-not-call-list", own) if marketing else None
        self._registries = _registries(promises, channel, care.scrub) if marketing else ()
        self._asks = after[0] if marketing and care.ask_reassigned and after else None
        self.scrubs = bool(self._registries)
        self.asks = self.scrubs or self._asks is not None

    def against(self, number: NumberFacts, given: ConsentFact | None, question: Question) -> tuple[Reason, ...]:
        """Every reason, in order; a consent counts where it came after what happened to the number."""
        found = []
        if number.holder is not None and number.holder.gone and given is None:
            found.append(proved(self._gone, number.holder.event_id))
        if self._by_text and number.reach is not None:
            found.append(proved(self._deaf, number.reach.event_id))
        if self._by_mail and number.reach is not None and not _after(given, number.reach):
            found.append(proved(self._bounced, number.reach.event_id))
        stop = number.do_not_call
        if stop is not None and self._own and (given is None or given.occurred_at <= stop.occurred_at):
            found.append(proved(self._own, stop.event_id))
        if self._registries and given is None:
            today = question.at.astimezone(self._zone).date()
            for registry in self._registries:
                found += registry.against(number.copies, question.facts, today)
        if self._asks is not None and given is not None:
            found += _unasked(*self._asks, number, given, question, self._zone)
        return tuple(found)


def _after(given: ConsentFact | None, fact: NumberFact) -> bool:
    """Was it agreed to later? Whoever agrees by mail has read what was sent to the address."""
    return given is not None and given.occurred_at > fact.occurred_at


class _Registry:
    """One public list with what excuses from it; `scrubbed` where the company holds its numbers against it."""

    def __init__(self, name: str, promise: Promise, promises: Sequence[Promise], scrubbed: bool) -> None:
        self._name, self._promise, self._scrubbed = name, promise, scrubbed
        near = [one for one in promises if _same_places(one, promise)]
        self._usable = next(((period, one) for one in near if (period := calling.usable_for(one)) is not None), None)
        self._excuses = [excuse for one in near if (excuse := calling.excuses_for(one)) is not None]

    def against(self, copies: Sequence[CopyFact], facts: Facts, today: date) -> list[Reason]:
        """Why nothing may be sold to this number: it is listed, or no fresh copy says that it is not."""
        if self._excused(facts, today):
            return []
        mine = [one for one in copies if one.registry == self._name]
        listed = next((one for one in mine if one.listed), None)
        if listed is not None:
            text = f"The number stands on the {_name(self._name)}, copy of {listed.copied_on}."
            return [proved(told("on-registry", text, [self._promise]), listed.event_id)]
        if not self._scrubbed or self._usable is None:
            return []
        period, rule = self._usable
        newest = max((one.copied_on for one in mine if one.complete), default=None)
        if newest is not None and newest <= today <= Period.parse(period).after(newest):
            return []
        had = f"the newest is of {newest}" if newest is not None else "there is none"
        text = f"No copy of the {_name(self._name)} is at most {spoken(period)} old; {had}."
        return [told("registry-copy-old", text, [rule])]

    def _excused(self, facts: Facts, today: date) -> bool:
        """Is there a relationship that lets a call pass the list, its last day included?"""
        known = {"purchase": facts.last_purchase_on, "inquiry": facts.last_inquiry_on}
        return any(
            (day := known.get(trigger)) is not None and day <= today <= Period.parse(period).after(day)
            for trigger, period in self._excuses
        )


def _registries(promises: Sequence[Promise], channel: str, scrub: Sequence[str]) -> tuple[_Registry, ...]:
    found = calling.registries(promises, channel)
    return tuple(_Registry(name, one, promises, name in scrub) for name, one in found.items())


def _same_places(one: Promise, other: Promise) -> bool:
    """Do both hold in the same places? A promise of the company holds wherever it is."""
    if not isinstance(one, LawRule) or not isinstance(other, LawRule):
        return True
    return bool(set(one.jurisdictions) & set(other.jurisdictions))


def _name(registry: str) -> str:
    return registry.replace("-", " ").replace("do not call", "do-not-call")


def _unasked(
    period: str, rule: Promise, number: NumberFacts, given: ConsentFact, question: Question, place: ZoneInfo
) -> list[Reason]:
    """An old consent is used only where somebody asked lately whether the number was reassigned since: it was not."""
    since = given.occurred_at.astimezone(place).date()
    today = question.at.astimezone(place).date()
    if today <= Period.parse(period).after(since) or rule.parameters.get("without_result") == "allow":
        return []
    asked = number.queried
    fresh = asked is not None and today <= Period.parse(period).after(asked.queried_at.astimezone(place).date())
    if asked is not None and fresh and asked.answer == "no" and asked.consent_date <= since:
        return []
    text = (
        f"The consent is older than {spoken(period)}, and no answer of that age says the number is still the person's."
    )
    return [told("number-not-asked-about", text, [rule])]
