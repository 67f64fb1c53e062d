"""The gate of one (program, class, channel), prepared in advance; a question then only looks at the person's standing.

Order of the gates: suppression, ban and scope, facts, permission. A denial carries every reason, in that order.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from consent.policies.conditions import conditions_of
from consent.policies.content import ContentGate
from consent.policies.kinds import Promise, refusing
from consent.policies.kinds import messaging as messages
from consent.policies.lasting import Lasting
from consent.policies.number_gate import NumberGate
from consent.policies.organization import MessageClass, OrganizationPack, Program
from consent.policies.questions import NO_NUMBER, ConsentFact, Question, Reason, Standing, StopFact, Verdict
from consent.policies.reasons import lacking, proved, rest
from consent.policies.terms import Settled, Terms
from consent.policies.wishes import Wishes


class Gate:
    """Everything about one (program, class, channel) that does not depend on the person."""

    __slots__ = (
        "_against",
        "_allowed",
        "_always",
        "_bound_by_stop",
        "_conditions",
        "_content",
        "_denials",
        "_disagree",
        "_enrolled",
        "_expired",
        "_footing",
        "_given",
        "_held",
        "_keyword",
        "_lasting",
        "_nothing_against",
        "_number",
        "_opt_out",
        "_ported",
        "_program",
        "_protected",
        "_settled",
        "_stays",
        "_stopped",
        "_terms",
        "_unexplained",
        "_wishes",
    )

    def __init__(
        self,
        organization: OrganizationPack,
        program: Program,
        message_class: MessageClass,
        channel: str,
        promises: Sequence[Promise],
        answer: Verdict | None,
    ) -> None:
        marketing = message_class.marketing or program.marketing
        terms = Terms(organization, program, message_class, channel, promises)
        opt_in = terms.opt_in
        about = [one for one in promises if message_class.key in messages.classes_named(one, channel)]
        scope = [
            one
            for one in promises
            if messages.allowed_classes(one, channel, program.key, program.automated) is not None
        ]
        bans = [one for one in promises if messages.bans_marketing(one, channel, program.key)]
        stops = [one for one in promises if refusing.stops_channel(one, channel, message_class.key)]
        refusals = [one for one in promises if refusing.stops_marketing(one, channel)] if marketing else []
        lists = [one for one in promises if refusing.keeps_list(one, channel, marketing)]
        always = [one for one in promises if messages.keeps_going(one, channel, message_class.key)]
        enrolment = [one for one in promises if messages.by_enrolment(one, message_class.key)]
        asked = opt_in or refusals
        self._program = program.key
        self._keyword = None if message_class.marketing else answer
        self._terms, self._settled = terms, terms.fixed
        self._footing = terms.fixed.footing if terms.fixed else ""
        self._conditions = conditions_of(program, message_class, channel, promises, terms.members_only)
        # A refusal counts wherever something could be refused, even if no policy offers the way (T-18).
        self._bound_by_stop = bool(stops)
        self._stopped = (
            rest("suppressed", stops or refusals),
            *([rest("on-suppression-list", lists)] if lists else ()),
        )
        self._held = rest("held-for-review", stops or refusals or lists)
        self._denials = tuple(_denials(program, message_class, channel, promises, scope, bans))
        offer = bans or always or scope
        self._content = ContentGate(program, channel, promises, offer, marketing)
        # What cannot be refused passes every refusal, but for a STOP that a law or the policy gives the whole channel.
        self._protected = (
            rest("not-refusable", always, terms.unasked)
            if (always and not stops and not opt_in and not marketing)
            else None
        )
        self._unexplained = lacking("reference", always) if always else None
        self._stays = any(
            "refusable" in one.decided and message_class.key not in one.decided["refusable"] for one in enrolment
        )
        self._lasting = Lasting(organization, program, asked)
        self._expired, self._ported = rest("consent-expired", asked), rest("number-ported", asked)
        self._number = NumberGate(
            organization, program, message_class, channel, promises, [*asked, *always, *scope, *about]
        )
        self._disagree = rest("persons-disagree", asked)
        # A no rests on what lets people say it, also where a law of some places would have asked them first.
        heard = [*opt_in, *refusals]
        self._against = {"refused": rest("consent-refused", heard), "withdrawn": rest("consent-withdrawn", heard)}
        self._wishes = Wishes(heard)
        self._given = rest("consent-given", opt_in, "consent")
        in_scope = scope or about
        self._allowed = (rest("class-in-scope", in_scope),) if in_scope and not message_class.marketing else ()
        self._always = rest("no-consent-needed", scope or about)
        self._opt_out = rest("not-opted-out", stops or refusals or scope)
        self._enrolled = rest("enrolled", enrolment)
        self._nothing_against = self._without_consent(terms.fixed) if terms.fixed else None

    @property
    def scrubs(self) -> bool:
        """Does the answer depend on copies of do-not-call registries?"""
        return self._number.scrubs

    def implied_until(self, question: Question) -> date | None:
        """The last day on which what the asker knows of the person implies consent; None where it does not."""
        return None if self._settled else self._terms.implied_until(question.facts, question.at)

    @property
    def stands_still(self) -> bool:
        """Is the answer for a number of which nothing but words is on record the same at any time?"""
        return self._settled is not None and not self._lasting.ends and not self._number.asks

    def verdict(self, question: Question, standing: Standing) -> Verdict:
        """May it go, this person's words considered?"""
        offers = self._content.offers(question.content)
        if question.answers_keyword and self._keyword is not None and offers is None:
            return self._keyword
        denials = self._denials if offers is None else (*self._denials, offers)
        if question.content is not None:
            denials += self._content.links(question.content)
        if self._conditions:
            denials += tuple([one for check in self._conditions if (one := check(question.facts)) is not None])
        if self._protected is not None:
            return self._not_refused(self._protected, question, standing, denials)
        settled = self._settled or self._terms.settle(question.facts, question.at)
        footing = settled.footing
        if footing == "enrolled" and self._stays:
            footing = "required"
        refusable = self._bound_by_stop or footing != "required"
        stop = standing.stopped if refusable else None
        # A later consent does not say what the earlier text meant: only somebody who has read it lifts this.
        held = (proved(self._held, standing.held.event_id),) if refusable and standing.held else ()
        given: ConsentFact | None = None
        if footing != "required" and (standing.consents or stop):
            given, reasons = self._heard(standing, stop, footing, question.at)
        else:
            reasons = () if stop is None else self._suppressed(stop)
        if footing == "opt-in" and given is None and not reasons:
            reasons = settled.missing
        if standing.number is not NO_NUMBER or self._number.asks:
            denials += self._number.against(standing.number, given, question)
        wished = self._wishes.against(standing, question) if footing != "required" else None
        waits = wished.reasons if wished is not None else ()
        if denials or reasons or held:
            # Suppression is the first gate, permission the last; bans and scope stand between them.
            first, last = (reasons, ()) if stop is not None and given is None else ((), reasons)
            return Verdict("deny", (*first, *held, *waits, *denials, *last))
        if wished is not None:
            return Verdict("deny", wished.reasons, wished.free_at)
        if given is not None:
            return Verdict("allow", (proved(self._given, given.event_id), *self._allowed))
        return self._nothing_against or self._without_consent(settled)

    def _not_refused(
        self, always: Reason, question: Question, standing: Standing, denials: tuple[Reason, ...]
    ) -> Verdict:
        """It goes despite a refusal; then the log must show what of the person's own it is about."""
        if standing.number is not NO_NUMBER:
            denials += self._number.against(standing.number, None, question)
        refused = standing.stopped is not None or any(
            one.program == self._program and one.state in ("refused", "withdrawn") for one in standing.consents
        )
        if refused and question.facts.reference is None and self._unexplained not in denials:
            denials = (*denials, *((self._unexplained,) if self._unexplained else ()))
        return Verdict("deny", denials) if denials else Verdict("allow", (always,))

    def _without_consent(self, settled: Settled) -> Verdict:
        """The answer where nothing speaks against it and no consent is on record."""
        resting = {"opt-out": self._opt_out, "enrolled": self._enrolled}.get(settled.footing, self._always)
        return Verdict("allow", (resting._replace(basis=settled.basis),))

    def _suppressed(self, stop: StopFact) -> tuple[Reason, ...]:
        return tuple([proved(one, stop.event_id) for one in self._stopped])

    def _heard(
        self, standing: Standing, stop: StopFact | None, footing: str, at: datetime
    ) -> tuple[ConsentFact | None, tuple[Reason, ...]]:
        """The newest consent that counts, and what speaks against using it."""
        given: ConsentFact | None = None
        against: list[ConsentFact] = []
        expired: ConsentFact | None = None
        program = self._program
        for fact in standing.consents:
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
                return None if given is None else given, (proved(reason, fact.event_id),)
        if given is None and expired is not None and footing == "opt-in":
            holder = standing.number.holder
            if holder is None or holder.event_id != expired.event_id:
                return None, (proved(self._expired, expired.event_id),)
            if not holder.gone:  # otherwise the number itself is denied, and nothing is on record for whoever has it
                return None, (proved(self._ported, expired.event_id),)
        over = None if given is None else self._lasting.over(given, at)
        return (given, ()) if over is None else (None, (over,))


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
    basis = [one for one in promises if refusing.needs_legal_basis(one, channel)]
    if marketing and basis and not program.legal_basis:
        found.append(rest("no-legal-basis", basis))
    if program.footing == "forbidden":
        found.append(rest("program-forbidden", scope))
    closed = [one for one in promises if messages.closes_other_channels(one, channel, program.automated)]
    if closed and channel in program.channels:
        found.append(rest("channel-not-allowed", closed))
    if (
        not found
        and scope
        and not message_class.marketing
        and not gives_footing(program, message_class, channel, promises)
    ):
        found.append(rest("class-not-allowed", scope))
    return found


