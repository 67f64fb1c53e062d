"""The keys of this process: derived once from the root secret, kept in memory, never in the database.

Each organization has keys of its own (HKDF, RFC 5869): one finds addresses, one suppresses them, one wraps
the data keys of streams. Signing keys are random and come from files (`keyfiles`).
"""

import hmac
import os
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from consent.errors import ConsentError, SetupProblem
from consent.ids import id_text
from consent.ledger import carried, keyfiles
from consent.ledger.keyfiles import LOG, RECEIPTS, SigningKey
from consent.ledger.notes import Signer, Verifier

KEY_VERSION = 1  # of stream data keys: a new key of a stream counts on
KEY_BYTES = 32
MESSAGE_TAG_BYTES = 16  # 128 bits tell messages apart for ever; twice as many would be kept twice for each text
NONCE = 12
# After a rotation the old and the new log key both sign, so that holders of either can follow.
OVERLAP = timedelta(days=30)


class Unreadable(ConsentError):
    """Ciphertext that does not open: another key, another place, or changed bytes."""


@dataclass(frozen=True, slots=True)
class _Derived:
    lookup: hmac.HMAC
    finding: HMAC  # the same, for many: its copies take half the time
    suppression: hmac.HMAC
    messages: hmac.HMAC
    wrapping: bytes
    challenges: bytes


