"""Choices and settings of the page as their templates are given them: values, so that they are drawn once for many."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from markupsafe import Markup

from consent.organizations.service import Tenant
from consent.policies import shown as shown_texts
from consent.policies.answers.choices import Clause
from consent.policies.organization import OrganizationPack
from consent.policies.rulebook import Rulebook
from consent.preferences.page import going, summary
from consent.preferences.page.choices import Choice, Page
from consent.preferences.page.messages import NOT_ALLOWED
from consent.preferences.page.offered import Offering
from consent.preferences.page.rights import Right, Rights
from consent.preferences.page.tuning import Tuning
from consent.preferences.rules import Standing
from consent.web import i18n
from consent.web.drawn import Drawn, Whole

How = Callable[[UUID], str]
Day = Callable[[datetime], date]


class Company(NamedTuple):
    """Who is asked where nothing can be chosen here, and the language of the policy."""

    name: str
    email: str
    phone: str
    language: str


class Since(NamedTuple):
    """Since when it stands so, how that came about, and under which policy."""

    day: date
    how: str
    policy: str
    version: str


class Shown(NamedTuple):
    """All that the page shows of a choice, but since when: see `Choice`. What the template names besides is `about`."""

    about: Offering
    value: str
    is_switch: bool
    stopped: bool
    not_here: str
    rests: str

    @property
    def why_it_rests(self) -> str:
        """Why nothing of it goes at present, as a message to translate."""
        return going.WHY.get(self.rests, NOT_ALLOWED)


class Group(NamedTuple):
    """A channel with its choices, and what holds for all of it."""

    channel: str
    name: str
    choices: tuple[tuple[Shown, Since | None], ...]
    ban: Clause | None
    stopped: bool
    waits: bool
    do_not_call: bool


class Refusal(NamedTuple):
    """A right of the person's as it stands; see `rights.Right`."""

    owed: bool
    since: date | None
    by_signal: bool
    elsewhere: bool
    may_return: bool


_choices, _settings = Drawn("preferences/choices.html"), Drawn("preferences/settings.html")
PAGE, SURFACE = "preferences/page.html", "preference-page"
_page = Whole(PAGE, ("csrf", "act", "shown", "masked"))
# What a visitor sees alone: after a press, after a mistake, and where something is asked.
_NOTHING: dict[str, Any] = {
    "wrong": (),
    "often": (),
    "asked_about": (),
    "done": None,
    "done_act": "",
    "changes": (),
    "everywhere": None,
}


def page(rulebook: Rulebook, own: Mapping[str, str], shown: Mapping[str, Any]) -> bytes:
    """The page as many see it, with what is this visitor's own in its holes."""
    return shown_texts.kept(_page, rulebook, SURFACE, own, **shown, **_NOTHING)


def choices(
    tenant: Tenant, organization: OrganizationPack, page: Page, wanted: Collection[str], how: How, day: Day
) -> Markup:
    """The switches of every channel and the features, and what is shown where there is none."""

    known: dict[UUID, Since] = {}  # one entry mostly stands behind several choices

    def since(stands: Standing | None) -> Since | None:
        if stands is None or not page.full:
            return None
        if stands.event_id not in known:
            known[stands.event_id] = _since(stands, how, day)
        return known[stands.event_id]

    def each(some: Iterable[Choice]) -> tuple[tuple[Shown, Since | None], ...]:
        return tuple((_shown(one), since(one.standing)) for one in some)

    groups = tuple(
        Group(
            one.channel,
            summary.CHANNELS[one.channel],
            each(one.choices),
            one.ban,
            one.stopped is not None,
            one.waits,
            one.do_not_call is not None,
        )
        for one in page.groups
    )
    return _choices(
        slug=tenant.slug,
        company=Company(organization.name, organization.email, organization.phone, organization.languages[0]),
        full=page.full,
        groups=groups,
        features=each(page.features),
        wanted=frozenset(wanted),
    )


def settings(
    tuning: Tuning,
    rights: Rights,
    day: Day,
    *,
    full: bool,
    typed_pause: str | None = None,
    wrong: Mapping[str, str] | None = None,
) -> Markup:
    """Pause, language, how often, and the rights over data; with what was typed where something of it is wrong."""
    draw = _settings.anew if wrong else _settings
    return draw(
        tuning=tuning,
        languages=tuple((one, i18n.LANGUAGES.get(one, one)) for one in tuning.languages),
        sale=_refusal(rights.sale, day),
        use=_refusal(rights.use, day),
        full=full,
        typed_pause=typed_pause,
        wrong=wrong or (),
    )


def _refusal(one: Right, day: Day) -> Refusal:
    since = None if one.since is None else day(one.since)
    return Refusal(one.owed, since, one.by_signal, one.elsewhere, one.may_return)


def _shown(one: Choice) -> Shown:
    return Shown(one.about, one.value, one.is_switch, one.stopped, one.not_here, one.rests)


def _since(stands: Standing, how: How, day: Day) -> Since:
    return Since(day(stands.occurred_at), how(stands.event_id), stands.policy, stands.policy_version)
