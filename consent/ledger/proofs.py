"""A proof as text that needs no network: the leaf's index, its audit path, and a signed checkpoint.

Format: C2SP tlog-proof@v1 (https://c2sp.org/tlog-proof).
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from consent.ledger import tree
from consent.ledger.base64url import decode_padded
from consent.ledger.notes import BadNote, Checkpoint, Verifier, open_checkpoint

HEADER = "c2sp.org/tlog-proof@v1"
LONGEST_PATH = 63


class BadProof(BadNote):
    """The proof is malformed or does not hold."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Where a leaf stands in a log and how to get from it to the checkpoint's root."""

    index: int
    path: tuple[bytes, ...]
    note: str


def write(proof: Proof) -> str:
    """The proof as text."""
    path = "".join(b64encode(step).decode() + "\n" for step in proof.path)
    return f"{HEADER}\nindex {proof.index}\n{path}\n{proof.note}"


def read(text: str) -> Proof:
    """The proof in this text; BadProof unless it is in the one form."""
    head, gap, note = text.partition("\n\n")
    lines = head.split("\n")
    try:
        if not gap or lines[0] != HEADER:
            raise ValueError
        # An `extra` line is allowed by the format; it is not authenticated, so it is passed over.
        body = lines[2:] if lines[1].startswith("extra ") else lines[1:]
        word, number = body[0].split(" ")
        proof = Proof(int(number), tuple(decode_padded(step) for step in body[1:]), note)
        sound = word == "index" and number == str(proof.index) and len(proof.path) <= LONGEST_PATH
    except (ValueError, IndexError):
        sound = False
    if not sound or proof.index < 0 or any(len(step) != 32 for step in proof.path):
        raise BadProof("This is not a proof of the form tlog-proof@v1.", field="proof")
    return proof


def check(text: str, leaf_hash: bytes, verifiers: Sequence[Verifier]) -> tuple[Proof, Checkpoint]:
    """The proof holds for this leaf under a checkpoint that one of these keys has signed; else BadProof."""
    proof = read(text)
    checkpoint = open_checkpoint(proof.note, verifiers)
    if not tree.includes(leaf_hash, proof.index, checkpoint.size, proof.path, checkpoint.root):
        raise BadProof("The audit path does not lead from the event to the checkpoint.", field="proof")
    return proof, checkpoint
