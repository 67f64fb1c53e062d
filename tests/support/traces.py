"""Whatever is left of somebody: every row and file is searched, in every spelling, under every key that remains."""

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from consent.db import Sql, Tx
from consent.house import House
from consent.ledger.keys import NONCE, Keyring
from consent.tables import METADATA
from consent.verification import codes, visits
from consent.verification.service import CHALLENGE

GCM_TAG = 16
PURPOSES = (visits.ROW, CHALLENGE)


@dataclass(frozen=True, slots=True)
class Sought:
    """What must not be found: spellings of addresses, words they wrote, and keyed tags."""

    spellings: dict[str, bytes] = field(repr=False)
    tags: dict[str, bytes | int] = field(repr=False)

    def in_bytes(self, value: bytes) -> Iterator[str]:
        """The spellings and tags that these bytes hold."""
        yield from (name for name, form in self.spellings.items() if form in value)
        yield from (name for name, tag in self.tags.items() if isinstance(tag, bytes) and tag in value)


def spellings(text: str) -> dict[str, bytes]:
    """Every way in which this address, name or text may stand somewhere."""
    forms = {"as it is": text}
    digits = "".join(one for one in text if one.isdigit())
    if text.startswith("+1") and len(digits) == 11:
        a, b, c = digits[1:4], digits[4:7], digits[7:]
        forms |= {
            "digits": digits, "national": digits[1:], "dashed": f"{a}-{b}-{c}", "dotted": f"{a}.{b}.{c}",
            "spaced": f"{a} {b} {c}", "bracketed": f"({a}) {b}-{c}", "in a URL": f"%2B{digits}",
            "spaced and international": f"+1 {a} {b} {c}",
        }  # fmt: skip
    found = {f"{text[:2]}… {name}": form.encode() for name, form in forms.items()}
    found |= {f"{name} in UTF-16": form.decode().encode("utf-16-le") for name, form in list(found.items())}
    found |= {f"{text[:2]}… in base64 at {at}": part for at, part in enumerate(_in_base64(text.encode()))}
    return found


def _in_base64(plain: bytes) -> Iterator[bytes]:
    """What base64 of anything with these bytes in it contains, at each of the three places they may begin."""
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + plain)
        yield whole[4 if before else 0 : -4]


def sought(keyring: Keyring, organization_id: UUID, addresses: dict[str, str], words: Iterable[str] = ()) -> Sought:
    """`addresses` by channel, and other words of theirs: names, references, texts."""
    forms: dict[str, bytes] = {}
    tags: dict[str, bytes | int] = {}
    for one in (*addresses.values(), *words):
        forms |= spellings(one)
    for channel, value in addresses.items():
        tag = keyring.lookup_tag(organization_id, channel, value)
        tags[f"tag of {channel}"], tags[f"short tag of {channel}"] = tag, int.from_bytes(tag[:8], "big", signed=True)
        tags[f"beginning of the tag of {channel}"] = tag[:8]
        kind = "email" if channel == "email" else "phone"
        tags[f"tag of asks by {kind}"] = codes.tag(keyring, organization_id, kind, value)
    for one in words:
        tags[f"tag of a person {one[:2]}…"] = keyring.lookup_tag(organization_id, "person", one)
    return Sought(forms, tags)


def find(house: House, organization_id: UUID, wanted: Sought, secrets: Iterable[bytes] = ()) -> set[str]:
    """Where anything of it stands: `table.column: what` and `file: what`. `secrets` are keys that must be gone."""
    found: set[str] = set()
    with house.db.read(organization_id) as tx:
        remaining = list(keys_left(tx, house.keyring, organization_id))
        for table in METADATA.sorted_tables:
            if "organization_id" in table.columns:
                found |= _in_table(tx, organization_id, table.name, list(table.columns.keys()), wanted, remaining)
    files = [path for path in house.config.data_dir.rglob("*") if path.is_file() and "keys" not in path.parts]
    if house.db.file is not None:
        files += [path for path in house.db.file.parent.glob(house.db.file.name + "*") if path.is_file()]
    for path in dict.fromkeys(files):
        content = path.read_bytes()
        found |= {f"{path.name}: {what}" for what in wanted.in_bytes(content)}
        found |= {f"{path.name}: a destroyed key" for one in secrets if one in content}
        for key in (*remaining, house.keyring.spool_key()):
            found |= {f"{path.name}: {what}, encrypted" for what in wanted.in_bytes(opened(key, content))}
    return found


def keys_left(tx: Tx, keyring: Keyring, organization_id: UUID) -> Iterator[bytes]:
    """Every data key that still opens, and every other key of the organization that seals something."""
    kept = Sql("SELECT wrapped_key FROM stream_key WHERE organization_id = :id AND wrapped_key IS NOT NULL")
    for (wrapped,) in tx.all(kept, {"id": organization_id}):
        yield keyring.stream_key(organization_id, bytes(wrapped))
    yield keyring.challenge_key(organization_id)
    yield from (keyring.key_for(organization_id, purpose) for purpose in PURPOSES)


def opened(key: bytes, sealed: bytes) -> bytes:
    """What this key makes of it, whatever place it was bound to: GCM is counting from 2 behind the nonce."""
    if len(sealed) <= NONCE + GCM_TAG:
        return b""
    counter = sealed[:NONCE] + (2).to_bytes(4, "big")
    return Cipher(algorithms.AES(key), modes.CTR(counter)).decryptor().update(sealed[NONCE:-GCM_TAG])


def _in_table(
    tx: Tx, organization_id: UUID, table: str, columns: list[str], wanted: Sought, remaining: list[bytes]
) -> set[str]:
    found: set[str] = set()
    named = ", ".join(f'"{column}"' for column in columns)
    rows = tx.all(Sql(f"SELECT {named} FROM {table} WHERE organization_id = :id"), {"id": organization_id})
    for row in rows:
        for column, value in zip(columns, row, strict=True):
            found |= {f"{table}.{column}: {what}" for what in _in_value(value, wanted, remaining)}
    return found


def _in_value(value: object, wanted: Sought, remaining: list[bytes]) -> Iterator[str]:
    if isinstance(value, int) and not isinstance(value, bool):
        yield from (name for name, tag in wanted.tags.items() if tag == value)
    elif isinstance(value, str):
        yield from wanted.in_bytes(value.encode())
    elif isinstance(value, bytes | bytearray | memoryview):
        plain = bytes(value)
        yield from wanted.in_bytes(plain)
        for key in remaining:
            yield from (f"{what}, encrypted" for what in wanted.in_bytes(opened(key, plain)))
