"""May this cookie, tag or beacon be set here, for this visitor: purposes, surfaces, consent and browser signals."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from consent.policies.answers.reasons import allowed, because, denied
from consent.policies.answers.scope import Scope, is_of
from consent.policies.jurisdictions import any_may_hold
from consent.policies.kinds import KINDS, Promise
from consent.policies.kinds import shapes as s
from consent.policies.law import LawRule
from consent.policies.organization import OrganizationPack
from consent.policies.questions import Reason, Verdict

WEBSITE = "website"
_SURFACES = ("allowed_surfaces", "banned_surfaces", "surfaces")


class Tracker(NamedTuple):
    """A tracker as somebody wants to set it, and what is known of the visitor."""

    purpose: str
    surface: str
    recipient: str | None = None
    third_party: bool = False
    cookie: bool = True  # leaves something in the browser or device
    behavioural: bool = False  # follows what one person does
    personal: bool = True  # is personal data by the law of the place; doubt counts as yes (T-87)
    consent: bool | None = None  # the visitor's choice for this purpose
    gpc: bool = False  # the browser sends Global Privacy Control
    sale_refused: bool = False  # the visitor is known, and a refusal of sale and sharing stands
    dnt: bool = False  # the browser sends Do Not Track
    jurisdiction: str | None = None


class Controls(NamedTuple):
    """What the organization offers its visitors: a switch of its own, ways in the browser, pages of others."""

    on_site: bool
    switches: tuple[str, ...]
    browser: tuple[str, ...]
    opt_out_urls: tuple[str, ...]
    commitments: tuple[str, ...]


class Told(NamedTuple):
    """One promise about cookies and trackers, part by part, for a page or a site to tell."""

    commitment: str
    purposes: tuple[str, ...]
    waiting: tuple[str, ...]  # these wait for the visitor's choice
    surfaces: tuple[str, ...]
    never_on: tuple[str, ...]
    recipients: tuple[str, ...]
    banned: tuple[str, ...]
    lifetime: str | None
    exception: str | None  # without this one the site does not do what was asked
    no_opt_out: bool

    @property
    def says_something(self) -> bool:
        """Besides the ways in the browser, which are told of all promises together."""
        return any(self[1:])


class Signal(NamedTuple):
    """What a promise says of one of the browser's signals; where nothing is promised there is none of these."""

    name: str
    honoured: bool
    surfaces: tuple[str, ...]
    commitment: str


