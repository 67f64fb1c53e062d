"""Somebody of Valley's staff before the dashboard."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consent.house import House
from consent.staff.roles import Role
from tests.support import staff
from tests.support.staff import Seated
from tests.support.time import Time
from tests.support.valley import Tenant


@dataclass(frozen=True, slots=True)
class Browser:
    """A member of the staff with a browser."""

    seated: Seated
    client: FlaskClient

    def get(self, path: str, status: int = 200) -> str:
        """What the page says."""
        answer = self.client.get(path)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.get_data(as_text=True)

    def post(self, path: str, **fields: Any) -> TestResponse:
        """A form is sent with its token."""
        return self.client.post(path, data={"csrf": self.seated.csrf(self.client)} | fields)


@pytest.fixture
def seat(house: House, valley: Tenant, app: Flask, time: Time) -> Callable[..., Browser]:
    """Makes a member of a role and signs them in, with a fresh factor."""

    def make(role: Role = Role.OFFICER, **named: Any) -> Browser:
        seated = staff.member(house, valley.id, time.now(), role, **named)
        return Browser(seated, seated.client(app))

    return make


@pytest.fixture
def officer(seat: Callable[..., Browser]) -> Browser:
    """A privacy officer."""
    return seat(Role.OFFICER)
