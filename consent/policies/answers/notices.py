"""Who must be told of a change or of a compelled disclosure, how, and from when the change may hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from consent.deadlines import add, zone
from consent.deadlines.zones import local_date
from consent.policies.answers.reasons import allowed, because, denied, of_kind
from consent.policies.kinds import Promise
from consent.policies.kinds import shapes as s
from consent.policies.kinds.notices import concerns, lead_of, settled_material, tells_material_apart
from consent.policies.notice_settings import ADDITIONAL, CHANGE, NEW_PURPOSE
from consent.policies.organization import OrganizationPack
from consent.policies.questions import Reason, Verdict


@dataclass(frozen=True)
class Change:
    """What a new version touches; `material` is a person's classification, where there is one."""

    touches: frozenset[str]
    material: bool | None = None
    new_purpose: bool = False  # data already held is to serve another purpose than the one told


@dataclass(frozen=True)
class Duty:
    """One promise of notice that this change sets off."""

    promise: Promise
    channels: tuple[str, ...]
    enough: str  # "all" of the channels, or "any-one" of them
    audience: str
    required: bool
    additional_to: str | None
    despite_opt_out: bool
    lead: str | None

    @property
    def part(self) -> str:
        """Which sort of notice keeps this promise, as organization.toml calls them."""
        if self.promise.parameters.get("trigger") == "purpose-differs-from-collection":
            return NEW_PURPOSE
        return CHANGE if self.additional_to is None else ADDITIONAL


@dataclass(frozen=True)
class Earliest:
    """The first instant at which the change may hold; nothing while a promised notice has not gone out."""

    at: datetime | None
    reasons: tuple[Reason, ...]
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Telling:
    """By when a person is told of a compelled disclosure, and what is tried first."""

    due: date | None
    channels: tuple[str, ...]
    before_disclosure: bool
    reasons: tuple[Reason, ...]
    steps: tuple[str, ...]