class Trackers:
    """The promises about trackers, ready to be asked."""

    def __init__(self, organization: OrganizationPack, promises: Sequence[Promise], scope: Scope | None = None) -> None:
        self._scope = scope
        self._rules = tuple(one for one in promises if one.kind == "cookie")
        self._signals = tuple(one for one in promises if one.kind == "dnt-gpc")
        self._scopes = tuple(one for one in promises if one.kind == "scope")
        self._consents = tuple(
            one for one in promises if one.kind == "consent-required" and "trackers" in one.parameters
        )
        terms = [s.elapsed(one.parameters["period"]) for one in promises if one.kind == "deadline" and _ends(one)]
        self.choice_stands: timedelta | None = min(terms, default=None)

    def may_set(self, asked: Tracker) -> Verdict:
        """May it be set? Every promise that speaks of it must agree."""
        about = [one for one in self._rules if _concerns(one, asked)]
        against = [
            because("surface-banned", f"Such trackers never stand on {s.plain([asked.surface])}.", one)
            for one in about
            if not _stands_on(one, asked)
        ]
        against += [reason for one in self._rules for reason in _banned(one, asked)]
        if not about and self._rules:
            text = f"No commitment names {s.plain([asked.purpose])} as a purpose of trackers."
            against.append(because("purpose-not-named", text, self._rules[0]))
        against += self._beyond(asked.surface)
        against += self._unconsented(asked)
        against += self._signalled(asked)
        if against:
            return denied(against)
        return allowed(*(because("tracker-allowed", "Nothing promised speaks against it.", one) for one in about))

    def controls(self) -> Controls:
        """What must be offered, and nothing more: a switch nobody promised would be a promise of its own (T-86)."""
        switched = [one for one in self._rules if one.decided.get("on_site_control") is True]
        offered = [one for one in self._rules if one.parameters.get("on_site_opt_out") != "none"]
        named = [way for one in self._rules for way in s.as_list(one.parameters.get("controls")) if way != "not-stated"]
        purposes = [one for rule in switched for one in _waiting(rule)]
        return Controls(
            bool(switched) and len(offered) == len(self._rules),
            tuple(dict.fromkeys(purposes)),
            tuple(dict.fromkeys(one for one in named if not one.startswith("on-site"))),
            tuple(
                dict.fromkeys(one.parameters["opt_out_url"] for one in self._rules if "opt_out_url" in one.parameters)
            ),
            tuple(one.id for one in self._rules if one.decided or "controls" in one.parameters),
        )

    def choices(self) -> tuple[str, ...]:
        """The purposes a visitor decides about: those that wait for a choice, and no others (T-86)."""
        return tuple(dict.fromkeys(purpose for one in self._rules for purpose in _waiting(one)))

    def asked_again_at(self, since: datetime) -> datetime | None:
        """Until when a choice of that instant counts, and is asked for anew then; None where nothing ends it."""
        return None if self.choice_stands is None else since + self.choice_stands

    def asked_by(self, purpose: str) -> tuple[str, ...]:
        """The promises by which this purpose waits for a choice, of itself or as what needs a consent in general."""
        waiting = [one for one in self._rules if purpose in _waiting(one)]
        return tuple(one.id for one in (*waiting, *(self._consents if waiting else ())))

    def surfaces(self) -> tuple[str, ...]:
        """Every surface that a promise names, and the website, which every organization may have."""
        stated = [rule.parameters.get(key) for rule in (*self._scopes, *self._rules) for key in _SURFACES]
        stated += [rule.decided.get("surfaces") for rule in (*self._signals, *self._rules)]
        return tuple(dict.fromkeys((WEBSITE, *(one for some in stated for one in s.as_list(some)))))

    def knows(self, surface: str) -> bool:
        """Is it one of them? A single portal is where a promise names the portals together."""
        return any(is_of(one, surface) for one in self.surfaces())

    def told(self) -> tuple[Told, ...]:
        """Every promise of the organization about trackers; laws speak through the decisions."""
        return tuple(_told(one) for one in self._rules if not isinstance(one, LawRule))

    def signals(self) -> tuple[Signal, ...]:
        """What the organization says of Global Privacy Control and Do Not Track, each by itself (T-85)."""
        found = []
        for one in (*self._signals, *self._rules):
            for name in ("gpc", "dnt"):
                said = one.decided.get(name) or one.parameters.get(name, "not-stated")
                if said != "not-stated" and not isinstance(one, LawRule):
                    where = tuple(s.as_list(one.decided.get("surfaces"))) if name == "gpc" else ()
                    found.append(Signal(name, _honours(one, name), where, one.id))
        return tuple(found)

    def statements(self) -> tuple[str, ...]:
        """What is shown about browser signals, one sentence per promise; nothing is said where nothing was promised."""
        return tuple(
            KINDS[one.kind].sentence(one.parameters, one.decided)
            for one in self._signals
            if not isinstance(one, LawRule)
        )

    def stays_too_long(self, lifetime: str) -> bool:
        """Is this longer than cookies typically stay, so that an entry with a reason is needed (T-47: no maximum)?"""
        typical = [one.parameters["lifetime"] for one in self._rules if "lifetime" in one.parameters]
        return any(s.shorter(one, lifetime) for one in typical)

    def outside(self, surface: str) -> str | None:
        """Who governs there, where no policy here does: a sentence; None for a surface of the company's own."""
        found = self._scope.covering(surface) if self._scope is not None else None
        if found is None or (found.outside is None and (found.covered or self.knows(surface))):
            return None
        governs = found.outside.sentence if found.outside is not None else "Nobody has written down who governs there."
        return f"The policy does not cover {s.plain([surface])}. {governs}"

    def _beyond(self, surface: str) -> list[Reason]:
        said = self.outside(surface)
        return [] if said is None else [because("outside-scope", said, next(iter(self._scopes), None))]

    def _unconsented(self, asked: Tracker) -> list[Reason]:
        if asked.consent is True:
            return []
        text = f"Trackers for {s.plain([asked.purpose])} wait for the visitor's consent."
        waiting = [one for one in self._rules if asked.purpose in _waiting(one) and _in(one, asked)]
        eased = any(asked.purpose in s.as_list(one.parameters.get("cookie_purposes")) for one in self._rules)
        if asked.personal and (not eased or asked.third_party):
            waiting += self._consents
        if asked.consent is False and not waiting:
            waiting = [one for one in self._rules if asked.purpose in s.as_list(one.parameters.get("optional"))]
        return [because("no-consent", text, one) for one in waiting]

    def _signalled(self, asked: Tracker) -> list[Reason]:
        """A signal speaks against what reaches others or follows a person; a site's own necessities stay."""
        if not (asked.third_party or asked.behavioural):
            return []
        found = []
        for one in (*self._signals, *self._rules):
            honours = {name for name in ("gpc", "dnt") if _honours(one, name)}
            surfaces = s.as_list(one.decided.get("surfaces"))
            if surfaces and not any(is_of(surface, asked.surface) for surface in surfaces):
                continue
            if isinstance(one, LawRule) and not _reaches(one, asked.jurisdiction):
                continue
            for name, sent in (("gpc", asked.gpc), ("dnt", asked.dnt)):
                if sent and name in honours:
                    found.append(because(f"{name}-sent", "The browser's signal refuses this, and it is obeyed.", one))
            if asked.sale_refused and not asked.gpc and "gpc" in honours:
                found.append(because("sale-refused", "The person refused this before, and that is obeyed.", one))
        return found


