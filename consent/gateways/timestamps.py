"""Time stamps of an authority (RFC 3161): ask for one, and check one. Pure: bytes in, bytes out.

Only what such tokens consist of is read, strictly; the signature and the certificate are `cryptography`'s matter.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from consent.errors import BadInput

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
LARGEST = 64 * 1024
_DER = Encoding.DER
_INTEGER, _OCTETS, _OID, _SEQUENCE, _SET, _TIME = 0x02, 0x04, 0x06, 0x30, 0x31, 0x18
_SHA256 = bytes.fromhex("608648016503040201")
_HASHES: dict[bytes, tuple[str, hashes.HashAlgorithm]] = {
    _SHA256: ("sha256", hashes.SHA256()),
    bytes.fromhex("608648016503040202"): ("sha384", hashes.SHA384()),
    bytes.fromhex("608648016503040203"): ("sha512", hashes.SHA512()),
}
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_TST_INFO = bytes.fromhex("2a864886f70d0109100104")
_CONTENT_TYPE, _MESSAGE_DIGEST = bytes.fromhex("2a864886f70d010903"), bytes.fromhex("2a864886f70d010904")
_SIGNER_SHA1, _SIGNER = bytes.fromhex("2a864886f70d010910020c"), bytes.fromhex("2a864886f70d010910022f")


class BadToken(BadInput):
    """These bytes are no time stamp over what they should be over."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an authority said: that this digest existed at this instant. `signer` is the SHA-256 of its certificate."""

    at: datetime
    signer: str


@dataclass(frozen=True, slots=True)
class _Node:
    tag: int
    content: bytes
    whole: bytes

    @property
    def parts(self) -> list["_Node"]:
        """What a constructed value holds."""
        found, rest = [], self.content
        while rest:
            node, rest = _read(rest)
            found.append(node)
        return found


def query(digest: bytes, nonce: int) -> bytes:
    """The request for a token over this SHA-256, with the certificate in it."""
    algorithm = _write(_SEQUENCE, _write(_OID, _SHA256), b"\x05\x00")
    imprint = _write(_SEQUENCE, algorithm, _write(_OCTETS, digest))
    return _write(_SEQUENCE, b"\x02\x01\x01", imprint, _write(_INTEGER, _number(nonce)), b"\x01\x01\xff")


def token_of(reply: bytes) -> bytes:
    """The token in an authority's reply; BadToken where it gave none."""
    parts = _whole(reply, _SEQUENCE).parts
    status = parts[0].parts[0] if parts and parts[0].parts else None
    if status is None or status.tag != _INTEGER or status.content not in (b"\x00", b"\x01") or len(parts) != 2:
        raise BadToken("The time stamp authority gave no token.")
    return parts[1].whole


def check(token: bytes, digest: bytes, nonce: int | None = None) -> Stamp:
    """The token is over this SHA-256 and signed by the certificate in it, made for nothing but time stamps.

    Whether that certificate is one to trust is for whoever reads it: `openssl ts -verify -CAfile` asks.
    """
    try:
        return _check(token, digest, nonce)
    except BadToken:
        raise
    except (ValueError, IndexError, TypeError, KeyError, UnsupportedAlgorithm, x509.ExtensionNotFound):
        raise BadToken("This is no time stamp that can be read.") from None


def _check(token: bytes, digest: bytes, nonce: int | None) -> Stamp:
    kind, held = _whole(token, _SEQUENCE).parts
    if kind.content != _SIGNED_DATA:
        raise BadToken("This is no signed time stamp.")
    (data,) = held.parts
    _version, _algorithms, wrapped, *more = data.parts
    certificates = [part for node in more if node.tag == 0xA0 for part in node.parts]
    (signer,) = more[-1].parts
    content_type, content = wrapped.parts
    (info,) = content.parts
    if content_type.content != _TST_INFO or info.tag != _OCTETS:
        raise BadToken("What is signed is no time stamp.")
    at = _info(info.content, digest, nonce)
    certificate = _signed(signer, info.content, certificates)
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise BadToken("The authority's certificate was not valid at that time.")
    return Stamp(at, hashlib.sha256(certificate.public_bytes(_DER)).hexdigest())


