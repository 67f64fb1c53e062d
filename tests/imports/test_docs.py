"""The operator's page tells what the program knows: every field, every format, and a mapping that works."""

import re
from pathlib import Path

from consent.imports import mapping as mappings
from consent.imports.formats import FORMATS
from consent.imports.rules import Outcome
from consent.imports.service import BATCH

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "imports.md").read_text("utf-8")


def test_every_field_format_and_outcome_is_on_the_page() -> None:
    for name in (*mappings.FIELDS, *(set(FORMATS) - {"generic"}), *map(str, Outcome)):
        assert f"`{name}`" in PAGE, name
    assert f"transactions of\n  {BATCH}" in PAGE


def test_the_mapping_on_the_page_is_one() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    mapping = mappings.from_toml(example)
    assert mapping.delimiter == ";"
    assert mapping.wordings["Form A"][1] == "en"
    assert mappings.from_text(mapping.text) == mapping
