"""Whether a version may be published and from when; every refusal says what would be possible. Pure."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import ClassVar

from consent.deadlines import zones
from consent.errors import Conflict
from consent.policies import queries, rules
from consent.policies.kinds import Promise
from consent.policies.organization import OrganizationPack
from consent.policies.version import PolicyVersionPack


class PublishRefused(Conflict):
    """The version cannot be published as it is; the sentence says what would be possible."""

    slug: ClassVar[str] = "publish-refused"
    title: ClassVar[str] = "This version cannot be published"


def refuse_change(same: queries.Version, pack: PolicyVersionPack) -> None:
    """A published version is frozen: coming again it must be the same to the byte."""
    if same.text_sha256 != pack.text_sha256:
        raise PublishRefused(
            f'The wording of version "{pack.version}" was published and has changed since. '
            "Put it back, or give the new wording a new version."
        )
    if same.commitments_sha256 != pack.commitments_sha256:
        raise PublishRefused(
            f'The commitments of version "{pack.version}" were published and have changed since. '
            "Put them back, or give the change a new version."
        )


def replaced_by(pack: PolicyVersionPack, mine: list[queries.Version], now: datetime) -> queries.Version | None:
    """The announced version that this one takes the place of, by its own word; its notice starts anew (T-43)."""
    named = pack.change.replaces if pack.change is not None else None
    if named is None:
        return None
    found = next((one for one in mine if one.version == named), None)
    if found is None:
        raise PublishRefused(f'Version "{pack.version}" replaces "{named}", which is not published.', field="replaces")
    if found.effective_at <= now or found is not mine[-1]:
        raise PublishRefused(
            f'Version "{pack.version}" replaces "{named}", which has begun. Only an announced version that has not'
            " begun can be replaced; leave the line out and publish a successor.",
            field="replaces",
        )
    return found


def beginning(
    stored: queries.Version,
    newest: date,
    pack: PolicyVersionPack,
    now: datetime,
    wanted: datetime,
    organization: OrganizationPack,
    promises: Sequence[Promise],
    nature: rules.Nature,
) -> datetime:
    """When the successor begins: never in the past, never sooner than promised, never before its predecessor."""
    if pack.last_updated <= newest:
        raise PublishRefused(
            f'Version "{pack.version}" is dated {pack.last_updated}, and a version of {newest} is published already.'
            " A changed wording carries a newer date."
        )
    earliest = max(
        rules.first_possible(promises, now, organization.zone, nature, organization.jurisdictions), stored.effective_at
    )
    if wanted < earliest and earliest > now:
        first = earliest.astimezone(zones.zone(organization.zone))
        notice = next((one.id for one in promises if rules.notice_period(one, nature)), "The policy in force")
        raise PublishRefused(
            f"{notice} promises notice, so this version may begin on {first:%Y-%m-%d} at the earliest.",
            field="effective_at",
            first_possible=first.isoformat(),
        )
    return max(wanted, now)
