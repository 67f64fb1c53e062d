"""Whom a change is told to, by which promise, and why somebody is left out. Pure: no database, no request, no clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from consent.policies.answers.notices import Change, Duty, Notices
from consent.policies.diff import Difference
from consent.policies.notice_settings import ADDITIONAL, CHANGE, NoticeMail, NoticeSettings
from consent.policies.questions import Question, Standing
from consent.policies.rulebook import Rulebook
from consent.policies.rules import Nature

EMAIL = "email"
# The page of the policy says it as soon as the version is published; every other way needs a mail or a person.
OWN_PAGE = ("policy-page", "policy-page-date")
BY_A_PERSON = ("website-notice", "homepage-notice", "other-places", "portal", "post", "sms")
NO_MAILBOX = "no-mailbox"
_REFUSED = ("refused", "withdrawn")


@dataclass(frozen=True)
class Told:
    """This contact point gets a mail: as which part, by which promise, and how it leaves.

    Without a program it goes whatever messages were refused: a law asks for it.
    """

    part: str
    promise: str
    mail: NoticeMail | None


@dataclass(frozen=True)
class LeftOut:
    """This contact point gets none, and why."""

    reason: str
    promise: str = ""


@dataclass(frozen=True)
class Known:
    """What is on record of a contact point: how it is reached, what it stands at in each program, what data served.

    `stated` are the purposes told when its data was collected, here and at other places of the same people (T-94).
    """

    channel: str
    stopped: bool
    stated: frozenset[str]
    standings: Mapping[str, Standing]
    elsewhere_by_mail: bool = False


@dataclass(frozen=True)
class Case:
    """A change and how it is to be told: `purposes` are new ends of data, `collected_for` the stated ones they concern.

    No `collected_for` means whatever was stated; no `purposes` that the change names none: then it concerns everybody.
    """

    change: Change
    notices: Notices
    rulebook: Rulebook
    settings: NoticeSettings
    ways: frozenset[str]
    purposes: tuple[str, ...] = ()
    collected_for: frozenset[str] = frozenset()

    @property
    def mailing(self) -> tuple[Duty, ...]:
        """The promises that mail keeps in this case."""
        return self.notices.mailing(self.change, self.ways)

    @property
    def concerned(self) -> tuple[str, ...]:
        """The programs whose standing decides."""
        mails = (self.settings.mail(one.part) for one in self.mailing)
        return tuple(dict.fromkeys(one.program for one in mails if one is not None))


def change_of(difference: Difference, nature: Nature) -> Change:
    """The change as promises of notice speak of it."""
    return Change(frozenset(difference.aspects), nature.material, nature.purposes)


def new_purposes(difference: Difference) -> tuple[str, ...]:
    """The ends of data that the new version names and the old one does not, in its order."""
    found: list[str] = []
    for one in difference.commitments:
        if one.kind == "purpose-limit" and one.key == "purposes":
            found += [str(each) for each in one.after or () if each not in (one.before or ())]
    return tuple(dict.fromkeys(found))


def usual_ways(notices: Notices, change: Change) -> frozenset[str]:
    """What the house does by itself where there is a choice: its page of the policy, and mail."""
    return frozenset(one for one in notices.choice(change) if one == EMAIL or one in OWN_PAGE)


def whole_ways(notices: Notices, change: Change, chosen: Iterable[str]) -> frozenset[str]:
    """The chosen ways and those that leave no choice; mail that is owed anyway is not chosen for the others by that."""
    return frozenset(chosen) | (notices.owed(change) - {EMAIL})


def are_enough(notices: Notices, change: Change, ways: frozenset[str]) -> bool:
    """Do these ways keep every promise? The page of the policy has it as soon as the version is published."""
    return notices.enough(change, ways | notices.owed(change) | frozenset(OWN_PAGE)).answer == "allow"


def is_affected(case: Case, stated: Iterable[str], now: datetime) -> bool:
    """Is data of theirs to serve another end than the one told when it was collected (SMT-35)?"""
    about = [one for one in stated if not case.collected_for or one in case.collected_for]
    if not case.purposes:
        return bool(about)
    asked = case.notices.may_use_for
    return any(asked(one, purpose, None, now).answer == "deny" for one in about for purpose in case.purposes)


def decide(case: Case, known: Known, now: datetime) -> Told | LeftOut | None:
    """What this contact point gets; None where its people are told at a mailbox, or it is none of the matter."""
    affected = is_affected(case, known.stated, now)
    if known.channel != EMAIL:
        owed = [
            one for one in case.mailing if one.part != ADDITIONAL and (one.audience != "affected-users" or affected)
        ]
        return LeftOut(NO_MAILBOX, owed[0].promise.id) if owed and not known.elsewhere_by_mail else None
    duty, verdict = case.notices.mail_by(
        case.mailing,
        affected=affected,
        opted_in=_has_opted_in(case, known, now),
        refused_mail=known.stopped,
        refused_policy_mail=known.stopped or _has_refused(case, known),
        site_notice="website-notice" in case.ways,
    )
    if duty is None:
        first = verdict.reasons[0]
        return LeftOut(first.code, first.commitment or "")
    mail = case.settings.mail(duty.part)
    if mail is None:
        return LeftOut("no-program", duty.promise.id)
    against = _against(case, known, mail, now)
    return LeftOut(against, duty.promise.id) if against else Told(duty.part, duty.promise.id, mail)


def _has_opted_in(case: Case, known: Known, now: datetime) -> bool:
    """Did they opt to hear from us, as the program of further mails asks (SMT-37)?"""
    mail = case.settings.mail(ADDITIONAL)
    return mail is not None and not _against(case, known, mail, now)


def _has_refused(case: Case, known: Known) -> bool:
    """Did they refuse mail about the policy (VOX-03)?"""
    mail = case.settings.mail(CHANGE)
    standing = known.standings.get(mail.program) if mail is not None else None
    said = standing.consents if standing is not None else ()
    return any(one.state in _REFUSED for one in said)


def _against(case: Case, known: Known, mail: NoticeMail, now: datetime) -> str:
    """The code of what keeps this mail from going to them, empty where nothing does."""
    standing = known.standings.get(mail.program) or Standing(None, ())
    verdict = case.rulebook.may_contact(Question(mail.program, mail.message_class, EMAIL, now), standing)
    return "" if verdict.answer == "allow" else verdict.reasons[0].code


def given_at(
    duties: Iterable[Duty], announced_at: datetime, posted: Iterable[datetime], mailed: Iterable[datetime], *,
    nobody: bool,
) -> list[datetime]:  # fmt: skip
    """The instants at which notice was given, as far as the promises with a lead time count them.

    The page counts where each of them names it, and where there was nobody to be written to.
    """
    leading = [one for one in duties if one.lead is not None]
    by_page = nobody or all(any(way in OWN_PAGE for way in one.channels) for one in leading)
    return [*([announced_at] if by_page else []), *posted, *mailed]


def last_at(now: datetime, left: int, per_minute: int) -> datetime:
    """When the last of so many mails leaves, at that pace."""
    return now + timedelta(minutes=-(-left // per_minute)) if left else now