class Keyring:
    """Every key of this installation; loaded once per process."""

    def __init__(self, data_dir: Path, root: bytes | None = None) -> None:
        """`root` where the secret is not in the data folder yet: out of a copy of the keys."""
        self.data_dir = data_dir
        self._root = keyfiles.read_root(data_dir) if root is None else root
        self._derived: dict[UUID, _Derived] = {}
        self._purposes: dict[tuple[UUID, str], bytes] = {}
        self._signing: dict[UUID, tuple[tuple[int, ...], tuple[SigningKey, ...]]] = {}
        self._carried: dict[UUID, dict[str, bytes]] = {}

    def __repr__(self) -> str:
        return "Keyring()"

    def lookup_tag(self, organization_id: UUID, channel: str, canonical: str) -> bytes:
        """Under which tag this organization files a contact point; tells nothing without the key."""
        return _mac(self._of(organization_id).lookup, f"idx|1|{channel}|{canonical}")

    def short_tags(self, organization_id: UUID, channel: str, canonical: Iterable[str]) -> list[int]:
        """The first 64 bits of each lookup tag, as signed numbers: many addresses cost little more than their MACs."""
        begun = self._of(organization_id).finding.copy()
        begun.update(f"idx|1|{channel}|".encode())
        macs = []
        for one in canonical:
            mac = begun.copy()
            mac.update(one.encode())
            macs.append(mac.finalize())
        return [tag for (tag,) in struct.iter_unpack(">q24x", b"".join(macs))]

    def suppression_tag(self, organization_id: UUID, channel: str, canonical: str) -> bytes:
        """The tag by which a suppression outlives the erasure of the address."""
        return _mac(self._of(organization_id).suppression, f"supp|1|{channel}|{canonical}")

    def message_tag(self, organization_id: UUID, account: str, provider_id: str) -> bytes:
        """By which a repeated delivery is recognised without keeping the provider's id readable."""
        return _mac(self._of(organization_id).messages, f"msg|1|{account}|{provider_id}")[:MESSAGE_TAG_BYTES]

    def payload_tag(self, organization_id: UUID, payload: bytes) -> bytes:
        """By which two deliveries of one id are told to be the same or not."""
        mac = self._of(organization_id).messages.copy()
        mac.update(b"raw|1|")
        mac.update(payload)
        return mac.digest()[:MESSAGE_TAG_BYTES]

    def new_stream_key(self, organization_id: UUID) -> tuple[bytes, bytes]:
        """A fresh data key and its wrapped form, the only one that is stored (AES key wrap, RFC 3394)."""
        key = os.urandom(KEY_BYTES)
        return key, aes_key_wrap(self._of(organization_id).wrapping, key)

    def stream_key(self, organization_id: UUID, wrapped: bytes) -> bytes:
        """The data key behind what is stored; Unreadable when it was wrapped elsewhere or changed."""
        try:
            return aes_key_unwrap(self._of(organization_id).wrapping, wrapped)
        except (InvalidUnwrap, ValueError):
            raise Unreadable("A stream's data key does not open with the keys held here.") from None

    def challenge_key(self, organization_id: UUID) -> bytes:
        """Seals what goes to an address that need not be on record: codes and links that prove control of it."""
        return self._of(organization_id).challenges

    def signing_keys(self, organization_id: UUID) -> tuple[SigningKey, ...]:
        """Every signing key, retired ones too, oldest first; files that changed are read again."""
        stamp = tuple(self._stamp(organization_id, use) for use in (LOG, RECEIPTS))
        known = self._signing.get(organization_id)
        if known is None or known[0] != stamp:
            known = (stamp, tuple(keyfiles.read_signing_keys(self.data_dir, organization_id)))
            self._signing[organization_id] = known
        return known[1]

    def log_signers(self, organization_id: UUID, origin: str, now: datetime) -> tuple[Signer, ...]:
        """Who signs checkpoints of this log now; two while a rotation is under way."""
        signers = tuple(
            Signer.of(origin, key.private)
            for key in self.signing_keys(organization_id)
            if key.use == LOG and key.origin == origin and key.is_held and key.signs_at(now)
        )
        if not signers:
            raise SetupProblem(
                f"No key signs the log {origin} now. Restore the key files from their backup, or make a new key:"
                " consent signing-keys rotate log"
            )
        return signers

    def spool_key(self) -> bytes:
        """Encrypts what waits on this machine while the database is away."""
        return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"consent|1|spool").derive(self._root)

    def backup_key(self) -> bytes:
        """Seals what is told of a backup, so that nobody else can make one that passes for ours."""
        return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"consent|1|backup").derive(self._root)

    def installation(self) -> str:
        """A name of this installation that tells nothing about its secret."""
        info = b"consent|1|installation"
        return HKDF(algorithm=SHA256(), length=16, salt=None, info=info).derive(self._root).hex()

    def key_for(self, organization_id: UUID, purpose: str, length: int = KEY_BYTES) -> bytes:
        """A key of the organization for one purpose alone, such as the links it hands out."""
        known = self._purposes.get((organization_id, purpose))
        if known is None or len(known) != length:
            known = self._purposes[organization_id, purpose] = self._derive(organization_id, purpose, length)
        return known

    def ready(self) -> None:
        """The root secret can still be read from its file; SetupProblem otherwise."""
        keyfiles.read_root(self.data_dir)

    def organizations(self) -> tuple[UUID, ...]:
        """Every organization that has signing keys."""
        return keyfiles.organizations_with_keys(self.data_dir)

    def origins(self, organization_id: UUID) -> tuple[str, ...]:
        """The logs of the organization for which there are keys, in order."""
        return tuple(dict.fromkeys(key.origin for key in self.signing_keys(organization_id) if key.use == LOG))

    def log_keys(self, organization_id: UUID, origin: str) -> tuple[tuple[Verifier, SigningKey], ...]:
        """Every key that ever signed this log, with its dates."""
        return tuple(
            (Verifier(origin, key.public), key)
            for key in self.signing_keys(organization_id)
            if key.use == LOG and key.origin == origin
        )

    def receipt_key(self, organization_id: UUID, now: datetime) -> SigningKey:
        """The key that signs receipts now: the newest in use.

        What an organization recorded elsewhere, before it came here, is stated again under its first key here.
        """
        known = self.receipt_keys(organization_id)
        held = [k for k in known if k.is_held]
        usable = [k for k in held if k.signs_at(now)]
        if not usable and len(held) < len(known):
            usable = held[:1]
        if not usable:
            raise SetupProblem(
                "No key signs receipts now. Restore the key files from their backup, or make a new key:"
                " consent signing-keys rotate receipts"
            )
        return usable[-1]

    def receipt_keys(self, organization_id: UUID) -> tuple[SigningKey, ...]:
        """Every key that ever signed receipts, oldest first."""
        return tuple(key for key in self.signing_keys(organization_id) if key.use == RECEIPTS)

    def to_carry(self, organization_id: UUID) -> dict[str, bytes]:
        """The keys by which everything of the organization stays readable and findable elsewhere (`carried`)."""
        return {purpose: self._derive(organization_id, purpose, length) for purpose, length in carried.PURPOSES.items()}

    def _stamp(self, organization_id: UUID, use: str) -> int:
        try:
            return (keyfiles.folder_of(self.data_dir) / str(organization_id) / use).stat().st_mtime_ns
        except OSError:
            return 0

    def _of(self, organization_id: UUID) -> _Derived:
        derived = self._derived.get(organization_id)
        if derived is None:
            lookup = self._derive(organization_id, "lookup")
            derived = self._derived[organization_id] = _Derived(
                lookup=hmac.new(lookup, digestmod="sha256"),
                finding=HMAC(lookup, SHA256()),
                suppression=hmac.new(self._derive(organization_id, "suppression"), digestmod="sha256"),
                messages=hmac.new(self._derive(organization_id, "messages"), digestmod="sha256"),
                wrapping=self._derive(organization_id, "wrapping"),
                challenges=self._derive(organization_id, "challenges"),
            )
        return derived

    def _derive(self, organization_id: UUID, purpose: str, length: int = KEY_BYTES) -> bytes:
        if organization_id not in self._carried:
            self._carried[organization_id] = carried.read(self.data_dir, organization_id)
        brought = self._carried[organization_id].get(purpose)
        if brought is not None:
            return brought
        info = f"consent|1|{purpose}|{organization_id}".encode()
        return HKDF(algorithm=SHA256(), length=length, salt=None, info=info).derive(self._root)


