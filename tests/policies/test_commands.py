"""`consent policies`: what it prints and how it ends."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from consent.policies.commands import policies
from tests.policies.house import POLICIES, VALLEY, Office, copy_of_valley, replace


@pytest.fixture
def served(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with the organization in it, and settings that point there."""
    Office.build(tmp_path, database_url).db.close()
    monkeypatch.setenv("CONSENT_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CONSENT_DATABASE_URL", database_url)
    return tmp_path


def test_check_of_the_shipped_packs_finds_nothing() -> None:
    result = CliRunner().invoke(policies, ["check", str(POLICIES)])
    assert (result.exit_code, result.output) == (0, f"{POLICIES}: nothing to mend.\n")


def test_check_prints_file_line_and_key_and_ends_with_1(tmp_path: Path) -> None:
    pack = copy_of_valley(tmp_path)
    line = replace(pack / "organization.toml", 'zone = "America/Los_Angeles"', 'zone = "America/Los_Angles"')
    result = CliRunner().invoke(policies, ["check", str(pack)])
    assert result.exit_code == 1
    assert f"organization.toml:{line}: zone:" in result.output


def test_check_as_json_prints_a_finding_a_line(tmp_path: Path) -> None:
    pack = copy_of_valley(tmp_path)
    replace(pack / "organization.toml", 'zone = "America/Los_Angeles"', 'zone = "Pacific"')
    result = CliRunner().invoke(policies, ["check", str(pack), "--json"])
    assert json.loads(result.output)["key"] == "zone"


def test_check_of_a_missing_folder_is_a_finding(tmp_path: Path) -> None:
    result = CliRunner().invoke(policies, ["check", str(tmp_path / "nowhere")])
    assert result.exit_code == 1
    assert "no such folder" in result.output


def test_publish_and_list_show_the_version_in_force(served: Path) -> None:
    result = CliRunner().invoke(policies, ["publish", str(VALLEY), "--json"])
    assert result.exit_code == 0, result.output
    assert [one.get("version") for one in json.loads(result.output)["done"]] == [None, "2025-01-02"]
    listed = CliRunner().invoke(policies, ["list", "--json"])
    line = json.loads(listed.output)
    assert (line["organization"], line["status"]) == ("valley-smart-homes", "in_force")
    assert line["effective_at"] == "2025-01-02T08:00:00+00:00"


def test_publish_again_says_that_nothing_changed(served: Path) -> None:
    CliRunner().invoke(policies, ["publish", str(VALLEY)])
    again = CliRunner().invoke(policies, ["publish", str(VALLEY)])
    assert again.exit_code == 0
    assert "published already" in again.output


def test_publish_of_a_spoiled_pack_publishes_nothing(served: Path, tmp_path: Path) -> None:
    pack = copy_of_valley(tmp_path)
    replace(pack / "organization.toml", 'footing = "opt-in"', 'footing = "opt-out"')
    result = CliRunner().invoke(policies, ["publish", str(pack)])
    assert result.exit_code == 1
    assert CliRunner().invoke(policies, ["list"]).output == ""


def test_check_against_the_published_text_finds_the_change(served: Path, tmp_path: Path) -> None:
    CliRunner().invoke(policies, ["publish", str(VALLEY)])
    pack = copy_of_valley(tmp_path)
    text = pack / "privacy-policy" / "2025-01-02" / "text.md"
    text.write_text(text.read_text("utf-8") + "\nOne more line.\n", "utf-8")
    result = CliRunner().invoke(policies, ["check", str(pack), "--published"])
    assert result.exit_code == 1
    assert "text.md:1: -: this wording was published and has changed since" in result.output


def test_publish_for_an_unknown_organization_is_one_clear_message(served: Path, tmp_path: Path) -> None:
    pack = copy_of_valley(tmp_path)
    replace(pack / "organization.toml", 'slug = "valley-smart-homes"', 'slug = "somebody-else"')
    result = CliRunner().invoke(policies, ["publish", str(pack)])
    assert result.exit_code == 1
    assert "no organization of this name" in result.output
