"""What travels is said the same way on both databases, and every key that stored things depend on travels along."""

import importlib
import re
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

import consent
from consent.db.types import Id
from consent.errors import BadInput
from consent.leaving import cells, rules
from consent.ledger import carried
from consent.policies import packs

# Keys of what is made anew at each place: cookies, codes, visits, accounts of staff, the journal of this machine.
MADE_ANEW = {"visit", "cookies", "challenge", "codes", "staff", "staff-tags", "staff-cookies", "outside-opt-outs"}
_ASKED = re.compile(r"key_for\(\s*(?:\w+\.)*organization_id, ([\w.\"-]+)")


def test_every_key_of_a_purpose_travels_or_is_made_anew() -> None:
    root, asked = Path(consent.__file__).parent, set()
    for file in root.rglob("*.py"):
        for name in _ASKED.findall(file.read_text("utf-8")):
            if name.startswith('"'):
                asked.add(name.strip('"'))
            elif name != "purpose":
                module = importlib.import_module(".".join(("consent", *file.relative_to(root).with_suffix("").parts)))
                for part in name.split("."):
                    module = getattr(module, part)
                asked.add(str(module))
    derived = {"lookup", "suppression", "messages", "wrapping"}
    assert asked | derived == carried.PURPOSES.keys() | MADE_ANEW
    assert not carried.PURPOSES.keys() & MADE_ANEW


def test_a_cell_is_the_same_after_the_way_through_json_and_nothing_else_passes() -> None:
    identity, at = UUID(int=7), datetime(2026, 11, 21, 17, 0, 0, 5, tzinfo=UTC)
    for kind, on_sqlite, value, written in (
        (Id(), identity.bytes, identity, str(identity)),
        (sa.LargeBinary(), b"\0\xff", b"\0\xff", "AP8="),
        (sa.DateTime(timezone=True), "2026-11-21 17:00:00.000005", at, "2026-11-21T17:00:00.000005+00:00"),
        (sa.Date(), "2026-11-21", date(2026, 11, 21), "2026-11-21"),
        (sa.Boolean(), 1, True, True),
        (sa.BigInteger(), -(2**63), -(2**63), -(2**63)),
        (sa.String(), "é", "é", "é"),
    ):
        column: sa.Column[object] = sa.Column("one", kind, nullable=True)
        assert cells.value_of(column)(on_sqlite) == value
        assert cells.writer(column)(value) == written
        assert cells.reader(column)(written) == value
        assert cells.value_of(column)(None) is cells.writer(column)(None) is cells.reader(column)(None) is None
        needed: sa.Column[object] = sa.Column("one", kind, nullable=False)
        for wrong in (None, [], {}, 1.5, "\0" if isinstance(kind, sa.String) else "?" if written is not True else 1):
            if isinstance(kind, sa.String) and wrong == "?":
                continue
            with pytest.raises(BadInput):
                cells.reader(needed)(wrong)
    number: sa.Column[object] = sa.Column("one", sa.Integer())
    for wrong in (True, 2**63, "1"):
        with pytest.raises(BadInput):
            cells.reader(number)(wrong)


def test_names_that_lead_out_of_their_folder_are_seen() -> None:
    assert rules.bad_name(["rows/job.jsonl", "policies/a-b/terms/2024-05-01/text.fr.md", "README.txt"]) is None
    for name in ("../a", "a/../b", "/a", "a//b", "a\\b", "a/", ".hidden", "a/.b", "a\nb", "C:a", "x" * 301, ""):
        assert rules.bad_name([name]) == name, name


def test_settings_with_a_logo_come_apart_as_they_lay_on_disk(tmp_path: Path) -> None:
    (tmp_path / "sign.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>')
    text = 'name = "x"\n[brand]\nlogo = "sign.svg"\n'
    applied = packs.with_logo(text, tmp_path / "organization.toml")
    assert packs.apart(applied) == {"organization.toml": text, "sign.svg": (tmp_path / "sign.svg").read_text()}
    assert packs.apart(text) == {"organization.toml": text}
