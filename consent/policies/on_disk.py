"""A published version is frozen: what was published, held against the files that lie on disk today."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from consent.db import Database
from consent.organizations import service as organizations
from consent.policies import queries
from consent.policies.findings import BadPack
from consent.policies.packs import read

FILES = (("text.md", "wording"), ("commitments.toml", "list of commitments"))


def changed(folder: Path, published: queries.Version) -> str | None:
    """What differs between the version and its folder, in one sentence; None where nothing does or no folder is."""
    if not folder.is_dir():
        return None
    for (name, named), known in zip(FILES, (published.text_sha256, published.commitments_sha256), strict=True):
        try:
            found = hashlib.sha256(read(folder / name).encode()).digest()
        except BadPack as bad:
            return f"the published {named} in {folder} cannot be read any more: {bad.findings[0].message}"
        if found != known:
            return f"the published {named} in {folder} was changed. Put it back, or publish a new version."
    return None


def every_change(db: Database, root: Path) -> Iterator[str]:
    """A sentence for each published version whose files under `root` are not those that were published."""
    with db.read() as tx:
        tenants = organizations.every(tx)
    for tenant in tenants:
        with db.read(tenant.id) as tx:
            published = queries.published(tx, tenant.id)
        for one in published:
            found = changed(root / tenant.slug / one.policy / one.version, one)
            if found is not None:
                yield f"{tenant.slug}, {one.policy} {one.version}: {found}"
