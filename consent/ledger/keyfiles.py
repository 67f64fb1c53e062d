"""Keys as files under the data folder: made on purpose, readable by the service alone, never overwritten."""

import json
import os
import secrets
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import OKPKey

from consent.errors import SetupProblem
from consent.ledger import base64url

ROOT_BYTES = 32
LOG, RECEIPTS = "log", "receipts"  # what a signing key signs: checkpoints, or receipts


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An Ed25519 key of one organization with the dates between which it signs."""

    kid: str  # RFC 7638 thumbprint
    use: str  # LOG or RECEIPTS
    origin: str  # the log it signs; empty for receipts
    seed: bytes
    created_at: datetime
    valid_from: datetime
    retired_at: datetime | None
    known: bytes = b""  # the public half, where the private one is elsewhere and `seed` is empty

    @property
    def is_held(self) -> bool:
        """Whether the private half is here."""
        return bool(self.seed)

    @property
    def private(self) -> Ed25519PrivateKey:
        """The key itself."""
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @property
    def public(self) -> bytes:
        """The public half, 32 bytes."""
        return self.private.public_key().public_bytes_raw() if self.is_held else self.known

    def signs_at(self, now: datetime) -> bool:
        """Whether the key is in use at this instant."""
        return self.valid_from <= now and (self.retired_at is None or now < self.retired_at)

    def __repr__(self) -> str:
        return f"SigningKey({self.use}, {self.kid})"


def folder_of(data_dir: Path) -> Path:
    """Where keys live."""
    return data_dir / "keys"


def create_root(data_dir: Path) -> Path:
    """A new root secret exists; one that already exists is left alone and refused."""
    path = folder_of(data_dir) / "root.key"
    write_new(path, secrets.token_bytes(ROOT_BYTES).hex().encode() + b"\n")
    return path


def read_root(data_dir: Path) -> bytes:
    """The root secret of this installation."""
    path = folder_of(data_dir) / "root.key"
    try:
        root = bytes.fromhex(read_private(path).decode("ascii").strip())
    except ValueError:
        raise SetupProblem(f"{path} does not hold a root secret of {ROOT_BYTES} bytes in hex.") from None
    if len(root) != ROOT_BYTES or len(set(root)) < 8:  # zeros, a sample, half a file
        raise SetupProblem(f"{path} does not hold a root secret of {ROOT_BYTES} random bytes.")
    return root


def create_signing_key(
    data_dir: Path, organization_id: UUID, use: str, now: datetime, *, origin: str = ""
) -> SigningKey:
    """A new signing key exists as a file and signs from now on."""
    now = now.replace(microsecond=now.microsecond // 1000 * 1000)  # as ledger times are cut: none may fall before it
    private = Ed25519PrivateKey.generate()
    made = SigningKey(
        kid=thumbprint(private.public_key().public_bytes_raw()),
        use=use,
        origin=origin,
        seed=private.private_bytes_raw(),
        created_at=now,
        valid_from=now,
        retired_at=None,
    )
    write_new(_path(data_dir, organization_id, made), _as_json(made))
    return made


def retire_signing_key(data_dir: Path, organization_id: UUID, key: SigningKey, at: datetime) -> None:
    """The key signs no longer than until `at`; its public half stays published for ever."""
    _replace(_path(data_dir, organization_id, key), _as_json(replace(key, retired_at=at)))


def keep_public_half(data_dir: Path, organization_id: UUID, key: SigningKey) -> None:
    """A key that signed elsewhere is known here by its public half; one whose private half is here is left alone."""
    path = _path(data_dir, organization_id, key)
    if not path.exists() or not _read_signing_key(path, key.use).is_held:
        _replace(path, _as_json(replace(key, seed=b"", known=key.public)))


def read_signing_keys(data_dir: Path, organization_id: UUID) -> Iterator[SigningKey]:
    """Every signing key of the organization, retired ones too, oldest first."""
    keys = [
        _read_signing_key(path, use)
        for use in (LOG, RECEIPTS)
        for path in (folder_of(data_dir) / str(organization_id) / use).glob("*.jwk")
    ]
    yield from sorted(keys, key=lambda key: (key.use, key.valid_from, key.kid))


def organizations_with_keys(data_dir: Path) -> tuple[UUID, ...]:
    """The organizations that have a folder of keys."""
    found = []
    for path in folder_of(data_dir).glob("*/"):
        try:
            found.append(UUID(path.name))
        except ValueError:
            continue
    return tuple(sorted(found))


def _read_signing_key(path: Path, use: str) -> SigningKey:
    try:
        held = json.loads(read_private(path))
        retired = held["retired_at"]
        key = SigningKey(
            kid=held["kid"],
            use=use,
            origin=held["origin"],
            seed=base64url.decode(held["d"]) if "d" in held else b"",
            created_at=instant(held["created_at"]),
            valid_from=instant(held["valid_from"]),
            retired_at=None if retired is None else instant(retired),
            known=base64url.decode(held["x"]),
        )
        sound = base64url.encode(key.public) == held["x"] and thumbprint(key.public) == key.kid
    except (ValueError, KeyError, TypeError):
        sound = False
    if not sound:
        raise SetupProblem(f"{path} is not a signing key as this program writes them.")
    return key


def _path(data_dir: Path, organization_id: UUID, key: SigningKey) -> Path:
    return folder_of(data_dir) / str(organization_id) / key.use / f"{key.kid}.jwk"


def _as_json(key: SigningKey) -> bytes:
    members = {
        "kty": "OKP",
        "crv": "Ed25519",
        "alg": "Ed25519",
        "use": "sig",
        "kid": key.kid,
        "x": base64url.encode(key.public),
        **({"d": base64url.encode(key.seed)} if key.is_held else {}),
        "origin": key.origin,
        "created_at": key.created_at.isoformat(),
        "valid_from": key.valid_from.isoformat(),
        "retired_at": None if key.retired_at is None else key.retired_at.isoformat(),
    }
    return json.dumps(members, indent=1).encode() + b"\n"


def thumbprint(public: bytes) -> str:
    """The name of a key (RFC 7638)."""
    return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": base64url.encode(public)}).thumbprint()


def instant(text: str) -> datetime:
    """The aware UTC instant in such a text; ValueError for a time without its zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return moment.astimezone(UTC)


def read_private(path: Path) -> bytes:
    """The content of a key file; SetupProblem where it is missing or others may read it."""
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise SetupProblem(f"{path} can be read by others on this machine. Run: chmod 600 {path}")
        return path.read_bytes()
    except FileNotFoundError:
        raise SetupProblem(
            f"The key file {path} is missing. Restore it from the backup of the keys; only for a new"
            " installation run: consent signing-keys create"
        ) from None
    except OSError as error:
        raise SetupProblem(f"The key file {path} cannot be read: {error.strerror}.") from None


def _replace(path: Path, content: bytes) -> None:
    """The file holds this, whole and on stable storage, instead of what it held."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    write_new(fresh, content)
    fresh.replace(path)
    _sync_folder(path.parent)


def write_new(path: Path, content: bytes) -> None:
    """The file exists, whole and on stable storage; a file that was there before is refused, not replaced."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fd, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)  # unlike rename, link never replaces
    except FileExistsError:
        raise SetupProblem(f"{path} exists already and is not replaced.") from None
    except OSError as error:
        raise SetupProblem(f"The key file {path} cannot be written: {error.strerror}.") from None
    finally:
        draft.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
