"""Apply an organization's settings, publish a policy version, and compile what governs at an instant."""

import hashlib
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.errors import NotFound, SetupProblem
from consent.ids import new_id, new_stream_id
from consent.ledger import base64url
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.policies import changes, queries, rules
from consent.policies.examine import examine
from consent.policies.findings import BadPack, Finding
from consent.policies.kinds import Promise
from consent.policies.law import LawRule
from consent.policies.models import OrganizationSettings, PolicyTranslation, PolicyVersion, Status
from consent.policies.organization import OrganizationPack, parse_organization
from consent.policies.packs import load_law, packs_root
from consent.policies.publishing import PublishRefused, beginning, refuse_change, replaced_by
from consent.policies.rulebook import Rulebook, compile_rulebook
from consent.policies.version import PolicyVersionPack, main_version, parse_version

# Who publishes or applies settings does it alone (SQLite has one writer anyway): each is held to what the other did.
_ALONE = Sql(
    "SELECT 1 FROM organization WHERE organization_id = :organization_id",
    postgresql="SELECT 1 FROM organization WHERE organization_id = :organization_id FOR NO KEY UPDATE",
)
_RENAME = Sql("UPDATE organization SET name = :name, zone = :zone WHERE organization_id = :organization_id")
_LIVES = Sql(
    "SELECT id, policy, version, status, effective_at FROM policy_version"
    " WHERE organization_id = :organization_id AND status <> 'draft' AND withdrawn_event_id IS NULL"
    " ORDER BY policy, effective_at, version"
)
_WITHDRAW = Sql(
    "UPDATE policy_version SET withdrawn_event_id = :event_id, status = :status, superseded_at = :now"
    " WHERE organization_id = :organization_id AND id = :id"
)
_MOVE = Sql(
    "UPDATE policy_version SET status = :status, superseded_at = :over"
    " WHERE organization_id = :organization_id AND id = :id"
)


def apply_organization(
    tx: Tx,
    keyring: Keyring,
    organization_id: uuid.UUID,
    pack: OrganizationPack,
    now: datetime,
    beside: Sequence[PolicyVersionPack] = (),
) -> OrganizationSettings | None:
    """From now on these settings count, with the versions `beside` to come. None when they count already."""
    tx.one(_ALONE, {"organization_id": organization_id})
    applied, published = queries.both(tx, organization_id)
    if applied and applied[-1].sha256 == pack.sha256:
        return None
    newest = _newest(tx, organization_id, published)
    if newest:  # before the first version there is nothing the settings could contradict
        there = [*newest, *_others(beside, {one.policy for one in newest})]
        _refuse(examine(pack, "organization.toml", [(one, "commitments.toml") for one in there], shipped_law()))
    data = {"slug": pack.slug, "sha256": base64url.encode(pack.sha256)}
    entry = organizations.record(tx, keyring, organization_id, "settings.applied", data, now)
    row = OrganizationSettings(
        organization_id=organization_id,
        id=new_id(now),
        toml=pack.source,
        sha256=pack.sha256,
        applied_at=now,
        stream_id=entry.stream_id,
        event_id=entry.event_id,
    )
    tx.session.add(row)
    tx.flush()
    tx.run(_RENAME, {"organization_id": organization_id, "name": pack.name, "zone": pack.zone})
    return row


