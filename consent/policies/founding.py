"""Bring an organization into being from its pack: keys, log, settings, and every version that is ready."""

import uuid
from datetime import datetime
from pathlib import Path

from consent.config import Config
from consent.db import Database, Tx
from consent.ids import new_stream_id
from consent.ledger import keys
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.organizations.service import Tenant
from consent.policies import packs
from consent.policies import service as policies


def origin_of(config: Config, slug: str, epoch: int = 1) -> str:
    """The name of an organization's log: host, slug and epoch (ledger A3)."""
    return f"{config.public_host}/log/{slug}/{epoch}"


def found(config: Config, db: Database, keyring: Keyring, folder: Path, now: datetime) -> Tenant:
    """The organization of this pack is served from now on, under its policy."""
    pack = packs.load_organization(folder)
    versions = packs.load_versions(folder)
    identity: uuid.UUID = new_stream_id()
    origin = origin_of(config, pack.slug)
    # Keys are files and cannot be rolled back with the rows: unused ones of a failed start do no harm.
    keys.create_organization_keys(config.data_dir, identity, origin, now)

    def work(tx: Tx) -> Tenant:
        tenant = organizations.create_organization(
            tx,
            keyring,
            slug=pack.slug,
            name=pack.name,
            zone=pack.zone,
            origin=origin,
            now=now,
            id=identity,
        )
        policies.apply_organization(tx, keyring, identity, pack, now)
        for version in versions:
            policies.publish(tx, keyring, identity, version, now, beside=versions)
        return tenant

    return db.write(work, identity)
