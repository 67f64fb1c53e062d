"""A restore is finished: what came after the backup is made good, everything is verified, and changes are taken again.

Each step may run again after a crash. The order matters: the log is held against what was published before anything is
written to it, and nothing is sent before every no that is known anywhere holds.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from consent.backup.again import refuse_again
from consent.backup.ended import Ended, end_again
from consent.db import Database, Sql
from consent.errors import SetupProblem
from consent.ledger import epochs, erasing, jobs, queries
from consent.ledger.epochs import Compared, Standing
from consent.ledger.keys import Keyring
from consent.ledger.verify import FoldCheck, verify
from consent.privacy_requests.tasks import shredding
from consent.privacy_requests.tasks.shredding import Shredder

# An erasure is noted outside before it is carried out: one that was noted shortly before the backup may be missing.
MARGIN = timedelta(hours=1)

# A message that waited in the backup may have left since. Nobody gets it twice unless a person says so (`jobs retry`).
_SET_ASIDE = Sql(
    "UPDATE job SET done_at = :now, outcome = 'dead', last_error = 'waited in the backup, may have left since',"
    " locked_by = NULL, locked_until = NULL"
    " WHERE organization_id = :organization_id AND done_at IS NULL AND queue IN ('sms', 'email') AND created_at <= :at"
)

# Some of its people may have got it since. Whoever approves it again says that the rest shall, and perhaps some twice.
_BACK_TO_DRAFT = Sql(
    "UPDATE notice_campaign SET state = 'draft', approved_at = NULL, approved_by = NULL"
    " WHERE organization_id = :organization_id AND state = 'sending'"
)

# Reads the lists of an organization's gateways: how much was put on record, and which of them did not answer.
Look = Callable[[UUID], tuple[int, tuple[str, ...]]]


@dataclass(slots=True)
class Finished:
    """What was done for one organization."""

    slug: str
    organization_id: UUID
    compared: Compared | None = None
    log: str = ""  # the log that is written to from now on
    erased: int = 0
    not_erased: int = 0  # erasures of which the journal outside has lost whose they were
    refused: int = 0
    ended: Ended = field(default_factory=Ended)
    set_aside: int = 0
    notices: int = 0  # notices of changes that were being sent, and wait for an officer
    from_gateways: int = 0
    unanswered: tuple[str, ...] = ()  # gateways whose lists could not be read
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finisher:
    """What finishing stands on."""

    db: Database
    keyring: Keyring
    shredder: Shredder
    folds: Iterable[FoldCheck]
    look: Look
    held: Sequence[str] = ()
    outside_lost: str = ""


def check(finisher: Finisher, organization_id: UUID) -> tuple[queries.LogRow, Compared]:
    """The open log beside what was published; SetupProblem where nobody can tell what was published last."""
    with finisher.db.read(organization_id) as tx:
        log = next((one for one in reversed(queries.logs(tx, organization_id)) if one.closed_at is None), None)
        if log is None:
            raise SetupProblem(
                "No log of this organization is open in this backup: it was taken while one was closed and no other"
                " begun. Use another backup."
            )
        found = epochs.compare(tx, finisher.keyring, organization_id, log, finisher.held)
    if found.standing is Standing.UNKNOWN and not finisher.outside_lost:
        raise SetupProblem(
            f"The newest checkpoint of {log.origin} in the folder `outside` has {found.newest.size} entries, fewer than"
            f" the backup's {found.size}: the folder is missing or itself an old copy. Bring it back, or name a"
            " checkpoint kept elsewhere (--held). If there is none, say why with --outside-lost: a new log is opened,"
            " and whoever was erased since the backup is not erased again."
        )
    lacking = erasing.missing_outside(finisher.keyring.data_dir, organization_id)
    if lacking and not finisher.outside_lost:
        raise SetupProblem(
            f"The journal of erasures in the folder `outside` lacks {lacking} of its files: people who were erased"
            " would be back. Bring the newest copy of the folder. If there is none, say why with --outside-lost,"
            " and erase them again by hand."
        )
    return log, found


def mend(finisher: Finisher, slug: str, organization_id: UUID, taken_at: datetime, now: datetime) -> Finished:
    """What was erased or refused after the backup is so again, nothing is sent twice, and the log is one to trust."""
    db, keyring = finisher.db, finisher.keyring
    log, found = check(finisher, organization_id)
    done = Finished(slug, organization_id, found, log.origin)
    done.not_erased = erasing.missing_outside(keyring.data_dir, organization_id)
    if found.standing is not Standing.SAME:
        why = finisher.outside_lost or f"restored from the backup of {taken_at:%Y-%m-%d %H:%M} UTC"
        epochs.make_key(keyring, organization_id, epochs.next_origin(log), now)
        following = db.write(
            lambda tx: epochs.open_next(tx, keyring, organization_id, log, found, why, now), organization_id
        )
        done.log = following.origin
        jobs.seal_organization(db, keyring, organization_id, now)  # before anything else: it is the first leaf
    done.erased = shredding.again_after_restore(finisher.shredder, organization_id, now, since=taken_at - MARGIN)
    done.refused = refuse_again(db, keyring, organization_id, now)
    done.ended = end_again(db, keyring, organization_id, now)
    place = {"organization_id": organization_id}
    done.notices = db.write(lambda tx: tx.run(_BACK_TO_DRAFT, place), organization_id)
    waited = {"organization_id": organization_id, "at": taken_at, "now": now}
    done.set_aside = db.write(lambda tx: tx.run(_SET_ASIDE, waited), organization_id)
    return done


def look_elsewhere(finisher: Finisher, done: Finished) -> None:
    """What gateways have and the database has lost is on record."""
    done.from_gateways, done.unanswered = finisher.look(done.organization_id)


def verified(finisher: Finisher, done: Finished, now: datetime) -> bool:
    """Everything is sealed, and everything that is hashed or signed holds; `findings` say what does not."""
    jobs.seal_organization(finisher.db, finisher.keyring, done.organization_id, now)
    with finisher.db.read(done.organization_id) as tx:
        report = verify(tx, finisher.keyring, done.organization_id, now, folds=finisher.folds)
    done.findings = tuple(str(finding) for finding in report.findings)
    return report.holds
