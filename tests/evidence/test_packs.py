"""Packs of evidence: everything about one number in one file that proves itself, on both databases."""

import base64
import json
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from click.testing import CliRunner, Result

from consent import clock
from consent.cli import main
from consent.db import Sql
from consent.evidence.packs import archive, check
from consent.house import House
from consent.ledger import base64url, jobs, signed
from consent.retention import deliveries
from consent.sms import payloads
from tests.support.databases import ON_SQLITE
from tests.support.files import PDF
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, PUBLIC_URL, Tenant

Run = Callable[..., Result]
FORGET = Sql("DELETE FROM ledger_disclosure WHERE organization_id = :organization_id AND name = 'message'")
WHY = ("--why", "claim 4711", "--reason", "complaint")


@pytest.fixture
def run(house: House, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command, in the house of the test."""
    monkeypatch.setenv("CONSENT_DATA_DIR", str(house.config.data_dir))
    monkeypatch.setenv("CONSENT_DATABASE_URL", house.config.database_url)
    monkeypatch.setenv("CONSENT_PUBLIC_URL", PUBLIC_URL)

    def call(*words: str, said: str = "") -> Result:
        return CliRunner().invoke(main, ["evidence", *words], input=said)

    return call


@pytest.fixture
def lived(house: House, systems: Systems, twilio: Twilio, valley: Tenant) -> dict[str, Any]:
    """Somebody agreed on paper, was asked about, said STOP, and everything is sealed; then one more text came."""
    consent = systems.consent(proof={"type": "application/pdf", "content": _b64(PDF)})
    assert systems.may()
    assert twilio.text("STOP, my card is 4111 1111 1111 1111").status_code == 200
    assert not systems.may()
    jobs.seal_organization(house.db, house.keyring, valley.id, clock.now())
    assert twilio.text("hello").status_code == 200
    return consent


def test_a_pack_holds_everything_about_a_number_and_its_own_checker_says_that_it_is_valid(
    run: Run, lived: dict[str, Any], tmp_path: Path, valley: Tenant
) -> None:
    out = tmp_path / "pack.zip"
    done = run("pack", valley.slug, "--number", "-", *WHY, "--out", str(out), said=f"{PERSON}\n")
    assert done.exit_code == 0, done.output
    assert PERSON not in done.output
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    with zipfile.ZipFile(out) as pack:
        names = pack.namelist()
        told = json.loads(pack.read("pack.json"))
        entries = [json.loads(line) for line in pack.read("entries.jsonl").splitlines()]
        decisions = [json.loads(line) for line in pack.read("decisions.jsonl").splitlines()]
        calls = [json.loads(line) for line in pack.read("gateway.jsonl").splitlines()]
        page = pack.read("report.html").decode()
        pack.extract("check.py", tmp_path)
        proof = next(name for name in names if name.startswith("proof-files/"))
        assert pack.read(proof) == PDF
        assert pack.read("report.pdf").startswith(b"%PDF")
    assert [one["type"] for one in entries] == ["consent.given", "consent.withdrawn", "message.received"]
    assert (entries[0]["facts"]["address"], told["why"]) == (PERSON, "claim 4711")
    assert [one["answer"]["answer"] for one in decisions] == ["allow", "deny"]
    assert decisions[1]["answer"]["reasons"]
    assert "4111" not in json.dumps([entries, calls]) and "STOP" in calls[0]["msg_text"]
    sid = entries[1]["facts"]["provider_msg_id"]
    assert f"MessageSid={sid}" in calls[0]["payload"] and "STOP%2C+my+card" in calls[0]["payload"]
    assert parse_qs(calls[1]["payload"])["Body"] == ["hello"] and "SmsStatus=received" in page
    (place,) = told["state"]
    assert place["stopped"]
    text = f"policies/privacy-policy/{lived['policy_version']}/text.md"
    assert text in names and f"wordings/{entries[0]['data']['wording_sha256']}.txt" in names
    assert "Reply HELP for help" in page
    assert not [mark for mark in ("src=", "<link", "<script", "url(", 'href="http') if mark in page]
    checked = subprocess.run(
        [sys.executable, "-I", "-S", str(tmp_path / "check.py"), str(out)], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stderr) == (0, ""), checked.stdout
    assert "3 entries" in checked.stdout and "Sealed under the checkpoint of" in checked.stdout
    said = dict(
        line.split(": ", 1) for line in checked.stdout.splitlines() if line.startswith(("policies/", "wordings/"))
    )
    assert said.keys() == {name for name in names if name.startswith(("policies/", "wordings/"))}
    assert said[text] == "an entry cites it by its hash."
    not_cited = {name for name, why in said.items() if why.startswith("not proved by this pack")}
    assert f"policies/privacy-policy/{lived['policy_version']}/commitments.toml" in not_cited
    with zipfile.ZipFile(out) as pack:
        checker = check.Checker(pack, None, None)
        checker.entries()
        checker.policies.clear()  # as where nothing happened under that version
        told = dict(line.split(": ", 1) for line in checker.texts())
    assert told[text] == "not proved by this pack, no entry of it cites this text by its hash."


def test_a_pack_says_where_the_call_of_a_gateway_is_gone_or_was_never_kept(
    run: Run, house: House, twilio: Twilio, tmp_path: Path, valley: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def last(number: int) -> list[dict[str, Any]]:
        out = tmp_path / f"{number}.zip"
        assert run("pack", valley.slug, "--number", "-", *WHY, "--out", str(out), said=f"{PERSON}\n").exit_code == 0
        assert run("check", str(out)).exit_code == 0
        with zipfile.ZipFile(out) as pack:
            return [json.loads(line) for line in pack.read("gateway.jsonl").splitlines()]

    twilio.text("my card is 4111 1111 1111 1111")
    with monkeypatch.context() as before:
        before.setattr(payloads, "pieces", lambda called, received: (None,))  # as entries from before it was kept
        twilio.text("hello")
    first, second = last(1)
    assert (first.get("payload_missing"), second["payload_missing"]) == (None, "never-kept")
    assert "payload" in first and "payload" not in second
    house.db.write(lambda tx: tx.run(FORGET, {"organization_id": valley.id}), valley.id)
    assert [one["payload_missing"] for one in last(2)] == ["gone", "gone"]


def test_one_changed_byte_is_named_with_its_file(
    run: Run, lived: dict[str, Any], tmp_path: Path, valley: Tenant
) -> None:
    out = tmp_path / "pack.zip"
    assert run("pack", valley.slug, "--number", PERSON, *WHY, "--out", str(out)).exit_code == 0
    assert run("check", str(out)).exit_code == 0
    with zipfile.ZipFile(out) as pack:
        held = {name: pack.read(name) for name in pack.namelist()}
        raw, where = out.read_bytes(), pack.getinfo("report.html")
    for name, content in held.items():
        at = len(content) // 2
        changed = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :] if content else b"x"
        assert name in {found for found, _why in _wrong(tmp_path, held | {name: changed})}, name
    assert ("extra.txt", "it is not on the list of files") in _wrong(tmp_path, held | {"extra.txt": b"x"})
    missing = {name: content for name, content in held.items() if name != "decisions.jsonl"}
    assert ("decisions.jsonl", "it is missing") in _wrong(tmp_path, missing)
    at = where.header_offset + 200
    (tmp_path / "raw.zip").write_bytes(raw[:at] + bytes([raw[at] ^ 4]) + raw[at + 1 :])
    done = run("check", str(tmp_path / "raw.zip"))
    assert (done.exit_code, "WRONG report.html: its content was changed" in done.output) == (1, True)


def test_whoever_writes_the_list_anew_with_a_key_of_their_own_does_not_get_past_the_published_one(
    run: Run, lived: dict[str, Any], tmp_path: Path, valley: Tenant
) -> None:
    out = tmp_path / "pack.zip"
    assert run("pack", valley.slug, "--number", PERSON, *WHY, "--out", str(out)).exit_code == 0
    (tmp_path / "others.json").write_text('{"keys": []}')
    done = run("check", str(out), "--jwks", str(tmp_path / "others.json"))
    assert (done.exit_code, "WRONG files.jws: no key of keys/jwks.json has signed it" in done.output) == (1, True)


@ON_SQLITE
def test_whoever_holds_the_key_of_receipts_but_not_that_of_the_log_cannot_write_an_entry_anew(
    run: Run, lived: dict[str, Any], tmp_path: Path, valley: Tenant, house: House
) -> None:
    out = tmp_path / "pack.zip"
    assert run("pack", valley.slug, "--number", PERSON, *WHY, "--out", str(out)).exit_code == 0
    with zipfile.ZipFile(out) as pack:
        held = {name: pack.read(name) for name in pack.namelist()}

    def forged(change: Callable[[dict[str, Any]], None], **others: bytes) -> str:
        lines = [json.loads(line) for line in held["entries.jsonl"].splitlines()]
        change(lines[0])
        changed = {"entries.jsonl": "".join(archive.as_line(one) for one in lines).encode()}
        changed |= {named[name]: content for name, content in others.items()}
        listed = json.loads(held["files.json"])
        for name, content in changed.items():
            listed["files"][name] = {"sha256": base64url.encode(sha256(content).digest()), "size": len(content)}
        files = held | changed | {"files.json": json.dumps(listed).encode()}
        claims = {"files_sha256": base64url.encode(sha256(files["files.json"]).digest())}
        key = house.keyring.receipt_key(valley.id, clock.now())
        files["files.jws"] = signed.sign(claims, archive.TYPE, key).encode()
        return " ".join(why for _name, why in _wrong(tmp_path, files))

    digest = next(name for name in held if name.startswith("wordings/"))
    named = {"wording": digest, "policy": f"policies/privacy-policy/{lived['policy_version']}/text.md"}

    def told(line: dict[str, Any]) -> None:
        line["data"]["method"] = "web-farm"

    def sealed(line: dict[str, Any]) -> None:
        told(line)
        line["body"] = base64url.encode(base64url.decode(line["body"]).replace(b"web-form", b"web-farm"))

    def fact(line: dict[str, Any]) -> None:
        line["facts"]["address"] = "+15095550143"

    def shown(line: dict[str, Any]) -> None:
        line["facts"]["note"] = "y"
        line["disclosures"].append(base64url.encode(b'["AAAAAAAAAAAAAAAAAAAAAA","note","y"]'))

    def worded(line: dict[str, Any]) -> None:
        line["wordings"] = dict.fromkeys(line["wordings"], "Call me day and night.")

    def another(line: dict[str, Any]) -> None:
        text = "Call me day and night."
        line["wordings"] = {base64url.encode(sha256(text.encode()).digest()): text}

    def proven(line: dict[str, Any]) -> None:
        line["proof"] = "x"

    assert forged(lambda line: None) == ""
    assert "tells something else than its sealed body" in forged(told)
    others = {"programs": ["calls"], "source": "page", "channel": "email", "leaf_hash": "x"}
    for name, value in others.items():
        change = {name: value}
        assert "tells something else than its sealed body" in forged(lambda line, change=change: line.update(change))  # type: ignore[misc]
    for wrong in (worded, another):
        assert "shows a wording whose hash it did not seal" in forged(wrong)
    for name in named:
        assert "not the text whose hash the entries sealed" in forged(lambda line: None, **{name: b"Other words."})
    assert "cannot be read" in forged(proven)
    assert "tells other facts than it proves" in forged(fact)
    assert "shows a fact that was not sealed" in forged(shown)
    assert "it is not in the log that the checkpoint is of" in forged(sealed)
    assert "does not follow the one before it in its stream" in forged(sealed)


@ON_SQLITE
def test_nothing_lies_around_the_files_and_none_is_other_than_the_table_says(
    run: Run, lived: dict[str, Any], tmp_path: Path, valley: Tenant
) -> None:
    out = tmp_path / "pack.zip"
    assert run("pack", valley.slug, "--number", PERSON, *WHY, "--out", str(out)).exit_code == 0
    raw = out.read_bytes()
    assert _raw(tmp_path, raw) == 0
    (tmp_path / "forged.zip").unlink(missing_ok=True)
    with zipfile.ZipFile(tmp_path / "forged.zip", "w") as other:
        other.writestr("report.html", "<h1>Forged</h1>")
    forged = (tmp_path / "forged.zip").read_bytes()
    end = raw.rindex(b"PK\5\6")
    tricks = {
        "a file in front": forged[: forged.index(b"PK\1\2")] + raw,
        "a comment": raw[: end + 20] + (4).to_bytes(2, "little") + b"fine",
        "something behind": raw + b"\0",
        "another time in front of a file": raw[:10] + b"\0\0\0\0" + raw[14:],
        "another name in front of a file": raw[:30] + b"X" + raw[31:],
        "a gap": raw[:end] + b"\0" + raw[end:],
    }
    assert {name: _raw(tmp_path, one) for name, one in tricks.items()} == dict.fromkeys(tricks, 1)
    for name, content in (
        ("entries.jsonl", b"[" * 200_000),
        ("keys/log-keys.txt", b"nonsense\n"),
        ("files.json", b"["),
    ):
        with zipfile.ZipFile(out) as pack:
            held = {one: pack.read(one) for one in pack.namelist()}
        assert _wrong(tmp_path, held | {name: content})
    listed = json.loads(held["files.json"])
    listed["files"]["pack.json"] = 1
    assert "pack.json" in dict(_wrong(tmp_path, held | {"files.json": json.dumps(listed).encode()}))


def _raw(folder: Path, content: bytes) -> int:
    """How many findings the checker has for a file of these bytes, at most one."""
    (folder / "raw.zip").write_bytes(content)
    return min(len(check.check(str(folder / "raw.zip"))[0]), 1)


REFUSED = [
    (["--number", "+15095550199"], "Nothing is on record"),
    (["--address", "nobody@people.example"], "Nothing is on record"),
    (["--request", "7F3K2-M9QXA"], "There is no such request"),
    (["--number", "12"], "number"),
    (["--number", "a@people.example"], "--address"),
    (["--number", "@/nowhere"], "There is no file"),
    ([], "--number, --address or --request"),
    (["--number", PERSON, "--as-of", "2199-01-01T00:00:00Z"], "before now"),
    (["--number", PERSON, "--why", "x"], "what the pack is for"),
    (["--number", PERSON], "what the pack is for"),
    (["--number", PERSON, "--why", "claim 4711"], "--reason what it is needed for: request, contact, complaint"),
    (["--number", PERSON, "--why", "claim 4711", "--reason", "curiosity"], "request, contact, complaint"),
]


def test_what_cannot_be_packed_is_refused_in_a_sentence_and_nothing_is_written(
    run: Run, lived: dict[str, Any], tmp_path: Path, valley: Tenant, systems: Systems
) -> None:
    before = systems.history()
    for words, said in REFUSED:
        why = () if "--why" in words or said == "what the pack is for" else WHY
        done = run("pack", valley.slug, *words, *why, "--out", str(tmp_path / "pack.zip"))
        assert (done.exit_code, said in done.output) == (1, True), (words, done.output)
    assert sorted(one.name for one in tmp_path.iterdir() if "pack" in one.name) == []
    assert systems.history() == before
    german = run("pack", valley.slug, "--number", PERSON, *WHY, "--language", "de", "--out", str(tmp_path / "pack.zip"))
    assert (german.exit_code, "'de' is not one of" in german.output) == (2, True)


def test_that_a_pack_was_made_stands_on_the_persons_stream_with_who_and_why(
    run: Run, lived: dict[str, Any], tmp_path: Path, valley: Tenant, systems: Systems
) -> None:
    (tmp_path / "number.txt").write_text(f"{PERSON}\n")
    asked = ["--number", f"@{tmp_path / 'number.txt'}", "--by", "Ana", *WHY]
    assert run("pack", valley.slug, *asked, "--out", str(tmp_path / "one.zip")).exit_code == 0
    newest = systems.history()[0]
    assert (newest["type"], newest["facts"]["staff"], newest["facts"]["note"]) == (
        "evidence.packed",
        "Ana",
        "claim 4711",
    )
    assert (newest["data"]["shown"], newest["data"]["reason"]) == ("evidence", "complaint")
    again = run("pack", valley.slug, *asked, "--out", str(tmp_path / "one.zip"))
    assert (again.exit_code, "exists already" in again.output) == (1, True)
    assert len(systems.history()) == 4


def test_the_same_pack_of_the_same_instant_is_the_same_file(
    run: Run, lived: dict[str, Any], tmp_path: Path, valley: Tenant, time: Time
) -> None:
    until, asked = clock.now(), ["pack", valley.slug, "--number", PERSON, *WHY, "--as-of"]
    made = []
    for name in ("one.zip", "two.zip"):
        time.at = until + timedelta(seconds=1)
        assert run(*asked, until.isoformat(), "--out", str(tmp_path / name)).exit_code == 0
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]


def test_a_pack_of_a_request_holds_though_its_entries_do_not_begin_their_stream(
    run: Run, lived: dict[str, Any], systems: Systems, valley: Tenant, tmp_path: Path
) -> None:
    opened = systems.opened(type="deletion", place="US-CA")
    assert systems.consent()  # something else comes between
    out = tmp_path / "pack.zip"
    done = run("pack", valley.slug, "--request", opened["id"], *WHY, "--out", str(out))
    assert done.exit_code == 0, done.output
    with zipfile.ZipFile(out) as pack:
        files = {name: pack.read(name) for name in pack.namelist()}
    entries = [json.loads(line) for line in files["entries.jsonl"].splitlines()]
    assert json.loads(base64url.decode(entries[0]["body"]))["seq"] > 1
    wrong, told = check.check(str(out))
    assert wrong == []
    assert any("what stands between them in a stream is not in this pack" in one for one in told)
    doubled = files | {"entries.jsonl": files["entries.jsonl"].splitlines(keepends=True)[0] * 2}
    assert any("does not follow the one before it" in why for _, why in _wrong(tmp_path, doubled))


def _wrong(folder: Path, files: dict[str, bytes]) -> list[tuple[str, str]]:
    """What the checker says of a pack of these files."""
    with zipfile.ZipFile(folder / "changed.zip", "w") as changed:
        for name, content in files.items():
            changed.writestr(name, content)
    return check.check(str(folder / "changed.zip"))[0]


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def test_a_pack_says_that_records_of_messages_went_and_by_which_promise(
    run: Run, lived: dict[str, Any], tmp_path: Path, house: House, valley: Tenant, time: Time
) -> None:
    time.at += timedelta(days=731)
    assert deliveries.forget(house.db, house.keyring, house.governing, valley.id, clock.now())
    out = tmp_path / "pack.zip"
    done = run("pack", valley.slug, "--number", "-", *WHY, "--out", str(out), said=f"{PERSON}\n")
    assert done.exit_code == 0, done.output
    with zipfile.ZipFile(out) as pack:
        told, page = json.loads(pack.read("pack.json")), pack.read("report.html").decode()
        assert not pack.read("decisions.jsonl") and pack.read("entries.jsonl")
        pack.extract("check.py", tmp_path)
    assert (told["disposed"]["category"], told["disposed"]["because"]) == ("delivery-metadata", ["VSH-30"])
    note = page[page.index("are deleted once their time is over") :]
    assert told["disposed"]["at"][:10] in note and "delivery-metadata · VSH-30" in note
    checked = subprocess.run(
        [sys.executable, str(tmp_path / "check.py"), str(out)], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout
