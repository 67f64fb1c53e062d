"""Keys: derived per organization, files kept private and never overwritten, facts bound to their place."""

import hmac
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from consent.errors import SetupProblem
from consent.ledger import keyfiles, keys, published
from consent.ledger.keys import Keyring, Unreadable
from tests.ledger.house import NOW, ORGANIZATION, ORIGIN

OTHER = uuid4()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    keyfiles.create_root(tmp_path)
    keys.create_organization_keys(tmp_path, ORGANIZATION, ORIGIN, NOW)
    return tmp_path


def test_a_lookup_tag_is_the_mac_of_label_channel_and_value(folder: Path) -> None:
    root = bytes.fromhex((folder / "keys/root.key").read_text())
    info = f"consent|1|lookup|{ORGANIZATION}".encode()
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(root)
    expected = hmac.digest(key, b"idx|1|sms|+15095550142", "sha256")
    ring = Keyring(folder)
    assert ring.lookup_tag(ORGANIZATION, "sms", "+15095550142") == expected
    assert ring.lookup_tag(ORGANIZATION, "sms", "+15095550142") == expected


def test_tags_differ_by_organization_channel_and_purpose(folder: Path) -> None:
    ring = Keyring(folder)
    tags = {
        ring.lookup_tag(ORGANIZATION, "sms", "+15095550142"),
        ring.lookup_tag(ORGANIZATION, "voice", "+15095550142"),
        ring.lookup_tag(OTHER, "sms", "+15095550142"),
        ring.suppression_tag(ORGANIZATION, "sms", "+15095550142"),
        ring.message_tag(ORGANIZATION, "sms", "+15095550142"),
        ring.payload_tag(ORGANIZATION, b"sms|+15095550142"),
    }
    assert len(tags) == 6


def test_a_stream_key_opens_only_with_its_organizations_key(folder: Path) -> None:
    ring = Keyring(folder)
    key, wrapped = ring.new_stream_key(ORGANIZATION)
    assert ring.stream_key(ORGANIZATION, wrapped) == key
    with pytest.raises(Unreadable):
        ring.stream_key(OTHER, wrapped)
    with pytest.raises(Unreadable):
        ring.stream_key(ORGANIZATION, wrapped[:-1] + bytes([wrapped[-1] ^ 1]))


def test_facts_open_only_in_their_place() -> None:
    key, event = bytes(range(32)), uuid4()
    sealed = keys.seal_facts(key, b"+15095550142", ORGANIZATION, event, "facts")
    assert keys.open_facts(key, sealed, ORGANIZATION, event, "facts") == b"+15095550142"
    places = [(OTHER, event, "facts", 1), (ORGANIZATION, uuid4(), "facts", 1), (ORGANIZATION, event, "message", 1)]
    for place in [*places, (ORGANIZATION, event, "facts", 2)]:
        with pytest.raises(Unreadable):
            keys.open_facts(key, sealed, *place)
    assert b"5550142" not in sealed


def test_the_same_fact_is_never_sealed_alike() -> None:
    place = (ORGANIZATION, uuid4(), "facts")
    assert keys.seal_facts(bytes(32), b"x", *place) != keys.seal_facts(bytes(32), b"x", *place)


def test_key_files_are_for_the_service_alone(folder: Path) -> None:
    files = [path for path in (folder / "keys").rglob("*") if path.is_file()]
    assert len(files) == 3
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert (folder / "keys").stat().st_mode & 0o077 == 0


def test_a_key_is_never_made_twice(folder: Path) -> None:
    before = (folder / "keys/root.key").read_bytes()
    with pytest.raises(SetupProblem, match="exists already"):
        keyfiles.create_root(folder)
    assert (folder / "keys/root.key").read_bytes() == before


def test_a_missing_root_is_not_made_silently(tmp_path: Path) -> None:
    with pytest.raises(SetupProblem, match="signing-keys create"):
        Keyring(tmp_path)
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize("content", ["", "00" * 32, "ab" * 31, "change-me", "zz" * 32])
def test_a_root_that_is_short_or_a_sample_is_refused(tmp_path: Path, content: str) -> None:
    keyfiles.create_root(tmp_path)
    (tmp_path / "keys/root.key").write_text(content)
    with pytest.raises(SetupProblem):
        Keyring(tmp_path)


def test_a_key_file_that_others_can_read_is_refused(folder: Path) -> None:
    (folder / "keys/root.key").chmod(0o644)
    with pytest.raises(SetupProblem, match="chmod 600"):
        Keyring(folder)


def test_a_changed_signing_key_is_refused(folder: Path) -> None:
    (path,) = (folder / "keys" / str(ORGANIZATION) / "log").glob("*.jwk")
    path.write_text(path.read_text().replace('"d": "', '"d": "A', 1))
    with pytest.raises(SetupProblem, match="signing key"):
        Keyring(folder).signing_keys(ORGANIZATION)


def test_after_a_rotation_the_old_log_key_signs_for_thirty_days_more(folder: Path) -> None:
    ring = Keyring(folder)
    (old,) = ring.log_signers(ORGANIZATION, ORIGIN, NOW)
    later = NOW + timedelta(days=365)
    keys.rotate(folder, ORGANIZATION, keyfiles.LOG, later, origin=ORIGIN)
    during = ring.log_signers(ORGANIZATION, ORIGIN, later + timedelta(days=29))
    after = ring.log_signers(ORGANIZATION, ORIGIN, later + timedelta(days=31))
    assert len(during) == 2 and old.verifier in [signer.verifier for signer in during]
    assert len(after) == 1 and old.verifier != after[0].verifier
    assert len(published.log_vkeys(ring, [ORGANIZATION])) == 2


def test_a_retired_receipt_key_stays_published_with_its_date(folder: Path) -> None:
    ring = Keyring(folder)
    old = ring.receipt_key(ORGANIZATION, NOW)
    made = keys.rotate(folder, ORGANIZATION, keyfiles.RECEIPTS, NOW + timedelta(days=1))
    assert ring.receipt_key(ORGANIZATION, NOW + timedelta(days=2)).kid == made.kid
    entries = {key["kid"]: key for key in published.jwks(ring, [ORGANIZATION])["keys"]}
    assert entries.keys() == {old.kid, made.kid}
    assert "retired_at" in entries[old.kid] and "retired_at" not in entries[made.kid]
    assert all("d" not in key for key in entries.values())


def test_a_key_id_is_the_thumbprint_of_rfc_7638() -> None:
    # RFC 8037 appendix A.3: the published Ed25519 key and its thumbprint.
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    thumbprint = keyfiles.thumbprint(Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw())
    assert thumbprint == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_secrets_are_not_shown_by_a_repr(folder: Path) -> None:
    ring = Keyring(folder)
    shown = repr(ring) + repr(ring.signing_keys(ORGANIZATION)) + repr(ring.log_signers(ORGANIZATION, ORIGIN, NOW))
    for key in ring.signing_keys(ORGANIZATION):
        assert key.seed.hex() not in shown and repr(key.seed) not in shown
