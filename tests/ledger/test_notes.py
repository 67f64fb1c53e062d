"""Signed notes, checkpoints and proofs, against published examples."""

from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from consent.ledger import notes, proofs, tree
from consent.ledger.bodies import leaf_hash
from consent.ledger.notes import BadNote, Checkpoint, Signer

# The example of the documentation of golang.org/x/mod/sumdb/note.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PROBLEM = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6Ryy"
    "BwJnAM=\n"
)
ORIGIN = "consent.example/log/acme/1"
LEAVES = [leaf_hash(bytes([number])) for number in range(5)]


def signer(seed: int = 1, name: str = ORIGIN) -> Signer:
    return Signer.of(name, Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32))


def checkpoint() -> Checkpoint:
    return Checkpoint(ORIGIN, len(LEAVES), tree.root_of(LEAVES))


def test_the_published_example_note_opens_with_its_published_key() -> None:
    verifier = notes.read_vkey(NEUMANN)
    text, signed = notes.open_note(PROBLEM, [verifier])
    assert text.endswith("what your problem is.\n")
    assert signed == (verifier,)
    assert verifier.vkey == NEUMANN


@pytest.mark.parametrize("change", [("problem", "Problem"), ("JnAM=", "JnAN="), ("— ", "- "), ("x08g", "x18g")])
def test_a_changed_note_does_not_open(change: tuple[str, str]) -> None:
    with pytest.raises(BadNote):
        notes.open_note(PROBLEM.replace(*change, 1), [notes.read_vkey(NEUMANN)])


@pytest.mark.parametrize("vkey", ["", "a+b", NEUMANN.replace("c74f", "c74e"), NEUMANN[:-4], "PeterNeumann"])
def test_a_key_whose_parts_do_not_agree_is_refused(vkey: str) -> None:
    with pytest.raises(BadNote):
        notes.read_vkey(vkey)


def test_a_checkpoint_has_three_lines() -> None:
    text = checkpoint().text
    assert text == f"{ORIGIN}\n5\n{b64encode(tree.root_of(LEAVES)).decode()}\n"
    assert notes.read_checkpoint(text) == checkpoint()


@pytest.mark.parametrize("change", [("\n5\n", f"\n{other}\n") for other in ("05", "-5", "5\n", " 5", "+5", "5.0")])
def test_a_checkpoint_in_another_form_is_refused(change: tuple[str, str]) -> None:
    with pytest.raises(BadNote):
        notes.read_checkpoint(checkpoint().text.replace(*change, 1))


def test_signing_twice_gives_the_same_note() -> None:
    assert notes.sign(checkpoint().text, [signer()]) == notes.sign(checkpoint().text, [signer()])


def test_two_keys_sign_one_note_during_a_rotation() -> None:
    text = checkpoint().text
    both = notes.merge([notes.sign(text, [signer(1)]), notes.sign(text, [signer(2)])])
    assert notes.open_checkpoint(both, [signer(1).verifier]) == checkpoint()
    assert notes.open_checkpoint(both, [signer(2).verifier]) == checkpoint()
    with pytest.raises(BadNote):
        notes.open_checkpoint(both, [signer(3).verifier])


def test_the_key_of_another_log_does_not_make_a_checkpoint_true() -> None:
    other = signer(1, "consent.example/log/other/1")
    with pytest.raises(BadNote):
        notes.open_checkpoint(notes.sign(checkpoint().text, [other]), [other.verifier])


def reader(level: int, start: int, count: int) -> list[bytes]:
    return LEAVES[start : start + count]


def proof_text(index: int = 3) -> str:
    path = tuple(tree.inclusion(index, len(LEAVES), reader))
    return proofs.write(proofs.Proof(index, path, notes.sign(checkpoint().text, [signer()])))


def test_a_proof_is_written_in_the_form_of_the_standard() -> None:
    lines = proof_text().split("\n")
    assert lines[:2] == ["c2sp.org/tlog-proof@v1", "index 3"]
    assert lines[lines.index("") + 1 :][:2] == [ORIGIN, "5"]


def test_a_proof_holds_for_its_leaf_only() -> None:
    proof, found = proofs.check(proof_text(), LEAVES[3], [signer().verifier])
    assert (proof.index, found) == (3, checkpoint())
    with pytest.raises(proofs.BadProof):
        proofs.check(proof_text(), LEAVES[2], [signer().verifier])


def test_the_unsigned_extra_line_of_a_proof_is_passed_over() -> None:
    text = proof_text().replace("\nindex", "\nextra aGVsbG8=\nindex", 1)
    assert proofs.read(text) == proofs.read(proof_text())


@pytest.mark.parametrize(
    "change",
    [("v1", "v2"), ("index 3", "index 03"), ("index 3", "index -3"), ("index 3", "at 3"), ("\n\n", "\n")],
)
def test_a_malformed_proof_is_refused(change: tuple[str, str]) -> None:
    with pytest.raises(BadNote):
        proofs.check(proof_text().replace(*change, 1), LEAVES[3], [signer().verifier])
