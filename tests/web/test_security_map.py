"""docs/security.md stays true, and the requirements that no single module holds."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from flask import Flask

ROOT = Path(__file__).resolve().parents[2]
MAP = (ROOT / "docs" / "security.md").read_text()
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", MAP)))


@cache
def functions_of(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_requirement_stands_on_the_map_once() -> None:
    lines = re.findall(r"^\| (S\d\d) \| .+ \| (.+) \|$", MAP, re.MULTILINE)
    assert [number for number, _ in lines] == [f"S{number:02}" for number in range(1, 65)]
    for number, held in lines:
        assert "::" in held or "later, with" in held or "see S" in held or "make lint" in held, number


@pytest.mark.parametrize(("file", "test"), NAMED, ids=lambda part: part)
def test_every_test_on_the_map_exists(file: str, test: str) -> None:
    assert test in functions_of(file)


def test_api_addresses_hold_uuids_alone(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")]
    assert rules
    for rule in rules:
        for place in re.findall(r"<([^>]+)>", rule.rule):
            assert place.startswith("uuid:"), rule.rule


def test_every_pinned_requirement_carries_its_hash() -> None:
    for file in (ROOT / "requirements").glob("*.txt"):
        text = file.read_text().replace("\\\n", " ")
        pinned = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
        assert pinned, file
        for line in pinned:
            assert re.match(r"[\w.\-\[\]]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line), line[:80]
            assert "://" not in line
