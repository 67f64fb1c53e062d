"""What a passphrase opens: two keys by scrypt (RFC 7914), one that seals the carried keys and one for the manifest."""

import os
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from consent.errors import BadInput
from consent.leaving.rules import LEAST_PASSPHRASE

# 128 MiB for each try, the strongest of the settings that OWASP's cheat sheet on password storage names. Part of the
# format: no file may ask this machine for more.
N, R, P = 2**17, 8, 1
SALT, NONCE = 16, 12


@dataclass(frozen=True, slots=True)
class Keys:
    """The two keys of one archive."""

    sealing: bytes
    manifest: bytes

    def __repr__(self) -> str:
        return "Keys()"


def new_salt() -> bytes:
    """A salt for a new archive."""
    return os.urandom(SALT)


def derive(passphrase: str, salt: bytes) -> Keys:
    """The keys that this passphrase makes; takes a third of a second."""
    made = Scrypt(salt=salt, length=64, n=N, r=R, p=P).derive(passphrase.encode("utf-8", "surrogatepass"))
    return Keys(made[:32], made[32:])


def check_strength(passphrase: str) -> None:
    """The passphrase is long enough for a file that opens everything."""
    if len(passphrase) < LEAST_PASSPHRASE:
        raise BadInput(
            f"The passphrase is too short: take at least {LEAST_PASSPHRASE} characters, better five random words.",
            field="passphrase",
        )


def seal(keys: Keys, organization_id: UUID, plain: bytes) -> bytes:
    """The text, readable with the passphrase alone (AES-256-GCM)."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(keys.sealing).encrypt(nonce, plain, _place(organization_id))


def unseal(keys: Keys, organization_id: UUID, sealed: bytes) -> bytes:
    """What `seal` was given; BadInput for another passphrase."""
    try:
        return AESGCM(keys.sealing).decrypt(sealed[:NONCE], sealed[NONCE:], _place(organization_id))
    except (InvalidTag, ValueError):
        raise BadInput("The passphrase does not open this archive.", field="passphrase") from None


def _place(organization_id: UUID) -> bytes:
    return f"carried|1|{organization_id}".encode()
