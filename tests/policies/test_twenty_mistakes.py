"""Packs that cannot be right, twenty and two: each is refused at check, with file, line, key, and the way out."""

import os
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from consent.policies.check import check

POLICIES = Path(__file__).resolve().parents[2] / "policies"


class Mistake(NamedTuple):
    """One slip: in whose pack, in which file, what stands there and what it becomes, and what is said of it."""

    slug: str
    file: str
    old: str
    new: str
    key: str
    says: tuple[str, ...]


ORG = "organization.toml"
VSH = "privacy-policy/2025-01-02/commitments.toml"
SMT = "privacy-agreement/2023-10-13/commitments.toml"
V1 = "privacy-policy/2022-06-29/commitments.toml"
VAL = "privacy-policy/2020-07-21/commitments.toml"
MISTAKES = {
    "an unknown kind": Mistake(
        "valley-smart-homes", VSH, 'kind = "help-reply"', 'kind = "help-replay"', "kind", ("help-replay", "help-reply")
    ),
    "an unknown key": Mistake(
        "valley-smart-homes", VSH, "delete_within =", "delete_witin =", "delete_witin", ("delete_within",)
    ),
    "an unknown mode": Mistake(
        "valley-smart-homes", VSH, 'mode = "record"', 'mode = "recrod"', "mode", ("recrod", "record")
    ),
    "no period": Mistake("valley-smart-homes", VSH, '"P5D"', '"5 days"', "delete_within", ("P90D",)),
    "a period beyond the calendar": Mistake(
        "valley-smart-homes", VSH, '"P5D"', '"P99999999999D"', "delete_within", ("P90D",)
    ),
    "a heading that is not there": Mistake(
        "valley-smart-homes",
        VSH,
        'heading = "Contact Us"',
        'heading = "Contact us"',
        "heading",
        ("Contact us", "Contact Us"),
    ),
    "words that are not there": Mistake(
        "valley-smart-homes",
        VSH,
        'anchor = "when it was most recently"',
        'anchor = "when it was once"',
        "anchor",
        ("when it was once",),
    ),
    "an id used twice": Mistake("valley-smart-homes", VSH, 'id = "VSH-02"', 'id = "VSH-01"', "id", ("VSH-01", "twice")),
    "another printed date": Mistake(
        "valley-smart-homes",
        VSH,
        'last_updated = "2025-01-02"',
        'last_updated = "2025-02-01"',
        "last_updated",
        ("February 01, 2025",),
    ),
    "a date with a time": Mistake(
        "valley-smart-homes",
        VSH,
        'last_updated = "2025-01-02"',
        "last_updated = 2025-01-02T08:00:00Z",
        "last_updated",
        ("2025-01-02",),
    ),
    "an open point without a choice": Mistake(
        "valley-smart-homes",
        VSH,
        '[commitment.decided]\neffective = "last-updated-midnight-local"\n',
        "",
        "open",
        ("VSH-01", "decided"),
    ),
    "an unknown zone": Mistake(
        "valley-smart-homes", ORG, '"America/Los_Angeles"', '"America/Los_Angles"', "zone", ("America/Los_Angeles",)
    ),
    "a name for no address": Mistake(
        "valley-smart-homes", ORG, 'slug = "valley-smart-homes"', 'slug = "../x"', "slug", ("../x",)
    ),
    "a name that is taken": Mistake(
        "valley-smart-homes", ORG, 'slug = "valley-smart-homes"', 'slug = "webhooks"', "slug", ("webhooks",)
    ),
    "consent taken for granted": Mistake(
        "valley-smart-homes", ORG, 'footing = "opt-in"', 'footing = "opt-out"', "footing", ("VSH-17",)
    ),
    "marketing on a way with a ban": Mistake(
        "valley-smart-homes",
        ORG,
        '  "service-communication",\n]',
        '  "service-communication",\n  "promotion",\n]',
        "message_classes",
        ("VSH-26", "promotion"),
    ),
    "an undeclared message class": Mistake(
        "valley-smart-homes", ORG, '  "outage",\n', '  "outrage",\n', "message_classes", ("outrage", "outage")
    ),
    "kept for less than a request reaches back": Mistake(
        "smartt", SMT, 'keep_for = "P10M"', 'keep_for = "P8M"', "keep_for", ("SMT-43", "P8M", "P9M")
    ),
    "kept for less than the law asks": Mistake(
        "valley-smart-homes",
        VSH,
        'consent-records = { for = "P5Y"',
        'consent-records = { for = "P1M"',
        "consent-records",
        ("VSH-30", "US-TCPA-SOL", "P4Y"),
    ),
    "a fee before eligibility": Mistake(
        "smartt",
        SMT,
        'charged = "after-eligibility"',
        'charged = "before-eligibility"',
        "charged",
        ("SMT-44", "before it is known"),
    ),
    "a key settled in nobody's words": Mistake(
        "1valet", V1, 'review_every = "P1Y"', 'reveiw_every = "P1Y"', "reveiw_every", ("review_every",)
    ),
    "a lead time in words": Mistake("valtt", VAL, 'period = "P30D"', 'period = "a month"', "period", ("P90D",)),
}


