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
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from consent.evidence.packs.check_signatures import b64, includes, signed, unb64
from consent.evidence.packs.check_zip import misplaced

LIST, SIGNED, ABOUT = "files.json", "files.jws", "pack.json"
ENTRIES, KEYS, LOG_KEYS = "entries.jsonl", "keys/jwks.json", "keys/log-keys.txt"
DAMAGED = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)

SEALED = (
    ("entry", "id"), ("type", "type"), ("occurred_at", "occ"), ("recorded_at", "rec"), ("source", "src"),
    ("channel", "chan"), ("programs", "purp"), ("data", "data"),
)  # fmt: skip
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
        self.sealed: set[str] = set()  # every text in the data of an entry; the hashes of wordings are among them
        self.policies: dict[tuple[str, str], set[str]] = {}  # the hashes of the text of each version, as sealed
        self.notes: dict[str, tuple[str, int, bytes] | None] = {}
        self.whole_streams = self.json(ABOUT).get("whole_streams") is not False
        self.jwks = self.json(KEYS, jwks)
        raw = log_keys if log_keys is not None else self.read(LOG_KEYS)
        self.log_keys = [one.split()[0] for one in raw.decode("utf-8", "replace").splitlines() if one.count("+") > 1]

    def run(self) -> Found:
        """Every check, one after the other."""
        if name := misplaced(self.archive):
            self.fail(name, "something lies in front of, between or behind the files, or one is not as listed there")
        files, (entries, facts), bundles = self.files(), self.entries(), self.bundles()
        told = [f"{files} files, {entries} entries, {facts} shown facts, {bundles} receipts.", *self.texts()]
        if not self.whole_streams:
            told.append("Only entries about the request: what stands between them in a stream is not in this pack.")
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
        except (ValueError, RecursionError):
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
            said = said if isinstance(said, dict) else {}
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
                    except DAMAGED:
                        self.fail(ENTRIES, f"line {count} cannot be read")
        except (*UNREADABLE, KeyError):
            self.fail(ENTRIES, "its content was changed: it cannot be unpacked")
        return count, facts

    def entry(self, told: dict[str, Any], heads: dict[str, tuple[int, str]]) -> int:
        """One line of entries.jsonl; how many facts it shows."""
        body = unb64(told["body"])
        leaf, digest = json.loads(body), hashlib.sha256(b"\0" + body).digest()
        name = f"entry {told.get('entry')}"
        if any(told[here] != leaf[there] for here, there in SEALED) or told["leaf_hash"] != b64(digest):
            self.fail(ENTRIES, f"{name} tells something else than its sealed body")
        self.sealed.update(hashes := set(texts_in(leaf["data"])))
        for key, text in told["wordings"].items():
            if key not in hashes or key != b64(hashlib.sha256(text.encode()).digest()):
                self.fail(ENTRIES, f"{name} shows a wording whose hash it did not seal")
        if "policy_sha256" in leaf["data"]:
            version = (leaf["data"]["policy"], leaf["data"]["policy_version"])
            self.policies.setdefault(version, set()).add(leaf["data"]["policy_sha256"])
        if not self.follows(leaf, *heads.get(leaf["str"], (0, ""))):
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

    def follows(self, leaf: dict[str, Any], seq: int, before: str) -> bool:
        """Does it come next in its stream, after the entry of that number and hash? Of a part, does it come later?"""
        if leaf["seq"] == seq + 1:
            return bool(leaf["prev"] == before)
        return not self.whole_streams and bool(leaf["seq"] > seq)

    def texts(self) -> Iterator[str]:
        """Each wording, and each policy that an entry cites by hash, is that text; of each, whether one cites it."""
        for name in self.archive.namelist():
            folder, *path = name.split("/")
            sealed: set[str] = set()
            if folder == "wordings":
                sealed = self.sealed & {path[-1][: -len(".txt")]}
            elif folder == "policies" and path[2:] == ["text.md"]:
                sealed = self.policies.get((path[0], path[1]), set())
            elif folder != "policies":
                continue
            if not sealed and folder == "policies":
                yield f"{name}: not proved by this pack, no entry of it cites this text by its hash."
            elif b64(hashlib.sha256(self.read(name)).digest()) not in sealed:
                self.fail(name, "it is not the text whose hash the entries sealed")
            else:
                yield f"{name}: an entry cites it by its hash."

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
            except DAMAGED:
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
        except (*DAMAGED, StopIteration):
            pass
        self.fail(name, f"no key of {KEYS} has signed it")
        return {}


def texts_in(value: Any) -> Iterator[str]:
    """Every text in a JSON value, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts_in(one)


if __name__ == "__main__":
    sys.exit(main())
