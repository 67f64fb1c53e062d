"""What an answer never holds, and how it is written in bounded memory. No database."""

import csv
import io
import json
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from consent.ledger.keys import Unreadable
from consent.privacy_requests.answers import packing, vault
from consent.privacy_requests.answers.packing import Head
from consent.privacy_requests.answers.pieces import Own, Piece, disclosed
from tests.conftest import NOW

OWN = Own.of(["+15095550142", "ana@example.com"])
HEAD = Head("Valley", "privacy@valley.example", "•••0142", "access", "ABCDE-12345", NOW, addresses=("+15095550142",))


def given(fields: dict[str, str], *, from_store: bool = True) -> dict[str, str]:
    piece = Piece("billing", "record", "billing", fields=fields)
    return dict(disclosed(piece, OWN, from_store=from_store).fields)


def test_no_answer_holds_a_secret_and_each_is_named_by_its_kind() -> None:
    secret = {
        "ssn": "social-security-number",
        "SocialSecurityNumber": "social-security-number",
        "drivers_license": "government-identification",
        "passport_no": "government-identification",
        "bank_account_number": "financial-account-number",
        "iban": "financial-account-number",
        "password_hash": "password",
        "security-answer": "security-question",
        "FaceTemplate": "biometric-data",
        "fingerprint": "biometric-data",
    }
    said = given(dict.fromkeys(secret, "12345"))
    assert said == {name: f"not-shown: {kind}" for name, kind in secret.items()}
    open_ones = {"name": "Ana", "account_type": "business", "assn_role": "chair", "plan": "fiber", "stateid": ""}
    assert given(open_ones) == {name: value for name, value in open_ones.items() if value}


def test_numbers_of_cards_and_of_social_security_are_left_out_of_free_text_as_well() -> None:
    said = given({"words": "my ssn 078-05-1120, card 4111 1111 1111 1111, order 4111111111111112"}, from_store=False)
    assert "078-05-1120" not in said["words"] and "4111 1111" not in said["words"]
    assert "4111111111111112" in said["words"]  # no card: its check digit is wrong


def test_of_a_store_other_peoples_addresses_are_left_out_and_ones_own_stay() -> None:
    text = "call Ana at (509) 555-0142 or ana@example.com; her neighbour has 509-555-0143, ben@example.com"
    said = given({"text": text, "staff": "Kim", "created": "2026-11-21T10:00:00Z"})
    assert "555-0142" in said["text"] and "ana@example.com" in said["text"]
    assert "0143" not in said["text"] and "ben@" not in said["text"]
    assert "staff" not in said and said["created"] == "2026-11-21T10:00:00Z"


def test_page_json_and_csv_hold_the_same_records_and_no_formula(tmp_path: Path) -> None:
    ours = [
        Piece("consents", "consent.given", "person-on-our-pages", ("reminders",), "2026-11-20T10:00:00.000Z",
              "2029-11-20", "e1", {"wording": "<script>alert(1)</script>"}),
        Piece("messages-received", "message.received", "person-by-text", (), "2024-01-01T10:00:00.000Z", "", "e2",
              {"message_text": "=HYPERLINK(1)"}),
    ]  # fmt: skip
    stores = [Piece("billing", "record", "partner", fields={"name": "Ana", "ssn": "078-05-1120"})]

    def archive(head: Head) -> zipfile.ZipFile:
        out = io.BytesIO()
        assert packing.build(out, head, ours, stores, tmp_path) == (2 if head.since else 3)
        return zipfile.ZipFile(out)

    whole = archive(HEAD)
    assert whole.namelist() == ["answer.html", "answer.json", "answer.csv"]
    page = whole.read("answer.html").decode()
    assert "&lt;script&gt;alert" in page and "<script>" not in page
    assert "We hold this and do not show it here." in page and "social security number" in page
    told = json.loads(whole.read("answer.json"))
    assert [one["category"] for one in told["categories"]] == ["billing", "consents", "messages-received"]
    assert told["records"][0]["source"] == "person-on-our-pages" and told["records"][2]["source"] == "partner"
    rows = list(csv.DictReader(io.StringIO(whole.read("answer.csv").decode("utf-8-sig"))))
    assert [one["value"] for one in rows if one["field"] == "message_text"] == ["'=HYPERLINK(1)"]
    assert len({one["reference"] for one in rows}) == 3
    lately = archive(Head(*(getattr(HEAD, name) for name in HEAD.__slots__[:6]), since=date(2025, 11, 21)))
    assert len(json.loads(lately.read("answer.json"))["records"]) == 2  # what has no date stays
    portable = archive(Head("V", "p", "m", "portability", "", NOW, portable=True))
    assert portable.namelist() == ["answer.json", "answer.csv"]
    assert list(tmp_path.iterdir()) == []


def test_an_answer_of_any_length_is_written_and_read_in_little_memory(tmp_path: Path) -> None:
    def many() -> Iterator[Piece]:
        return (Piece("messages-sent", "message.sent", "s", fields={"text": f"{n} {'x' * 9000}"}) for n in range(1_200))

    key, path = vault.new_key(), tmp_path / "answer.bin"
    tracemalloc.start()
    with path.open("wb") as file:
        writer = vault.Writer(file, key, b"place")
        assert packing.build(writer, HEAD, many(), iter(()), tmp_path) == 1_200
        writer.close()
    size = sum(len(piece) for piece in vault.read(path, key, b"place"))
    assert tracemalloc.get_traced_memory()[1] < 4 * 1024 * 1024  # of more than 30 MB in three files
    tracemalloc.stop()
    assert size == writer.size


def test_an_encrypted_file_opens_whole_at_its_place_by_its_key_or_not_at_all(tmp_path: Path) -> None:
    key, path = vault.new_key(), tmp_path / "file.bin"
    for content in (b"", b"x", b"y" * vault.CHUNK, b"z" * (2 * vault.CHUNK + 5)):
        with path.open("wb") as file:
            writer = vault.Writer(file, key, b"here")
            writer.write(content)
            writer.close()
        assert b"".join(vault.read(path, key, b"here")) == content
        whole = path.read_bytes()
        piece = vault.CHUNK + vault.TAG
        wrong = [whole[:-1], whole + b"0", whole[piece:] if len(whole) > piece else b"0" * 20, whole[:piece] if len(
            whole) > piece else b""]  # fmt: skip
        for bad in wrong:
            path.write_bytes(bad)
            with pytest.raises(Unreadable):
                list(vault.read(path, key, b"here"))
        path.write_bytes(whole)
        for other, place in ((vault.new_key(), b"here"), (key, b"there")):
            with pytest.raises(Unreadable):
                list(vault.read(path, other, place))
