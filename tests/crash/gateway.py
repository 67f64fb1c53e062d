"""A gateway that repeats: each text is brought until somebody said 2xx, sometimes after that too.

It keeps its own log of what it was told, on stable storage before the next text.
"""

import json
import os
import random
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import requests

from consent.gateways.sms.twilio_signature import SIGNATURE, sign
from tests.crash.installation import Installation

# What people write, and what it must be taken for.
TEXTS = (
    ("STOP", "stop"),
    ("stop.", "stop"),
    (" Stop \n", "stop"),
    ("UNSUBSCRIBE", "stop"),
    ("START", "start"),
    ("start", "start"),
    ("HELP", "help"),
    ("When will the power be back?", "other"),
)
NUMBERS = tuple(f"+1509555{number:04d}" for number in range(110, 160))
REPEATED = 0.15  # how often a text is brought again although it was taken
PAUSE = 0.05
GIVE_UP_AFTER = 120.0


class Gateway:
    """Some threads that bring texts, and a log of every answer."""

    def __init__(self, installation: Installation, seed: int, threads: int = 8) -> None:
        self.url = installation.url + installation.path
        self.number, self.token = installation.number, installation.token
        self.tried: dict[str, str] = {}  # id -> what it must be taken for
        self.acknowledged: dict[str, int] = {}  # id -> how often
        self.answers = 0
        self.refused: list[str] = []
        self.log = installation.folder / "gateway.jsonl"
        self._file = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._threads = [
            threading.Thread(target=self._bring_texts, args=(random.Random(seed * 1000 + number),), daemon=True)
            for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def finish(self) -> None:
        """No new text is begun, and each one begun was brought until it was taken."""
        self._ending.set()
        for thread in self._threads:
            thread.join(GIVE_UP_AFTER)
        os.close(self._file)

    def _bring_texts(self, chance: random.Random) -> None:
        with requests.Session() as http:
            http.trust_env = False
            while not self._ending.is_set():
                text, meaning = chance.choice(TEXTS)
                sid = f"SM{chance.getrandbits(128):032x}"
                with self._lock:
                    self.tried[sid] = meaning
                self.bring(http, sid, chance.choice(NUMBERS), text, again=chance.random() < REPEATED)
                time.sleep(chance.random() * PAUSE * 2)

    def bring(self, http: requests.Session, sid: str, sender: str, text: str, *, again: bool = False) -> None:
        """The text was taken, twice if `again`, or nobody took it for a long time."""
        fields = {
            "MessageSid": sid,
            "AccountSid": "AC" + "0" * 32,
            "From": sender,
            "To": self.number,
            "Body": text,
            "NumMedia": "0",
            "SmsStatus": "received",
        }
        headers = {
            SIGNATURE: sign(self.url, fields.items(), self.token),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urlencode(fields).encode()
        deadline = time.monotonic() + GIVE_UP_AFTER
        wanted = 2 if again else 1
        while wanted and time.monotonic() < deadline:
            status = _post(http, self.url, body, headers)
            if status is None or status >= 500:
                time.sleep(0.05)
                continue
            wanted -= 1
            self._note(sid, status)

    def _note(self, sid: str, status: int) -> None:
        line: dict[str, Any] = {"id": sid, "status": status, "at": time.time()}
        with self._lock:
            self.answers += 1
            if 200 <= status < 300:
                self.acknowledged[sid] = self.acknowledged.get(sid, 0) + 1
            else:
                self.refused.append(f"{sid}: {status}")
            os.write(self._file, json.dumps(line).encode() + b"\n")
            os.fsync(self._file)


def _post(http: requests.Session, url: str, body: bytes, headers: dict[str, str]) -> int | None:
    try:
        return http.post(url, body, headers=headers, timeout=(5, 30)).status_code
    except requests.RequestException:
        return None


def sent_texts(outbox: Path) -> list[dict[str, Any]]:
    """What the console gateway was given to send."""
    if not outbox.exists():
        return []
    return [json.loads(line) for line in outbox.read_bytes().splitlines()]
