"""An organization leaves: everything that is its own, as it is at one instant, in one archive."""

import base64
import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from consent.backup.archive import Archive
from consent.backup.taking import Bar, no_bar
from consent.db import Database, Sql, Tx
from consent.db.revision import head
from consent.errors import Conflict
from consent.imports import runs
from consent.leaving import cells, passphrases, readable, rules
from consent.ledger import base64url, carried, jobs, published, queries, sealing
from consent.ledger.keyfiles import SigningKey
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.organizations.emptied import emptied
from consent.organizations.service import Tenant
from consent.policies import packs
from consent.policies import queries as policies

BATCH, LARGE = 500, 8  # rows that the database hands over at once; fewer where a row may hold a whole file
NAMES = 50  # of what stays behind are listed; the rest is counted
# What this place still signs with its keys after the export is no part of the archive.
GRACE = timedelta(seconds=1)

_README = """This is everything that {name} had in Consent on {taken_at}.

manifest.json      what this file holds: every part with its length and SHA-256, under a seal of the passphrase
rows/              the tables, one JSON object a line; what is personal is encrypted with the keys of each stream
keys/              public keys (jwks.json, log-keys.txt), and sealed under the passphrase those that open the rows
checkpoints/       the newest signed checkpoint of each log
policies/          every published version, word by word, and organization.toml
readable/          consents and suppressions as CSV{addresses}

Each part and how to read it without Consent: docs/leaving.md of Consent {release}.
"""


@dataclass(frozen=True, slots=True)
class Ground:
    """What exporting stands on; `host` is the public name of this installation."""

    db: Database
    keyring: Keyring
    metadata: sa.MetaData
    host: str
    clock: Callable[[], datetime]


def export(
    ground: Ground, tenant: Tenant, to: Path, passphrase: str, *, clear: bool = False, bar: Bar = no_bar
) -> dict[str, Any]:
    """The archive is in the new file `to`, and the ledger says so; returns its manifest.

    `clear`: the readable tables name addresses. The organization stays here, untouched.
    """
    passphrases.check_strength(passphrase)
    with Archive(to) as archive:
        with ground.db.read(tenant.id) as tx:
            if runs.open_runs(tx, tenant.id):
                raise Conflict("An import is under way here. Let it finish, or undo it; then export.")
        told = {"readable": clear}
        ground.db.write(
            lambda tx: organizations.record(
                tx, ground.keyring, tenant.id, "organization.exported", told, ground.clock()
            ),
            tenant.id,
        )
        # One call seals so much; what came while it did is left to the next log, which vouches for it.
        while jobs.seal_organization(ground.db, ground.keyring, tenant.id, ground.clock()) >= sealing.SHORT_TURN:
            pass
        salt = passphrases.new_salt()
        keys = passphrases.derive(passphrase, salt)
        with ground.db.read(tenant.id) as tx:
            tx.freeze(tenant.id)
            taken_at = ground.clock()
            _write_keys(ground, archive, tenant.id, keys, taken_at)
            facts = _facts(ground, tx, tenant, salt, taken_at, clear) | {
                "logs": _write_logs(archive, tx, tenant.id),
                "rows": _write_rows(ground, archive, tx, tenant.id, taken_at, bar),
            }
            _write_policies(archive, tx, tenant)
            for name in (readable.CONSENTS, readable.SUPPRESSIONS):
                pieces = readable.table(tx, ground.keyring, tenant.id, name, clear=clear)
                _write(archive, f"{rules.READABLE}/{name}", pieces)
        addresses = ", with addresses" if clear else "; addresses are left out"
        said = _README.format(
            name=tenant.name, taken_at=facts["taken_at"], addresses=addresses, release=facts["release"]
        )
        _write(archive, rules.README, [said.encode()])
        return archive.finish(facts, keys.manifest)


def _facts(ground: Ground, tx: Tx, tenant: Tenant, salt: bytes, taken_at: datetime, clear: bool) -> dict[str, Any]:
    return {
        "kind": rules.KIND,
        "taken_at": taken_at.isoformat(),
        "release": version("consent"),
        "revision": head(),
        "from": ground.host,
        "organization": {"id": str(tenant.id), "slug": tenant.slug, "name": tenant.name},
        "passphrase": {
            "kdf": "scrypt", "n": passphrases.N, "r": passphrases.R, "p": passphrases.P,
            "salt": base64.b64encode(salt).decode(),
        },
        "readable": clear,
        "left_behind": list(_left_behind(tx, tenant.id)),
    }  # fmt: skip


