"""One member of each role for the demo, with a password that the demo prints; in production nobody comes to be so."""

import secrets
from datetime import datetime
from uuid import UUID

from consent.db import Database, Tx
from consent.ledger.keys import Keyring
from consent.staff import accounts, events, one_time, passwords, team
from consent.staff.roles import NAMES, Role

WORDS = 4  # groups of five letters: 95 bits


def members(db: Database, keyring: Keyring, organization_id: UUID, domain: str, now: datetime) -> dict[str, str]:
    """Each role has somebody who can sign in; addresses by role, and the one password of all."""
    password = "-".join("".join(secrets.choice("abcdefghjkmnpqrstuvwxyz") for _ in range(5)) for _ in range(WORDS))
    hashed = passwords.hashed(password)
    made = {role: f"{role.value.replace('_', '-')}@{domain}" for role in Role}

    def work(tx: Tx) -> None:
        for role, email in made.items():
            link = team.invite(
                tx, keyring, organization_id, email=email, name=NAMES[role], role=role, language="en", by=None,
                source="system", now=now,
            )  # fmt: skip
            place = organization_id, link.account_id
            accounts.set_password(tx, *place, hashed)
            accounts.set_totp(tx, keyring, *place, one_time.secret_from(secrets.token_bytes(20)))
            accounts.set_state(tx, *place, "active")
            told = {"account": str(link.account_id), "role": role.value}
            events.record(tx, keyring, organization_id, "staff.joined", told, now, source="system")

    db.write(work, organization_id)
    return {role.value: email for role, email in made.items()} | {"password": password}
