"""Who may get which data: bans first, then the lists of recipients with their conditions, then the person's consent."""

from collections.abc import Sequence
from dataclasses import replace

from consent.policies.answers.groups import Groups
from consent.policies.answers.inventory import Inventory
from consent.policies.answers.privacy_switches import is_refused
from consent.policies.answers.reasons import allowed, because, denied, of_kind
from consent.policies.answers.transfer_conditions import of_field, unmet, unmet_conditions, unregistered
from consent.policies.answers.transfers import Transfer
from consent.policies.kinds import Promise
from consent.policies.kinds import shapes as s
from consent.policies.organization import OrganizationPack
from consent.policies.questions import Reason, Verdict
from consent.policies.recipients import INSIDE

__all__ = ["Sharing", "Transfer"]


class Sharing:
    """The promises about handing data on, ready to be asked."""

    def __init__(self, organization: OrganizationPack, promises: Sequence[Promise]) -> None:
        self.groups = Groups(organization, promises)
        self.inventory = Inventory(organization, promises)
        self._kinds = {one.key: one.kinds for one in organization.recipients}
        self._bans = of_kind(promises, "share-ban")
        # A permission that names recipients lists them too, for as long as it lives.
        permitted = [one for one in of_kind(promises, "consent-required") if "recipients" in one.parameters]
        self._lists = (*of_kind(promises, "share-allowed-recipient"), *permitted)
        self._conditions = of_kind(promises, "share-condition")
        self._registers = of_kind(promises, "recipient-register")
        self._closed = tuple(one for one in of_kind(promises, "purpose-limit") if "recipients" in one.parameters)
        self._notices = of_kind(promises, "legal-process-notice")

    def may_share(self, asked: Transfer) -> Verdict:
        """May these fields go to this recipient for this purpose? A ban binds whatever anybody consented to."""
        asked = self._placed(asked)
        bans = [
            because("banned", f"{_said(one, asked)} must not happen, whatever anybody agreed to.", one)
            for one in self._bans
            if self.hits(one, asked)
        ]
        if bans:
            return denied(bans)
        against = [*self._refused(asked), *self._outside_closed(asked)]
        naming = self._naming(asked)
        if not naming:
            text = (
                f"No commitment lists {s.plain([asked.recipient])} for this data; "
                "the recipient is to be listed, with a basis, before anything goes."
            )
            return denied([*against, because("unlisted-recipient", text)])
        hindered = [(one, unmet(one, asked, self.inventory.is_personal)) for one in naming]
        free = [one for one, found in hindered if not found]
        if not free:
            against += hindered[0][1]
        against += [
            reason
            for one in self._conditions
            for reason in unmet_conditions(one, asked, (free or naming)[0])
            if not (free and free[0] is one)
        ]
        against += [reason for one in self._registers for reason in unregistered(one, asked)]
        if against:
            return denied(against)
        text = f"{s.opening(s.plain([asked.recipient]))} is listed for this data, and its conditions are met."
        told = (because("tell-the-person", "The person is to be told of this.", one) for one in self.must_tell(asked))
        return allowed(*(because("listed", text, one) for one in free), *told)

    def _refused(self, asked: Transfer) -> list[Reason]:
        """What the person's refusal says; before data goes for money or advertising somebody has to have looked."""
        found = []
        if is_refused(asked.purpose) and asked.identifying and asked.sale_refused is not False:
            looked = "The person has refused" if asked.sale_refused else "Nobody looked whether the person has refused"
            found.append(because("sale-refused", f"{looked} that data is sold or shared for advertising."))
        if asked.use_limited and asked.sensitive and asked.reference is None:
            text = "The person has limited the use of sensitive data to what they asked for themselves."
            found.append(because("use-limited", text))
        return found

    def hits(self, ban: Promise, asked: Transfer) -> bool:
        """Does the ban forbid this transfer?"""
        stated = ban.parameters
        if "data" in stated and not any(self.groups.reaches(s.as_list(stated["data"]), one) for one in _all(asked)):
            return False
        if "recipients" in stated:
            named = stated["recipients"]
            third = "third-parties" in named and INSIDE not in self._placed(asked).kinds
            if not third and asked.recipient not in named:
                return False
        if asked.ground is not None and asked.ground in s.as_list(stated.get("exceptions")):
            return False
        banned = s.as_list(stated.get("banned_purpose")) + s.as_list(stated.get("banned"))
        if "allowed_purpose" in stated:
            return bool(asked.purpose != stated["allowed_purpose"])
        return any(_same(one, asked.purpose) or one in _all(asked) or _meant(one, asked) for one in banned)

    def left_out(self, asked: Transfer) -> tuple[str, ...]:
        """The fields that must not go, each looked at by itself, whatever becomes of the others (T-77)."""
        asked = self._placed(asked)
        naming = self._naming(asked)
        return tuple(
            field
            for field in asked.fields
            if any(self.hits(ban, replace(asked, data=field, fields=())) for ban in self._bans)
            or any(of_field(one, field, asked.identifying, self.inventory.is_personal) for one in naming)
        )

    def must_tell(self, asked: Transfer) -> tuple[Promise, ...]:
        """The promises by which the person is to be told of this compelled transfer."""
        return self._notices if asked.compelled else ()

    def register(self) -> tuple[dict[str, object], ...]:
        """The published list of subprocessors."""
        return tuple(entry for one in self._registers for entry in one.parameters["entries"])

    def recipients(self) -> frozenset[str]:
        """Every recipient that some commitment lists."""
        naming = (*self._lists, *self._conditions, *self._closed)
        return frozenset(each for one in naming for each in s.as_list(one.parameters.get("recipients")))

    def aims(self, recipient: str) -> frozenset[str]:
        """The purposes that the policy names for this very recipient."""
        naming = [
            one.parameters
            for one in (*self._bans, *self._lists, *self._conditions)
            if recipient in s.as_list(one.parameters.get("recipients"))
        ]
        return frozenset(
            aim
            for one in naming
            for name in ("allowed_purpose", "purposes", "purpose")
            for aim in s.as_list(one.get(name))
        )

    def _placed(self, asked: Transfer) -> Transfer:
        """The transfer with what its recipient is."""
        kinds = self._kinds.get(asked.recipient, frozenset())
        return asked if kinds == asked.kinds else replace(asked, kinds=kinds)

    def _naming(self, asked: Transfer) -> list[Promise]:
        """The promises that list this recipient for this data."""
        found = [
            one
            for one in (*self._lists, *self._conditions, *self._closed)
            if asked.recipient in s.as_list(one.parameters.get("recipients")) and self._about(one, asked)
        ]
        if asked.subprocessor:
            found += [one for one in self._registers if one not in found]
        return found

    def _about(self, one: Promise, asked: Transfer) -> bool:
        named = s.as_list(one.parameters.get("data"))
        return not named or not {"non-identifying-only", "customer-data"}.isdisjoint(named) or self.groups.reaches(
            named, asked.data
        )  # fmt: skip

    def _outside_closed(self, asked: Transfer) -> list[Reason]:
        """Data that a purpose limit ties to certain recipients goes to them alone."""
        return [
            because("not-its-recipient", f"This data goes to {s.plain(one.parameters['recipients'])} alone.", one)
            for one in self._closed
            if self.groups.reaches(s.as_list(one.parameters.get("data")), asked.data)
            and asked.recipient not in one.parameters["recipients"]
        ]


def _all(asked: Transfer) -> tuple[str, ...]:
    return (asked.data, *asked.fields)


def _same(banned: str, purpose: str) -> bool:
    """A wider or a narrower word for the same aim counts as the aim: marketing, third-party-own-marketing."""
    return banned == purpose or banned.endswith("-" + purpose) or purpose.endswith("-" + banned)


def _meant(banned: str, asked: Transfer) -> bool:
    if banned == "public-release-identifying":
        return asked.recipient == "public" and asked.identifying
    # A file is shared as soon as a second customer has a row in it; uncounted, it may be.
    logs = "log" in asked.data.split("-") or "logs" in asked.data.split("-")
    return banned == "shared-logs" and logs and asked.owners != 1


def _said(ban: Promise, asked: Transfer) -> str:
    stated = ban.parameters
    banned = s.as_list(stated.get("banned_purpose")) + s.as_list(stated.get("banned"))
    aim = next((one for one in banned if _same(one, asked.purpose)), banned[0] if banned else asked.purpose)
    return f"Handing data to {s.plain([asked.recipient])} for {s.plain([aim])}"
