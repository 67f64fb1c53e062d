"""SignalWire: Twilio's resource under another roof."""

from base64 import b64encode

from tests.gateways.cases import Case
from tests.gateways.cases.twilio import Messages
from tests.support.sending_api import Asked, Said

PROJECT = "6b2d1f3a-0000-4000-8000-0123456789ab"
TOKEN = "PT0123456789abcdef"
LOGIN = "Basic " + b64encode(f"{PROJECT}:{TOKEN}".encode()).decode()


class Space(Messages):
    """The compatibility API of one space."""

    login = LOGIN
    host = "example.signalwire.com"
    path = f"/api/laml/2010-04-01/Accounts/{PROJECT}/Messages.json"

    def answer(self, asked: Asked) -> Said:
        """It knows no opt-outs."""
        self.opted_out = set()
        return super().answer(asked)


CASE = Case(
    settings={
        "signing_key": "PSK_0123456789abcdef",
        "project_id": PROJECT,
        "api_token": TOKEN,
        "api_url": "https://example.signalwire.com",
    },
    proof=("X-SignalWire-Signature",),
    api=Space,
)
