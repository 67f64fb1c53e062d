"""The manifest of tests is what the tests say, and no commitment of a shipped pack is without one."""

from pathlib import Path

import pytest

from consent.review import manifest
from tests.support import manifest as reading


def test_the_shipped_manifest_is_what_the_names_of_the_tests_say() -> None:
    assert manifest.FILE.read_text("utf-8") == reading.text(), "run: make manifest"


def test_every_commitment_of_the_shipped_packs_has_a_test() -> None:
    assert sorted(reading.commitments() - set(manifest.tests())) == []


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("test_vsh_26_refuses_offers", ["VSH-26"]),
        ("test_1v_27_and_1v_28_count_apart", ["1V-27", "1V-28"]),
        ("test_1v_fep_01_names_its_version", ["1V-FEP-01"]),
        ("test_of_30_days_none_is_missing", []),
        ("test_t_30_two_clocks", ["T-30"]),
    ],
)
def test_a_test_names_what_it_tests(name: str, ids: list[str]) -> None:
    assert [one for one in reading.named(name) if not one.startswith("OF")] == ids


def test_a_test_without_an_id_stands_behind_nothing(tmp_path: Path) -> None:
    (tmp_path / "test_x.py").write_text("def test_vsh_01_a(): ...\ndef test_plain(): ...\ndef helper_vsh_02(): ...\n")
    found = reading.read(tmp_path, {"VSH-01", "VSH-02"})
    assert list(found) == ["VSH-01"]