def create_organization_keys(data_dir: Path, organization_id: UUID, origin: str, now: datetime) -> None:
    """The organization has a key for its first log and one for its receipts."""
    keyfiles.create_signing_key(data_dir, organization_id, LOG, now, origin=origin)
    keyfiles.create_signing_key(data_dir, organization_id, RECEIPTS, now)


def rotate(data_dir: Path, organization_id: UUID, use: str, now: datetime, *, origin: str = "") -> SigningKey:
    """A new key signs; the ones before it retire, log keys after an overlap."""
    before = tuple(keyfiles.read_signing_keys(data_dir, organization_id))
    made = keyfiles.create_signing_key(data_dir, organization_id, use, now, origin=origin)
    until = now + OVERLAP if use == LOG else now
    for key in before:
        if key.use == use and key.origin == origin and key.retired_at is None:
            keyfiles.retire_signing_key(data_dir, organization_id, key, until)
    return made


def seal_facts(
    key: bytes | AESGCM, plain: bytes, organization_id: UUID, event_id: UUID, row: str, key_version: int = KEY_VERSION
) -> bytes:
    """Encrypted (AES-256-GCM) so that it opens only as this row of this event.

    `key`: its bytes, or the cipher made of them where several rows are sealed; making one costs twice the sealing.
    """
    nonce, cipher = os.urandom(NONCE), AESGCM(key) if isinstance(key, bytes) else key
    return nonce + cipher.encrypt(nonce, plain, place(organization_id, event_id, row, key_version))


def open_facts(
    key: bytes, sealed: bytes, organization_id: UUID, event_id: UUID, row: str, key_version: int = KEY_VERSION
) -> bytes:
    """What `seal_facts` was given; Unreadable when key, place or bytes differ."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], place(organization_id, event_id, row, key_version))
    except (InvalidTag, ValueError):
        raise Unreadable("Encrypted facts do not open with their stream's key.") from None


def place(organization_id: UUID, event_id: UUID | bytes, row: str, key_version: int) -> bytes:
    """What binds ciphertext to its row: moved anywhere else, it does not open."""
    if isinstance(event_id, bytes):
        h = event_id.hex()
        event = f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"
    else:
        event = id_text(event_id)
    return f"{_place_of(organization_id)}{event}|{row}|{key_version}".encode()


@lru_cache(maxsize=256)
def _place_of(organization_id: UUID) -> str:
    return f"disc|1|{organization_id}|"


def _mac(keyed: hmac.HMAC, message: str) -> bytes:
    mac = keyed.copy()
    mac.update(message.encode())
    return mac.digest()
