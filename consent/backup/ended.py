"""What was ended after the backup is ended again, and what was held then is held again: from the journal outside."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from consent.backup import followed
from consent.backup.again import AGAIN, KNOWN
from consent.backup.opt_outs import Said, journals
from consent.db import Database, Sql, Tx
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.retention.holds import FIRST
from consent.retention.rows import stored_day
from consent.staff import accounts, invitations, sign_ins
from consent.staff.roles import Role

_REPEATED = re.compile(rb'"again":"([0-9a-f-]{36})"')
_PLACE = Sql(
    "INSERT INTO retention_hold (organization_id, id, kind, ground, record_id, person_id, query, reason, owner, since,"
    " until, renewals, reached, applied_through, entry_id) VALUES (:organization_id, :id, :kind, :ground, :record_id,"
    " :person_id, :query, :reason, :owner, :since, :until, :renewals, :reached, :first, :entry_id)"
    " ON CONFLICT (organization_id, id) DO UPDATE SET until = excluded.until, renewals = excluded.renewals,"
    " applied_through = excluded.applied_through"
)
# The words of a hold name people and are not kept outside; its first entry in the lost log had them.
REASON, OWNER = "Put back after a restore: its reason was in the part of the log that is lost.", "after a restore"


@dataclass(slots=True)
class Ended:
    """How many API keys and accounts of staff open nothing again, and how many holds stand again."""

    keys: int = 0
    accounts: int = 0
    holds: int = 0


def end_again(db: Database, keyring: Keyring, organization_id: UUID, now: datetime) -> Ended:
    """Everybody is signed out; what the database has lost of keys, accounts and holds is so again.

    Doing it again finds nothing.
    """
    said = [
        one for journal in journals(keyring, organization_id) for one in journal.read() if one.type in followed.FOLLOWED
    ]
    return db.write(lambda tx: _work(tx, keyring, organization_id, said, now), organization_id)


def _work(tx: Tx, keyring: Keyring, organization_id: UUID, said: Iterable[Said], now: datetime) -> Ended:
    sign_ins.forget_old(tx, organization_id, now)
    done, newest = Ended(), dict[tuple[str, str], Said]()
    bodies = ledger.bodies_of(tx, organization_id, organization_id)
    repeated = {UUID(found.decode()) for body in bodies for found in _REPEATED.findall(body)}
    for one in said:
        known = tx.one(KNOWN, {"organization_id": organization_id, "event_id": one.event_id}) is not None
        if not known and one.event_id not in repeated:
            newest[_about(one)] = one
    for one in newest.values():
        if one.type == followed.KEY_REVOKED:
            done.keys += _revoke(tx, keyring, organization_id, UUID(one.data["key"]), now)
        elif one.type in followed.STAFF:
            done.accounts += _staff(tx, keyring, organization_id, one, now)
        elif one.type in followed.HELD and "since" in one.data:
            _hold(tx, keyring, organization_id, one, now)
            done.holds += 1
    return done


def _about(one: Said) -> tuple[str, str]:
    """Whatever is said last of this counts."""
    if one.type == "staff.role_changed":
        return "role", str(one.data["account"])
    return one.type.partition(".")[0], str(one.data.get("key") or one.data.get("account") or one.data.get("hold"))


def _revoke(tx: Tx, keyring: Keyring, organization_id: UUID, key_id: UUID, now: datetime) -> int:
    if organizations.key_in_use(tx, organization_id, key_id) is None:
        return 0
    organizations.revoke_key(tx, keyring, organization_id, key_id, now)
    return 1


def _staff(tx: Tx, keyring: Keyring, organization_id: UUID, one: Said, now: datetime) -> int:
    account_id = UUID(one.data["account"])
    if one.type == "staff.role_changed":
        changed = accounts.set_role(tx, organization_id, account_id, Role(one.data["role"]))
    elif one.type == "staff.disabled":
        changed = accounts.set_state(tx, organization_id, account_id, "disabled")
        invitations.drop(tx, organization_id, account_id)
    else:
        changed = False  # nobody gets in by an account because of a journal: an administrator enables it
    if changed:
        organizations.record(tx, keyring, organization_id, one.type, {**one.data, AGAIN: str(one.event_id)}, now)
    return int(changed)


def _hold(tx: Tx, keyring: Keyring, organization_id: UUID, one: Said, now: datetime) -> None:
    said = one.data
    told = {"hold": said["hold"], "kind": said["kind"], "ground": said["ground"], "until": said["until"]}
    entry = organizations.record(tx, keyring, organization_id, one.type, {**told, AGAIN: str(one.event_id)}, now)
    row = {name: said[name] for name in ("kind", "ground", "renewals", "reached")}
    tx.run(
        _PLACE,
        row
        | {
            "organization_id": organization_id,
            "id": UUID(said["hold"]),
            "record_id": UUID(said["record"]) if said["record"] else None,
            "person_id": UUID(said["person"]) if said["person"] else None,
            "query": said["query"] or None,
            "reason": REASON,
            "owner": OWNER,
            "since": datetime.fromisoformat(said["since"]),
            "until": stored_day(tx, date.fromisoformat(said["until"]) if said["until"] else None),
            "first": FIRST,
            "entry_id": entry.event_id,
        },
    )
