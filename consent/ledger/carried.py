"""Keys that an organization brought along from another installation, instead of those that would be derived here.

With them its blind indexes, suppressions and sealed facts stay what they are, also those of people whose address nobody
knows any more. A file beside its signing keys, as private as the root secret; copies of the keys hold it too.
"""

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

from consent.db.readonly import sync_folder
from consent.errors import SetupProblem
from consent.ledger import base64url, keyfiles

FILE = "carried.json"

# The purposes that what is stored for long depends on, with the length of each key in bytes. Keys of cookies, codes,
# staff accounts and the journals of this machine's own are made anew at each place.
PURPOSES = {
    "lookup": 32,
    "suppression": 32,
    "messages": 32,
    "wrapping": 32,
    "links": 64,
    "drp": 32,
    "inbound-mail": 32,
    "certificate": 32,
}


def read(data_dir: Path, organization_id: UUID) -> dict[str, bytes]:
    """The keys that the organization brought along, by purpose; none for one that began here."""
    path = _path(data_dir, organization_id)
    if not path.exists():
        return {}
    try:
        return of_json(keyfiles.read_private(path))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise SetupProblem(f"{path} does not hold keys as this program writes them.") from None


def keep(data_dir: Path, organization_id: UUID, keys: Mapping[str, bytes]) -> None:
    """These keys are in the data folder; others that are there already are refused, not replaced.

    The organization's folder comes with them in it: nobody finds it, and derives other keys, before they are there.
    """
    path = _path(data_dir, organization_id)
    if not path.parent.exists():
        draft = path.parent.with_name(f".{organization_id}.{secrets.token_hex(4)}")
        keyfiles.write_new(draft / FILE, as_json(keys))
        draft.rename(path.parent)
        sync_folder(path.parent.parent)
    elif not path.exists():
        keyfiles.write_new(path, as_json(keys))
    elif read(data_dir, organization_id) != keys:
        raise SetupProblem(f"{path} holds other keys of this organization already, and they are not replaced.")


def as_json(keys: Mapping[str, bytes]) -> bytes:
    """The keys as text."""
    return json.dumps({purpose: base64url.encode(key) for purpose, key in sorted(keys.items())}, indent=1).encode()


def of_json(text: bytes) -> dict[str, bytes]:
    """The keys in such a text; an error of Python's own where it is none, or lacks one, or one has another length."""
    keys = {str(purpose): base64url.decode(key) for purpose, key in json.loads(text).items()}
    if {purpose: len(key) for purpose, key in keys.items()} != PURPOSES:
        raise ValueError("not the keys of every purpose")
    return keys


def _path(data_dir: Path, organization_id: UUID) -> Path:
    return keyfiles.folder_of(data_dir) / str(organization_id) / FILE