class Notices:
    """The promises of notice, ready to be asked."""

    def __init__(self, organization: OrganizationPack, promises: Sequence[Promise]) -> None:
        self.zone: ZoneInfo = zone(organization.zone)
        self.jurisdictions = organization.jurisdictions
        self._changes = of_kind(promises, "notice-of-change")
        self._compelled = of_kind(promises, "legal-process-notice")

    def is_material(self, change: Change) -> bool:
        """Is it material? What was settled as such is, whatever a person says; unclassified counts as material."""
        if settled_material(self._changes) & change.touches:
            return True
        return change.material is not False

    def must_classify(self) -> tuple[Promise, ...]:
        """The promises that make a classification, material or not, with its reason necessary."""
        return tuple(filter(tells_material_apart, self._changes))

    def duties(self, change: Change) -> tuple[Duty, ...]:
        """Who is to be told of this change and how; a date at the top of the page is all that some promise."""
        material = self.is_material(change)
        about = [one for one in self._changes if concerns(one, material=material, new_purpose=change.new_purpose)]
        return tuple(self._duty(one) for one in about)

    def earliest(self, change: Change, announced: Sequence[datetime], *, edited_at: datetime | None = None) -> Earliest:
        """From when the change may hold. Counted from the last batch; a material edit starts it anew."""
        batches = [one for one in announced if edited_at is None or one >= edited_at]
        steps: list[str] = []
        reasons: list[Reason] = []
        instants: list[datetime] = []
        if edited_at is not None:
            steps.append(
                f"The announced text was edited on {local_date(edited_at, self.zone)}: only later notices count."
            )
        for duty in self.duties(change):
            if duty.lead is None:
                continue
            if not batches:
                text = f"The notice has not gone out; the change may hold {s.spoken(duty.lead)} after it."
                reasons.append(because("not-announced", text, duty.promise))
                continue
            first = duty.promise.decided.get("counts_from") == "first-batch"
            start = min(batches) if first else max(batches)
            at, counted = holds_from(duty.promise, duty.lead, start, self.zone, self.jurisdictions)
            instants.append(at)
            steps += [f"Counted from the {'first' if first else 'last'} batch.", *counted]
            reasons.append(because("lead-time", f"Not before {local_date(at, self.zone)}.", duty.promise))
        if any(one.code == "not-announced" for one in reasons):
            return Earliest(None, tuple(reasons), tuple(steps))
        return Earliest(max(instants or batches, default=None), tuple(reasons), tuple(steps))

    def enough(self, change: Change, done: frozenset[str]) -> Verdict:
        """Have the promised ways been used? Something additional never stands for the notice itself."""
        against = []
        for duty in self.duties(change):
            left = [one for one in duty.channels if one not in done]
            if duty.required and left and (duty.enough == "all" or len(left) == len(duty.channels)):
                joint = " and " if duty.enough == "all" else " or "
                text = f"Still to be done: {joint.join(s.plain([one]) for one in left)}."
                against.append(because("notice-missing", text, duty.promise))
        if against:
            return denied(against)
        return allowed(*(because("notice-given", "The promised notice was given.", one.promise)
                         for one in self.duties(change) if one.required))  # fmt: skip

    def owed(self, change: Change) -> frozenset[str]:
        """The ways that leave no choice: every one of a promise of which all are promised."""
        whole = (one for one in self.duties(change) if one.required and one.enough == "all")
        return frozenset(way for duty in whole for way in duty.channels)

    def choice(self, change: Change) -> tuple[str, ...]:
        """The ways among which the company chooses: of each promise of which one is enough."""
        some = (one for one in self.duties(change) if one.required and one.enough == "any-one")
        return tuple(dict.fromkeys(way for duty in some for way in duty.channels))

    def mailing(self, change: Change, ways: frozenset[str]) -> tuple[Duty, ...]:
        """The promises of this change that mail keeps, where these ways were chosen.

        Where one of several ways is enough, mail goes only if it was chosen; where mail is settled for all who did not
        refuse it (VOX-03), it goes besides. A further mail needs the notice it is additional to.
        """
        return tuple(one for one in self.duties(change) if "email" in one.channels and _mailed(one, ways))

    def may_email(
        self, change: Change, *, affected: bool, opted_in: bool, refused_mail: bool, refused_policy_mail: bool,
        site_notice: bool = False,
    ) -> Verdict:  # fmt: skip
        """May, or must, this person get the notice by e-mail?"""
        mailing = [one for one in self.duties(change) if "email" in one.channels]
        return self.mail_by(
            mailing, affected=affected, opted_in=opted_in, refused_mail=refused_mail,
            refused_policy_mail=refused_policy_mail, site_notice=site_notice,
        )[1]  # fmt: skip

    def mail_by(
        self, mailing: Sequence[Duty], *, affected: bool, opted_in: bool, refused_mail: bool,
        refused_policy_mail: bool, site_notice: bool = False,
    ) -> tuple[Duty | None, Verdict]:  # fmt: skip
        """By which of these promises this person gets a mail, the first that speaks for it: nobody is told twice."""
        against: list[Reason] = []
        for duty in mailing:
            hindered = self._not_by_mail(
                duty, affected=affected, opted_in=opted_in, refused_mail=refused_mail,
                refused_policy_mail=refused_policy_mail, site_notice=site_notice,
            )  # fmt: skip
            if hindered is None:
                return duty, allowed(because("mail", "This person gets the notice by mail.", duty.promise))
            against.append(hindered)
        return None, denied(against or [because("mail-not-promised", "No mail is promised of such a change.")])

    def may_use_for(self, stated: str, purpose: str, notified_at: datetime | None, now: datetime) -> Verdict:
        """May data that was taken for one purpose serve another now? Only after its people were told, in time."""
        if stated == purpose:
            return allowed(because("same-purpose", "It is the purpose the person was told."))
        against = []
        naming = [one for one in self._changes if one.parameters.get("trigger") == "purpose-differs-from-collection"]
        for one in naming:
            lead = lead_of(one.parameters, one.decided)
            if notified_at is None:
                against.append(
                    because("not-told", "The people it is about must be told of the new purpose first.", one)
                )
            elif lead is not None and one.decided.get("before_use", True):
                first, _ = holds_from(one, lead, notified_at, self.zone, self.jurisdictions)
                if now < first:
                    day = local_date(first, self.zone)
                    against.append(because("too-early", f"They were told; the new use may begin on {day}.", one))
        return denied(against) if against else allowed(*(because("told", "They were told.", one) for one in naming))

    def compelled(
        self,
        disclosed_at: datetime,
        *,
        feasible_before: bool,
        forbidden: bool = False,
        ban_lifted_at: datetime | None = None,
    ) -> Telling | None:
        """By when the person is told of a compelled disclosure; while a ban is on file nothing goes out."""
        for one in self._compelled:
            channels = tuple(
                each for each in s.as_list(one.decided.get("channel")) or s.as_list(one.parameters.get("channel"))
                if each != "unset"
            )  # fmt: skip
            barred = forbidden and "legally-forbidden" in s.as_list(one.parameters.get("exceptions"))
            if barred and ban_lifted_at is None:
                text = "The law forbids it for now; it is told when the ban ends."
                return Telling(None, channels, False, (because("forbidden-for-now", text, one),), ())
            before = str(one.decided.get("attempt", "")).startswith("before-disclosure")
            start = ban_lifted_at if barred and ban_lifted_at is not None else disclosed_at
            if before and feasible_before and not barred:
                day = local_date(disclosed_at, self.zone)
                text = f"Told before it goes out on {day}."
                return Telling(day, channels, True, (because("tell-before", text, one),), ())
            stated = one.parameters["deadline"]
            period = str(one.decided["period"] if stated == "unset" else stated)
            basis = str(one.parameters.get("period_basis") or one.decided.get("period_basis") or "calendar-day")
            counted = add(period, basis, start, self.zone, self.jurisdictions)
            due = local_date(counted.due, self.zone)
            return Telling(due, channels, False, (because("tell-after", f"Told by {due}.", one),), counted.steps)
        return None

    def _duty(self, one: Promise) -> Duty:
        stated, decided = one.parameters, one.decided
        channels = tuple(stated["channel"])
        rule = str(stated.get("channel_rule", "all"))
        if decided.get("always_post"):
            channels = tuple(each for each in channels if each != "website-notice")
        return Duty(
            one,
            channels,
            "any-one" if rule.startswith("any-one") else "all",
            str(stated.get("audience", "everybody")),
            not stated.get("optional", False),
            stated.get("additional_to"),
            stated.get("opt_out_applies") is False,
            lead_of(stated, decided),
        )

    def _not_by_mail(
        self, duty: Duty, *, affected: bool, opted_in: bool, refused_mail: bool, refused_policy_mail: bool,
        site_notice: bool,
    ) -> Reason | None:  # fmt: skip
        """Why this duty sends this person no mail, or nothing where it does."""
        if duty.audience == "affected-users" and not affected:
            return because("not-affected", "Only the people it is about get this mail.", duty.promise)
        if duty.audience == "opted-in-users" and not (opted_in and site_notice):
            text = "This further mail goes to those who opted in, besides a notice on the site."
            return because("not-opted-in", text, duty.promise)
        if refused_policy_mail and duty.promise.decided.get("email_unless") == "refused-policy-email":
            return because("refused-policy-mail", "This person refused mail about the policy.", duty.promise)
        if refused_mail and duty.audience == "opted-in-users" and not duty.despite_opt_out:
            return because("refused-mail", "This person refused our mail.", duty.promise)
        return None


def _mailed(duty: Duty, ways: frozenset[str]) -> bool:
    """Does mail keep this promise, where these ways were chosen?"""
    if duty.additional_to is not None:
        return duty.additional_to in ways
    if duty.enough == "all" or "email_unless" in duty.promise.decided:
        return True
    return "email" in ways


def holds_from(
    promise: Promise, lead: str, told_at: datetime, where: ZoneInfo, jurisdictions: Sequence[str]
) -> tuple[datetime, tuple[str, ...]]:
    """From when a change may hold that people were told of at `told_at`, after this much notice, with the steps."""
    basis = str(promise.parameters.get("period_basis", "calendar-day"))
    counted = add(lead, basis, told_at, where, jurisdictions, bound="at-least")
    due = counted.due
    return (due if isinstance(due, datetime) else datetime.combine(due, time(), where)), counted.steps
