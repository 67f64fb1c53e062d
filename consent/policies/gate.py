"""The gate of one (program, class, channel), prepared in advance; a question then only looks at the person's standing.

Order of the gates: suppression, ban and scope, permission. A denial carries every reason, in that order.
"""

from collections.abc import Callable, Sequence
from uuid import UUID

from consent.policies.grounds import grounds
from consent.policies.kinds import Promise
from consent.policies.kinds import messaging as messages
from consent.policies.kinds.consent import needs_opt_in
from consent.policies.kinds.offers import holds_offer
from consent.policies.organization import MessageClass, OrganizationPack, Program
from consent.policies.questions import ConsentFact, Question, Reason, Standing, StopFact, Verdict

# Every code a reason may carry, with its sentence. Codes are stable: callers compare them.
TEXTS = {
    "unknown-program": "There is no program of this name.",
    "unknown-message-class": "There is no message class of this name.",
    "unknown-channel": "None of the programs uses this channel.",
    "suppressed": "The person has said stop, and no later consent to this program is on record.",
    "on-suppression-list": "The contact point stands on the list of those not to be contacted.",
    "marketing-banned": "Promotion never goes out on this channel, whatever anybody consented to.",
    "channel-not-in-program": "The program does not use this channel.",
    "class-not-in-program": "The program does not carry messages of this class.",
    "class-not-allowed": "The policy does not name this class of message for this channel.",
    "no-legal-basis": "Marketing on this channel is off until a legal basis is recorded.",
    "program-forbidden": "The program is switched off.",
    "content-promotional": "The message holds an offer, and none may go out under this class here.",
    "no-consent": "No consent to this program is on record, and it needs one first.",
    "consent-refused": "The person was asked and said no to this program.",
    "consent-withdrawn": "The person has withdrawn the consent to this program.",
    "consent-expired": "The consent to this program has run out.",
    "persons-disagree": "Several people use this contact point and one of them has said no.",
    "consent-given": "A consent to this program is on record.",
    "class-in-scope": "Messages of this class are among those the policy names.",
    "no-consent-needed": "Messages of this class need no consent on this channel.",
    "not-opted-out": "The person may refuse these messages and has not done so.",
    "answer-to-keyword": "A direct answer to the person's own keyword may always go.",
}


class Gate:
    """Everything about one (program, class, channel) that does not depend on the person."""

    __slots__ = (
        "_against",
        "_allowed",
        "_bound_by_stop",
        "_denials",
        "_disagree",
        "_expired",
        "_footing",
        "_given",
        "_keyword",
        "_missing",
        "_nothing_against",
        "_offer",
        "_program",
        "_stopped",
    )

    def __init__(
        self,
        program: Program,
        message_class: MessageClass,
        channel: str,
        promises: Sequence[Promise],
        answer: Verdict | None,
    ) -> None:
        marketing = message_class.marketing or program.marketing
        opt_in = [one for one in promises if needs_opt_in(one, channel, marketing)]
        scope = [one for one in promises if messages.allowed_classes(one, channel) is not None]
        bans = [one for one in promises if messages.bans_marketing(one, channel, program.key)]
        stops = [one for one in promises if messages.stops_channel(one, channel)]
        refusals = [one for one in promises if messages.stops_marketing(one, channel)] if marketing else []
        lists = [one for one in promises if messages.keeps_list(one, channel, marketing)]
        asked = opt_in or refusals
        self._program = program.key
        self._keyword = None if message_class.marketing else answer
        # The strictest footing binds: what a promise or a law demands is not softened by the program's own line.
        self._footing = "opt-in" if opt_in else program.footing
        # A refusal counts wherever something could be refused, even if no policy offers the way (T-18).
        self._bound_by_stop = bool(stops) or self._footing != "required"
        self._stopped = (
            rest("suppressed", stops or refusals),
            *([rest("on-suppression-list", lists)] if lists else ()),
        )
        self._denials = tuple(_denials(program, message_class, channel, promises, scope, bans))
        self._offer = rest("content-promotional", bans or scope) if (bans or scope) and not marketing else None
        self._missing = rest("no-consent", asked)
        self._expired = rest("consent-expired", asked)
        self._disagree = rest("persons-disagree", asked)
        self._against = {"refused": rest("consent-refused", asked), "withdrawn": rest("consent-withdrawn", asked)}
        self._given = rest("consent-given", opt_in)
        self._allowed = (rest("class-in-scope", scope),) if scope and not message_class.marketing else ()
        self._nothing_against = Verdict("allow", (_without_consent(self._footing, scope, refusals),))

    def verdict(self, question: Question, standing: Standing) -> Verdict:
        """May it go, this person's words considered?"""
        # A mixed message is what its worst part is: an offer inside an invoice makes the whole promotion.
        offers = question.content is not None and self._offer is not None and holds_offer(question.content)
        if question.answers_keyword and self._keyword is not None and not offers:
            return self._keyword
        stop = standing.stopped if self._bound_by_stop else None
        footing = self._footing
        given: ConsentFact | None = None
        if footing != "required" and (standing.consents or stop):
            given, reasons = self._heard(standing.consents, stop)
        else:
            reasons = () if stop is None else self._suppressed(stop)
        if footing == "opt-in" and given is None and not reasons:
            reasons = (self._missing,)
        denials = (*self._denials, self._offer) if offers and self._offer else self._denials
        if denials or reasons:
            # Suppression is the first gate, permission the last; bans and scope stand between them.
            first, last = (reasons, ()) if stop is not None and given is None else ((), reasons)
            return Verdict("deny", (*first, *denials, *last))
        if given is not None:
            return Verdict("allow", (_proved(self._given, given.event_id), *self._allowed))
        return self._nothing_against

    def _suppressed(self, stop: StopFact) -> tuple[Reason, ...]:
        return tuple([_proved(one, stop.event_id) for one in self._stopped])

    def _heard(
        self, consents: Sequence[ConsentFact], stop: StopFact | None
    ) -> tuple[ConsentFact | None, tuple[Reason, ...]]:
        """The newest consent that counts, and what speaks against using it."""
        given: ConsentFact | None = None
        against: list[ConsentFact] = []
        expired: ConsentFact | None = None
        program = self._program
        for fact in consents:
            if fact.program != program:
                continue
            if fact.state == "given":
                # STOP binds the number: only a strictly later consent lifts it; of the same instant, STOP wins.
                if (stop is None or fact.occurred_at > stop.occurred_at) and (
                    given is None or fact.occurred_at > given.occurred_at
                ):
                    given = fact
            elif fact.state == "expired":
                expired = fact
            elif stop is None or fact.event_id != stop.event_id:
                against.append(fact)
        if stop is not None and given is None:
            return None, self._suppressed(stop)
        for fact in against:
            if given is None or not _overtaken(fact, given):
                reason = self._against[fact.state] if given is None else self._disagree
                return None if given is None else given, (_proved(reason, fact.event_id),)
        if given is None and expired is not None and self._footing == "opt-in":
            return None, (_proved(self._expired, expired.event_id),)
        return given, ()


