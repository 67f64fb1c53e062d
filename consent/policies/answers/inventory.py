"""What may be gathered, held and used: the answers about the data itself."""

from collections.abc import Sequence

from consent.policies.answers.gathering import Gathering
from consent.policies.answers.groups import Groups
from consent.policies.answers.reasons import allowed, because, denied, of_kind
from consent.policies.jurisdictions import same_place
from consent.policies.kinds import Promise
from consent.policies.kinds import shapes as s
from consent.policies.organization import OrganizationPack
from consent.policies.questions import Reason, Verdict

__all__ = ["Gathering", "Inventory"]

# No organization may keep these after a payment is authorised, whatever its wording says (PCI DSS 4.0, 3.3.1.2).
NEVER_STORED = frozenset({"cvv", "cvc", "card-verification-code", "verification-number"})

# Traits of an item that promises limit: the parameter that names what is allowed, and the class of data it is about.
_TRAITS = {
    "passcode_storage": "account-information",
    "geolocation_precision": "geolocation",
    "navigation_data": "technical",
}


class Inventory:
    """The promises about collecting, holding and using data, ready to be asked."""

    def __init__(self, organization: OrganizationPack, promises: Sequence[Promise]) -> None:
        self.groups = Groups(organization, promises)
        self._declared = of_kind(promises, "data-category-collected")
        self._banned = of_kind(promises, "content-not-collected")
        self._limits = of_kind(promises, "collection-limit")
        self._sources = of_kind(promises, "data-source")
        self._purposes = of_kind(promises, "purpose-limit")
        self._told = tuple(
            one
            for one in of_kind(promises, "notice-of-change")
            if one.parameters.get("trigger") == "purpose-differs-from-collection"
        )

    def may_collect(self, category: str, how: Gathering) -> Verdict:
        """May data of this class be gathered in this way?"""
        against = [*self._never(category, None, how.open_gates), *self._undeclared(category)]
        declaring = [one for one in self._declared if category in one.parameters["data_categories"]]
        hindered = [self._unfit(one, category, how) for one in declaring]
        if declaring and all(hindered):
            against += hindered[0]
        against += self._ungrounded(how)
        against += self._unsourced(how)
        against += self._unannounced(category, how)
        if against:
            return denied(against)
        return allowed(
            *(because("declared", f"{_said(category)} is among what may be held.", one) for one in declaring)
        )

    def may_hold(self, item: str, subject: str | None = None, open_gates: frozenset[str] = frozenset()) -> Verdict:
        """May this field be kept, as far as it is about that subject?"""
        against = self._never(item, subject, open_gates)
        if item in NEVER_STORED:
            text = f"{_said(item)} is never stored here, whoever asks; the payment provider keeps a token instead."
            against.append(because("never-stored", text))
        for one in self._declared:
            kept = one.decided.get("storage")
            if (
                kept
                and item in s.as_list(one.parameters.get("data_categories"))
                and one.parameters.get("financial_persons")
            ):
                text = f"{_said(item)} passes through to the payment provider; only {s.plain(kept)} may stay."
                if item not in kept:
                    against.append(because("passes-through", text, one))
        if against:
            return denied(against)
        return allowed(
            *(
                because("may-stay", f"{_said(item)} is among what may stay.", one)
                for one in (*self._banned, *self._declared)
                if item in [*s.as_list(one.parameters.get("allowed")), *s.as_list(one.decided.get("storage"))]
            )
        )

    def may_use(
        self,
        data: str,
        purpose: str,
        *,
        person: str | None = None,
        basis: str | None = None,
        ground: str | None = None,
        consent: bool = False,
        open_gates: frozenset[str] = frozenset(),
        person_keys: bool = False,
    ) -> Verdict:
        """May data of this class serve this purpose? What no promise names as a purpose is none.

        `purpose-closed`: the wording itself says that nothing else counts, whoever would use it. A word for several
        classes is refused where one of them is.
        """
        against = self._permission_gone(ground, consent)
        naming: dict[Reason, None] = {}
        for one in self.groups.meant(data):
            hindering, supporting = self._serves(one, purpose, person, basis, open_gates)
            against += self._linked(one, person_keys) + hindering
            naming |= dict.fromkeys(supporting)
        return denied(against) if against else allowed(*naming)

    def _serves(
        self, data: str, purpose: str, person: str | None, basis: str | None, open_gates: frozenset[str]
    ) -> tuple[list[Reason], list[Reason]]:
        """What stands against one class of data serving this purpose, and what is for it."""
        against: list[Reason] = []
        special = [one for one in self._purposes if self._special(one, data)]
        listed = [one for one in self._declared if _aims(one, data)]
        general = [one for one in self._purposes if "data" not in one.parameters and self._concerns(one, person)]
        asked = special or [*listed, *general]
        closed = [one for one in special if one.parameters.get("closed_list")]
        for one in asked:
            if purpose in s.as_list(one.decided.get("excluded")):
                text = f"{_said(purpose)} is none of the purposes, although a general word might seem to cover it."
                against.append(because("purpose-excluded", text, one))
        naming = [one for one in asked if purpose in (one.parameters["purposes"] if one in self._purposes
                                                      else _aims(one, data))]  # fmt: skip
        missing = [one for one in closed if one not in naming] or ([] if naming else asked)
        for one in missing:
            aims = one.parameters["purposes"] if one in self._purposes else _aims(one, data)
            text = f"{_said(data)} serves {s.plain(aims)} only; {_said(purpose).lower()} is not among them."
            against.append(because("purpose-closed" if one in closed else "purpose-not-listed", text, one))
        if not asked:
            text = f"No commitment names a purpose for {_said(data).lower()}; add one before it is used."
            against.append(because("no-purpose", text))
        unsaid = [one for one in naming if person is None and "persons" in one.parameters]
        if unsaid and len(unsaid) == len(naming):
            against += [_person_unsaid(one) for one in unsaid]
        for one in naming:
            against += _gate_shut(one, open_gates)
        for one in asked if naming else ():
            against += _without_basis(one, basis)
        text = f"{_said(purpose)} is among its purposes."
        return against, [because("purpose-listed", text, one) for one in naming if one not in unsaid]

    def sources(self) -> frozenset[str]:
        """Where data may come from; each item is to carry one of these."""
        return frozenset(one for promise in self._sources for one in promise.parameters["sources"])

    def treated_as(self, category: str, jurisdiction: str | None, use: str | None) -> str:
        """The class whose rules this data falls under there and for that use; door images are an example."""
        for one in self._declared:
            treated = one.decided.get("treat_as")
            if treated and category in one.parameters["data_categories"]:
                here = same_place(s.as_list(one.decided.get("treat_where")), jurisdiction)
                if here and one.decided.get("treat_when") in (None, use):
                    return str(treated)
        return category

    def is_personal(self, item: str) -> bool:
        """Is it to be treated as personal data? Only what a commitment calls non-identifying, unsettled, is not."""
        for one in self._declared:
            settled = one.decided.get("treat_as_personal")
            if settled is not None and item in one.parameters["data_categories"]:
                return item in settled
        return True

    def _undeclared(self, category: str) -> list[Reason]:
        if self.groups.known(category):
            return []
        text = f"{_said(category)} is declared nowhere; a commitment and organization.toml must name it first."
        return [because("not-declared", text)]

    def _never(self, item: str, subject: str | None, open_gates: frozenset[str]) -> list[Reason]:
        against = []
        for one in self._banned:
            about = one.parameters.get("subject")
            meant = about is None or subject is None or about == subject
            if meant and item in s.as_list(one.parameters.get("banned")):
                through = set(s.as_list(one.parameters.get("exceptions"))) & open_gates
                if not through:
                    text = f"{_said(item)} is never taken or kept."
                    against.append(because("banned", text, one))
            gates = set(s.as_list(one.parameters.get("gate")))
            shut = one.parameters.get("default") and not gates & open_gates
            if shut and item in s.as_list(one.parameters.get("data")):
                text = f"{_said(item)} is not kept unless {s.plain(sorted(gates))}."
                against.append(because("gate-shut", text, one))
        for one in self._declared:
            if item in s.as_list(one.decided.get("never_stored")):
                against.append(because("never-stored", f"{_said(item)} is never stored.", one))
        return against

    def _unfit(self, one: Promise, category: str, how: Gathering) -> list[Reason]:
        """What keeps this declaration from covering this act."""
        against = []
        stated = one.parameters
        gate = stated.get("gate")
        if gate and gate not in how.open_gates:
            text = f"{_said(category)} is taken only while the gate of {gate} is open."
            against.append(because("gate-shut", text, one))
        persons = s.as_list(stated.get("persons"))
        if category.startswith("financial"):
            persons = persons or s.as_list(stated.get("financial_persons"))
        if persons and how.person not in persons:
            text = f"{_said(category)} is taken of {s.plain(persons)} only."
            against.append(because("not-of-this-person", text, one))
        moments = [at for at, what in stated.get("moments", {}).items() if category in what]
        moments += s.as_list(stated.get("trigger"))
        if moments and how.moment not in moments:
            text = f"{_said(category)} is taken at {s.plain(moments)} only."
            against.append(because("not-at-this-moment", text, one))
        limits = {key: s.as_list(stated[key]) for key, about in _TRAITS.items() if key in stated and about == category}
        if "finest_destination" in one.decided and category.startswith("destination"):
            limits["finest_destination"] = s.as_list(one.decided["finest_destination"])
        for key, fit in limits.items():
            if how.traits.get(key) not in fit:
                text = f"{_said(category)} only as {' or '.join(s.plain([each]) for each in fit)}; say which it is."
                against.append(because("too-fine", text, one))
        return against

    def _ungrounded(self, how: Gathering) -> list[Reason]:
        against = []
        for one in self._limits:
            grounds = s.as_list(one.parameters.get("grounds"))
            if grounds and how.ground not in grounds:
                text = f"Data is gathered only on one of these grounds, with the need written down: {s.plain(grounds)}."
                against.append(because("no-ground", text, one))
            elif grounds and how.ground == "permission" and not how.consent:
                text = "Permission is the ground, and there is no live consent on record."
                against.append(because("no-permission", text, one))
            if one.parameters.get("rule") == "no-repeat-collection" and how.held_already:
                lawful = how.required_by_law and "required-by-law" in s.as_list(one.parameters.get("exceptions"))
                if one.decided.get("strength") == "ban" and not lawful:
                    instead = one.decided.get("instead", "not-asking-again")
                    text = f"This is held already and is not asked for again; instead: {s.plain([instead])}."
                    against.append(because("held-already", text, one))
        return against

    def _unsourced(self, how: Gathering) -> list[Reason]:
        against = []
        for one in self._sources:
            if how.source not in one.parameters["sources"]:
                text = f"Each item names its source, one of {s.plain(one.parameters['sources'])}."
                against.append(because("no-source", text, one))
        for one in self._told:
            if how.purpose is None:
                text = "The purpose told to the person is stored with the data, or nobody can be told of another one."
                against.append(because("no-stated-purpose", text, one))
        return against

    def _unannounced(self, category: str, how: Gathering) -> list[Reason]:
        against = []
        for one in self._purposes:
            wanted = one.decided.get("announcement")
            silent = wanted and how.traits.get("announcement") != wanted
            if silent and category in s.as_list(one.parameters.get("data")):
                text = f"{_said(category)} only after the person was told: {s.plain([wanted])}."
                against.append(because("not-announced", text, one))
        return against

    def _linked(self, data: str, person_keys: bool) -> list[Reason]:
        return [
            because("person-keys", f"{_said(data)} carry no key that leads to a person; take the keys out.", one)
            for one in self._limits
            if person_keys and one.parameters.get("linkage") == "banned" and data in s.as_list(one.parameters["data"])
        ]

    def _permission_gone(self, ground: str | None, consent: bool) -> list[Reason]:
        return [
            because("no-permission", "Permission was the ground and has ended; the data may no longer be used.", one)
            for one in self._limits
            if ground == "permission" and not consent and "permission" in s.as_list(one.parameters.get("grounds"))
        ]

    def _special(self, one: Promise, data: str) -> bool:
        return "data" in one.parameters and self.groups.reaches(s.as_list(one.parameters["data"]), data)

    def _concerns(self, one: Promise, person: str | None) -> bool:
        persons = s.as_list(one.parameters.get("persons"))
        return not persons or person is None or person in persons


def _aims(one: Promise, data: str) -> list[str]:
    """The purposes a declaration itself names for this class of data."""
    stated = one.parameters
    if data not in stated["data_categories"]:
        return []
    if "call_detail_purposes" in stated:
        return list(stated["call_detail_purposes"]) if data == "call-detail" else []
    return [*s.as_list(stated.get("purposes")), *s.as_list(stated.get("automatic_purposes"))]


def _person_unsaid(one: Promise) -> Reason:
    text = f"It serves this of {s.plain(s.as_list(one.parameters['persons']))} only; say what the person is."
    return because("not-of-this-person", text, one)


def _without_basis(one: Promise, basis: str | None) -> list[Reason]:
    bases = s.as_list(one.parameters.get("bases"))
    if not bases or basis in bases:
        return []
    text = f"Beside the purpose one of these bases is needed: {s.plain(bases)}."
    return [because("no-basis", text, one)]


def _gate_shut(one: Promise, open_gates: frozenset[str]) -> list[Reason]:
    gate = one.parameters.get("gate")
    if gate is None or gate in open_gates:
        return []
    return [because("gate-shut", f"Used only while there is {s.plain([gate])}.", one)]


def _said(word: str) -> str:
    return s.opening(s.plain([word]))
