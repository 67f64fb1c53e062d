"""Time stamps of an authority that shares no code with ours."""

import hashlib
from pathlib import Path

import pytest

from consent.gateways import timestamps
from consent.gateways.timestamps import BadToken
from tests.support.authority import Authority

DATA = b"three signed lines"
DIGEST = hashlib.sha256(DATA).digest()
NONCE = 0xC0FFEE0DDBA11


@pytest.mark.parametrize(
    ("key", "digest", "ess"), [("rsa", "sha256", "sha256"), ("ec", "sha512", "sha1"), ("ec", "sha384", "sha384")]
)
def test_a_token_of_another_program_is_read_and_no_changed_byte_says_anything_else(
    tmp_path: Path, key: str, digest: str, ess: str
) -> None:
    authority = Authority(tmp_path / "tsa", key, digest=digest, ess=ess)
    reply = authority.reply(timestamps.query(DIGEST, NONCE))
    assert authority.verifies(reply, DATA)  # what we asked is what they understood
    token = timestamps.token_of(reply)
    stamp = timestamps.check(token, DIGEST, NONCE)
    assert stamp == timestamps.check(token, DIGEST) and len(stamp.signer) == 64 and stamp.at.tzinfo is not None
    for digest_of, nonce in ((hashlib.sha256(b"other").digest(), NONCE), (DIGEST, NONCE + 1)):
        with pytest.raises(BadToken):
            timestamps.check(token, digest_of, nonce)
    for at in range(0, len(token), 7):
        changed = bytearray(token)
        changed[at] ^= 0x01
        try:
            assert timestamps.check(bytes(changed), DIGEST, NONCE) == stamp  # what nobody signs says nothing either
        except BadToken:
            continue
    for cut in (b"", token[:1], token[:40], token[:-1], token + b"\0", b"\x30\x84\xff\xff\xff\xff"):
        with pytest.raises(BadToken):
            timestamps.check(cut, DIGEST)


def test_a_certificate_made_for_other_things_too_stamps_nothing_and_a_refusal_is_one(tmp_path: Path) -> None:
    other = Authority(tmp_path / "other")
    token = timestamps.token_of(other.reply(timestamps.query(DIGEST, NONCE)))
    critical = bytes.fromhex("0603551d250101ff")  # the usage of keys, marked as not to be passed over
    with pytest.raises(BadToken):
        timestamps.check(token.replace(critical, bytes.fromhex("0603551d25010100")), DIGEST)
    refusal = bytes.fromhex("30053003020102")
    with pytest.raises(BadToken, match="gave no token"):
        timestamps.token_of(refusal)
