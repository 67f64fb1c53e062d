"""The wheel carries everything a running service needs."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What is in a freshly built wheel."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    [wheel] = out.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize("folder", ["migrations", "policies", "seeds"])
def test_the_wheel_carries(names: set[str], folder: str) -> None:
    expected = {
        f"consent/_data/{path.relative_to(ROOT)}"
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert expected
    assert expected <= names


def test_the_wheel_carries_every_template_and_module(names: set[str]) -> None:
    expected = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "consent").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert expected <= names


def test_the_wheel_carries_the_compiled_messages(names: set[str]) -> None:
    written = [path.relative_to(ROOT) for path in (ROOT / "consent").rglob("messages.po")]
    assert len(written) == 2
    assert {str(path.with_suffix(".mo")) for path in written} <= names


def test_the_wheel_carries_no_tests_and_no_keys(names: set[str]) -> None:
    assert not [name for name in names if name.startswith("tests/") or name.endswith((".key", ".sqlite3", ".pyc"))]