def _info(raw: bytes, digest: bytes, nonce: int | None) -> datetime:
    _version, _policy, imprint, _serial, made, *rest = _whole(raw, _SEQUENCE).parts
    algorithm, stamped = imprint.parts
    if algorithm.parts[0].content != _SHA256 or stamped.content != digest:
        raise BadToken("The time stamp is over something else.")
    answered = [int.from_bytes(node.content, "big") for node in rest if node.tag == _INTEGER]
    if nonce is not None and answered != [nonce]:
        raise BadToken("The time stamp answers another question.")
    if made.tag != _TIME:
        raise BadToken("The time stamp tells no time.")
    text = made.content.decode("ascii")
    return datetime.strptime(text.partition(".")[0].removesuffix("Z"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def _signed(signer: _Node, content: bytes, certificates: Sequence[_Node]) -> x509.Certificate:
    _version, who, algorithm, attributes, _how, signature = signer.parts[:6]
    name, chosen = _HASHES[algorithm.parts[0].content]
    said = {one.parts[0].content: one.parts[1].parts[0] for one in attributes.parts}
    if said[_CONTENT_TYPE].content != _TST_INFO or said[_MESSAGE_DIGEST].content != hashlib.new(name, content).digest():
        raise BadToken("The time stamp is not what was signed.")
    certificate = _certificate(who, certificates)
    _bound(said, certificate)
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    if not usage.critical or list(usage.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise BadToken("The certificate was not made for time stamps.")
    # What is signed is the set of attributes under its own tag, not under the one that it has in the token.
    _verify(certificate, signature.content, _write(_SET, attributes.content), chosen)
    return certificate


def _certificate(who: _Node, certificates: Sequence[_Node]) -> x509.Certificate:
    issuer, serial = who.parts
    for node in certificates:
        one = x509.load_der_x509_certificate(node.whole)
        if one.issuer.public_bytes() == issuer.whole and one.serial_number == int.from_bytes(serial.content, "big"):
            return one
    raise BadToken("The authority's certificate is not in the time stamp.")


def _bound(said: dict[bytes, _Node], certificate: x509.Certificate) -> None:
    """The attribute that names the certificate names this one (RFC 5816, RFC 2634)."""
    der = certificate.public_bytes(_DER)
    if _SIGNER in said:
        first = said[_SIGNER].parts[0].parts[0].parts
        name = _HASHES[first[0].parts[0].content][0] if first[0].tag == _SEQUENCE else "sha256"
        named = first[1] if first[0].tag == _SEQUENCE else first[0]
        fits = named.content == hashlib.new(name, der).digest()
    else:
        named = said[_SIGNER_SHA1].parts[0].parts[0].parts[0]
        fits = named.content == hashlib.sha1(der, usedforsecurity=False).digest()
    if not fits:
        raise BadToken("The time stamp names another certificate.")


def _verify(certificate: x509.Certificate, signature: bytes, over: bytes, chosen: hashes.HashAlgorithm) -> None:
    key = certificate.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, over, padding.PKCS1v15(), chosen)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, over, ec.ECDSA(chosen))
        elif isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, over)
        else:
            raise BadToken("The authority signs in a way that is not known here.")
    except InvalidSignature:
        raise BadToken("The signature of the time stamp does not hold.") from None


def _whole(raw: bytes, tag: int) -> _Node:
    if len(raw) > LARGEST:
        raise BadToken("This is too large for a time stamp.")
    try:
        node, rest = _read(raw)
    except IndexError:
        raise BadToken("This is no time stamp that can be read.") from None
    if node.tag != tag or rest:
        raise BadToken("This is no time stamp that can be read.")
    return node


def _read(raw: bytes) -> tuple[_Node, bytes]:
    tag, length, at = raw[0], raw[1], 2
    if length & 0x80:
        count = length & 0x7F
        if not 1 <= count <= 3:
            raise BadToken("This is no time stamp that can be read.")
        length, at = int.from_bytes(raw[2 : 2 + count], "big"), 2 + count
    if len(raw) < at + length:
        raise BadToken("This is no time stamp that can be read.")
    end = at + length
    return _Node(tag, raw[at:end], raw[:end]), raw[end:]


def _write(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def _number(value: int) -> bytes:
    return value.to_bytes(value.bit_length() // 8 + 1, "big")
