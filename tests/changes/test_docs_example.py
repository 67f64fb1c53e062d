"""The receiver that docs/changes.md shows does what the page says of it."""

import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from consent import clock
from consent.gateways.callbacks.signing import new_secret

PAGE = Path(__file__).resolve().parents[2] / "docs" / "changes.md"


@pytest.fixture
def receiver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    monkeypatch.chdir(tmp_path)
    made: dict[str, Any] = {"__name__": "receiver"}
    exec(compile(code, str(PAGE), "exec"), made)
    made["SECRET"] = new_secret()
    yield made
    made["store"].close()


def test_the_receiver_of_the_page_keeps_each_change_once_and_refuses_strangers(receiver: Any) -> None:
    client, now = receiver["app"].test_client(), clock.now()
    body = '{"type":"consent.given","timestamp":"…","data":{"cursor":"c","type":"consent.given","contact_point":"p"}}'
    headers = {
        "webhook-id": "entry-1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(receiver["SECRET"]).sign("entry-1", now, body),
    }
    for _ in range(2):
        assert client.post("/consent", data=body.encode(), headers=headers).status_code == 204
    assert client.post("/consent", data=body.encode() + b" ", headers=headers).status_code == 403
    kept = sqlite3.connect("changes.sqlite3")
    assert kept.execute("SELECT * FROM change").fetchall() == [("entry-1", "c", "consent.given", "p")]
    kept.close()
