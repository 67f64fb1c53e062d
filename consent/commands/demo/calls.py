"""What the systems of a demo organization tell the API, and what its people text: through the doors, as in earnest."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Flask

from consent.commands import simulate
from consent.config import Config
from consent.errors import SetupProblem
from consent.ledger.bodies import instant
from consent.organizations.service import Account

# `{4 days ago}` is an instant and `{day 30}` a date, counted from the making of the demo; `{name}` is what the answer
# to an earlier call `as` that name told.
_PLACE = re.compile(r"\{([^{}]+)\}")
_INSTANT = re.compile(r"(\d+) (days|hours|minutes) (ago|ahead)")
_DAY = re.compile(r"day (-?\d+)")


@dataclass(slots=True)
class Systems:
    """The organization's own systems at the API of this application, with their key."""

    app: Flask
    config: Config
    key: str = field(repr=False)
    now: datetime
    _known: dict[str, str] = field(default_factory=dict)

    def call(self, rows: Sequence[Mapping[str, Any]]) -> int:
        """Every call of the seed was taken, in its order; SetupProblem where one is answered otherwise than expected.

        Made again after a start that broke off, a call is answered as before and done once.
        """
        client = self.app.test_client()
        for number, row in enumerate(rows):
            path = self._filled(row["to"])
            answer = client.open(
                f"/api/v1/{path}",
                method=row.get("method", "POST"),
                base_url=self.config.public_url,
                json=self._filled(row.get("body", {})),
                headers={"Authorization": f"Bearer {self.key}", "Idempotency-Key": f"demo-{number}"},
            )
            told: dict[str, Any] = answer.get_json(silent=True) or {}
            said = told.get("answer")
            if answer.status_code >= 300 or said != row.get("answer", said):
                raise SetupProblem(
                    f"The call {number} of a seed, to {row['to']}, was answered {answer.status_code}:"
                    f" {answer.get_data(as_text=True)[:1500]}"
                )
            if "as" in row:
                self._known[row["as"]] = told.get("id") or told["entry"]
        return len(rows)

    def _filled(self, value: Any) -> Any:
        """The value with its places filled in, at any depth."""
        if isinstance(value, Mapping):
            return {name: self._filled(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self._filled(one) for one in value]
        if isinstance(value, datetime):
            return instant(value)
        if isinstance(value, date):
            return value.isoformat()
        return _PLACE.sub(lambda found: self._place(found[1]), value) if isinstance(value, str) else value

    def _place(self, named: str) -> str:
        if found := _INSTANT.fullmatch(named):
            distance = timedelta(**{found[2]: int(found[1])})
            return instant(self.now - distance if found[3] == "ago" else self.now + distance)
        if found := _DAY.fullmatch(named):
            return (self.now + timedelta(days=int(found[1]))).date().isoformat()
        if named not in self._known:
            raise SetupProblem(f'A seed names "{named}", which no call before it did.')
        return self._known[named]


def text(app: Flask, config: Config, account: Account, rows: Sequence[Mapping[str, Any]], now: datetime) -> int:
    """Every text of the seed was brought to the webhook of this account, signed as its gateway would."""
    client = app.test_client()
    for row in rows:
        signed = simulate.signed(
            config, account, "inbound", sender=row["from"], recipient=row.get("to"), text=row["text"],
            message_id=secrets.token_hex(16), at=now,
        )  # fmt: skip
        answer = client.open(
            urlsplit(signed.url).path, method=signed.method, base_url=config.public_url, data=signed.body,
            headers=signed.headers,
        )  # fmt: skip
        if answer.status_code >= 300:
            raise SetupProblem(f"A text of a seed was answered {answer.status_code}.")
    return len(rows)
