#!/usr/bin/env python3
"""Checks a pack of evidence: python3 check.py PACK.zip. Needs Python 3.9 or newer, nothing else and no network.

Every file is held against the signed list of files, every entry against its hash, its stream and the checkpoint of its
log, every shown fact against the hash that was sealed. What does not hold is named with its file. The keys come with
the pack; who trusts nothing in it gives those that the service publishes: --jwks jwks.json --log-keys log-keys.txt.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import zipfile
import zlib
from base64 import b64decode, urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path
from typing import Any

LIST, SIGNED = "files.json", "files.jws"
ENTRIES, KEYS, LOG_KEYS = "entries.jsonl", "keys/jwks.json", "keys/log-keys.txt"
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)

# Ed25519, RFC 8032 section 5.1: points of the curve in extended coordinates (X, Y, Z, T).
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]
Found = tuple[list[tuple[str, str]], list[str]]  # what does not hold, each with its file; and what was looked at


def main() -> int:
    """Prints what was found; 0 where all of it holds, 1 where something does not."""
    asked = argparse.ArgumentParser(description="Checks a pack of evidence, without any network.")
    asked.add_argument("pack", help="the ZIP file")
    asked.add_argument("--jwks", help="the service's /.well-known/jwks.json, instead of the keys in the pack")
    asked.add_argument("--log-keys", help="the service's /.well-known/log-keys.txt, likewise")
    given = asked.parse_args()
    try:
        own = [Path(one).read_bytes() if one else None for one in (given.jwks, given.log_keys)]
        wrong, told = check(given.pack, own[0], own[1])
    except FileNotFoundError as error:
        asked.error(f"there is no file {error.filename}")
    print(*told, *(f"WRONG {name}: {why}" for name, why in wrong), sep="\n")
    print(f"The pack does not hold: {len(wrong)} findings." if wrong else "The pack is valid.")
    return 1 if wrong else 0


def check(path: str, jwks: bytes | None = None, log_keys: bytes | None = None) -> Found:
    """What does not hold, each with the file it stands in, and what was looked at."""
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise
    except UNREADABLE:
        return [(path, "it is not a ZIP file, or its table of contents is damaged")], []
    with archive:
        return Checker(archive, jwks, log_keys).run()


class Checker:
    """One pack under examination."""

    def __init__(self, archive: zipfile.ZipFile, jwks: bytes | None, log_keys: bytes | None) -> None:
        self.archive = archive
        self.wrong: list[tuple[str, str]] = []
        self.notes: dict[str, tuple[str, int, bytes] | None] = {}
        self.jwks = self.json(KEYS, jwks)
        raw = log_keys if log_keys is not None else self.read(LOG_KEYS)
        self.log_keys = [one.split()[0] for one in raw.decode("utf-8", "replace").splitlines() if one.strip()]

    def run(self) -> Found:
        """Every check, one after the other."""
        files, (entries, facts), bundles = self.files(), self.entries(), self.bundles()
        told = [f"{files} files, {entries} entries, {facts} shown facts, {bundles} receipts."]
        used = sorted({one[:2] for one in self.notes.values() if one is not None})
        told += [f"Sealed under the checkpoint of {size} entries of {name}." for name, size in used]
        return self.wrong, told

    def fail(self, name: str, why: str) -> None:
        """This does not hold; said once for each file and reason."""
        if (name, why) not in self.wrong:
            self.wrong.append((name, why))

    def read(self, name: str) -> bytes:
        """The content of a file; nothing where it is damaged or gone, which is noted."""
        try:
            return self.archive.read(name)
        except KeyError:
            self.fail(name, "it is missing")
        except UNREADABLE:
            self.fail(name, "its content was changed: it cannot be unpacked")
        return b""

    def json(self, name: str, raw: bytes | None = None) -> dict[str, Any]:
        """The JSON object in a file, or an empty one."""
        content = self.read(name) if raw is None else raw
        try:
            found = json.loads(content)
            return found if isinstance(found, dict) else {}
        except ValueError:
            self.fail(name, "it is not JSON")
            return {}

    def files(self) -> int:
        """Every file is, byte for byte, the one on the signed list, and none is missing or was added."""
        found = self.json(LIST).get("files")
        listed: dict[str, Any] = found if isinstance(found, dict) else {}
        claims = self.statement(self.read(SIGNED).decode("ascii", "replace").strip(), SIGNED)
        if claims and claims.get("files_sha256") != b64(hashlib.sha256(self.read(LIST)).digest()):
            self.fail(LIST, "it is not the list that was signed")
        names = self.archive.namelist()
        for name in names:
            if name not in listed and name not in (LIST, SIGNED):
                self.fail(name, "it is not on the list of files")
        if len(set(names)) != len(names):
            self.fail(LIST, "a name stands twice in the ZIP file")
        for name, said in listed.items():
            digest, size = hashlib.sha256(), 0
            try:
                with self.archive.open(name) as file:
                    while piece := file.read(1 << 16):
                        digest.update(piece)
                        size += len(piece)
            except (*UNREADABLE, KeyError):
                self.read(name)
                continue
            if said.get("sha256") != b64(digest.digest()) or said.get("size") != size:
                self.fail(name, "its content was changed: it does not have the hash on the list")
        return len(listed)

    def entries(self) -> tuple[int, int]:
        """Every entry has the hash that its log sealed, and stands in its stream where it says."""
        heads: dict[str, tuple[int, str]] = {}
        count = facts = 0
        try:
            with self.archive.open(ENTRIES) as file:
                for line in file:
                    count += 1
                    try:
                        facts += self.entry(json.loads(line), heads)
                    except (ValueError, KeyError, TypeError, AttributeError):
                        self.fail(ENTRIES, f"line {count} cannot be read")
        except (*UNREADABLE, KeyError):
            self.fail(ENTRIES, "its content was changed: it cannot be unpacked")
        return count, facts

    def entry(self, told: dict[str, Any], heads: dict[str, tuple[int, str]]) -> int:
        """One line of entries.jsonl; how many facts it shows."""
        body = unb64(told["body"])
        leaf, digest = json.loads(body), hashlib.sha256(b"\0" + body).digest()
        name = f"entry {told.get('entry')}"
        said = (told["entry"], told["type"], told["occurred_at"], told["recorded_at"], told["data"])
        if said != (leaf["id"], leaf["type"], leaf["occ"], leaf["rec"], leaf["data"]):
            self.fail(ENTRIES, f"{name} tells something else than its sealed body")
        seq, before = heads.get(leaf["str"], (0, ""))
        if (leaf["seq"], leaf["prev"]) != (seq + 1, before):
            self.fail(ENTRIES, f"{name} does not follow the one before it in its stream")
        heads[leaf["str"]] = (leaf["seq"], b64(digest))
        shown = {}
        for text in told["disclosures"]:
            fact = json.loads(unb64(text))
            shown[fact[1]] = fact[2]
            if b64(hashlib.sha256(text.encode("ascii")).digest()) not in leaf["sd"]:
                self.fail(ENTRIES, f"{name} shows a fact that was not sealed")
        if shown != told["facts"]:
            self.fail(ENTRIES, f"{name} tells other facts than it proves")
        if told["proof"] is not None:
            self.proof(told["proof"], digest, leaf["log"], f"{ENTRIES}: {name}")
        return len(shown)

    def bundles(self) -> int:
        """Every receipt is signed, and speaks of the body that lies beside it."""
        names = [name for name in self.archive.namelist() if name.startswith("bundles/")]
        for name in names:
            one = self.json(name)
            try:
                claims = self.statement(one["receipt"], name)
                digest = hashlib.sha256(b"\0" + unb64(one["body"])).digest()
                if claims and claims["ledger"]["leaf_hash"] != b64(digest):
                    self.fail(name, "the receipt speaks of another entry")
                if one["proof"] is not None:
                    self.proof(one["proof"], digest, json.loads(unb64(one["body"]))["log"], name)
            except (ValueError, KeyError, TypeError):
                self.fail(name, "it is not a bundle")
        return len(names)

    def proof(self, text: str, leaf: bytes, log: str, name: str) -> None:
        """The leaf is in the log under a signed checkpoint (C2SP tlog-proof, RFC 6962)."""
        head, _, note = text.partition("\n\n")
        lines = head.split("\n")
        index, path = int(lines[1].split(" ")[1]), [b64decode(one) for one in lines[2:]]
        found = self.notes[note] = self.notes.get(note) or self.checkpoint(note)
        if found is None:
            self.fail(name, "no key of its log has signed the checkpoint")
        elif found[0] != log or not includes(leaf, index, found[1], path, found[2]):
            self.fail(name, "it is not in the log that the checkpoint is of")

    def checkpoint(self, note: str) -> tuple[str, int, bytes] | None:
        """Origin, size and root of a signed note; None unless a key of that log has signed it."""
        text, _, tail = note.rpartition("\n\n")
        text += "\n"
        origin, size, root = text.split("\n")[:3]
        for line in tail.splitlines():
            _mark, name, encoded = line.split(" ")
            raw = b64decode(encoded)
            for vkey in self.log_keys:
                owner, key_id, public = vkey.split("+", 2)
                key = b64decode(public)[1:]
                if owner == name == origin and raw[:4].hex() == key_id and signed(key, text.encode(), raw[4:]):
                    return origin, int(size), b64decode(root)
        return None

    def statement(self, text: str, name: str) -> dict[str, Any]:
        """The claims of a JWS that a key of the set has signed; nothing otherwise, which is noted."""
        try:
            protected, payload, signature = text.split(".")
            kid = json.loads(unb64(protected))["kid"]
            key = next(one for one in self.jwks.get("keys", []) if one["kid"] == kid)
            if signed(unb64(key["x"]), (protected + "." + payload).encode(), unb64(signature)):
                claims = json.loads(unb64(payload))
                return claims if isinstance(claims, dict) else {}
        except (ValueError, KeyError, TypeError, StopIteration):
            pass
        self.fail(name, f"no key of {KEYS} has signed it")
        return {}


def includes(leaf: bytes, index: int, size: int, path: list[bytes], root: bytes) -> bool:
    """Whether the path leads from the leaf to the root, RFC 6962 section 2.1.1 from its end."""
    return 0 <= index < size and len(path) < 64 and _root(leaf, index, size, path) == root


def _root(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    if size == 1 or not path:
        return leaf if size == 1 and not path else b""
    left = 1 << (size - 1).bit_length() - 1
    if index < left:
        return hashlib.sha256(b"\1" + _root(leaf, index, left, path[:-1]) + path[-1]).digest()
    return hashlib.sha256(b"\1" + path[-1] + _root(leaf, index - left, size - left, path[:-1])).digest()


def signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether this Ed25519 key has signed the message, RFC 8032 section 5.1.7."""
    point, mark, s = _point(public), _point(signature[:32]), int.from_bytes(signature[32:], "little")
    if point is None or mark is None or len(signature) != 64 or s >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    left, right = _times(s, BASE), _add(mark, _times(int.from_bytes(digest, "little") % ORDER, point))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


def _point(raw: bytes) -> Point | None:
    if len(raw) != 32:
        return None
    y = int.from_bytes(raw, "little")
    odd, y = y >> 255, y & ((1 << 255) - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if y >= P or (x * x - square) % P or (x == 0 and odd):
        return None
    x = P - x if x & 1 != odd else x
    return x, y, 1, x * y % P


def _add(one: Point, other: Point) -> Point:
    a, b = (one[1] - one[0]) * (other[1] - other[0]) % P, (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number: int, point: Point) -> Point:
    result: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = _add(result, point)
        point, number = _add(point, point), number >> 1
    return result


BASE = _point(bytes.fromhex("58" + "66" * 31)) or (0, 1, 1, 0)


def b64(raw: bytes) -> str:
    """Bytes as URL-safe text without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def unb64(text: str) -> bytes:
    """The bytes of such a text."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


if __name__ == "__main__":
    sys.exit(main())