def gives_footing(program: Program, message_class: MessageClass, channel: str, promises: Sequence[Promise]) -> bool:
    """Does any promise give this class a footing on this way of sending, or is it owed or asked for?"""
    scope = [one for one in promises if messages.closes_list(one, channel, program.key, program.automated)]
    if not scope or any(message_class.key in one.parameters["message_classes"] for one in scope):
        return True
    if any(one.parameters.get("marketing") is False for one in scope):  # a list that says of itself what it is for
        return False
    owed = program.receipt.get("lawful_basis") == "dpv:LegalObligation"
    asked_for = "reference" in (*program.requires, *message_class.requires)
    return owed or asked_for or any(message_class.key in messages.classes_named(one, channel) for one in promises)


class Gates:
    """A gate for every program, class and channel the organization knows, each made when it is first asked."""

    def __init__(
        self, organization: OrganizationPack, promises: Sequence[Promise], answers: Callable[[str], Verdict | None]
    ) -> None:
        self._organization, self._promises, self._answers = organization, promises, answers
        self._programs = {one.key: one for one in organization.programs}
        self._classes = {one.key: one for one in organization.message_classes}
        self._channels = {channel for program in organization.programs for channel in program.channels}
        self._made: dict[tuple[str, str, str], Gate] = {}

    def get(self, key: tuple[str, str, str]) -> Gate | None:
        """The gate of (program, class, channel), or nothing where one of them is unknown."""
        found = self._made.get(key)
        if found is not None:
            return found
        program, message_class = self._programs.get(key[0]), self._classes.get(key[1])
        if program is None or message_class is None or key[2] not in self._channels:
            return None
        # Two threads may make the same gate at once; they make it alike, and one of the two stays.
        made = Gate(self._organization, program, message_class, key[2], self._promises, self._answers(key[2]))
        return self._made.setdefault(key, made)
