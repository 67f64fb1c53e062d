"""What the clock calls for answers: certificates leave once they are sealed."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from consent.db import Database, Sql, Tx
from consent.db.types import as_instant
from consent.ledger.keys import Keyring
from consent.outbox import mail as outgoing
from consent.policies.organization import OrganizationPack
from consent.privacy_requests.answers import certificate_files, certificates
from consent.subjects import service as subjects
from consent.subjects.addresses import Kind, as_received

KIND = "mail.certificate"
MOST = 50
DELIVERED = ("sent", "done")  # how a mail's job ends that a mail server took
GIVEN_UP = timedelta(days=7)  # after which a mail that does not leave holds up nothing any more

_WAITING = Sql(
    "SELECT id, request_id, contact_point_id, language, sealed, made_at, job_id, mailed_at FROM request_certificate"
    " WHERE organization_id = :organization_id AND mailed_at IS NULL AND contact_point_id IS NOT NULL"
    " ORDER BY made_at LIMIT :most"
)
_MAILED = Sql(
    "UPDATE request_certificate SET mailed_at = :now, job_id = :job_id"
    " WHERE organization_id = :organization_id AND id = :id AND mailed_at IS NULL"
)
_STATE = Sql(
    "SELECT c.contact_point_id, c.mailed_at, c.made_at, j.id, j.done_at, j.outcome FROM request_certificate c"
    " LEFT JOIN job j ON j.organization_id = c.organization_id AND j.id = c.job_id"
    " WHERE c.organization_id = :organization_id AND c.request_id = :request_id ORDER BY c.made_at DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Post:
    """How far the newest certificate of a request is. `to_mailbox`: it goes by mail; `over_at`: when that was over."""

    to_mailbox: bool
    made_at: datetime
    over_at: datetime | None
    delivered: bool

    def is_out(self, now: datetime) -> bool:
        """Has it left, so that the address may go? Yes too where nobody can be written to any more."""
        return not self.to_mailbox or self.over_at is not None or now - self.made_at > GIVEN_UP


def mail_certificates(
    db: Database, keyring: Keyring, organization_id: uuid.UUID, pack: OrganizationPack, url: str, now: datetime
) -> int:
    """Every certificate that is sealed and has a mailbox to go to waits in the outbox; returns how many are new."""
    with db.read(organization_id) as tx:
        rows = tx.all(_WAITING, {"organization_id": organization_id, "most": MOST})
    found = [certificates.read(keyring, organization_id, row) for row in rows]
    return sum(
        db.write(lambda tx, one=one: _mail(tx, keyring, organization_id, pack, url, one, now), organization_id)  # type: ignore[misc]
        for one in found
    )


def is_out(tx: Tx, organization_id: uuid.UUID, request_id: uuid.UUID, now: datetime) -> bool:
    """Has the certificate left, so that the address may go? No where there is none."""
    found = post_of(tx, organization_id, request_id)
    return found is not None and found.is_out(now)


def post_of(tx: Tx, organization_id: uuid.UUID, request_id: uuid.UUID) -> Post | None:
    """How far the newest certificate of this request is; None where there is none."""
    row = tx.one(_STATE, {"organization_id": organization_id, "request_id": request_id})
    if row is None:
        return None
    contact, mailed, made_at, job, done, outcome = row
    if job is None:  # its mail was cleared away since, or went with the person
        over_at = as_instant(mailed) if mailed is not None else None
        return Post(contact is not None, as_instant(made_at), over_at, over_at is not None)
    over_at = as_instant(done) if done is not None else None
    return Post(contact is not None, as_instant(made_at), over_at, over_at is not None and outcome in DELIVERED)


def _mail(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, pack: OrganizationPack, url: str,
    one: certificates.Certificate, now: datetime,
) -> int:  # fmt: skip
    proof = certificates.file_of(tx, organization_id, one)
    if proof is None or one.contact_point_id is None:
        return 0
    contact = subjects.by_id(tx, keyring, organization_id, one.contact_point_id)
    job_id = None
    if contact is not None and contact.address is not None and contact.key is not None:
        to = as_received(contact.channel, contact.address)
        if to.kind is Kind.EMAIL:
            address = f"{url}{path_of(keyring, organization_id, pack.slug, one.request_id)}"
            letter = certificate_files.mail(one, proof, url, address, pack)
            job_id = outgoing.write(
                tx, keyring, organization_id, contact.key, to, letter, now,
                kind=KIND, contact_point_id=contact.id, unique_key=f"certificate:{one.id}",
            )  # fmt: skip
    return tx.run(_MAILED, {"organization_id": organization_id, "id": one.id, "job_id": job_id, "now": now})


def path_of(keyring: Keyring, organization_id: uuid.UUID, slug: str, request_id: uuid.UUID) -> str:
    """Where the certificate of this request is read, by whoever was told the address."""
    return f"/{slug}/requests/certificates/{request_id}/{certificates.pass_of(keyring, organization_id, request_id)}"