def _proved(reason: Reason, entry: UUID) -> Reason:
    """The same reason with the ledger entry that proves it (much quicker than _replace)."""
    code, text, commitment, law, clause, _ = reason
    return Reason(code, text, commitment, law, clause, entry)


def _overtaken(no: ConsentFact, yes: ConsentFact) -> bool:
    """A later yes undoes a no of the same person, or a no said for the number by nobody in particular."""
    return yes.occurred_at > no.occurred_at and no.person_id in (None, yes.person_id)


def _denials(
    program: Program,
    message_class: MessageClass,
    channel: str,
    promises: Sequence[Promise],
    scope: list[Promise],
    bans: list[Promise],
) -> list[Reason]:
    """What forbids it whatever the person says."""
    marketing = message_class.marketing or program.marketing
    found = []
    if marketing and bans:
        found.append(rest("marketing-banned", bans))
    if channel not in program.channels:
        found.append(rest("channel-not-in-program", scope))
    if message_class.key not in program.message_classes:
        found.append(rest("class-not-in-program", scope))
    basis = [one for one in promises if messages.needs_legal_basis(one, channel)]
    if marketing and basis and not program.legal_basis:
        found.append(rest("no-legal-basis", basis))
    if program.footing == "forbidden":
        found.append(rest("program-forbidden", scope))
    if not found and scope and not message_class.marketing:
        named = frozenset().union(*(messages.allowed_classes(one, channel) or () for one in scope))
        if message_class.key not in named:
            found.append(rest("class-not-allowed", scope))
    return found


def _without_consent(footing: str, scope: list[Promise], refusals: list[Promise]) -> Reason:
    if footing == "required":
        return rest("no-consent-needed", scope)
    return rest("not-opted-out", refusals or scope)


def rest(code: str, promises: Sequence[Promise]) -> Reason:
    """The reason of that code, resting on the first commitment and the first law among `promises`."""
    commitment, law = grounds(promises)
    clause = commitment.clause.heading if commitment else None
    return Reason(code, TEXTS[code], commitment.id if commitment else None, law.id if law else None, clause)


def gates_of(
    organization: OrganizationPack, promises: Sequence[Promise], answers: Callable[[str], Verdict | None]
) -> dict[tuple[str, str, str], Gate]:
    """A gate for every program, class and channel the organization knows."""
    channels = sorted({channel for program in organization.programs for channel in program.channels})
    return {
        (program.key, one.key, channel): Gate(program, one, channel, promises, answers(channel))
        for program in organization.programs
        for one in organization.message_classes
        for channel in channels
    }
