"""Somebody who joins by a link and signs in by the forms, with an app at hand."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consent.house import House
from consent.staff import team
from consent.staff.roles import Role
from tests.support.staff import token_in
from tests.support.time import Time

PASSWORD = "copper lantern drifts"


@dataclass
class Person:
    """One of the staff before our forms; the app tells the code of the clock's now."""

    app: Flask
    time: Time
    slug: str
    email: str
    link: str = ""
    secret: str = ""
    codes: tuple[str, ...] = ()

    def code(self) -> str:
        """What the app shows now; half a minute later each time, because each works once."""
        self.time.go(seconds=30)
        return pyotp.TOTP(self.secret).at(self.time.at)

    def join(self, client: FlaskClient, **changes: str) -> TestResponse:
        """The form behind the invitation, filled and sent."""
        page = client.get(self.link).get_data(as_text=True)
        shown = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', page)
        assert shown is not None, page
        self.secret = shown[1].replace(" ", "")
        form = {"csrf": token_in(page), "password": PASSWORD, "again": PASSWORD, "code": self.code()}
        answer = client.post(self.link, data=form | changes)
        found = re.findall(r"<li><code>([^<]+)</code></li>", answer.get_data(as_text=True))
        self.codes = tuple(found) or self.codes
        return answer

    def sign_in(self, client: FlaskClient, then: str = "", **changes: str) -> TestResponse:
        """The form by which staff come in, filled and sent."""
        page = client.get(f"/staff/sign-in?then={then}").get_data(as_text=True)
        form = {"csrf": token_in(page), "then": then, "organization": self.slug, "email": self.email,
                "password": PASSWORD, "code": changes.pop("code", None) or self.code()}  # fmt: skip
        return client.post("/staff/sign-in", data=form | changes)


def invited(app: Flask, house: House, organization_id: UUID, slug: str, time: Time, role: Role = Role.ADMIN) -> Person:
    """Somebody with a link into an account of this role."""
    now: datetime = time.now()
    email = f"{role.value}-{now.timestamp():.6f}@valley.example"
    link = house.db.write(
        lambda tx: team.invite(
            tx, house.keyring, organization_id, email=email, name="Oriel Canary", role=role, language="en", by=None,
            source="system", now=now,
        ),
        organization_id,
    )  # fmt: skip
    return Person(app, time, slug, email, link.path)