def _left_behind(tx: Tx, organization_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    """What has to be set up anew, as far as there is any."""
    for table, left in (("gateway_account", rules.GATEWAYS), *rules.STAYS.items()):
        if not left.title:
            continue
        which = f"FROM {table} WHERE organization_id = :organization_id" + (f" AND {left.only}" if left.only else "")
        place: dict[str, object] = {"organization_id": organization_id, "most": NAMES}
        row = tx.one(Sql(f"SELECT count(*) {which}"), place)
        count = 0 if row is None else int(row[0])
        if count:
            listed = f"SELECT {left.named_by} AS named {which} ORDER BY named LIMIT :most"
            names = [str(one[0]) for one in tx.all(Sql(listed), place)] if left.named_by else []
            yield {"what": left.title, "count": count, "names": names, "anew": left.anew}


def _write_keys(
    ground: Ground, archive: Archive, organization_id: uuid.UUID, keys: passphrases.Keys, taken_at: datetime
) -> None:
    keyring = ground.keyring
    purposes = carried.as_json(keyring.to_carry(organization_id))
    _write(archive, rules.SEALED_KEYS, [passphrases.seal(keys, organization_id, purposes)])
    signing = [_public(key, taken_at + GRACE) for key in keyring.signing_keys(organization_id)]
    _write(archive, rules.SIGNING_KEYS, [_json(signing)])
    _write(archive, rules.JWKS, [_json(published.jwks(keyring, [organization_id]))])
    lists = [sealing.key_list(keyring, organization_id, one).encode() for one in keyring.origins(organization_id)]
    _write(archive, rules.LOG_KEYS, lists)


def _public(key: SigningKey, left_at: datetime) -> dict[str, Any]:
    """The public half of a key; at other places it vouches for nothing made after the organization left."""
    return {
        "use": key.use,
        "kid": key.kid,
        "origin": key.origin,
        "x": base64url.encode(key.public),
        "created_at": key.created_at.isoformat(),
        "valid_from": key.valid_from.isoformat(),
        "retired_at": min(left_at, key.retired_at or left_at).isoformat(),
    }


def _write_logs(archive: Archive, tx: Tx, organization_id: uuid.UUID) -> list[dict[str, Any]]:
    logs = []
    for log in queries.logs(tx, organization_id):
        note = queries.newest_note(tx, organization_id, log.log_id)
        if note is not None:
            _write(archive, f"{rules.CHECKPOINTS}/{log.log_id}.note", [note.encode()])
        logs.append({"log_id": log.log_id, "origin": log.origin, "size": queries.size(tx, organization_id, log.log_id)})
    return logs


def _write_rows(
    ground: Ground, archive: Archive, tx: Tx, organization_id: uuid.UUID, taken_at: datetime, bar: Bar
) -> dict[str, int]:
    counts = {}
    accounts = emptied(tx, ground.keyring, organization_id)
    tables = [one for one in ground.metadata.sorted_tables if one.name in rules.TRAVELS]
    with bar(len(tables)) as progress:
        for table in tables:
            count = 0
            with archive.part(rules.name_of(table.name)) as part:
                for row in _rows(tx, table, organization_id):
                    if table.name == "gateway_account":
                        row["sealed_settings"] = accounts[row["id"]]
                    row = rules.as_it_travels(table.name, row, taken_at)
                    part.write(_json({one.name: cells.writer(one)(row[one.name]) for one in table.columns}) + b"\n")
                    count += 1
            counts[table.name] = count
            progress(1)
    return counts


def _rows(tx: Tx, table: sa.Table, organization_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    columns = [(one.name, cells.value_of(one)) for one in table.columns]
    key = ", ".join(cells.quoted(one.name) for one in table.primary_key.columns)
    text = f"SELECT {', '.join(cells.quoted(name) for name, _make in columns)} FROM {table.name}"  # noqa: S608 - our own tables
    asked = Sql(f"{text} WHERE organization_id = :organization_id ORDER BY {key}")
    batch = LARGE if table.name in rules.WITH_FILES else BATCH
    for row in tx.stream(asked, {"organization_id": organization_id}, batch=batch):
        yield {name: make(value) for (name, make), value in zip(columns, row, strict=True)}


def _write_policies(archive: Archive, tx: Tx, tenant: Tenant) -> None:
    """Every version as it lies in a folder of packs, so that the next one can be written beside it."""
    place = f"{rules.POLICIES}/{tenant.slug}"
    applied = policies.settings(tx, tenant.id)
    if applied:
        for name, content in packs.apart(policies.settings_toml(tx, tenant.id, applied[-1].id)).items():
            _write(archive, f"{place}/{name}", [content.encode()])
    for one in (*policies.published(tx, tenant.id), *policies.withdrawn(tx, tenant.id)):
        text, commitments = policies.sources(tx, tenant.id, one.id)
        translations = policies.translations(tx, tenant.id, one.id)
        files = {"text.md": text, "commitments.toml": commitments}
        files |= {f"text.{language}.md": said for language, said in translations.items()}
        for name, content in files.items():
            _write(archive, f"{place}/{one.policy}/{one.version}/{name}", [content.encode()])


def _write(archive: Archive, name: str, pieces: Iterable[bytes]) -> None:
    with archive.part(name) as part:
        for piece in pieces:
            part.write(piece)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
