"""What a person may ask for, by when it is answered, how often, how far back, at what price and by whom."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from consent.deadlines import Period, Window, add, window_back, zone
from consent.deadlines.zones import local_date
from consent.policies.answers.asking import (
    Asker,
    Check,
    Item,
    ItemOutcome,
    Offer,
    Past,
    Pauses,
    Route,
    Tally,
    Timetable,
)
from consent.policies.answers.deletion import Deletion
from consent.policies.answers.fees import Fees
from consent.policies.answers.openings import Openings, fits
from consent.policies.answers.reasons import allowed, because, denied, of_kind
from consent.policies.answers.refusals import Ground, Refusals
from consent.policies.answers.timetables import Timetables
from consent.policies.jurisdictions import same_place
from consent.policies.kinds import Promise
from consent.policies.kinds import shapes as s
from consent.policies.kinds.requests import types_of
from consent.policies.law import LawRule
from consent.policies.organization import OrganizationPack
from consent.policies.questions import Reason, Verdict

__all__ = ["Asker", "Ground", "Item", "ItemOutcome", "Offer", "Past", "Requests", "Route", "Tally", "Timetable"]


class Requests:
    """The promises about requests, ready to be asked."""

    def __init__(self, organization: OrganizationPack, promises: Sequence[Promise]) -> None:
        self.zone: ZoneInfo = zone(organization.zone)
        self.jurisdictions = organization.jurisdictions
        mine = [one for one in promises if not isinstance(one, LawRule)]
        self._rights = of_kind(mine, "request-right", "self-service", "request-eligibility")
        self._checks = of_kind(mine, "identity-verification")
        self._agents = of_kind(mine, "authorized-agent")
        self._caps = of_kind(mine, "request-frequency")
        self._scopes = of_kind(mine, "request-scope")
        self._fees = Fees(mine)
        self._roles = of_kind(mine, "role-allocation")
        self._deletion = Deletion(organization, promises, self.zone)
        self.openings = Openings(promises)
        self._refusals = Refusals(promises)
        self._timetables = Timetables(organization, promises, self.zone)

    def offered(self, asker: Asker) -> tuple[Offer, ...]:
        """Everything this person may ask for; the same type stands once for each promise that grants it."""
        return tuple(
            Offer(
                request_type,
                one,
                tuple(dict.fromkeys(_ways(one))),
                tuple(s.as_list(one.parameters.get("contacts"))),
                one.kind == "self-service",
                one.parameters.get("representative") == "allowed",
            )
            for one in self._rights
            if "route" not in one.parameters and fits(one, asker)
            for request_type in types_of(one.parameters)
        )

    def may_ask(self, request_type: str, asker: Asker, ground: str | None = None) -> Verdict:
        """Is this request open to this person? A right of law counts as much as a promised one."""
        offers = self._granting(request_type, asker)
        lawful = self._timetables.laws(request_type, asker.jurisdiction) if asker.jurisdiction else []
        if not offers and not lawful:
            others = [one for one in self._rights if request_type in types_of(one.parameters)]
            text = f"{s.opening(s.plain([request_type]))} is not promised to this person; more may be given by choice."
            return denied([because("not-offered", text, one) for one in others] or [because("not-offered", text)])
        against: list[Reason] = []
        for one in offers:
            grounds = s.as_list(one.parameters.get("grounds"))
            if grounds and ground not in grounds:
                text = f"This is asked for on one of these grounds: {s.plain(grounds)}."
                against.append(because("no-ground", text, one))
        if against and len(against) == len(offers) and not lawful:
            return denied(against)
        return allowed(*(because("offered", "The person may ask for this.", one) for one in (*offers, *lawful)))

    def may_change(self, request_type: str, asker: Asker, met: frozenset[str]) -> Verdict:
        """May this person make the change alone, now? Every condition is looked at at that moment."""
        naming = [
            one for one in self._rights
            if one.kind == "request-eligibility" and "conditions" in one.parameters
            and request_type in types_of(one.parameters)
        ]  # fmt: skip
        mine = [one for one in naming if fits(one, asker)]
        if naming and not mine:
            who = s.plain([each for one in naming for each in s.as_list(one.parameters["persons"])])
            return denied([because("not-this-person", f"Only the {who} may do this.", one) for one in naming])
        against = [
            because("condition-missing", f"It must hold now: {s.plain([each])}.", one)
            for one in mine
            for each in one.parameters["conditions"]
            if each not in met
        ]
        return denied(against) if against else allowed(*(because("may-change", "Conditions met.", one) for one in mine))

    def timetable(
        self, request_type: str, received_at: datetime, asker: Asker, *, staff_needed: bool = False,
        verified_at: datetime | None = None, extension: bool = False, pauses: Pauses = (),
    ) -> Timetable:  # fmt: skip
        """By when this request is to be answered and acknowledged, with the arithmetic."""
        promises = self._granting(request_type, asker)
        promises += [one for one in self._routing(request_type, asker) if one not in promises]
        return self._timetables.of(
            request_type, received_at, asker.jurisdiction, promises,
            staff_needed=staff_needed, verified_at=verified_at, extension=extension, pauses=pauses,
        )  # fmt: skip

    def pausing(self, request_type: str, asker: Asker) -> tuple[LawRule, ...]:
        """The rules of law that let the clock of this request stand still; where there is none, nothing does."""
        return self._timetables.pausing(request_type, asker.jurisdiction)

    def removal_of_a_minor(self, known_at: datetime) -> Timetable:
        """By when an account is suspended and data of a person too young is gone, once that is known."""
        return self._timetables.minor(known_at)

    def check(self, request_type: str, asker: Asker) -> Check:
        """How it is made sure who asks before anything is handed out or changed."""
        rules = [one for one in self._checks if request_type in types_of(one.parameters)]
        rights = self._granting(request_type, asker)
        naming = [*rules, *rights]
        methods = [each for one in naming for each in s.as_list(one.decided.get("verification"))]
        methods += [
            str(value)
            for one in naming
            for key in ("check", "verification")
            if (value := one.parameters.get(key)) not in (None, "unset")
        ]
        moments = [each for one in naming for each in s.as_list(one.decided.get("checked_at"))]
        return Check(
            tuple(dict.fromkeys(methods)),
            tuple(dict.fromkeys(moments)) or ("release",),
            next((str(one.parameters["discretion"]) for one in rules if "discretion" in one.parameters), None),
            any(bool(one.decided.get("pauses")) for one in naming),
            tuple(because("check", "Who asks is checked before anything goes out.", one) for one in rules or rights),
        )

    def may_represent(self, request_type: str, asker: Asker, shown: frozenset[str]) -> Verdict:
        """May a representative act for this person? Authority and identity are both to be shown."""
        naming = [one for one in self._agents if request_type in types_of(one.parameters)
                  and same_place(s.as_list(one.parameters.get("jurisdictions")), asker.jurisdiction)]  # fmt: skip
        if not naming:
            unsaid = [one for one in self._agents if request_type in s.as_list(one.parameters.get("not_stated_for"))]
            text = "Nothing is said of representatives for this request; a person decides."
            return denied([because("not-stated", text, one) for one in unsaid] or [because("not-stated", text)])
        against = [
            because("not-shown", f"It must be shown first: {s.plain([each])}.", one)
            for one in naming
            for each in s.as_list(one.decided.get("verification"))
            if each not in shown
        ]
        return denied(against) if against else allowed(
            *(because("may-represent", "A representative may act here.", one) for one in naming)
        )  # fmt: skip

    def tally(self, request_type: str, received_at: datetime, asker: Asker, history: Iterable[Past]) -> Tally:
        """How often this was answered before, by the count that was settled; the rolling count stands beside it."""
        caps = [one for one in self._caps if one.parameters["request_type"] == request_type
                and same_place(s.as_list(one.parameters.get("jurisdictions")), asker.jurisdiction)]  # fmt: skip
        day = local_date(received_at, self.zone)
        done = [one for one in history if one.request_type == request_type and one.completed_on is not None]
        if not caps:
            return Tally(len(done), len(done), None, "answer", (), ("Nothing limits how often this is asked for.",))
        cap = caps[0]
        since = Period.parse(str(cap.parameters["per"])).before(day)
        rolling = sum(1 for one in done if one.completed_on and since < one.completed_on <= day)
        of_year = sum(1 for one in done if one.completed_on and one.completed_on.year == day.year)
        by_year = cap.decided.get("counted", "calendar-year") == "calendar-year"
        counted, limit = (of_year if by_year else rolling), int(cap.parameters["max"])
        how = f"calendar year {day.year}" if by_year else f"the {s.spoken(str(cap.parameters['per']))} before {day}"
        steps = (
            f"Completed in {how}: {counted} of {limit}.",
            f"Completed after {since}, rolling: {rolling}. Open, withdrawn and repeated requests do not count.",
        )
        text = f"{counted} of {limit} answered; this is number {counted + 1}."
        return Tally(
            counted,
            rolling,
            limit,
            "answer" if counted < limit else "staff-decides",
            (because("tally", text, cap),),
            steps,
        )

    def window(self, request_type: str, received_at: datetime) -> Window | None:
        """How far back the answer reaches. Fixed at receipt: waiting for a check or a fee moves nothing."""
        for one in self._scopes:
            if one.parameters["request_type"] == request_type:
                aligned = one.decided.get("aligned") == "first-of-month"
                return window_back(str(one.parameters["window"]), received_at, self.zone, aligned=aligned)
        return None

    def may_do(self, step: str, request_type: str, done: frozenset[str]) -> Verdict:
        """May this step of a paid request be taken now? Each needs the ones before it."""
        return self._fees.may_do(step, request_type, done)

    def fee(self, request_type: str, *, own_personal_data: bool = False) -> str | None:
        """What the request costs (the name of the price list), or nothing: own personal data is never charged."""
        return self._fees.fee(request_type, own_personal_data=own_personal_data)

    def route(self, request_type: str, received_at: datetime, asker: Asker) -> Route | None:
        """To whom the request goes first when somebody else decides, and who steps in when nothing happens."""
        for one in self._routing(request_type, asker):
            decided = one.decided
            if "fallback_after" not in decided:
                continue
            steps_in = self._add(one, "fallback_after", "fallback_after_basis", received_at)
            due = self._add(one, "deadline", "deadline_basis", received_at)
            text = f"It goes to the {s.plain([one.parameters['route']])} first; the person's right does not end there."
            return Route(str(one.parameters["route"]), str(decided["fallback"]), steps_in.due_day, due.due_day,
                         (because("routed", text, one),), (*steps_in.steps, *due.steps))  # fmt: skip
        for one in self._roles:
            for data, role in one.parameters.get("roles", {}).items():
                if role == "processor" and data.removesuffix("-data") in asker.roles:
                    text = "The customer is controller of this data: pass it on, help, decide nothing."
                    return Route(self._controller(), None, None, None, (because("routed", text, one),))
        return None

    def grounds(self, request_type: str, asker: Asker) -> tuple[Ground, ...]:
        """The closed list of grounds on which something stays or this request is refused to this person."""
        return self._refusals.of(request_type, asker, self._granting(request_type, asker))

    def delete(self, items: Iterable[Item], asked_at: datetime, asker: Asker) -> tuple[ItemOutcome, ...]:
        """What becomes of each class of data, one by one: never all or nothing."""
        rights = self._granting("deletion", asker)
        asked = tuple(items)
        proves = self._deletion.proves(asked)
        return tuple(self._deletion.outcome(one, asked_at, rights, asker.jurisdiction, proves=proves) for one in asked)

    @property
    def grounds_of_proof(self) -> frozenset[str]:
        """The grounds on which a record of consent stays to prove, and for nothing else."""
        return self._deletion.grounds_of_proof

    def _granting(self, request_type: str, asker: Asker) -> list[Promise]:
        return [one.promise for one in self.offered(asker) if one.request_type == request_type]

    def _controller(self) -> str:
        return next((str(one.parameters["controller"]) for one in self._roles if "controller" in one.parameters),
                    "controller")  # fmt: skip

    def _routing(self, request_type: str, asker: Asker) -> list[Promise]:
        return [one for one in self._rights if "route" in one.parameters and fits(one, asker)
                and request_type in types_of(one.parameters)]  # fmt: skip

    def _add(self, one: Promise, key: str, basis: str, start: datetime) -> "_Day":
        counted = add(
            str(one.decided[key]), str(one.decided.get(basis, "calendar-day")), start, self.zone, self.jurisdictions
        )
        return _Day(local_date(counted.due, self.zone), counted.steps)


class _Day:
    """A date with its arithmetic."""

    def __init__(self, due_day: date, steps: tuple[str, ...]) -> None:
        self.due_day, self.steps = due_day, steps


def _ways(one: Promise) -> list[str]:
    stated = [each for each in s.as_list(one.parameters.get("via")) if each != "unset"]
    return stated + s.as_list(one.decided.get("via")) + s.as_list(one.decided.get("intake"))
