"""Somebody's browser at the page: visits it, presses its buttons, reads what it says."""

import re
from html import unescape
from uuid import UUID

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consent.house import House
from consent.verification.visits import Ticket
from tests.support import visits
from tests.support.valley import Tenant

_FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
_FORM = re.compile(r"<form [^>]*action=\"([^\"?]+)[^\"]*\".*?</form>", re.DOTALL)
_RADIO = re.compile(r'<input type="radio" id="[^"]+" name="([^"]+)" value="([^"]+)"( checked)?>')


class Browser:
    """A browser before the page of this organization."""

    def __init__(self, client: FlaskClient, house: House, tenant: Tenant) -> None:
        self.client, self.house, self.tenant = client, house, tenant
        self.base = f"/{tenant.slug}/preferences"

    def comes_by_link(self, contact_point: str, person: UUID | None = None) -> None:
        """Follows a link that stood in a message."""
        self._hold(visits.by_link(UUID(contact_point), person))

    def proves(self, kind: str, address: str, person: UUID | None = None) -> None:
        """Has shown by a code that this telephone (phone) or mailbox (email) is theirs."""
        self._hold(visits.by_code(self.house, self.tenant.id, kind, address, person))

    def looks(self, more: str = "") -> str:
        """The page."""
        answer = self.client.get(self.base + more)
        assert answer.status_code == 200, (answer.status_code, answer.headers.get("Location"))
        return answer.get_data(as_text=True)

    def presses(self, path: str, page: str, **fields: str) -> TestResponse:
        """Sends the form of that path as it stands on the page, with these fields changed."""
        return self.client.post(path, data=self.form(path, page) | fields)

    def form(self, path: str, page: str) -> dict[str, str]:
        """What the first form to that path would send."""
        found = next(each[0] for each in _FORM.finditer(page) if each[1] == path)
        radios = {name: value for name, value, checked in _RADIO.findall(found) if checked}
        return {name: unescape(value) for name, value in _FIELD.findall(found)} | radios

    def follows(self, answer: TestResponse) -> str:
        """Where a saved form leads."""
        assert answer.status_code == 303, (answer.status_code, answer.get_data(as_text=True)[:2000])
        return self.client.get(answer.headers["Location"]).get_data(as_text=True)

    def _hold(self, ticket: Ticket) -> None:
        self.client.set_cookie(*visits.cookie(self.house, self.tenant.id, ticket), domain="localhost")
