"""What becomes of each class of data when its deletion is asked for."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from consent.deadlines import add
from consent.deadlines.zones import local_date
from consent.policies.answers.asking import Item, ItemOutcome, Outcome
from consent.policies.answers.groups import Groups
from consent.policies.answers.reasons import because, of_kind
from consent.policies.jurisdictions import same_place
from consent.policies.kinds import Promise
from consent.policies.kinds import shapes as s
from consent.policies.law import LawRule
from consent.policies.organization import OrganizationPack

_TO_PROVE = "demonstrate-"  # of a criterion: the ground for which a record is shown
_PROOF = frozenset({"addresses", "consents"})  # what was agreed to, and by which number: one proves nothing alone


class Deletion:
    """The promises about deleting on request, and the grounds on which something stays."""

    def __init__(self, organization: OrganizationPack, promises: Sequence[Promise], where: ZoneInfo) -> None:
        self.zone = where
        self.groups = Groups(organization, promises)
        known = of_kind(promises, "deletion-exception")
        self._own = [one for one in known if not isinstance(one, LawRule)]
        self._lawful = [one for one in known if isinstance(one, LawRule)]
        self._minors = tuple(
            one for one in of_kind(promises, "deadline") if "remove-data" in s.as_list(one.parameters.get("actions"))
        )
        self._gates = tuple(one for one in of_kind(promises, "purpose-limit") if "gate" in one.parameters)
        self._survivors = tuple(
            one
            for one in of_kind(promises, "suppression-record")
            if "deletion-request" in s.as_list(one.parameters.get("survives"))
        )
        self._proofs = tuple(
            one for one in of_kind(promises, "retention-limit") if self._proven(one) and "periods" in one.decided
        )
        self._parts = {one.key: one.here for one in organization.data_categories if one.here in _PROOF}
        self._closed = tuple(one for one in of_kind(promises, "retention-limit") if "exceptions" in one.parameters)

    @property
    def grounds_of_proof(self) -> frozenset[str]:
        """The grounds on which a record of consent stays to prove, and for nothing else."""
        return frozenset(ground for one in self._proofs for ground in self._proven(one))

    def proves(self, items: Sequence[Item]) -> bool:
        """Is there among these a record of what was agreed to?"""
        return any(self._parts.get(one.category) == "consents" for one in items)

    def outcome(
        self, item: Item, asked_at: datetime, rights: Sequence[Promise], place: str | None = None, *,
        proves: bool = False,
    ) -> ItemOutcome:  # fmt: skip
        """What becomes of this class of data, with the promise behind it. `proves`: records of consent are held."""
        exceptions = self._exceptions(rights, place)
        for one in self._survivors:
            if item.category == "suppression-list":
                text = "The entry that keeps us from writing again stays, reduced to the least."
                return ItemOutcome(item.category, "kept", reasons=(because("suppression", text, one),))
        outside = self._outside(item, rights)
        if outside is not None:
            return outside
        for one in self._gates:
            gate = str(one.parameters["gate"])
            if gate in item.open_gates and self.groups.reaches(s.as_list(one.parameters.get("data")), item.category):
                text = f"It is needed while there is {s.plain([gate])}; it goes when that ends, without a new request."
                return ItemOutcome(item.category, "deferred", None, f"end-of-{gate}", (),
                                   (because("deferred", text, one),))  # fmt: skip
        proof = self._proof(item, asked_at, exceptions) if proves else None
        if proof is not None:
            return proof
        return self._excepted(item, asked_at, exceptions) or self._gone(item, asked_at, rights, exceptions)

    def _proof(self, item: Item, asked_at: datetime, exceptions: Sequence[Promise]) -> ItemOutcome | None:
        """Records of consent stay as long as their promise wants them for proof; texts and names do not (T-15)."""
        if item.category not in self._parts:
            return None
        for limit in self._proofs:
            settled = limit.decided["periods"].get(item.category)
            if settled is None or settled["for"] == "unlimited":
                continue
            for one in exceptions:
                ground = next((each for each in self._proven(limit) if each in one.parameters["exceptions"]), None)
                if ground is not None and self._reaches(one, item):
                    until = item.ground_until or self._end(limit, item.category, asked_at)
                    text = f"It proves what was agreed to: it stays until {until} and serves nothing else."
                    reasons = (because("excepted", text, one), because("excepted", text, limit))
                    return ItemOutcome(item.category, "kept", until, None, (), reasons, ground)
        return None

    @staticmethod
    def _proven(limit: Promise) -> list[str]:
        """The grounds that its criteria name for what is to be demonstrated."""
        named = s.as_list(limit.parameters.get("criteria"))
        return [one.removeprefix(_TO_PROVE) for one in named if one.startswith(_TO_PROVE)]

    def _exceptions(self, rights: Sequence[Promise], place: str | None) -> Sequence[Promise]:
        """Its own where it promises to delete, since no law makes a promise smaller; else the law's of that place."""
        if rights or not self._lawful:
            return self._own
        return [*self._own, *(one for one in self._lawful if same_place(one.jurisdictions, place))]

    def _outside(self, item: Item, rights: Sequence[Promise]) -> ItemOutcome | None:
        """Data from other sources, where the right covers only what the person gave."""
        scoped = [one for one in rights if one.parameters.get("data_scope") == "collected-from-person"]
        if not scoped or len(scoped) < len(rights) or item.source == "person":
            return None
        text = "The right covers what was collected from the person; this came from elsewhere and is decided apart."
        return ItemOutcome(item.category, "outside-the-right", reasons=(because("other-source", text, scoped[0]),))

    def _excepted(self, item: Item, asked_at: datetime, exceptions: Sequence[Promise]) -> ItemOutcome | None:
        """The first ground on which it stays, or the mark that a person has to look."""
        admitted = [one for one in exceptions if self._reaches(one, item)]
        for ground in sorted(item.grounds):
            for one in admitted:
                if ground in one.parameters["exceptions"]:
                    return self._kept(item, ground, one, asked_at)
        if item.grounds and any(one.parameters.get("list_is_examples") for one in admitted):
            text = (
                f"{s.opening(s.plain(sorted(item.grounds)))} is not named as a ground; a person decides, with reasons."
            )
            example = next(one for one in admitted if one.parameters.get("list_is_examples"))
            return ItemOutcome(item.category, "for-a-person", reasons=(because("ground-not-named", text, example),))
        return None

    def _reaches(self, one: Promise, item: Item) -> bool:
        """A child's data and New York's door data are beyond the grounds that say so."""
        if item.minor and {each.id for each in self._minors} & set(s.as_list(one.decided.get("yields_to"))):
            return False
        closed = any(self.groups.reaches(s.as_list(each.parameters["data"]), item.category) for each in self._closed)
        return not (closed and one.parameters.get("applies_to_tdpa_data") is False)

    def _kept(self, item: Item, ground: str, one: Promise, asked_at: datetime) -> ItemOutcome:
        until = item.ground_until or self._end(one, ground, item.recorded or asked_at)
        recheck = one.parameters.get("recheck_trigger")
        outcomes = s.as_list(one.parameters.get("outcome"))
        outcome: Outcome = "deferred" if recheck and "deferred" in outcomes else "kept"
        if outcome == "kept" and until is None:
            recheck = recheck or "end-date-to-be-set"
        text = f"It stays for {s.plain([ground])}{f' until {until}' if until else ''}; it goes then by itself."
        return ItemOutcome(item.category, outcome, until, recheck, (), (because("excepted", text, one),))

    def _gone(
        self, item: Item, asked_at: datetime, rights: Sequence[Promise], exceptions: Sequence[Promise]
    ) -> ItemOutcome:
        stated = [each for one in rights for each in s.as_list(one.parameters.get("outcomes"))]
        outcome: Outcome = "anonymized" if stated and "deleted" not in stated else "deleted"
        reasons = [because("deleted", "It is deleted.", one) for one in rights]
        only = tuple(each for one in self._minors if item.minor for each in s.as_list(one.decided.get("keep_only")))
        if item.minor:
            reasons = [because("minor", "Data of a person too young goes without exception.", one)
                       for one in self._minors] or reasons  # fmt: skip
        for one in exceptions:
            if "backups" in one.parameters["exceptions"] and self._reaches(one, item):
                until = self._end(one, "backups", asked_at)
                text = f"Gone where we work; the backups have turned over by {until}, and a restore deletes again."
                return ItemOutcome(item.category, "live-deleted-backup-pending", until, "backup-expiry", only,
                                   (*reasons, because("backup-pending", text, one)))  # fmt: skip
        return ItemOutcome(item.category, outcome, None, None, only, tuple(reasons))

    def _end(self, one: Promise, ground: str, start: datetime | date) -> date | None:
        settled = one.decided.get("periods", {}).get(ground)
        if settled is None or settled["for"] == "unlimited":
            return None
        return local_date(add(str(settled["for"]), "calendar-day", start, self.zone).due, self.zone)