def spoiled(folder: Path, one: Mistake) -> tuple[Path, int]:
    """The pack with the slip in it, and the line on which it stands."""
    pack = Path(shutil.copytree(POLICIES / one.slug, folder / one.slug))
    file = pack / one.file
    text = file.read_text("utf-8")
    assert one.old in text, one.old
    file.write_text(text.replace(one.old, one.new, 1), "utf-8")
    return pack, text[: text.index(one.old)].count("\n") + 1


@pytest.mark.parametrize("name", MISTAKES)
def test_the_mistake_is_named_with_file_line_key_and_way_out(tmp_path: Path, name: str) -> None:
    one = MISTAKES[name]
    pack, line = spoiled(tmp_path, one)
    found = check(pack)
    meant = [f for f in found if f.key.endswith(one.key) and all(word in f.message for word in one.says)]
    assert meant, [str(f) for f in found]
    assert meant[0].file == str(pack / one.file)
    assert abs(meant[0].line - line) <= 20  # on it, or on the table it belongs to


def test_versions_that_overlap_are_refused(tmp_path: Path) -> None:
    pack = Path(shutil.copytree(POLICIES / "valley-smart-homes", tmp_path / "pack"))
    shutil.copytree(pack / "privacy-policy" / "2025-01-02", pack / "privacy-policy" / "2025-01-03")
    found = [one for one in check(pack) if "2025-01-03" in one.file]
    assert any("not later than 2025-01-02" in one.message for one in found), found


@pytest.mark.parametrize("name", ["my version", "a\nb", "..x", "trace", "Ü", "x" * 65])
def test_a_version_has_a_name_that_can_stand_in_an_address(tmp_path: Path, name: str) -> None:
    pack = Path(shutil.copytree(POLICIES / "valley-smart-homes", tmp_path / "pack"))
    (pack / "privacy-policy" / "2025-01-02").rename(pack / "privacy-policy" / name)
    (found,) = check(pack)
    assert "cannot be the name of a version" in found.message


@pytest.mark.parametrize("file", [ORG, VSH, "privacy-policy/2025-01-02/text.md"])
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xff\xfe\x00" * 1000, "not UTF-8"),
        (b"\xef\xbb\xbf# x\n", "byte order mark"),
        (None, "not a file"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_finding(tmp_path: Path, file: str, content: bytes | None, says: str) -> None:
    pack = Path(shutil.copytree(POLICIES / "valley-smart-homes", tmp_path / "pack"))
    (pack / file).unlink()
    if content is None:
        os.mkfifo(pack / file)  # waited for, it would hold the check for ever
    else:
        (pack / file).write_bytes(content)
    assert any(says in one.message for one in check(pack) if one.file.endswith(file))


@pytest.mark.parametrize("more", ["x = " + "[" * 15000, "x = " + "9" * 5000, "a." * 12000 + "b = 1"])
def test_what_no_reader_can_take_in_is_a_finding(tmp_path: Path, more: str) -> None:
    pack = Path(shutil.copytree(POLICIES / "valley-smart-homes", tmp_path / "pack"))
    for file in (ORG, VSH):
        (pack / file).write_text(more + "\n" + (pack / file).read_text("utf-8"), "utf-8")
    assert {one.file for one in check(pack)} & {str(pack / ORG), str(pack / VSH)}


def test_a_law_file_of_bytes_and_a_name_too_long_are_findings(tmp_path: Path) -> None:
    law = Path(shutil.copytree(POLICIES / "law", tmp_path / "law"))
    (law / "breach.toml").write_bytes(b"\xff" * 100)
    assert [one.message for one in check(tmp_path)] == ["The file is not UTF-8 text"]
    assert check(tmp_path / ("x" * 300))[0].message == "There is no such folder"
