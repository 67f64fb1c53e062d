"""Signed notes and checkpoints: the root of a log, in three lines that anybody can hold and check.

Formats: C2SP signed-note (https://c2sp.org/signed-note) and tlog-checkpoint (https://c2sp.org/tlog-checkpoint),
with Ed25519 signatures and no extension lines.
"""

import hashlib
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from consent.errors import BadInput
from consent.ledger.base64url import decode_padded

ED25519 = b"\x01"  # the algorithm byte of signed-note
SIGNATURE_MARK = "— "
LARGEST_NOTE = 64 * 1024


class BadNote(BadInput):
    """The text is not a signed note, or no key we trust has signed it."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """The public half of a log's key, under the name of the log."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes by which a signature line names its key."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    @property
    def vkey(self) -> str:
        """The key as one word to publish: name, key id, key."""
        return f"{self.name}+{self.id.hex()}+{b64encode(ED25519 + self.public).decode()}"

    def has_signed(self, text: str, signature: bytes) -> bool:
        """Whether this key made the signature over the note's text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """A log's private key with what is needed to write its signature lines."""

    verifier: Verifier
    private: Ed25519PrivateKey

    @classmethod
    def of(cls, name: str, private: Ed25519PrivateKey) -> "Signer":
        """The signer that writes under the name of this log."""
        return cls(Verifier(name, private.public_key().public_bytes_raw()), private)

    def __repr__(self) -> str:
        return f"Signer({self.verifier.name})"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a log: its name, how many leaves it has, and the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The three signed lines."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


def read_vkey(vkey: str) -> Verifier:
    """A published key; BadNote unless its parts agree."""
    try:
        name, key_id, encoded = vkey.strip().split("+", 2)
        key = decode_padded(encoded)
        verifier = Verifier(name, key[1:])
        agrees = key[:1] == ED25519 and len(key) == 33 and verifier.id.hex() == key_id and name != ""
    except ValueError:
        agrees = False
    if not agrees:
        raise BadNote("This is not a verifier key of the form name+id+key.", field="vkey")
    return verifier


def sign(text: str, signers: Iterable[Signer]) -> str:
    """The text with a signature line of each signer."""
    lines = [
        f"{SIGNATURE_MARK}{signer.verifier.name} "
        f"{b64encode(signer.verifier.id + signer.private.sign(text.encode())).decode()}\n"
        for signer in signers
    ]
    return text + "\n" + "".join(lines)


def open_note(note: str, verifiers: Sequence[Verifier]) -> tuple[str, tuple[Verifier, ...]]:
    """The text and which of these keys have signed it, at least one; other keys are passed over.

    A signature that names one of these keys and does not hold spoils the note, as signed-note demands.
    """
    text, lines = _split(note)
    signed: list[Verifier] = []
    for name, key_id, signature in lines:
        for verifier in verifiers:
            if verifier.name == name and verifier.id == key_id and verifier not in signed:
                if not verifier.has_signed(text, signature):
                    raise BadNote("A signature on the note does not hold.", field="note")
                signed.append(verifier)
    if not signed:
        raise BadNote("No key we know has signed the note.", field="note")
    return text, tuple(signed)


def merge(notes: Sequence[str]) -> str:
    """One note with the signature lines of several notes over the same text."""
    text = _split(notes[0])[0]
    lines: dict[str, None] = {}
    for note in notes:
        own, _ = _split(note)
        if own != text:
            raise BadNote("Notes over different texts cannot be merged.", field="note")
        lines |= dict.fromkeys(note[len(own) + 1 :].splitlines(keepends=True))
    return text + "\n" + "".join(lines)


def read_checkpoint(text: str) -> Checkpoint:
    """The checkpoint in a note's text; BadNote unless it has exactly the three lines."""
    lines = text.split("\n")
    try:
        origin, size, encoded, end = lines
        root = decode_padded(encoded)
        checkpoint = Checkpoint(origin, int(size), root)
    except ValueError:
        raise BadNote("The note is not a checkpoint of three lines.", field="note") from None
    if end or checkpoint.size < 0 or len(root) != 32 or checkpoint.text != text or not origin:
        raise BadNote("The checkpoint is not written in its one form.", field="note")
    return checkpoint


def open_checkpoint(note: str, verifiers: Sequence[Verifier]) -> Checkpoint:
    """The checkpoint of a note that a key of its own log has signed."""
    text, signed = open_note(note, verifiers)
    checkpoint = read_checkpoint(text)
    if all(verifier.name != checkpoint.origin for verifier in signed):
        raise BadNote("The checkpoint is signed, but not by a key of its own log.", field="note")
    return checkpoint


def _split(note: str) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    text, gap, tail = note.rpartition("\n\n")
    text += "\n"
    if not gap or not tail.endswith("\n") or len(note) > LARGEST_NOTE or _has_control(note):
        raise BadNote("This is not a signed note.", field="note")
    lines: list[tuple[str, bytes, bytes]] = []
    for line in tail[:-1].split("\n"):
        try:
            mark, name, encoded = line.split(" ")
            raw = decode_padded(encoded)
        except ValueError:
            raise BadNote("A signature line of the note is malformed.", field="note") from None
        if mark != SIGNATURE_MARK.strip() or len(raw) < 5 or not name or "+" in name:
            raise BadNote("A signature line of the note is malformed.", field="note")
        lines.append((name, raw[:4], raw[4:]))
    return text, lines


def _has_control(note: str) -> bool:
    return any(letter < " " and letter != "\n" for letter in note)