def _ends(promise: Promise) -> bool:
    return promise.parameters.get("act") == "keep-tracker-choice"


def _concerns(promise: Promise, asked: Tracker) -> bool:
    """Does the promise speak of this tracker, by its purpose or by whom it serves?"""
    parameters = promise.parameters
    if asked.recipient is not None and asked.recipient in s.as_list(parameters.get("recipients")):
        return True
    named = s.as_list(parameters.get("cookie_purposes")) + s.as_list(parameters.get("consent_for"))
    return asked.purpose in [*named, parameters.get("exception")]


def _told(promise: Promise) -> Told:
    parts = promise.parameters

    def named(*keys: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one for key in keys for one in s.as_list(parts.get(key))))

    return Told(
        promise.id,
        named("cookie_purposes"),
        tuple(_waiting(promise)),
        named("allowed_surfaces", "surfaces"),
        named("banned_surfaces"),
        named("recipients"),
        named("banned"),
        parts.get("lifetime"),
        parts.get("exception"),
        parts.get("on_site_opt_out") == "none",
    )


def _stands_on(promise: Promise, asked: Tracker) -> bool:
    parameters = promise.parameters
    if any(is_of(one, asked.surface) for one in s.as_list(parameters.get("banned_surfaces"))):
        return False
    named = s.as_list(parameters.get("allowed_surfaces")) + s.as_list(parameters.get("surfaces"))
    return not named or any(is_of(one, asked.surface) for one in named)


def _banned(promise: Promise, asked: Tracker) -> list[Reason]:
    """What is forbidden by its nature: following people with cookies, or through others inside an app."""
    banned = s.as_list(promise.parameters.get("banned"))
    found = []
    if "tracking-cookies" in banned and asked.cookie and asked.behavioural:
        found.append(because("tracking-banned", "Cookies never follow what a person does.", promise))
    if _is_app(asked.surface):
        if "app-third-party-behavioral-tracking" in banned and asked.third_party and asked.behavioural:
            found.append(because("tracking-banned", "Nobody else follows people in the App.", promise))
        settled = promise.decided.get("app_analytics")
        if settled is not None and _concerns(promise, asked):
            text = "In the App this runs without cookies and without following behaviour, or not at all."
            if settled == "forbidden" or asked.cookie or asked.behavioural:
                found.append(because("app-analytics", text, promise))
        elif asked.cookie and "recipients" not in promise.parameters and _never_in_app(promise):
            found.append(because("surface-banned", "Nothing is stored by cookies in the App.", promise))
    return found


def _never_in_app(promise: Promise) -> bool:
    return any(_is_app(one) for one in s.as_list(promise.parameters.get("banned_surfaces")))


def _waiting(promise: Promise) -> list[str]:
    """The purposes that wait for the visitor's choice by this promise."""
    return list(
        dict.fromkeys(
            s.as_list(promise.parameters.get("consent_for"))
            + s.as_list(promise.decided.get("opt_in_for"))
            + s.as_list(promise.decided.get("separately_switchable"))
        )
    )


def _in(promise: Promise, asked: Tracker) -> bool:
    places = s.as_list(promise.decided.get("opt_in_in"))
    if not places or asked.jurisdiction is None:
        return True
    return any_may_hold(places, asked.jurisdiction)


def _honours(promise: Promise, signal: str) -> bool:
    return promise.decided.get(signal) == "honour" or promise.parameters.get(signal) == "honoured"


def _reaches(rule: LawRule, jurisdiction: str | None) -> bool:
    """A law about signals is heard where the visitor is, and where that is not known."""
    return jurisdiction is None or any_may_hold(rule.jurisdictions, jurisdiction)


def _is_app(surface: str) -> bool:
    return surface == "app" or surface.endswith("-app")
