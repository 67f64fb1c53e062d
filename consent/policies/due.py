"""Answers when something is due: the rule by its id, the entry for the place, the law of the day it was received."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from consent.deadlines import Clock, DateKind, Due, Fact, compute, earliest
from consent.deadlines.clocks import RECEIPT
from consent.errors import BadInput
from consent.policies import due_places
from consent.policies.due_question import Question, read
from consent.policies.findings import nearest
from consent.policies.law import LawRule

TAGS = {"V": "read in the source", "S": "read in a secondary source", "M": "from memory"}


def answer(asked: object, law: Sequence[LawRule]) -> dict[str, Any]:
    """The answer as it is printed: due, kind, the notice of an extension where there is one, and the steps."""
    due = due_for(read(asked), law)
    shown: dict[str, Any] = {"due": _iso(due.due), "kind": due.kind.value}
    if due.extension_notice_due is not None:
        shown["extension_notice_due"] = _iso(due.extension_notice_due)
    return shown | {"steps": list(due.steps)}


def due_for(question: Question, law: Sequence[LawRule]) -> Due:
    """When it is due under the rule in force on the day of receipt; without a date where none is in force."""
    entries = [one for one in law if one.id == question.rule]
    if not entries:
        known = sorted({one.id for one in law})
        raise BadInput(
            f'"{question.rule}" is not a rule of the law files; {nearest(question.rule, known)}', field="rule"
        )
    chosen = _in_force(due_places.entries_for(entries, question), question)
    if isinstance(chosen, Due):
        return chosen
    if _is_the_companys(chosen):
        return _company(chosen, question, law)
    _refuse_company_keys(question)
    return _by_law(chosen, question)


def _by_law(rule: LawRule, question: Question) -> Due:
    head = (_head(rule),)
    if rule.clock is None or rule.clock.kind is DateKind.NO_DEADLINE:
        return _without_date(rule, question, head)
    region = question.facts.region or question.jurisdiction
    due = compute(rule.clock, replace(question.facts, region=region), question.zone)
    return replace(due, steps=(*head, *_unused(rule.clock, question), *due.steps))


def _without_date(rule: LawRule, question: Question, head: tuple[str, ...]) -> Due:
    clock = rule.clock or Clock(DateKind.NO_DEADLINE)
    due = compute(clock, question.facts, question.zone)
    note = (rule.note,) if rule.note else ()
    return replace(due, steps=(*head, *due.steps, *note))


@dataclass(frozen=True)
class _Span:
    """When an entry binds, in words for one who asks before or after."""

    rule: LawRule

    def covers(self, day: date) -> bool:
        begins, ends = self.rule.in_force_from, self.rule.in_force_until
        return begins is not None and begins <= day and (ends is None or day < ends)


def _in_force(entries: Sequence[LawRule] | Due, question: Question) -> LawRule | Due:
    """The entry that binds on the day of receipt, the one for the narrowest place first; or an answer without date."""
    if isinstance(entries, Due):
        return entries
    day = question.day
    binding = [one for one in entries if _Span(one).covers(day)]
    if binding:
        return max(binding, key=lambda one: max(len(place) for place in one.jurisdictions))
    coming = [one for one in entries if one.in_force_from and one.in_force_from > day]
    past = [one for one in entries if one.in_force_until and one.in_force_until <= day]
    if coming:
        rule = min(coming, key=lambda one: one.in_force_from or date.max)
        why = f"It is not in force on {day}: it binds what is received from {rule.in_force_from} on."
    elif past:
        rule = max(past, key=lambda one: one.in_force_until or date.min)
        why = f"It is no longer in force on {day}: it bound until {rule.in_force_until}."
    else:
        rule = entries[0]
        why = "It is pending: no first day is known yet, so it sets no date today."
    kind = rule.clock.kind if rule.clock else DateKind.NO_DEADLINE
    return Due(None, kind, steps=(_head(rule), why))


def _is_the_companys(rule: LawRule) -> bool:
    """Does the company's own policy bring the period?"""
    clock = rule.clock
    return clock is not None and clock.kind is not DateKind.NO_DEADLINE and not (clock.period or clock.annual)


def _company(rule: LawRule, question: Question, law: Sequence[LawRule]) -> Due:
    """The policy's own date; beside a rule of law the earlier of both."""
    promises = rule.clock is not None and rule.clock.from_fact is None  # an answer counts from its receipt
    key, given, other = ("policy_period", question.policy_period, question.period)
    if not promises:
        key, given, other = ("period", question.period, question.policy_period)
    period = given or other
    if period is None or rule.clock is None:
        raise BadInput(f'"{key}" is missing: {rule.id} counts the period of the policy, such as P30D', field=key)
    facts = replace(question.facts, period=period)
    if question.law_rule is None:
        due = compute(rule.clock, facts, question.zone)
        return replace(due, steps=(_head(rule), *due.steps))
    if not promises:
        raise BadInput(f'"law_rule" is compared with a promise to answer, not with {rule.id}', field="law_rule")
    own = compute(rule.clock, replace(facts, extension=False, pauses=()), question.zone)
    legal = _of_law(question, law)
    steps = (_head(rule), *own.steps, *legal.steps)
    if legal.due is None or own.due is None:
        return replace(own, steps=(*steps, f"{question.law_rule} sets no date here: the promise alone binds."))
    binding = earliest([(f"the policy ({period.text})", own.due), (str(question.law_rule), legal.due)], question.zone)
    return Due(binding.due, own.kind, legal.extension_notice_due, (*steps, *binding.steps))


def _of_law(question: Question, law: Sequence[LawRule]) -> Due:
    name = question.law_rule or ""
    try:
        due = due_for(replace(question, rule=name, law_rule=None, period=None, policy_period=None), law)
    except BadInput as bad:
        field = "law_rule" if bad.field == "rule" else bad.field
        raise BadInput(f"{name}: {bad.detail}", field=field) from None
    if due.due is not None and due.kind is not DateKind.DUE_BY:
        raise BadInput(
            f"{name} gives a date of kind {due.kind}; name a rule by which an answer is due", field="law_rule"
        )
    return due


def _refuse_company_keys(question: Question) -> None:
    for key in ("period", "policy_period", "law_rule"):
        if getattr(question, key) is not None:
            own = "COMPANY-RETENTION" if key == "period" else "COMPANY-RESPOND"
            raise BadInput(f'"{key}" is read by {own} only; {question.rule} has its own period', field=key)


def _unused(clock: Clock, question: Question) -> Iterable[str]:
    """A sentence for each given fact that this clock does not look at."""
    used = {*clock.starts_at_latest_of, clock.from_fact, clock.or_earlier.fact if clock.or_earlier else None}
    if clock.starts != RECEIPT:
        used.add(Fact.RELEVANT_TIME)
    for fact in (Fact.VERIFIED_AT, Fact.RELEVANT_TIME, Fact.PURPOSE_SATISFIED):
        if question.facts.of(fact) is not None and fact not in used:
            yield f"{fact.value} does not move this clock: it runs from {clock.starts}."
    if question.delivery and not clock.mail_wait:
        yield "The way of delivery does not move this clock."


def _head(rule: LawRule) -> str:
    since = f"in force from {rule.in_force_from}" if rule.in_force_from else "pending"
    since += f" until {rule.in_force_until}" if rule.in_force_until else ""
    return (
        f"{rule.id} ({', '.join(rule.jurisdictions)}): {rule.title}. {rule.cite}; {since}; "
        f"{TAGS.get(rule.tag, rule.tag)}, checked {rule.checked_on}; file {rule.sha256.hex()[:12]}."
    )


def _iso(moment: date | datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
