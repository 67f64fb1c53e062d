"""What a question must bring or must not say, whatever the person has agreed to: references, marks, members, minors."""

from collections.abc import Callable, Sequence

from consent.policies.kinds import Promise
from consent.policies.kinds import messaging as messages
from consent.policies.kinds import shapes as s
from consent.policies.kinds.persons import minimum_age
from consent.policies.organization import MessageClass, Program
from consent.policies.questions import Facts, Reason
from consent.policies.reasons import lacking, rest

Condition = Callable[[Facts], Reason | None]


def conditions_of(
    program: Program, message_class: MessageClass, channel: str, promises: Sequence[Promise], members_only: bool
) -> tuple[Condition, ...]:
    """Every condition of this (program, class, channel)."""
    marketing = message_class.marketing or program.marketing
    about = [one for one in promises if message_class.key in messages.classes_named(one, channel)]
    referred = [one for one in promises if messages.needs_reference(one, message_class.key) and one in about]
    marked = [one for one in promises if messages.needs_materiality(one, channel, message_class.key)]
    wanted = dict.fromkeys((*program.requires, *message_class.requires), about)
    wanted |= {"reference": referred} if referred else {}
    asked_below = {"materially_affects_delivery": bool(marked), "member": members_only}
    found = [_brings(fact, those) for fact, those in wanted.items() if not asked_below.get(fact)]
    if marked:
        found.append(_material(marked))
    if members_only:
        found.append(_member([one for one in promises if messages.by_enrolment(one, message_class.key)]))
    spared = [one for one in promises if _spares_minors(one, marketing)]
    if spared:
        found.append(_grown(spared))
    return tuple(found)


def _brings(fact: str, promises: Sequence[Promise]) -> Condition:
    missing = lacking(fact, promises)
    return lambda facts: missing if getattr(facts, fact) is None else None


def _material(promises: Sequence[Promise]) -> Condition:
    """T-24: without a person's mark the message does not belong to the class that cannot be refused."""
    missing, routine = lacking("materially_affects_delivery", promises), rest("not-material", promises)
    answers = {None: missing, False: routine, True: None}
    return lambda facts: answers[facts.materially_affects_delivery]


def _member(promises: Sequence[Promise]) -> Condition:
    missing, stranger = lacking("member", promises), rest("not-a-member", promises)
    answers = {None: missing, False: stranger, True: None}
    return lambda facts: answers[facts.member]


def _grown(promises: Sequence[Promise]) -> Condition:
    """What is promised is about minors that are known to be such; not knowing holds nothing back."""
    refused = rest("minor", promises)
    below = max(minimum_age(one) for one in promises)
    return lambda facts: refused if facts.minor or (facts.age is not None and facts.age < below) else None


def _spares_minors(promise: Promise, marketing: bool) -> bool:
    """Does the promise keep such messages from minors: all of them, or those that market?"""
    if promise.kind != "age-limit":
        return False
    parameters = promise.parameters
    if "engage" in s.as_list(parameters.get("banned")):
        return True
    # Whose data may not even be collected is sold nothing either.
    aimed = "banned" in (parameters.get("marketing_to_under"), parameters.get("knowing_collection"))
    aimed = aimed or "targeting" in s.as_list(parameters.get("applies_to"))
    return marketing and (aimed or "solicit" in s.as_list(parameters.get("banned")))
