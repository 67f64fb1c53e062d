"""Which requests a company takes, from whom and where: what its form offers, what it asks, what it says of the rest.

A policy and the law of a place name the same wish by different words; people know one: to see, to correct, to delete.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from consent.policies.answers.asking import Asker
from consent.policies.answers.privacy_switches import SALE, USE, PrivacySwitches
from consent.policies.answers.reasons import of_kind
from consent.policies.jurisdictions import same_place
from consent.policies.kinds import Promise
from consent.policies.kinds import shapes as s
from consent.policies.kinds.requests import types_of
from consent.policies.law import LawRule

ELSEWHERE = "ZZ"  # CLDR's code of an unknown place: the laws of no place hold there
NOBODY_IN_PARTICULAR = ""  # of the roles a form offers: none of them
# The words of policies and laws for one wish, the closest word first: what is granted is asked for by that word.
WISHES: dict[str, tuple[str, ...]] = {
    "access": ("specific-pieces", "access", "view", "access-account"),
}
# Wishes that nobody has to grant by name: whoever says how to be reached takes questions, complaints and appeals.
ALWAYS_HEARD = ("appeal", "complaint")
# Data about children: a promise to remove it is a promise to be told of it.
OF_CHILDREN = "minor-report"


@dataclass(frozen=True)
class Opening:
    """A wish that somebody may have here: the promises and laws behind it, and on what it depends."""

    wish: str
    promises: tuple[Promise, ...]
    places: tuple[str, ...]  # the places of which its words speak
    roles: tuple[str, ...]  # the roles of which its words speak
    grounds: tuple[str, ...]
    alone: tuple[str, ...]  # where people do it themselves, without asking anybody


@dataclass(frozen=True)
class Granted:
    """What somebody gets: the request by its proper word, by which promises, and through whom it goes."""

    request_type: str
    promises: tuple[Promise, ...]
    routed: bool = False


@dataclass(frozen=True)
class Asks:
    """What must be known before it can be said whether somebody has this right, and nothing more."""

    places: tuple[str, ...]
    roles: tuple[str, ...]
    grounds: tuple[str, ...]


class Openings:
    """The wishes that one organization answers, by its promises and the law of one day."""

    def __init__(self, promises: Sequence[Promise]) -> None:
        mine = [one for one in promises if not isinstance(one, LawRule)]
        self._rights = of_kind(mine, "request-right", "self-service", "request-eligibility")
        self._laws = tuple(one for one in promises if isinstance(one, LawRule) and one.kind == "request-right")
        self._contacts = of_kind(mine, "contact-point")
        self._removing = [
            one for one in of_kind(mine, "deadline") if "remove-data" in s.as_list(one.parameters.get("actions"))
        ]
        self._processing = tuple(
            data.removesuffix("-data")
            for one in of_kind(mine, "role-allocation")
            for data, role in one.parameters.get("roles", {}).items()
            if role == "processor"
        )
        self._no_sale = PrivacySwitches(promises).of().sale_statement
        self._all = {one.wish: one for wish in self._wishes() if (one := self._opening(wish)).promises}

    def every(self) -> tuple[Opening, ...]:
        """Every wish that somebody may have here."""
        return tuple(self._all.values())

    def of(self, wish: str) -> Opening | None:
        """That wish, where anybody may have it."""
        return self._all.get(wish)

    def statement(self, wish: str) -> Promise | None:
        """The sentence that stands where others have a switch: nothing is sold, so nothing is switched (T-66)."""
        return self._no_sale if wish == SALE else None

    def asks(self, wish: str) -> Asks:
        """On what the answer depends: what would change nothing is not asked for."""
        opening = self._all.get(wish)
        if opening is None or self.statement(wish) is not None or wish in ACTS_AT_ONCE:
            return Asks((), (), ())
        places = (*opening.places, ELSEWHERE) if opening.places else ()
        roles = (*opening.roles, NOBODY_IN_PARTICULAR) if opening.roles else ()
        by_place = any(self._differs([self.granted(wish, place, role) for place in places]) for role in roles or ("",))
        by_role = any(
            self._differs([self.granted(wish, place, role) for role in roles]) for place in places or (ELSEWHERE,)
        )
        return Asks(opening.places if by_place else (), opening.roles if by_role else (), opening.grounds)

    def granted(self, wish: str, place: str | None, role: str | None) -> Granted | None:
        """What somebody there and of that role gets; None for nothing. An opt-out is taken from everybody."""
        opening = self._all.get(wish)
        if opening is None or self.statement(wish) is not None:
            return None
        if wish in ACTS_AT_ONCE or (not opening.places and not opening.roles):
            return Granted(_word(wish, opening.promises), opening.promises)
        asker = Asker(frozenset((role,) if role else ()), place)
        for word in WISHES.get(wish, (wish,)):
            found = [one for one in opening.promises if word in types_of(one.parameters) and _fits(one, asker)]
            if found:
                return Granted(word, tuple(found), self._goes_on(found, role))
        if role in self._processing:
            return Granted(_word(wish, opening.promises), opening.promises, routed=True)
        return None

    def _wishes(self) -> list[str]:
        named = [each for one in (*self._rights, *self._laws) for each in types_of(one.parameters)]
        named += [OF_CHILDREN] * bool(self._removing) + list(ALWAYS_HEARD) * bool(self._contacts)
        inside = {word: wish for wish, words in WISHES.items() for word in words}
        return list(dict.fromkeys(inside.get(one, one) for one in named))

    def _opening(self, wish: str) -> Opening:
        words = set(WISHES.get(wish, (wish,)))
        behind = [one for one in (*self._rights, *self._laws) if words & set(types_of(one.parameters))]
        if wish == OF_CHILDREN:
            behind += [one for one in self._removing if one not in behind]
        elif wish in ALWAYS_HEARD:
            behind += list(self._contacts)
        roles = [each for one in behind for each in _roles(one)]
        if roles and wish not in (OF_CHILDREN, *ALWAYS_HEARD):
            roles += self._processing
        return Opening(
            wish,
            tuple(behind),
            tuple(dict.fromkeys(each for one in behind for each in _places(one))),
            tuple(dict.fromkeys(roles)),
            tuple(dict.fromkeys(each for one in behind for each in s.as_list(one.parameters.get("grounds")))),
            tuple(
                dict.fromkeys(
                    each
                    for one in behind
                    if one.kind == "self-service"
                    for each in s.as_list(one.parameters.get("via"))
                )
            ),
        )

    def _goes_on(self, found: Sequence[Promise], role: str | None) -> bool:
        """Does somebody else decide first? The controller of the data, or whom the wording names (T-60, T-61)."""
        mine = [one for one in found if not isinstance(one, LawRule)]
        if role in self._processing and not any(role in s.as_list(one.parameters.get("persons")) for one in mine):
            return True
        return bool(mine) and all("route" in one.parameters for one in mine)

    def _differs(self, answers: Sequence[Granted | None]) -> bool:
        return len({(one.request_type, one.routed) if one else None for one in answers}) > 1


# The law asks for no proof of who somebody is before such a wish, so nothing but the address is asked for at all.
ACTS_AT_ONCE = (SALE, USE)


def wish_of(request_type: str) -> str:
    """The wish that people know behind the word of a policy or law."""
    return next((wish for wish, words in WISHES.items() if request_type in words), request_type)


def _word(wish: str, promises: Sequence[Promise]) -> str:
    granted = {each for one in promises for each in types_of(one.parameters)}
    return next((one for one in WISHES.get(wish, ()) if one in granted), wish)


def _fits(one: Promise, asker: Asker) -> bool:
    if isinstance(one, LawRule):
        return asker.jurisdiction is not None and same_place(one.jurisdictions, asker.jurisdiction)
    return fits(one, asker)


def _places(one: Promise) -> list[str]:
    if isinstance(one, LawRule):
        return list(one.jurisdictions)
    if one.decided.get("open_to") in ("anyone", "all-residents"):
        return []
    return [each for each in s.as_list(one.parameters.get("jurisdictions")) if each != "any"]


def _roles(one: Promise) -> list[str]:
    """The roles towards the company; where somebody lives is no role."""
    if isinstance(one, LawRule) or one.decided.get("open_to") == "anyone":
        return []
    return [each for each in s.as_list(one.parameters.get("persons")) if not _nobody(each)]


def _nobody(person: str) -> bool:
    return person in ("anyone", "parent") or "resident" in person.split("-")


def fits(one: Promise, asker: Asker) -> bool:
    """Does the promise speak of this person? Residents are known by their jurisdiction."""
    places = s.as_list(one.parameters.get("jurisdictions"))
    if one.decided.get("open_to") == "anyone":  # data is held of people that the wording forgot (VAL-19)
        return True
    if one.decided.get("open_to") != "all-residents" and not same_place(places, asker.jurisdiction):
        return False
    persons = s.as_list(one.parameters.get("persons"))
    return not persons or any(
        each == "anyone" or each in asker.roles or (bool(places) and "resident" in each.split("-")) for each in persons
    )
