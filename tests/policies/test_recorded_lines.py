"""A line that breaks a promise is refused with its key and its line before the settings count."""

import shutil
from pathlib import Path

import pytest

from consent.policies.check import check
from tests.policies.house import POLICIES


def found(folder: Path, slug: str, old: str, new: str) -> list[tuple[str, str]]:
    """What check says of the shipped pack with one change."""
    pack = shutil.copytree(POLICIES / slug, folder / slug)
    shutil.copytree(POLICIES / "law", folder / "law")
    file = pack / "organization.toml"
    text = file.read_text("utf-8")
    assert text.count(old) == 1, old
    file.write_text(text.replace(old, new), "utf-8")
    assert all(one.line > 1 for one in check(pack))
    return [(one.key, one.message) for one in check(pack)]


@pytest.mark.parametrize(
    ("old", "new", "key", "said"),
    [
        ('storage = "company-internal"\n', 'storage = "resellers"\n', "storage", "SMT-12: recordings lie on"),
        ('told_by = "announcement"\n', "", "told_by", "SMT-11: say how people learn"),
        ('selection = "random"\n', 'selection = "every-call"\n', "selection", "SMT-11: calls are picked"),
        ('selection = "random"\n', 'selection = "sometimes"\n', "selection", '"sometimes" is not known here'),
        ('told_by = "announcement"\n', 'told_by = "letter"\n', "told_by", '"letter" is not known here'),
        ('told_by = "announcement"\n', 'told_by = "announcement"\nloud = true\n', "loud", '"loud" is not known here'),
    ],
)
def test_smt_12_a_line_is_refused_where_it_breaks_a_promise(
    tmp_path: Path, old: str, new: str, key: str, said: str
) -> None:
    wrong = found(tmp_path, "smartt", old, new)
    assert any(name == f"recorded_lines.support.{key}" and said in message for name, message in wrong), wrong


def test_vsh_48_switching_a_line_on_with_an_announcement_alone_is_refused(tmp_path: Path) -> None:
    on = 'on = false\npurposes = ["quality", "disputes"]\ntold_by = "consent"'
    assert found(tmp_path / "asked", "valley-smart-homes", on, on.replace("false", "true")) == []
    told = on.replace("false", "true").replace('"consent"', '"announcement"')
    wrong = found(tmp_path / "told", "valley-smart-homes", on, told)
    assert [key for key, _ in wrong] == ["recorded_lines.support.told_by"]
    assert "VSH-48" in wrong[0][1]