def publish(
    tx: Tx,
    keyring: Keyring,
    organization_id: uuid.UUID,
    pack: PolicyVersionPack,
    now: datetime,
    effective_at: datetime | None = None,
    beside: Sequence[PolicyVersionPack] = (),
) -> PolicyVersion | None:
    """The version is announced, and in force if its time has come. None when it was published before, unchanged.

    `beside` are the versions published in the same breath: a policy and its companions name each other.
    """
    tx.one(_ALONE, {"organization_id": organization_id})
    applied, published = queries.both(tx, organization_id)
    if not applied:
        raise PublishRefused("Apply the organization's settings first; a version is checked against them.")
    organization = _organization(tx, organization_id, applied[-1])
    mine = [one for one in published if one.policy == pack.policy]
    # One that was replaced stays in its folder as it stays in the record; it is as frozen as the others.
    gone = [one for one in queries.withdrawn(tx, organization_id) if one.policy == pack.policy]
    same = next((one for one in (*mine, *gone) if one.version == pack.version), None)
    if same is not None:
        refuse_change(same, pack)
        return None
    known = [one for one in _newest(tx, organization_id, published) if one.policy != pack.policy]
    there = [pack, *known, *_others(beside, {one.policy for one in (pack, *known)})]
    _refuse(examine(organization, "organization.toml", [(one, "commitments.toml") for one in there], shipped_law()))
    begins = rules.effective_by_header(pack, organization.zone)
    replaced = replaced_by(pack, mine, now)
    before = [one for one in mine if one is not replaced]
    nature: rules.Nature | None = None
    if before:
        old = _pack(tx, organization_id, before[-1])
        # The date printed at the top is the mark of a version: a replaced announcement had used up its own.
        newest = max(_pack(tx, organization_id, one).last_updated for one in mine)
        promises = _notices(tx, organization_id, before, now)
        nature = changes.nature_of(old, pack, promises)
        begins = beginning(before[-1], newest, pack, now, effective_at or begins, organization, promises, nature)
    elif effective_at is not None:
        begins = effective_at
    begins = begins.astimezone(UTC)
    stream_id = mine[-1].stream_id if mine else new_stream_id()
    data: dict[str, object] = {
        "policy": pack.policy,
        "policy_version": pack.version,
        "policy_sha256": base64url.encode(pack.text_sha256),
        "commitments_sha256": base64url.encode(pack.commitments_sha256),
        "effective_at": begins.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    if nature is not None:
        data["material"] = nature.material
    if pack.translations:
        data["translations"] = {one: base64url.encode(_sha256(said)) for one, said in pack.translations.items()}
    log = ledger.log_of(tx, organization_id)
    if log is None:
        raise SetupProblem("This organization has no open log; add the organization first.")
    stream = ledger.stream(tx, keyring, organization_id, stream_id)
    if replaced is not None:
        _withdraw(tx, log, stream, replaced, pack, now)
    entry = ledger.append(tx, log, stream, ledger.Event("policy.published", "system", data=data), now)
    row = PolicyVersion(
        organization_id=organization_id,
        id=new_id(now),
        policy=pack.policy,
        version=pack.version,
        title=pack.title,
        text=pack.text,
        commitments_toml=pack.commitments_toml,
        text_sha256=pack.text_sha256,
        commitments_sha256=pack.commitments_sha256,
        status=Status.ANNOUNCED,
        announced_at=now,
        effective_at=begins,
        stream_id=stream_id,
        event_id=entry.event_id,
    )
    tx.session.add(row)
    for language, said in pack.translations.items():
        translation = PolicyTranslation(
            organization_id=organization_id,
            version_id=row.id,
            language=language,
            text=said,
            text_sha256=_sha256(said),
        )
        tx.session.add(translation)
    tx.flush()
    activate(tx, organization_id, now)
    tx.session.refresh(row)
    return row


def activate(tx: Tx, organization_id: uuid.UUID, now: datetime) -> list[tuple[str, str]]:
    """Every version stands where its dates put it; the ones that changed are named. Nobody's preference changes.

    What binds is always read from the dates, so a late run of this delays a label and nothing else.
    """
    changed = []
    rows = tx.all(_LIVES, {"organization_id": organization_id})
    for row, after in zip(rows, [*rows[1:], None], strict=True):
        identity, policy, version, status, effective_at = row
        ends = as_instant(after[4]) if after is not None and after[1] == policy else None
        stands = rules.status_at(as_instant(effective_at), ends, now)
        if status == stands:
            continue
        over = ends if stands is Status.SUPERSEDED else None
        place = {"organization_id": organization_id, "id": as_id(identity), "status": stands.value, "over": over}
        tx.run(_MOVE, place)
        changed.append((policy, version))
    return changed


def rulebook_at(tx: Tx, organization_id: uuid.UUID, at: datetime, law: Sequence[LawRule] | None = None) -> Rulebook:
    """The rulebook that binds an event of that instant, however late the event arrives."""
    applied, published = queries.both(tx, organization_id)
    if not applied or not published:
        raise NotFound("This organization has no policy in force yet; publish one first.")
    chosen = applied[rules.in_force_at([one.applied_at for one in applied], at)]
    organization = _organization(tx, organization_id, chosen)
    versions = _in_force(tx, organization_id, published, at)
    return compile_rulebook(organization, versions, shipped_law() if law is None else law, at)


def main_policy(tx: Tx, organization_id: uuid.UUID, now: datetime) -> str:
    """The policy that the others accompany, by the versions in force now."""
    return main_version(_in_force(tx, organization_id, queries.published(tx, organization_id), now)).policy


def shipped_law() -> tuple[LawRule, ...]:
    """The law that came with the program."""
    return load_law(packs_root() / "law")


def _withdraw(
    tx: Tx, log: ledger.Log, stream: ledger.Stream, old: queries.Version, pack: PolicyVersionPack, now: datetime
) -> None:
    data = {"policy": old.policy, "policy_version": old.version, "replaced_by": pack.version}
    entry = ledger.append(tx, log, stream, ledger.Event("policy.withdrawn", "system", data=data), now)
    place = {"organization_id": log.organization_id, "id": old.id, "event_id": entry.event_id}
    tx.run(_WITHDRAW, place | {"status": Status.SUPERSEDED.value, "now": now})


def _notices(tx: Tx, organization_id: uuid.UUID, before: list[queries.Version], now: datetime) -> list[Promise]:
    """What is promised, today and by every version still to begin, about telling of changes."""
    first = rules.in_force_at([one.effective_at for one in before], now)
    return [promise for one in before[first:] for promise in _pack(tx, organization_id, one).commitments]


def _sha256(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _in_force(
    tx: Tx, organization_id: uuid.UUID, published: list[queries.Version], at: datetime
) -> list[PolicyVersionPack]:
    """Of each policy the version that binds at that instant."""
    found = []
    for policy in dict.fromkeys(one.policy for one in published):
        mine = [one for one in published if one.policy == policy]
        found.append(_pack(tx, organization_id, mine[rules.in_force_at([one.effective_at for one in mine], at)]))
    return found


def _newest(tx: Tx, organization_id: uuid.UUID, published: list[queries.Version]) -> list[PolicyVersionPack]:
    return [_pack(tx, organization_id, one) for one in {one.policy: one for one in published}.values()]


def _others(beside: Sequence[PolicyVersionPack], policies: set[str]) -> list[PolicyVersionPack]:
    """Of the versions to come, the newest of each policy that is not there yet."""
    return [one for one in {one.policy: one for one in beside}.values() if one.policy not in policies]


def _refuse(findings: Sequence[Finding]) -> None:
    if findings:
        raise BadPack(findings)


# What was parsed once is kept by its hash: the same bytes always say the same.
_organizations: dict[bytes, OrganizationPack] = {}
_versions: dict[tuple[str, str, bytes, bytes], PolicyVersionPack] = {}
_KEPT = 256


def _organization(tx: Tx, organization_id: uuid.UUID, stored: queries.Settings) -> OrganizationPack:
    found = _organizations.get(stored.sha256)
    if found is None:
        if len(_organizations) >= _KEPT:
            _organizations.clear()
        found = parse_organization(queries.settings_toml(tx, organization_id, stored.id))
        _organizations[stored.sha256] = found
    return found


def _pack(tx: Tx, organization_id: uuid.UUID, stored: queries.Version) -> PolicyVersionPack:
    key = (stored.policy, stored.version, stored.text_sha256, stored.commitments_sha256)
    found = _versions.get(key)
    if found is None:
        if len(_versions) >= _KEPT:
            _versions.clear()
        text, commitments = queries.sources(tx, organization_id, stored.id)
        found = _versions[key] = parse_version(stored.policy, stored.version, text, commitments)
    return found
