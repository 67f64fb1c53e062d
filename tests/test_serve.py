"""What would stop the server at once is said before it starts."""

import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from consent.cli import main
from consent.commands.serve import check_alone
from consent.config import load
from consent.db.locks import hold_server_lock
from consent.errors import SetupProblem


def test_without_the_root_secret_the_server_does_not_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSENT_DATA_DIR", str(tmp_path / "var"))
    (tmp_path / "cookie.key").write_text("0f3c9a7e5b1d8642" * 3)
    monkeypatch.setenv("CONSENT_SECRET_KEY_FILE", str(tmp_path / "cookie.key"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    done = CliRunner().invoke(main, ["serve", "--port", str(port)])
    assert done.exit_code == 1
    assert "root.key is missing" in done.output


def test_a_second_server_on_the_same_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    config = load({"CONSENT_DATA_DIR": str(tmp_path)})
    held = hold_server_lock(tmp_path / "consent.sqlite3")
    try:
        with pytest.raises(SetupProblem, match="Another server"):
            check_alone(config)
    finally:
        held.close()
    check_alone(config)
